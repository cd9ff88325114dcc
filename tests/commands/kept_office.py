"""An office that a command keeps: who waits in its database, and a backup of the server."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from queue_server.actions import arrivals
from queue_server.app import open_store
from queue_server.settings import Settings
from queue_server.store import backups, tickets
from queue_server.store.transaction import Store
from queue_server.web.app_context import utc_now


def draw(settings: Settings) -> None:
    store = open_store(settings)
    arrivals.draw_ticket(store, settings.site("rathaus"), ("kfz",), now=utc_now())
    store.close()


def numbers(store: Store) -> list[str]:
    with store.snapshot() as snapshot:
        return [ticket.number for ticket in tickets.alive(snapshot, "rathaus")]


def waiting(settings: Settings) -> list[str]:
    store = open_store(settings)
    found = numbers(store)
    store.close()
    return found


def nightly(settings: Settings, days_ago: int = 0) -> Path:
    """A backup as the server makes it."""
    store = open_store(settings)
    made = backups.make(store.backup, settings.backup_folder, utc_now() - timedelta(days=days_ago))
    store.close()
    return made.path
