"""Which engine stands behind the store: `database.url` chooses."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from queue_server.domain.database_address import SQLITE, is_postgres, place_of
from queue_server.domain.errors import StorageFailed
from queue_server.store.database import Engine, Offload, run_here
from queue_server.store.sqlite import SqliteEngine

MISSING = "psycopg and its pool are not installed here: pip install 'psycopg[binary]' psycopg-pool"


def line_of(url: str) -> tuple[Any, Any]:
    """How servers on one PostgreSQL hear of each other: what tells, and what listens."""
    room = _room(url, "line")
    listener = room.Listener(url)
    return room.Sender(url, listener.server), listener


def wait_by(url: str, until_ready: Callable[[int, int], object]) -> None:
    """Connections to PostgreSQL wait for their socket by this (1: to read, 2: to write)."""
    _room(url, "connecting").Patient.until_ready = until_ready


def engine_of(url: str, *, durability: str = "full", offload: Offload = run_here) -> Engine:
    """The engine of a database address. Raises `StorageFailed` for one that can't be used."""
    if not is_postgres(url):
        path = Path(url.removeprefix(SQLITE))
        return SqliteEngine(path, durability=durability, offload=offload)
    room = _room(url, "engine")
    engine: Engine = room.PostgresEngine(url, durability=durability)
    return engine


def _room(url: str, name: str) -> Any:
    """What needs the driver is imported when it is asked for. Raises `StorageFailed` without it."""
    try:
        return import_module(f"queue_server.store.postgres.{name}")
    except ImportError as error:
        raise StorageFailed(path=place_of(url), reason=MISSING) from error
