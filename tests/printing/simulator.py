"""A receipt printer on a TCP port of this machine, with everything that goes wrong with one.

It answers DLE EOT at once and GS r when what came before is printed, as Epson's manuals say.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

OFFLINE, ERROR, PAPER = 2, 3, 4
FIXED = 0x12
FAULTS = {
    "": {},
    "paper_low": {PAPER: 0x0C},
    "paper": {OFFLINE: 0x20, PAPER: 0x6C},
    "cover": {OFFLINE: 0x04},
    "fault": {OFFLINE: 0x40, ERROR: 0x08},
}


@dataclass
class PrinterSimulator:
    """`fault` is one of FAULTS, `hangs` neither prints nor answers, `mute` prints only.

    `drops_after` bytes of a slip the line is cut; `paper_left` is how many bytes of a slip it
    still prints before its paper is out. `questions` counts "is it printed?".
    """

    port: int
    fault: str = ""
    hangs: bool = False
    mute: bool = False
    confirms: bool = True
    drops_after: int | None = None
    paper_left: int | None = None
    received: bytearray = field(default_factory=bytearray)
    questions: int = 0

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        while data := _received(line):
            if self.hangs:
                continue
            if self.drops_after is not None and len(self.received) + len(data) > self.drops_after:
                # A reset, as when somebody pulls the plug of a switch.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            self.received += self._answered(line, data)

    def _answered(self, line: socket.socket, data: bytes) -> bytes:
        """The data without its questions, which are answered unless this printer can't."""
        if self.paper_left is not None and len(self.received) + len(data) > self.paper_left:
            self.fault = "paper"
        for number in (OFFLINE, ERROR, PAPER):
            question = bytes([0x10, 0x04, number])
            if question in data and not self.mute:
                line.sendall(bytes([FIXED | FAULTS[self.fault].get(number, 0)]))
            data = data.replace(question, b"")
        if b"\x1dr\x01" in data:
            self.questions += 1
            data = data.replace(b"\x1dr\x01", b"")
            if self.confirms and not self.mute and self.fault in ("", "paper_low"):
                line.sendall(b"\x00")
        return data


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(1 << 20)
    except OSError:
        return b""


@contextmanager
def printer_simulator(**how: object) -> Iterator[PrinterSimulator]:
    """A printer that is switched on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        printer = PrinterSimulator(listener.getsockname()[1], **how)  # type: ignore[arg-type]
        threading.Thread(target=printer.serve, args=(listener,), daemon=True).start()
        yield printer
        # accept() in another thread sleeps on when its socket is only closed.
        listener.shutdown(socket.SHUT_RDWR)
