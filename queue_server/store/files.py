"""Files for the server's account alone, whatever the umask says: database, locks, backups."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from stat import S_IMODE

FILE_MODE, FOLDER_MODE = 0o600, 0o700
FOR_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Create a folder for this account alone; leaves one that is there as it is. Raises OSError."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(FOLDER_MODE)


def make_file(path: Path, *, anew: bool = False) -> None:
    """Create an empty file for this account alone; one that is there is left as it is.

    With `anew` raises FileExistsError for one that is there. Raises OSError.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, FILE_MODE)
    except FileExistsError:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path)) from None
        if anew:
            raise
        return
    try:
        os.fchmod(handle, FILE_MODE)
    finally:
        os.close(handle)


def copy_for_good(source: Path, target: Path) -> None:
    """A copy that is on the disk when this returns. Raises OSError."""
    make_file(target, anew=True)
    with source.open("rb") as original, target.open("r+b") as copy:
        shutil.copyfileobj(original, copy)
        copy.flush()
        os.fsync(copy.fileno())


def keep(path: Path) -> None:
    """What was written to this file is on the disk when this returns. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_names(folder: Path) -> None:
    """New, changed and removed names of a folder are on the disk when this returns."""
    keep(folder)


def is_open_to_others(path: Path) -> bool:
    """Whether somebody else on this machine may read or change it."""
    return path.exists() and bool(S_IMODE(path.stat().st_mode) & FOR_OTHERS)


def beside(path: Path, suffix: str) -> Path:
    """The file of the same name with this suffix, as SQLite names its own."""
    return path.with_name(path.name + suffix)
