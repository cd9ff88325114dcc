"""Clients of a city in one asyncio loop: HTTP on one connection each, and sockets that watch."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bench.followers import ACK, CONNECT, ENGINE_PING, ENGINE_PONG, EVENT, MESSAGE_WITH_ACK

MOST_BYTES = 2**20
SILENT_SECONDS = 30
HOST = "127.0.0.1"
Heard = Callable[[str, float], None]


class Person:
    """Somebody with a cookie at one server; one request at a time."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._turn, self._spoke_at = asyncio.Lock(), 0.0
        self._way: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """The status, and what the body says."""
        async with self._turn:
            reader, writer = await self._open_way()
            writer.write(self._request(method, path, json.dumps(body or {})))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            text = await reader.readexactly(_length(head))
            if b"connection: close" in head:
                self.close()
            return int(head[9:12]), json.loads(text) if text else None

    async def _open_way(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The server hangs up on whoever is silent for long."""
        if time.monotonic() - self._spoke_at > SILENT_SECONDS:
            self.close()
        self._spoke_at = time.monotonic()
        if self._way is None:
            self._way = await asyncio.open_connection(HOST, self._port, limit=MOST_BYTES)
        return self._way

    def close(self) -> None:
        if self._way is not None:
            self._way[1].close()
        self._way = None

    def _request(self, method: str, path: str, body: str) -> bytes:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self._port}\r\nCookie: {self._cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


class Watcher:
    """A wall or a desk at one server, which hears every push."""

    def __init__(self, port: int, cookie: str, watch: str, site: str, heard: Heard) -> None:
        self._port, self._cookie, self._heard = port, cookie, heard
        self._asked = MESSAGE_WITH_ACK + json.dumps([watch, {"site": site}])
        self.answered = asyncio.Event()

    async def follow(self) -> None:
        """Until it is cancelled."""
        reader, self._writer = await asyncio.open_connection(HOST, self._port, limit=MOST_BYTES)
        self._writer.write(self._greeting())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        with suppress(asyncio.CancelledError):
            while True:
                self._hear((await _frame(reader)).decode())
        self._writer.close()

    def _hear(self, message: str) -> None:
        if message.startswith(EVENT):
            self._heard(message, time.perf_counter())
        elif message == ENGINE_PING:
            self._send(ENGINE_PONG)
        elif message.startswith("0"):
            self._send(CONNECT)
        elif message.startswith(CONNECT):
            self._send(self._asked)
        elif message.startswith(ACK):
            assert '"error"' not in message, message
            self.answered.set()

    def _greeting(self) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        return (
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {HOST}:{self._port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nCookie: {self._cookie}\r\n\r\n"
        ).encode()

    def _send(self, text: str) -> None:
        payload = text.encode()
        # A key of zeros leaves the text as it is.
        self._writer.write(struct.pack("!BB4x", 0x81, 0x80 | len(payload)) + payload)


async def _frame(reader: asyncio.StreamReader) -> bytes:
    """The next whole frame. Servers send theirs unmasked and in one piece."""
    size = (await reader.readexactly(2))[1]
    if size == 126:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
    elif size == 127:
        (size,) = struct.unpack("!Q", await reader.readexactly(8))
    return await reader.readexactly(size)


def _length(head: bytes) -> int:
    at = head.find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
