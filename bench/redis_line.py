"""Redis as the line between servers, spoken without a library: only to be measured."""

from __future__ import annotations

import json
import socket
from typing import Any

CHANNEL = "aufruf"
Message = dict[str, Any]


class RedisSender:
    """Publishes words; Redis answers each with how many heard it."""

    def __init__(self, address: str, server: str) -> None:
        self._line, self._server = _connected(address), server

    def tell(self, messages: list[Message]) -> None:
        for message in messages:
            self._line.sendall(
                _said("PUBLISH", CHANNEL, json.dumps({"from": self._server, **message}))
            )
            self._line.recv(64)


class RedisListener:
    """Hears what others publish."""

    def __init__(self, address: str, server: str) -> None:
        self._line, self._server = _connected(address), server
        self._line.sendall(_said("SUBSCRIBE", CHANNEL))
        self._rest = b""

    def hear(self, seconds: float) -> list[Message]:
        self._line.settimeout(seconds)
        try:
            self._rest += self._line.recv(65536)
        except TimeoutError:
            return []
        *lines, self._rest = self._rest.split(b"\r\n")
        told = [json.loads(line) for line in lines if line.startswith(b"{")]
        return [each for each in told if each["from"] != self._server]


def _connected(address: str) -> socket.socket:
    host, port = address.split(":")
    line = socket.create_connection((host, int(port)))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _said(*words: str) -> bytes:
    parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
    return f"*{len(words)}\r\n{''.join(parts)}".encode()
