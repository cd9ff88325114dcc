"""Disks to be hurt: processes that can write nothing, and a disk whose power can be taken away.

A limit of the system on the size of files needs no root; SQLite meets it where it meets a full
disk, when a COMMIT writes to the log beside the database. The other disk is `forgetful.py`.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

NOTHING = 0
MOUNT_SECONDS = 60
ROOT = Path(__file__).parents[2]


@contextmanager
def no_room_for_files(pids: tuple[int, ...] = (0,)) -> Iterator[None]:
    """These processes, this one when none is named, can't write a byte into any file."""
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    for pid, (_, hard) in zip(pids, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (NOTHING, hard))
    try:
        yield
    finally:
        for pid, limits in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def workers_of(pid: int) -> tuple[int, ...]:
    """The processes that this one has started."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
    return tuple(map(int, found.stdout.split()))


class Disk:
    """A folder that forgets what was not synced, as a context; `plates` hold what it remembers."""

    def __init__(self, place: Path) -> None:
        self.folder, self.plates = place / "mounted", place / "plates"
        self._powered = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        for each in (self.folder, self.plates):
            each.mkdir(parents=True)
        self.give_power()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.lose_power("lose")

    def give_power(self) -> None:
        self._powered += 1
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forgetful", self.plates, self.folder,
             str(self._powered)],
            cwd=ROOT,
        )  # fmt: skip
        give_up = time.monotonic() + MOUNT_SECONDS
        while not self.folder.is_mount():
            assert self._process.poll() is None and time.monotonic() < give_up, "not mounted"
            time.sleep(0.02)

    def lose_power(self, how: str) -> None:
        """`lose` what was not synced, or `tear` it: then some of it was written."""
        assert self._process is not None
        # Whoever turns it off hears nothing from it any more.
        with suppress(OSError):
            self.order(how)
        self._process.wait(timeout=MOUNT_SECONDS)
        self._process = None
        subprocess.run(["fusermount3", "-u", "-z", self.folder], check=True)

    def order(self, word: str) -> None:
        """`full`, `locked` (nothing may be written) or `well` again."""
        orders = os.open(self.folder / ".orders", os.O_WRONLY)
        try:
            os.write(orders, word.encode())
        finally:
            os.close(orders)
