"""A backup in place of the database, and what was there before, kept beside it for some days.

Whenever the power fails, the old database or the new one is in place, and the old one is whole
under its own name or under that of the copy that is kept.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from queue_server.domain.errors import StorageFailed
from queue_server.store.connecting import trouble_told
from queue_server.store.copies import COMING, KEPT, LOG, OTHERS, STAMP
from queue_server.store.files import beside, copy_for_good, keep, keep_names
from queue_server.store.upgrading import damage_in, refuse_newer


def put_in_place(path: Path, backup: Path, now: datetime) -> Path | None:
    """Replace the database by this backup; returns where the old one is kept, if there was one.

    Nobody else may use the database meanwhile. Raises `StorageFailed` for a backup that is none,
    OSError.
    """
    coming = beside(path, f"{COMING}{os.getpid()}")
    _remove(coming)
    try:
        _copy(backup, coming)
        _must_be_whole(coming)
        kept = _set_aside(path, now)
        for suffix in OTHERS:
            beside(path, suffix).unlink(missing_ok=True)
        coming.replace(path)
        keep_names(path.parent)
        return kept
    finally:
        _remove(coming)


def _copy(backup: Path, coming: Path) -> None:
    copy_for_good(backup, coming)
    if beside(backup, LOG).exists():
        copy_for_good(beside(backup, LOG), beside(coming, LOG))


def _must_be_whole(coming: Path) -> None:
    """One sound file of ours, with all that its log held. Raises `StorageFailed`."""
    with trouble_told(coming), closing(sqlite3.connect(coming, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
        if damage := damage_in(raw, thorough=True):
            raise StorageFailed(path=str(coming), reason=damage)
        must_be_ours(raw, coming)
        refuse_newer(raw, coming)
    keep(coming)


def must_be_ours(raw: sqlite3.Connection, coming: Path) -> None:
    """Raise `StorageFailed` for a database of another program."""
    try:
        raw.execute("SELECT seq FROM journal LIMIT 1").fetchall()
    except sqlite3.OperationalError as error:
        raise StorageFailed(path=str(coming), reason=str(error)) from error


def _set_aside(path: Path, now: datetime) -> Path | None:
    """A second name for the old files, as they are; the first one stays until it is replaced."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    _gather(path)
    kept = beside(path, f"{KEPT}{now.astimezone(UTC):{STAMP}}")
    for suffix in ("", *OTHERS):
        if beside(path, suffix).exists():
            _name_again(beside(path, suffix), beside(kept, suffix))
    keep_names(path.parent)
    return kept


def _gather(path: Path) -> None:
    """One file of a sound database and its log; a damaged one is left as it is."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None)) as raw:
        if not damage_in(raw):
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _name_again(file: Path, name: Path) -> None:
    try:
        name.hardlink_to(file)
    except OSError:
        # Some file systems know one name a file.
        copy_for_good(file, name)


def _remove(coming: Path) -> None:
    for suffix in ("", "-journal", *OTHERS):
        beside(coming, suffix).unlink(missing_ok=True)
