"""Backups that the server makes automatically: files in a folder, each read before it counts.

A file carries the moment of its beginning in its name, in UTC; only what is named so is ours.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlite_utils

from queue_server.domain.errors import StorageFailed
from queue_server.store import marks
from queue_server.store.connecting import trouble_told
from queue_server.store.database import (
    Connection,
    Reader,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)
from queue_server.store.files import beside, keep_names, make_folder
from queue_server.store.migrations import migrations
from queue_server.store.restoring import must_be_ours
from queue_server.store.upgrading import damage_in, refuse_newer

PATTERN, HALF = "aufruf-%Y-%m-%dT%H%M%SZ.db", ".part"
MARK = "backups"
NOT_UP_TO_DATE = "it lacks steps of this version ({names})"


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup that was read from end to end when it was made."""

    path: Path
    made_at: datetime
    bytes: int


@dataclass(frozen=True, slots=True)
class BackupNote:
    """What the server last saw of its backups, so that nobody waits for a disk to hear of it.

    `since` is when it first looked. `trouble` is why the last try failed (`full`, `folder` or
    `damaged`) or empty; `newest_at` and `count` are about the files.
    """

    since: datetime
    trouble: str = ""
    newest_at: datetime | None = None
    count: int = 0


def make(copy: Callable[[str], None], folder: Path, now: datetime) -> BackupFile:
    """A new backup. Raises OSError, sqlite3.Error, and `StorageFailed` when it can't be read back.

    Only one may be made at a time; what was left by one that was cut short is removed.
    """
    make_folder(folder)
    for half in _halves(folder):
        half.unlink(missing_ok=True)
    path = folder / now.astimezone(UTC).strftime(PATTERN)
    half = beside(path, HALF)
    try:
        copy(str(half))
        must_be_sound(half)
        half.replace(path)
        keep_names(folder)
    finally:
        half.unlink(missing_ok=True)
    return BackupFile(path, now, path.stat().st_size)


def must_be_sound(path: Path) -> None:
    """Read all of it; raises `StorageFailed` unless it is whole, ours and of this version."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with trouble_told(path), closing(sqlite3.connect(address, uri=True)) as raw:
        if damage := damage_in(raw, thorough=True):
            raise StorageFailed(path=str(path), reason=damage, damaged=True)
        must_be_ours(raw, path)
        refuse_newer(raw, path)
        missing = [step.name for step in migrations.pending(sqlite_utils.Database(raw))]
    if missing:
        raise StorageFailed(path=str(path), reason=NOT_UP_TO_DATE.format(names=", ".join(missing)))


def kept(folder: Path) -> list[BackupFile]:
    """All backups of the folder, the newest first; none when it can't be looked at."""
    found = []
    try:
        for file in folder.iterdir():
            if made_at := _made_at(file):
                found.append(BackupFile(file, made_at, file.stat().st_size))
    except OSError:
        return []
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def forget(folder: Path, before: datetime) -> int:
    """Delete what is older, and what was left half done then; how many. Raises OSError."""
    old = [one.path for one in kept(folder) if one.made_at < before]
    old += [half for half in _halves(folder) if half.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def note(reader: Reader) -> BackupNote | None:
    """What is known of the backups; None before the server first looked."""
    text = marks.get(reader, MARK)
    if text is None:
        return None
    plain = json.loads(text)
    newest_at = optional_moment(plain["newest_at"])
    return BackupNote(moment(plain["since"]), plain["trouble"], newest_at, plain["count"])


def put_note(tx: Connection, known: BackupNote) -> None:
    """Keep it for whoever looks, also after a restart."""
    plain = {
        "since": milliseconds(known.since),
        "trouble": known.trouble,
        "newest_at": optional_milliseconds(known.newest_at),
        "count": known.count,
    }
    marks.put(tx, MARK, json.dumps(plain))


def _made_at(file: Path) -> datetime | None:
    try:
        return datetime.strptime(file.name, PATTERN).replace(tzinfo=UTC)
    except ValueError:
        return None


def _halves(folder: Path) -> list[Path]:
    return list(folder.glob(f"aufruf-*.db{HALF}"))
