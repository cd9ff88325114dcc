"""Idempotency keys: whoever repeats a request finds the ticket that it made."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.ticket import Ticket
from queue_server.store.database import Reader, Transaction, milliseconds
from queue_server.store.tickets import SELECT, from_row


def ticket_of(reader: Reader, site: str, key: str) -> Ticket | None:
    """The ticket that was drawn with this key."""
    row = reader.row(
        SELECT + " WHERE id = (SELECT ticket FROM idempotency WHERE site = :site AND key = :key)",
        {"site": site, "key": key},
    )
    return from_row(row) if row else None


def remember(tx: Transaction, site: str, key: str, ticket: int, now: datetime) -> None:
    """Bind a key to its ticket."""
    tx.write(
        "INSERT INTO idempotency (site, key, ticket, at) VALUES (:site, :key, :ticket, :at)",
        {"site": site, "key": key, "ticket": ticket, "at": milliseconds(now)},
    )


def forget(tx: Transaction, before: datetime) -> None:
    """Forget the keys of requests before that moment."""
    tx.write("DELETE FROM idempotency WHERE at < :before", {"before": milliseconds(before)})
