"""The tables that both engines have, in the order in which they depend on each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlite_utils

from queue_server.domain.errors import StorageFailed
from queue_server.store.migrations import migrations

# What a new database has before there is an office: the schema writes it.
FILLED_BY_SCHEMA = "marks"
OF_SQLITE = ("sqlite_", "_sqlite_")
IN_STEP = "it is older than this program: bring it up to date first, with `aufruf migrate`"
NO_OFFICE = "no office of Aufruf is in there"
TAKEN = "there is an office in it already; move into an empty one"

Values = tuple[Any, ...]


@dataclass(frozen=True)
class StoredTable:
    """One table; `counts` says that it numbers its rows itself, by its only key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    counts: bool

    @property
    def all_rows(self) -> str:
        """The statement that reads it in the order of its key."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name} ORDER BY {', '.join(self.key)}"

    def key_of(self, row: Values) -> str:
        """The key of a row, for people."""
        values = dict(zip(self.columns, row, strict=True))
        return ", ".join(f"{name} {values[name]}" for name in self.key)


@cache
def all_tables() -> tuple[StoredTable, ...]:
    """Whatever stands after those it refers to."""
    with closing(sqlite_utils.Database(memory=True)) as database:
        migrations.apply(database)
        refers = {name: _referred(database, name) for name in _names(database)}
        return tuple(_table(database, name) for name in _in_order(refers))


def refuse_unready(done: list[str], to_come: list[str], place: str) -> None:
    """Raise `StorageFailed` for a database to be moved that has no office, or an old one."""
    if not done:
        raise StorageFailed(path=place, reason=NO_OFFICE)
    if to_come:
        raise StorageFailed(path=place, reason=IN_STEP)


def refuse_taken(
    has_rows: Callable[[StoredTable], bool], tables: Iterable[StoredTable], place: str
) -> None:
    """Raise `StorageFailed` when somebody has worked with this database."""
    if any(has_rows(table) for table in tables if table.name != FILLED_BY_SCHEMA):
        raise StorageFailed(path=place, reason=TAKEN)


def _names(database: sqlite_utils.Database) -> list[str]:
    return [name for name in database.table_names() if not name.startswith(OF_SQLITE)]


def _table(database: sqlite_utils.Database, name: str) -> StoredTable:
    columns = database.table(name).columns
    keys = sorted((each for each in columns if each.is_pk), key=lambda each: each.is_pk)
    counts = "AUTOINCREMENT" in database.table(name).schema
    return StoredTable(
        name, tuple(each.name for each in columns), tuple(each.name for each in keys), counts
    )


def _referred(database: sqlite_utils.Database, name: str) -> set[str]:
    return {key.other_table for key in database.table(name).foreign_keys} - {name}


def _in_order(refers: dict[str, set[str]]) -> Iterator[str]:
    left = dict(refers)
    while left:
        ready = [name for name, others in left.items() if not others & left.keys()]
        if not ready:
            raise RuntimeError(f"these tables refer to each other: {', '.join(left)}")
        for name in ready:
            del left[name]
            yield name
