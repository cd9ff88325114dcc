"""The first process of `aufruf run`: it holds nothing of the program, and starts it again.

The office is read and served in a child of it. When that falls, another child takes its place, on
the same listening socket, so that whoever comes meanwhile waits instead of being turned away; and
under the same locks of the database, so that nothing comes in between.

What this process imports it keeps for as long as the office is served: hence next to nothing.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
TAKEN = (*STOPS, signal.SIGHUP)
LOOK_SECONDS = 1.0
# Whoever gives no sign of life for so long hangs.
MOST_SILENT_LOOKS = 60
# Walls and phones hold their sockets open for ever, so no server waits for them; but it puts the
# database in order.
STOP_SECONDS = 6
SIGN = b"."
MOST_FILES = 8


class Handover:
    """What one serving process hands to the next, and tells the supervisor.

    Without a supervisor it is the first process, and nobody listens.
    """

    def __init__(
        self,
        line: socket.socket | None = None,
        files: tuple[int, ...] = (),
        ended: str = "",
        supervisor: int | None = None,
    ) -> None:
        self._line = line
        self._files = files
        self.ended = ended
        """How the one before ended, if it was not asked to."""
        self.supervisor = supervisor or os.getppid()
        """Whose child this process is. Who asks the system later may be told who has adopted it."""

    @property
    def is_first(self) -> bool:
        return not self._files

    @property
    def listeners(self) -> tuple[int, ...]:
        """The listening socket of the first process, in all that follow it."""
        return self._files[1:2]

    def note(self, name: str) -> str | None:
        """What the first process has noted under this name; None in that process itself."""
        return None if self.is_first else _notes_in(self._files[0]).get(name)

    def serves(self, listener: int, held: Sequence[int], notes: dict[str, str]) -> None:
        """From here on a server that falls is followed by another.

        The first process hands over what its successors are given: its listening socket, the
        other files that it holds open, and its notes.
        """
        others = (listener, *held) if self.is_first else ()
        self._give([_file_of(notes), *others])

    def notes_change(self, notes: dict[str, str]) -> None:
        """From here on the next one is told this."""
        self._give([_file_of(notes)])

    def _give(self, files: Sequence[int]) -> None:
        """The first one is of notes, and only goes along."""
        with suppress(OSError):
            if self._line:
                socket.send_fds(self._line, [SIGN], files)
        os.close(files[0])

    def beat(self) -> None:
        """A sign of life."""
        try:
            if self._line:
                self._line.send(SIGN)
        except OSError:
            # The supervisor is gone, which the server sees by itself, or has not listened for long.
            return


handover = Handover()


def watch() -> None:
    """Supervise, and return in each child that is started; `handover` is that child's own."""
    global handover
    handover = Supervisor().watch()


