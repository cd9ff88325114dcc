"""config.toml on the disk: its content, and new content in its place, all or nothing."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from stat import S_IMODE

MOST_BACKUPS = 20
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)


class NotWritten(Exception):
    """The file is as it was; `why` is `changed`, `read_only`, `full` or `failed`."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why, self.detail = why, detail


def fingerprint(text: str) -> str:
    """Two texts with the same fingerprint are the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def write(path: Path, text: str, *, expected: str, now: datetime) -> None:
    """Put the text in place of the one with the fingerprint `expected`, which is kept as a backup.

    Mode and owner stay. Whatever goes wrong, the file holds the old text or the new one, whole.
    Raises `NotWritten`.
    """
    # Where the file is a link, the link stays and what it names is replaced.
    file = path.resolve()
    try:
        with _alone_in(file.parent):
            _check(file, expected)
            _keep_backup(file, now)
            _replace(file, text, instead_of=expected)
    except OSError as error:
        raise NotWritten(_why(error), error.strerror or "") from error


def backups_of(path: Path) -> list[Path]:
    """The kept texts of the file, the oldest first."""
    file = path.resolve()
    return sorted(file.parent.glob(f"{file.name}.????-??-??T??????.??????.bak"))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """No other server writes a file of this folder meanwhile; it waits, and then is too late."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _check(file: Path, expected: str) -> None:
    # The administrator's account may write everywhere; a file without the right to be written
    # was meant to stay as it is, all the same.
    if not file.stat().st_mode & 0o222:
        raise NotWritten("read_only", str(file))
    for each in (file, file.parent):
        if not os.access(each, os.W_OK):
            raise NotWritten("read_only", str(each))
    check_unchanged(file, expected)


def check_unchanged(file: Path, expected: str) -> None:
    """Raises `NotWritten` when the file holds another text."""
    if fingerprint(file.read_bytes().decode("utf-8", "replace")) != expected:
        raise NotWritten("changed")


def _keep_backup(file: Path, now: datetime) -> None:
    stamp = now.strftime("%Y-%m-%dT%H%M%S.%f")
    _replace(file.with_name(f"{file.name}.{stamp}.bak"), file.read_bytes(), like=file)
    for old in backups_of(file)[:-MOST_BACKUPS]:
        old.unlink()


def _replace(file: Path, text: str | bytes, like: Path | None = None, instead_of: str = "") -> None:
    """Write beside the file, then rename: nobody ever reads half of it."""
    with written_beside(file, text, like) as new:
        # A hand knows no lock, and the disk has taken its time with what was written so far.
        if instead_of:
            check_unchanged(file, instead_of)
        os.replace(new, file)
    _keep_name(file.parent)


@contextmanager
def written_beside(file: Path, text: str | bytes, like: Path | None = None) -> Iterator[Path]:
    """The text on the disk under another name, with mode and owner of `like`, else of the file.

    What was not renamed by the end is gone.
    """
    about = (like or file).stat()
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(text.encode() if isinstance(text, str) else text)
            new.flush()
            os.fchmod(new.fileno(), S_IMODE(about.st_mode))
            if (about.st_uid, about.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(new.fileno(), about.st_uid, about.st_gid)
            os.fsync(new.fileno())
        yield Path(name)
    finally:
        with suppress(OSError):
            os.unlink(name)


def _keep_name(folder: Path) -> None:
    """The new name is on the disk, too, and not only the text."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _why(error: OSError) -> str:
    if error.errno in NO_ROOM:
        return "full"
    return "read_only" if error.errno in NOT_OURS else "failed"
