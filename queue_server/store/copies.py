"""Copies of the database file: how one is made, and which of the old ones have expired.

Restoring and upgrading each keep what was there before, under a name that begins like the
database's own.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from queue_server.store.connecting import for_reading
from queue_server.store.files import beside, keep, keep_names, make_file

BEFORE, COMING = ".before-", ".restoring-"
KEPT = f"{BEFORE}restore-"
STAMP = "%Y%m%d-%H%M%S-%f"
# SQLite's own files beside a database; the first one may hold what the database has not yet.
LOG, OTHERS = "-wal", ("-wal", "-shm")


def copy_of(path: Path, target: Path) -> None:
    """A consistent copy in a new file, also while others write. Raises OSError, sqlite3.Error.

    Only what stands in the database is copied, nothing that was deleted.
    """
    make_file(target, anew=True)
    try:
        with closing(for_reading(path)) as reader:
            reader.execute("PRAGMA query_only = 0")
            reader.execute("VACUUM INTO :path", {"path": str(target)})
        keep(target)
    except BaseException:
        target.unlink()
        raise


def keep_before(path: Path, step: str) -> Path:
    """Keep the database as it is before this step of an upgrade. Raises OSError, sqlite3.Error."""
    kept, half = beside(path, f"{BEFORE}{step}"), beside(path, f"{BEFORE}upgrade.part")
    half.unlink(missing_ok=True)
    copy_of(path, half)
    half.replace(kept)
    keep_names(path.parent)
    return kept


def kept_beside(path: Path) -> list[Path]:
    """What restoring and upgrading have kept of the database."""
    return sorted(path.parent.glob(f"{path.name}{BEFORE}*"))


def forget_copies(path: Path, before: datetime) -> int:
    """Delete what restoring and upgrading left since before then; returns how many files."""
    old = [file for file in path.parent.iterdir() if _is_old_copy(path, file, before)]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _is_old_copy(path: Path, file: Path, before: datetime) -> bool:
    name = file.name
    if not name.startswith((path.name + COMING, path.name + BEFORE)):
        return False
    stamp = name.removeprefix(path.name + KEPT)
    for suffix in OTHERS:
        stamp = stamp.removesuffix(suffix)
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) < before
    except ValueError:
        return file.stat().st_mtime < before.timestamp()
