"""A disk in memory that forgets, when its power fails, whatever was not synced to it before.

`python -m tests.faults.forgetful PLATES MOUNTPOINT SEED` mounts it until its power goes. PLATES is
a folder with what the disk holds while nobody uses it. One word written to `.orders` in the mounted
folder is obeyed at once: `lose`, `tear`, `full`, `locked` or `well`.

What has to last is what POSIX says: the bytes of a file after fsync of the file, its name after
fsync of its folder. With `lose` nothing else is there afterwards. With `tear` some of it is, as on
a disk that was writing: of the bytes any sectors, of the names those changed first.
"""

from __future__ import annotations

import ctypes
import errno
import os
import random
import signal
import stat
import sys
import time
from pathlib import Path
from typing import Any

import mfusepy
from mfusepy import FuseOSError

ORDERS, SECTOR, ROOM_BYTES = "/.orders", 512, 1 << 30
PR_SET_PDEATHSIG = 1
Entry = tuple[str, "File | None"]


class File:
    """Bytes as they are read, bytes as they lie on the disk, and what is under way between."""

    def __init__(self, mode: int, held: bytes = b"") -> None:
        self.mode = mode
        self.owner = (os.geteuid(), os.getegid())
        self.changed_at = time.time_ns()
        self.seen, self.held = bytearray(held), bytearray(held)
        self.coming: list[tuple[int, bytes | None]] = []

    def write(self, at: int, data: bytes) -> None:
        self._change(self.seen, at, data)
        self.coming.append((at, data))
        self.changed_at = time.time_ns()

    def truncate(self, size: int) -> None:
        self._change(self.seen, size, None)
        self.coming.append((size, None))

    def sync(self) -> None:
        for at, data in self.coming:
            self._change(self.held, at, data)
        self.coming.clear()

    def tear(self, chance: random.Random) -> None:
        """Some sectors of what was under way have arrived."""
        for at, data in self.coming:
            if data is None:
                if chance.random() < 0.5:
                    self._change(self.held, at, None)
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    self._change(self.held, at + start, data[start : start + SECTOR])

    @staticmethod
    def _change(content: bytearray, at: int, data: bytes | None) -> None:
        if data is None:
            del content[at:]
        content.extend(bytes(max(0, at - len(content))))
        if data is not None:
            content[at : at + len(data)] = data


