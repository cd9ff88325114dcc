"""A Socket.IO client of fifty lines, on the WebSocket library that the server itself brings."""

from __future__ import annotations

import json
import time
from types import TracebackType
from typing import Any

from simple_websocket import Client

PATIENCE_SECONDS = 60
OPEN, PING, PONG, CONNECT, EVENT, ACK = "0", "2", "3", "40", "42", "43"


class Line:
    """A live line to the server: ask with an acknowledgement, and wait for what is pushed."""

    def __init__(self, url: str) -> None:
        address = url.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
        self._socket = Client(address)
        self._waiting_for(OPEN)
        self._socket.send(CONNECT)
        self._waiting_for(CONNECT)

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def ask(self, word: str, body: object) -> Any:
        """The acknowledgement."""
        self._socket.send(f"{EVENT}1{json.dumps([word, body])}")
        return json.loads(self._waiting_for(f"{ACK}1"))[0]

    def next_push(self, word: str) -> Any:
        """The body of the next message with this word."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            said, body = json.loads(self._waiting_for(EVENT))
            if said == word:
                return body
        raise AssertionError(f"no {word} was pushed within {PATIENCE_SECONDS} s")

    def _waiting_for(self, kind: str) -> str:
        """The rest of the next packet of this kind; pings are answered meanwhile."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            packet = self._socket.receive(timeout=1)
            if packet == PING:
                self._socket.send(PONG)
            elif packet and packet.startswith(kind):
                return str(packet).removeprefix(kind)
        raise AssertionError(f"no packet {kind} came within {PATIENCE_SECONDS} s")
