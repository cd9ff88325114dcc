"""Databases for the tests on PostgreSQL: each path of a file that a test names stands for one.

Making a database takes a sixth of a second, emptying one a few milliseconds; so those that a test
is done with are emptied for the next.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from queue_server.store.postgres.engine import PostgresEngine
from queue_server.store.transaction import Store
from tests.postgres_cluster import url_of

Fill = Callable[[Store], None] | None
IS_ASKED_FOR = os.environ.get("AUFRUF_TEST_DATABASE") == "postgresql"
# What the schema itself has put there.
KEPT = ("migration_steps", "site_locks")
_in_use: dict[Path, tuple[str, Fill]] = {}
_idle: dict[Fill, list[str]] = {}
_numbers = count()


def url_for(path: Path, fill: Fill = None) -> str:
    """The address of the database that this path stands for: a new one at first, then the same."""
    path = path.resolve()
    if path not in _in_use:
        _in_use[path] = (_emptied(fill) or _made(fill), fill)
    return url_of(_in_use[path][0])


def give_back(folder: Path) -> None:
    """The databases of all paths in this folder may go to others: their test is over."""
    for path in [one for one in _in_use if one.is_relative_to(folder.resolve())]:
        name, fill = _in_use.pop(path)
        _idle.setdefault(fill, []).append(name)


def _made(fill: Fill) -> str:
    name = f"w{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(url_of("postgres"), autocommit=True) as raw:
        raw.execute(f"CREATE DATABASE {name} TEMPLATE {_template(fill)} STRATEGY file_copy")
    return name


@cache
def _template(fill: Fill) -> str:
    name = f"template_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(url_of("postgres"), autocommit=True) as raw:
        raw.execute(f"CREATE DATABASE {name} STRATEGY file_copy")
    store = Store(PostgresEngine(url_of(name), durability="normal"))
    store.migrate()
    if fill:
        fill(store)
    store.close()
    return name


def _emptied(fill: Fill) -> str:
    """A database that another test is done with, as its template was; empty when there is none."""
    if fill or not _idle.get(fill):
        return ""
    name = _idle[fill].pop()
    with psycopg.connect(url_of(name), autocommit=True) as raw:
        _empty(raw)
    return name


def _empty(raw: psycopg.Connection[Any]) -> None:
    """One statement, without the triggers that guard the journal and the keys."""
    raw.execute(
        f"""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid();
            SET session_replication_role = replica; {_clearing()}"""
    )


@cache
def _clearing() -> str:
    with psycopg.connect(url_of(_template(None))) as raw:
        tables = raw.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        counters = raw.execute("SELECT sequencename FROM pg_sequences").fetchall()
    parts = [f"DELETE FROM {name};" for (name,) in tables if name not in KEPT]
    parts += [f"ALTER SEQUENCE {name} RESTART;" for (name,) in counters]
    parts.append("INSERT INTO marks (name, value) VALUES ('letters_made_up_to', '0');")
    return " ".join(parts)
