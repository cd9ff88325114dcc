"""The nightly backup: when it is due, what it holds, and how the office learns that it failed."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.actions import housekeeping
from queue_server.domain.errors import StorageFailed, StorageFull
from queue_server.settings import Settings
from queue_server.store import backups
from queue_server.store.backups import BackupFile, BackupNote
from queue_server.store.database import NO_SITE, Offload, Reader, run_here
from queue_server.store.transaction import Store

log = logging.getLogger(__name__)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# The disk was full for a moment, or the other machine was away: it is tried again until then.
LATE_AFTER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class BackupState:
    """What the office sees. `trouble` is that of the last try while a backup is missing, or empty.

    `is_late` says that the last night's is missing. With `is_on` false the server makes none.
    """

    is_on: bool
    newest_at: datetime | None
    count: int
    trouble: str
    is_late: bool


def state(reader: Reader, settings: Settings, now: datetime) -> BackupState:
    """The backups as the server last saw them; looks at no disk but the database's."""
    known = backups.note(reader) or BackupNote(now)
    missing = _missing_since(settings, known.newest_at or known.since, now)
    trouble = known.trouble if missing else ""
    is_late = missing is not None and now - missing > LATE_AFTER
    return BackupState(makes_any(settings), known.newest_at, known.count, trouble, is_late)


def makes_any(settings: Settings) -> bool:
    """Whether the server makes backups.

    Of a demonstration there is nothing to keep, and PostgreSQL has tools of its own.
    """
    is_ours = not (settings.is_throw_away or settings.database.is_postgres)
    return bool(settings.backup.at) and is_ours


def forget_old(settings: Settings, now: datetime) -> int:
    """Delete backups whose days are over; returns how many files. Raises OSError."""
    before = now - timedelta(days=settings.privacy.backup_days)
    return backups.forget(settings.backup_folder, before)


def back_up(
    store: Store, settings: Settings, *, now: datetime, offload: Offload = run_here
) -> bool | None:
    """Delete old backups, and make one when it is due; None when none was, False when it failed.

    Whoever is due to be forgotten is forgotten first, so that nobody lives on in it. A failure is
    logged and noted, not raised: the office goes on without. `offload` looks at the folder, which
    may lie on a machine that does not answer.
    """
    known = _noted(store, now)
    trouble = _tried(lambda: offload(lambda: forget_old(settings, now)), settings)
    files = offload(lambda: backups.kept(settings.backup_folder))
    is_due = _missing_since(settings, _newest(files, now) or known.since, now) is not None
    if is_due:
        trouble = _tried(lambda: _make(store, settings, now, offload), settings)
        files = offload(lambda: backups.kept(settings.backup_folder))
    _note(store, BackupNote(known.since, trouble, _newest(files, now), len(files)))
    return not trouble if is_due or trouble else None


def _noted(store: Store, now: datetime) -> BackupNote:
    """What is known; of a new office, that its first night is still to come."""
    with store.snapshot() as snapshot:
        return backups.note(snapshot) or BackupNote(now)


def _note(store: Store, seen: BackupNote) -> None:
    with suppress(StorageFailed), store.transaction(NO_SITE) as tx:
        if backups.note(tx) != seen:
            backups.put_note(tx, seen)


def _newest(files: Sequence[BackupFile], now: datetime) -> datetime | None:
    """While the clock was wrong there may have been backups of tomorrow."""
    return next((one.made_at for one in files if one.made_at <= now), None)


def _missing_since(settings: Settings, newest: datetime, now: datetime) -> datetime | None:
    if not makes_any(settings):
        return None
    return settings.backup.missing_since(newest, settings.sites[0].zone, now)


def _make(store: Store, settings: Settings, now: datetime, offload: Offload) -> None:
    housekeeping.tidy_records(store, now=now)
    offload(lambda: backups.make(store.backup, settings.backup_folder, now))


def _tried(work: Callable[[], object], settings: Settings) -> str:
    """Do this to the backups; why it failed, or empty."""
    try:
        work()
        return ""
    except (OSError, sqlite3.Error, StorageFailed) as error:
        reason = error.facts["reason"] if isinstance(error, StorageFailed) else error
        log.error("the backups in %s failed: %s", settings.backup_folder, reason)
        return _kind_of(error)


def _kind_of(error: Exception) -> str:
    full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    if isinstance(error, StorageFull) or getattr(error, "errno", 0) in NO_ROOM or full:
        return "full"
    return "damaged" if isinstance(error, StorageFailed) else "folder"