class ForgetfulDisk(mfusepy.Operations):  # type: ignore[misc]
    """Names as they are seen, names as they lie on the disk, and the changes between, in order."""

    use_ns = True

    def __init__(self, plates: Path, chance: random.Random) -> None:
        self._plates, self._chance = plates, chance
        self._trouble = 0
        self._held: dict[str, File | None] = {"/": None}
        for path in sorted(plates.rglob("*")):
            name = f"/{path.relative_to(plates)}"
            mode = stat.S_IMODE(path.stat().st_mode)
            self._held[name] = None if path.is_dir() else File(mode, path.read_bytes())
        self._seen = dict(self._held)
        self._coming: list[list[tuple[str, Entry | None]]] = []
        self._open: dict[int, File] = {}

    # What a program asks for.

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        if path == ORDERS:
            return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": 0}
        file = self._found(path)
        if file is None:
            return {"st_mode": stat.S_IFDIR | 0o700, "st_nlink": 2}
        uid, gid = file.owner
        times = dict.fromkeys(("st_mtime", "st_atime", "st_ctime"), file.changed_at)
        mode = stat.S_IFREG | file.mode
        about = {"st_mode": mode, "st_nlink": 1, "st_size": len(file.seen), **times}
        return about | {"st_uid": uid, "st_gid": gid}

    def readdir(self, path: str, fh: int) -> list[str]:
        prefix = path.rstrip("/") + "/"
        inside = [name for name in self._seen if name.startswith(prefix) and name != "/"]
        return [".", ".."] + [n[len(prefix) :] for n in inside if "/" not in n[len(prefix) :]]

    def statfs(self, path: str) -> dict[str, int]:
        free = 0 if self._trouble == errno.ENOSPC else ROOM_BYTES // SECTOR
        sizes = {"f_bsize": SECTOR, "f_frsize": SECTOR, "f_blocks": ROOM_BYTES // SECTOR}
        return sizes | {"f_bavail": free, "f_bfree": free, "f_namemax": 255}

    def open(self, path: str, flags: int) -> int:
        if path == ORDERS:
            return 0
        if flags & (os.O_WRONLY | os.O_RDWR) and self._trouble == errno.EROFS:
            raise FuseOSError(errno.EROFS)
        return self._handle(self._found(path))

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        self._must_take()
        file = File(stat.S_IMODE(mode))
        self._change_names([(path, (path, file))])
        return self._handle(file)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self._open[fh].seen[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        if path == ORDERS:
            self._obey(data.decode().strip())
            return len(data)
        file = self._open[fh]
        # A full disk still takes what is written over; shared memory beside a database must go on.
        is_over_old = self._trouble == errno.ENOSPC and offset + len(data) <= len(file.held)
        if self._trouble and not is_over_old and not path.endswith("-shm"):
            raise FuseOSError(self._trouble)
        file.write(offset, data)
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        if path == ORDERS:
            return
        file = self._open[fh] if fh in self._open else self._found(path)
        assert file is not None
        if length > len(file.seen) and not path.endswith("-shm"):
            self._must_take()
        file.truncate(length)

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        if fh in self._open:
            self._open[fh].sync()
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        for change in self._coming:
            self._apply(self._held, change)
        self._coming.clear()
        return 0

    def release(self, path: str, fh: int) -> int:
        self._open.pop(fh, None)
        return 0

    def unlink(self, path: str) -> None:
        self._found(path)
        self._must_not_be_locked()
        self._change_names([(path, None)])

    rmdir = unlink

    def mkdir(self, path: str, mode: int) -> int:
        self._must_take()
        self._change_names([(path, (path, None))])
        return 0

    def rename(self, old: str, new: str) -> None:
        self._must_not_be_locked()
        self._change_names([(old, None), (new, (new, self._found(old)))])

    def link(self, target: str, source: str) -> None:
        self._must_take()
        self._change_names([(target, (target, self._found(source)))])

    def chmod(self, path: str, mode: int) -> int:
        if file := self._found(path):
            file.mode = stat.S_IMODE(mode)
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        return 0

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        if file := self._found(path):
            file.changed_at = times[1] if times else time.time_ns()
        return 0

    # What happens to it.

    def _obey(self, order: str) -> None:
        if order in ("lose", "tear"):
            self._fail(torn=order == "tear")
        self._trouble = {"full": errno.ENOSPC, "locked": errno.EROFS, "well": 0}[order]

    def _fail(self, torn: bool) -> None:
        """The power is gone. Nothing answers any more, and the plates hold what they hold."""
        if torn:
            for change in self._coming[: self._chance.randint(0, len(self._coming))]:
                self._apply(self._held, change)
        files = [(name, file) for name, file in self._held.items() if name != "/"]
        for path in sorted(self._plates.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for name, file in sorted(files, key=lambda each: each[0]):
            place = self._plates / name[1:]
            if file is None:
                place.mkdir()
                continue
            if torn:
                file.tear(self._chance)
                file.coming.clear()
            place.write_bytes(file.held)
            place.chmod(file.mode)
        os._exit(0)

    def _found(self, path: str) -> File | None:
        try:
            return self._seen[path]
        except KeyError:
            raise FuseOSError(errno.ENOENT) from None

    def _handle(self, file: File | None) -> int:
        assert file is not None
        handle = max(self._open, default=0) + 1
        self._open[handle] = file
        return handle

    def _must_take(self) -> None:
        if self._trouble:
            raise FuseOSError(self._trouble)

    def _must_not_be_locked(self) -> None:
        if self._trouble == errno.EROFS:
            raise FuseOSError(errno.EROFS)

    def _change_names(self, change: list[tuple[str, Entry | None]]) -> None:
        self._apply(self._seen, change)
        self._coming.append(change)

    @staticmethod
    def _apply(names: dict[str, File | None], change: list[tuple[str, Entry | None]]) -> None:
        for name, entry in change:
            names.pop(name, None)
            if entry is not None:
                names[name] = entry[1]


def main() -> None:
    plates, mountpoint, seed = sys.argv[1:]
    # A test that is killed takes its disk with it.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    disk = ForgetfulDisk(Path(plates), random.Random(int(seed)))
    # One thing after the other, and files by their handles only: nothing is renamed behind us.
    mfusepy.FUSE(disk, mountpoint, foreground=True, nothreads=True, hard_remove=True)


if __name__ == "__main__":
    main()