class Supervisor:
    """Starts the server, starts it again when it falls, and ends with it."""

    def __init__(self) -> None:
        self._pid = 0
        self._files: tuple[int, ...] = ()
        self._line, self._has_served, self._silent_looks = socket.socket(), False, 0
        self._must_be_gone_at: float | None = None
        # Whoever closes the window in which a server was started wants it gone.
        self._is_in_a_window = sys.stdin is not None and sys.stdin.isatty()

    def watch(self) -> Handover:
        """Return in a child. Raises SystemExit in this process, once no server is to follow."""
        for number in TAKEN:
            signal.signal(number, self._take_signal)
        # Whoever started this process may have ignored it, and then no end is ever told.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ended = ""
        while (handover := self._begun(ended)) is None:
            code = self._code_of_end()
            if self._is_over(code):
                sys.exit(code if code >= 0 else 0 if self._must_be_gone_at else 128 - code)
            ended = self._told(code)
            if not self._has_served:
                # Whatever felled it may not be over.
                time.sleep(LOOK_SECONDS)
        return handover

    def _begun(self, ended: str) -> Handover | None:
        """A new child. Return its handover in the child, and None here."""
        here, there = socket.socketpair()
        signal.pthread_sigmask(signal.SIG_BLOCK, TAKEN)
        supervisor, pid = os.getpid(), os.fork()
        if pid == 0:
            here.close()
            self._line.close()
            _take_signals_as_usual()
            there.setblocking(False)
            return Handover(there, self._files, ended, supervisor)
        there.close()
        self._line.close()
        here.settimeout(LOOK_SECONDS)
        self._pid, self._line, self._has_served, self._silent_looks = pid, here, False, 0
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TAKEN)
        if self._must_be_gone_at is not None:
            # Told to stop between two servers.
            os.kill(pid, signal.SIGTERM)
        return None

    def _code_of_end(self) -> int:
        """Wait for the end of the child: its exit code, or minus the signal that ended it."""
        while True:
            self._listen()
            while (gone := _gone()) is not None:
                if gone[0] == self._pid:
                    self._pid = 0
                    return gone[1]
            if self._has_hung() or self._is_late():
                self._send(signal.SIGKILL)

    def _listen(self) -> None:
        """For a second at most, to what the child says."""
        try:
            said, files, _, _ = socket.recv_fds(self._line, 4096, MOST_FILES)
        except TimeoutError:
            self._silent_looks += 1
            return
        for file in files:
            # Python passes no flag on. A program that speaks, and hangs, would keep the locks.
            os.set_inheritable(file, False)
        if said:
            self._has_served, self._silent_looks = True, 0
            self._take(files)
        else:
            # It has closed the line, which is the first thing that one sees of an end.
            time.sleep(0.01)

    def _take(self, files: Sequence[int]) -> None:
        """At first all that the next one is given, and then other notes alone."""
        if files and self._files:
            os.close(self._files[0])
            files = (*files, *self._files[1:])
        self._files = tuple(files) or self._files

    def _has_hung(self) -> bool:
        """Only before the first server is ready, nobody knows how long it may take."""
        return bool(self._files) and self._silent_looks >= MOST_SILENT_LOOKS

    def _is_late(self) -> bool:
        return self._must_be_gone_at is not None and time.monotonic() > self._must_be_gone_at

    def _is_over(self, code: int) -> bool:
        """Told to stop, never begun, or refused to begin again."""
        refused = code > 0 and not self._has_served
        return self._must_be_gone_at is not None or not self._files or refused

    def _told(self, code: int) -> str:
        if self._has_hung():
            return f"gave no sign of life for {MOST_SILENT_LOOKS} s"
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with {code}" if code else ""

    def _take_signal(self, number: int, frame: FrameType | None) -> None:
        """Stop; or, by SIGHUP, let another server take the place of this one."""
        is_end = number != signal.SIGHUP or self._is_in_a_window
        if is_end and self._must_be_gone_at is None:
            self._must_be_gone_at = time.monotonic() + STOP_SECONDS
        if self._pid:
            self._send(signal.SIGTERM)

    def _send(self, number: int) -> None:
        """A child that has just gone may not be noted as gone yet."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, number)


def _take_signals_as_usual() -> None:
    """In a child, which has inherited how the supervisor takes signals.

    Ctrl-C and the end of a terminal reach the whole group; a child waits for its supervisor's word.
    """
    for number in TAKEN:
        is_its_word = number == signal.SIGTERM
        signal.signal(number, signal.SIG_DFL if is_its_word else signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, TAKEN)


def _gone() -> tuple[int, int] | None:
    """Any child that has ended, and how; in a container that may be somebody else's, too."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, os.waitstatus_to_exitcode(status)) if pid else None


def _file_of(notes: dict[str, str]) -> int:
    """A file in memory that holds these notes."""
    import json

    file = os.memfd_create("aufruf")
    os.write(file, json.dumps(notes).encode())
    return file


def _notes_in(file: int) -> dict[str, str]:
    import json

    notes: dict[str, str] = json.loads(os.pread(file, os.fstat(file).st_size, 0))
    return notes
