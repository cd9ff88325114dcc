"""Opening a database file, waiting politely for others, and what its errors mean."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from queue_server.domain.errors import StorageFailed, StorageFull
from queue_server.store.database import NO_PARAMS, Params, Recorded, Row
from queue_server.store.files import make_file, make_folder

BUSY_SECONDS = 5.0
BUSY_PAUSE_SECONDS = 0.002
LONGEST_REASON = 200
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# The machine's trouble, not a mistake in a statement.
TROUBLE = {
    *BUSY, *DAMAGED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip
# KiB of pages for each connection, and one reads at a time for each that is asked; the system keeps
# the file in memory anyway, once for all. With four times as much no call was quicker, however
# large the database; it only grew with it.
FOR_ALL = ("foreign_keys = ON", "temp_store = MEMORY", "cache_size = -4000")
T = TypeVar("T")


class SqliteConnection:
    """Rows by name on one sqlite3 connection."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        raw.row_factory = sqlite3.Row
        self.raw = raw

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        return self.raw.execute(sql, params).fetchall()

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        rows = self.raw.execute(sql, params).fetchall()
        return rows[0] if rows else None

    def write(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Run a change and return how many rows it met; look at that number."""
        return self.raw.execute(sql, params).rowcount


class ActionConnection(SqliteConnection):
    """One action's view of the writing connection, with the events it recorded."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        self.recorded: list[Recorded] = []


def for_writing(path: Path, durability: str) -> sqlite3.Connection:
    """The one writing connection, on a file that is made when there is none.

    Others that open or close the file at this moment are waited for. Raises OSError, sqlite3.Error.
    """
    make_folder(path.parent)
    make_file(path)
    return _connect(
        path,
        "journal_mode = WAL",
        f"synchronous = {'FULL' if durability == 'full' else 'NORMAL'}",
        "wal_autocheckpoint = 0",
        # What is deleted is overwritten: names leave the file with their rows.
        "secure_delete = ON",
    )


def for_reading(path: Path) -> sqlite3.Connection:
    """A connection that can't write."""
    raw = _connect(path, "query_only = 1")
    wait_inside(raw, BUSY_SECONDS)
    return raw


def wait_inside(raw: sqlite3.Connection, seconds: float) -> None:
    """How long SQLite itself waits for other processes, holding up this whole thread."""
    raw.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def patiently(work: Callable[[], T], give_up: float) -> T:
    """Try until other processes let us, or until this monotonic moment. Raises sqlite3.Error."""
    while True:
        try:
            return work()
        except sqlite3.OperationalError as error:
            if _code(error) not in BUSY or time.monotonic() > give_up:
                raise
        time.sleep(BUSY_PAUSE_SECONDS)


@contextmanager
def trouble_told(path: Path) -> Iterator[None]:
    """A disk or file that fails comes out as `StorageFull` or `StorageFailed`, nothing else does.

    Their facts are for operators: `path`, `reason`, and whether the file is `damaged`.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = _code(error)
        if code not in TROUBLE:
            raise
        kind = StorageFull if code == sqlite3.SQLITE_FULL else StorageFailed
        raise kind(path=str(path), reason=_in_one_line(error), damaged=code in DAMAGED) from error


def _in_one_line(error: sqlite3.Error) -> str:
    """SQLite's words; of a damaged file they may quote anything in it."""
    words = " ".join(str(error).split())[:LONGEST_REASON]
    return "".join(letter if letter.isprintable() else "?" for letter in words)


def _code(error: sqlite3.Error) -> int:
    """The primary result code; errors that did not come out of SQLite have none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _connect(path: Path, *more: str) -> sqlite3.Connection:
    raw = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=0
    )
    give_up = time.monotonic() + BUSY_SECONDS
    try:
        for pragma in (*FOR_ALL, *more):
            # Some of them look into the file, and SQLite does not wait for all of those.
            patiently(partial(raw.execute, f"PRAGMA {pragma}"), give_up)
    except BaseException:
        raw.close()
        raise
    return raw
