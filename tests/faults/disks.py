"""A disk that takes nothing: by a limit of the system on the size of files, which needs no root.

SQLite meets it where it meets a full disk, when a COMMIT writes to the log beside the database.
"""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

NOTHING = 0


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
