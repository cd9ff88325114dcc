"""Bringing a database file up to date, one process at a time, and refusing what is not ours."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlite_utils

from queue_server.domain.errors import StorageFailed
from queue_server.store.connecting import BUSY_PAUSE_SECONDS, patiently
from queue_server.store.copies import keep_before
from queue_server.store.files import beside, make_file
from queue_server.store.migrations import migrations

NEWER = "it was written by a newer version of Aufruf ({names}); use that version"
OTHERS = "another Aufruf command has been bringing it up to date for {seconds:.0f} s; try again"
DAMAGE_TOLD, SAID_FIRST = 1, "*** in database main *** "


def upgrade(raw: sqlite3.Connection, path: Path, patience_seconds: float) -> list[str]:
    """Apply what is missing and return its names; others at it are waited for.

    Before anything is changed the database is kept as it is, unless it is new. Raises
    `StorageFailed`, OSError, sqlite3.Error.
    """
    with _one_at_a_time(path, patience_seconds):
        refuse_newer(raw, path)
        database = sqlite_utils.Database(raw)
        names = [migration.name for migration in migrations.pending(database)]
        if names and migrations.applied(database):
            keep_before(path, names[0])
        give_up = time.monotonic() + patience_seconds
        # Each migration is a separate transaction, so trying again goes on where it stopped.
        patiently(lambda: migrations.apply(database), give_up)
        return names


def steps(raw: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """The names of the steps that the file has behind it, and of those that are to come."""
    database = sqlite_utils.Database(raw)
    done = [step.name for step in migrations.applied(database)]
    return done, [step.name for step in migrations.pending(database)]


def refuse_newer(raw: sqlite3.Connection, path: Path) -> None:
    """Raise `StorageFailed` for a file with steps that this program does not know."""
    with closing(sqlite_utils.Database(memory=True)) as empty:
        ours = {migration.name for migration in migrations.pending(empty)}
    applied = migrations.applied(sqlite_utils.Database(raw))
    names = [step.name for step in applied if step.name not in ours]
    if names:
        raise StorageFailed(path=str(path), reason=NEWER.format(names=", ".join(names)))


def damage_in(raw: sqlite3.Connection, *, thorough: bool = False) -> str:
    """What is wrong with the file itself, in SQLite's words; empty when nothing is.

    Reads all of it: a second for some hundred megabytes, longer when `thorough`.
    """
    check = "integrity_check" if thorough else "quick_check"
    found = raw.execute(f"PRAGMA {check}({DAMAGE_TOLD})").fetchone()
    said = " ".join(str(found[0]).split()).removeprefix(SAID_FIRST)
    return "" if said == "ok" else said


@contextmanager
def _one_at_a_time(path: Path, patience_seconds: float) -> Iterator[None]:
    lock = beside(path, ".migrating")
    make_file(lock)
    handle = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    try:
        _wait_for(handle, path, patience_seconds)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, path: Path, patience_seconds: float) -> None:
    give_up = time.monotonic() + patience_seconds
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                reason = OTHERS.format(seconds=patience_seconds)
                raise StorageFailed(path=str(path), reason=reason) from None
        time.sleep(BUSY_PAUSE_SECONDS)
