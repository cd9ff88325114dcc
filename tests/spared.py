"""Work that every office and town of the tests would do again, done once a process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from tempfile import TemporaryDirectory

import psycopg

from queue_server.domain.database_address import SQLITE
from queue_server.store.database import Reader
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store
from tests import postgres_databases

# What a key, check or reference says that is not kept, on either engine.
REFUSED_BY_KEY = (sqlite3.IntegrityError, psycopg.IntegrityError)
# What is said to whoever writes in a snapshot.
READ_ONLY = (sqlite3.OperationalError, psycopg.errors.ReadOnlySqlTransaction)
# For clients of servers here, which speak no TLS: reading all certificates of the machine takes a
# client longer than a hundred answers.
NO_TLS = SSLContext(PROTOCOL_TLS_CLIENT)


def put_database(path: Path, fill: Callable[[Store], None] | None = None) -> None:
    """A new database as all migrations and `fill` leave it, unless there is one."""
    if postgres_databases.IS_ASKED_FOR:
        postgres_databases.url_for(path, fill)
    elif not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_bytes(_made(fill))


def table_names(reader: Reader) -> list[str]:
    """All tables of the database."""
    on_sqlite = "SELECT name FROM sqlite_master WHERE type = 'table'"
    on_postgres = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    rows = reader.rows(on_postgres if postgres_databases.IS_ASKED_FOR else on_sqlite)
    return [row["name"] for row in rows]


def url_for(path: Path) -> str:
    """The address of the database that this path stands for."""
    if postgres_databases.IS_ASKED_FOR:
        return postgres_databases.url_for(path)
    return f"{SQLITE}{path}"


@cache
def _made(fill: Callable[[Store], None] | None) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        store = Store(SqliteEngine(path, durability="normal"))
        store.migrate()
        if fill:
            fill(store)
        store.close()
        return path.read_bytes()
