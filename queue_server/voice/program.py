"""Running a program that speaks: with a limit of time, from any thread.

The calls are those of `posix`: on the socket hub the ones of `os` and `subprocess` are replaced by
others that work in the thread of the hub alone.
"""

from __future__ import annotations

import os
import posix
import shutil
import signal
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

LOOK_AGAIN_SECONDS = 0.005
MOST_COMPLAINT = 200


class ProgramFailed(Exception):
    """It is not there, failed, or took too long; the sentence says which."""


def where_is(name: str) -> str | None:
    """The path of a program, as the shell would find it."""
    return shutil.which(name)


def run(command: Sequence[str], text: str, seconds: float) -> None:
    """Run it with this text on its input; raises `ProgramFailed`, after `seconds` at the latest."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(text.encode())
        given.seek(0)
        status = _status(_started(command, given.fileno(), said.fileno()), seconds)
        if status is None:
            raise ProgramFailed(f"{Path(command[0]).name} took longer than {seconds:g} s")
        if status:
            raise ProgramFailed(f"{Path(command[0]).name} failed: {_complaint(said.fileno())}")


def _started(command: Sequence[str], given: int, said: int) -> int:
    actions = (
        (posix.POSIX_SPAWN_DUP2, given, 0),
        (posix.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (posix.POSIX_SPAWN_DUP2, said, 2),
    )
    try:
        # A separate process group, so that whatever it starts ends with it.
        return posix.posix_spawn(
            command[0], list(command), dict(os.environ), file_actions=actions, setpgroup=0
        )
    except OSError as error:
        raise ProgramFailed(f"{command[0]} could not be started: {error.strerror}") from None


def _status(pid: int, seconds: float) -> int | None:
    """Its exit status; None when it had to be ended."""
    give_up = time.monotonic() + seconds
    try:
        while time.monotonic() < give_up:
            ended, status = posix.waitpid(pid, os.WNOHANG)
            if ended:
                return status
            time.sleep(LOOK_AGAIN_SECONDS)
        with suppress(ProcessLookupError):
            posix.killpg(pid, signal.SIGKILL)
        posix.waitpid(pid, 0)
    except ChildProcessError:
        # Somebody else has asked for it first; the file that it wrote tells how it went.
        return 0
    return None


def _complaint(said: int) -> str:
    words = os.pread(said, 4 * MOST_COMPLAINT, 0).decode(errors="replace").split("\n")
    lines = [line.strip() for line in words if line.strip()]
    return lines[-1][:MOST_COMPLAINT] if lines else "it did not say why"
