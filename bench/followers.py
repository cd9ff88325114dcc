"""Walls, desks and phones as socket clients in a process of their own, cheap enough for thousands.

`python -m bench.followers PORT` reads one follower a line (a JSON object: what it watches, and the
clerk's cookie if any) and says "ready" when all are connected and answered. When its standard input
is closed, it writes a line for every push that a wall has got: the follower's number, the version
and the monotonic nanoseconds. Until then it only takes notes, as thousands share its one core.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import resource
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

CONNECTING_SECONDS = 120
AT_ONCE = 200
READ_BYTES = 65_536
MANY_FILES = 12_000
TEXT, PONG = 1, 10
CONNECT, MESSAGE_WITH_ACK, ACK, EVENT = "40", "420", "430", "42"
ENGINE_PING, ENGINE_PONG = "2", "3"
PING_FRAME = b"\x81\x012"


@dataclass
class Follower:
    """One socket that watches one thing."""

    number: int
    watch: str
    body: dict[str, str]
    socket: socket.socket
    buffer: bytearray = field(default_factory=bytearray)
    shaken: bool = False
    ready: bool = False
    pieces: list[tuple[int, bytes]] = field(default_factory=list)

    def begin(self, port: int, cookie: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *([f"Cookie: {cookie}"] if cookie else []),
        ]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def send(self, text: str, opcode: int = TEXT) -> None:
        payload = text.encode()
        # The mask is there for proxies of old; a key of zeros leaves the text as it is.
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | min(len(payload), 126))
        size = struct.pack("!H", len(payload)) if len(payload) >= 126 else b""
        self.socket.sendall(head + size + bytes(4) + payload)

    def receive(self) -> list[str]:
        """Whole text messages that have come in."""
        self.buffer += self._piece()
        if not self.shaken and not self._shake():
            return []
        return self._messages()

    def note(self) -> None:
        """What has come in, and when: read later, unless it is a ping."""
        piece = self._piece()
        if self.watch == "watch_board":
            self.pieces.append((time.monotonic_ns(), piece))
        if PING_FRAME in piece:
            self.send(ENGINE_PONG)

    def pushes(self) -> Iterator[tuple[int, int]]:
        """The version of each noted board, and when its last byte had come."""
        for at, piece in self.pieces:
            self.buffer += piece
            for message in self._messages():
                if message.startswith(EVENT + '["board"'):
                    yield json.loads(message[len(EVENT) :])[1]["version"], at

    def _piece(self) -> bytes:
        piece = self.socket.recv(READ_BYTES)
        if not piece:
            raise RuntimeError(f"follower {self.number} was hung up on")
        return piece

    def _shake(self) -> bool:
        head, end, rest = bytes(self.buffer).partition(b"\r\n\r\n")
        if end:
            assert head.startswith(b"HTTP/1.1 101"), head
            self.buffer = bytearray(rest)
            self.shaken = True
        return self.shaken

    def _messages(self) -> list[str]:
        messages = []
        while frame := self._frame():
            opcode, payload = frame
            if opcode == TEXT:
                messages.append(payload.decode())
        return messages

    def _frame(self) -> tuple[int, bytes] | None:
        """The first whole frame of the buffer. Servers send theirs unmasked and in one piece."""
        if len(self.buffer) < 2:
            return None
        size, start = self.buffer[1], 2
        if size == 126 and len(self.buffer) >= 4:
            size, start = struct.unpack_from("!H", self.buffer, 2)[0], 4
        elif size == 127 and len(self.buffer) >= 10:
            size, start = struct.unpack_from("!Q", self.buffer, 2)[0], 10
        elif size >= 126:
            return None
        if len(self.buffer) < start + size:
            return None
        opcode, payload = self.buffer[0] & 15, bytes(self.buffer[start : start + size])
        del self.buffer[: start + size]
        return opcode, payload

    def hear(self, message: str) -> None:
        """The way to the first answer."""
        if message == ENGINE_PING:
            self.send(ENGINE_PONG)
        elif message.startswith("0"):
            self.send(CONNECT)
        elif message.startswith(CONNECT):
            self.send(MESSAGE_WITH_ACK + json.dumps([self.watch, self.body]))
        elif message.startswith(ACK):
            assert '"error"' not in message, message
            self.ready = True


def main() -> None:
    port = int(sys.argv[1])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, MANY_FILES), hard))
    wanted = [json.loads(line) for line in iter(sys.stdin.readline, "\n")]
    with selectors.DefaultSelector() as selector:
        followers: list[Follower] = []
        give_up = time.monotonic() + CONNECTING_SECONDS
        for first in range(0, len(wanted), AT_ONCE):
            some = list(enumerate(wanted))[first : first + AT_ONCE]
            waiting = {number for number, _ in some}
            followers += [connect(selector, port, number, one) for number, one in some]
            while waiting:
                assert time.monotonic() < give_up, "the followers could not connect"
                waiting -= {follower.number for follower in made_ready(selector)}
        print("ready", flush=True)
        # Nothing that Python tidies up shall be taken for the server's delay.
        gc.collect()
        gc.freeze()
        gc.disable()
        selector.register(sys.stdin, selectors.EVENT_READ, None)
        while listen(selector):
            pass
    for follower in followers:
        for version, at in follower.pushes():
            print(follower.number, version, at)


def connect(
    selector: selectors.BaseSelector, port: int, number: int, wanted: dict[str, str]
) -> Follower:
    connection = socket.create_connection(("127.0.0.1", port))
    cookie = wanted.pop("cookie", "")
    follower = Follower(number, wanted.pop("watch"), wanted, connection)
    follower.begin(port, cookie)
    selector.register(connection, selectors.EVENT_READ, follower)
    return follower


def made_ready(selector: selectors.BaseSelector) -> Iterator[Follower]:
    """Those who have been answered just now."""
    for key, _ in selector.select(1):
        follower: Follower = key.data
        for message in follower.receive():
            follower.hear(message)
        if follower.ready:
            yield follower


def listen(selector: selectors.BaseSelector) -> bool:
    """Hear who speaks; False when nobody is interested any more."""
    ready = selector.select(1)
    # Walls first: only their moments are written down.
    for key, _ in sorted(ready, key=lambda item: item[0].data.number if item[0].data else -1):
        if key.data is None:
            return False
        key.data.note()
    return True


if __name__ == "__main__":
    main()
