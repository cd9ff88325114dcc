"""One end of a move is a database file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from queue_server.domain.errors import StorageFailed
from queue_server.store.connecting import for_reading, trouble_told
from queue_server.store.copies import COMING, OTHERS
from queue_server.store.files import beside
from queue_server.store.moving.tables import (
    FILLED_BY_SCHEMA,
    NO_OFFICE,
    StoredTable,
    Values,
    all_tables,
    refuse_taken,
    refuse_unready,
)
from queue_server.store.restoring import put_in_place
from queue_server.store.sqlite import SqliteEngine


class SqliteEnd:
    """Reads and writes all rows through one connection, inside one transaction."""

    def __init__(self, raw: sqlite3.Connection, place: str) -> None:
        self._raw = raw
        self.place = place

    def has_rows(self, table: StoredTable) -> bool:
        return self._raw.execute(f"SELECT 1 FROM {table.name} LIMIT 1").fetchone() is not None

    def count(self, table: StoredTable) -> int:
        found: Values = self._raw.execute(f"SELECT count(*) FROM {table.name}").fetchone()
        return int(found[0])

    def rows(self, table: StoredTable) -> Iterator[Values]:
        return self._raw.execute(table.all_rows)

    def highest_number(self, table: StoredTable) -> int:
        """The last number that a counting table has ever given; 0 for none."""
        sql = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        found = self._raw.execute(sql, (table.name,)).fetchone()
        return int(found[0]) if found else 0

    def write(self, table: StoredTable, rows: Iterable[Values]) -> None:
        places = ", ".join("?" * len(table.columns))
        columns = ", ".join(table.columns)
        self._raw.execute(f"DELETE FROM {table.name}")
        self._raw.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({places})", rows)

    def count_on_from(self, table: StoredTable, number: int) -> None:
        """The next row gets a number above this one, also when rows were deleted."""
        self._raw.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        if number:
            statement = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)"
            self._raw.execute(statement, (table.name, number))


@contextmanager
def source_file(path: Path) -> Iterator[SqliteEnd]:
    """All that the file holds, at one moment; it is not changed. Raises `StorageFailed`."""
    place = str(path)
    if not path.exists() or path.stat().st_size == 0:
        raise StorageFailed(path=place, reason=NO_OFFICE)
    with trouble_told(path), closing(SqliteEngine(path)) as engine:
        engine.refuse_newer()
        refuse_unready(*engine.steps(), place)
        with engine.snapshot() as reader:
            reader.raw.row_factory = None
            yield SqliteEnd(reader.raw, place)


@contextmanager
def target_file(path: Path, now: datetime) -> Iterator[SqliteEnd]:
    """A new file, which takes its place when the block has ended without a fault.

    Until then nothing is there that was not there before. Raises `StorageFailed`, OSError.
    """
    _refuse_taken(path)
    coming = beside(path, f"{COMING}move-{os.getpid()}")
    try:
        with trouble_told(path):
            _make(coming)
            with closing(sqlite3.connect(coming, isolation_level=None)) as raw:
                raw.execute("PRAGMA journal_mode = DELETE")
                raw.execute("BEGIN IMMEDIATE")
                raw.execute(f"DELETE FROM {FILLED_BY_SCHEMA}")
                yield SqliteEnd(raw, str(path))
                raw.execute("COMMIT")
        put_in_place(path, coming, now)
    finally:
        for suffix in ("", "-journal", ".migrating", *OTHERS):
            beside(coming, suffix).unlink(missing_ok=True)


def _make(path: Path) -> None:
    with closing(SqliteEngine(path)) as engine:
        engine.migrate()


def _refuse_taken(path: Path) -> None:
    if not path.exists() or path.stat().st_size == 0:
        return
    with trouble_told(path), closing(for_reading(path)) as raw:
        end = SqliteEnd(raw, str(path))

        def has_rows(table: StoredTable) -> bool:
            # A file that was made by an older program lacks some tables.
            with suppress(sqlite3.OperationalError):
                return end.has_rows(table)
            return False

        refuse_taken(has_rows, all_tables(), str(path))
