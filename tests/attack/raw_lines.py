"""Lines without a client library: what a hostile client sends, byte by byte."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import websocket

from tests.office import Server
from tests.spared import NO_TLS

TEXT, BINARY, CLOSE, PING = 0x1, 0x2, 0x8, 0x9
ANSWER_SECONDS = 60


def frame(payload: bytes, opcode: int = TEXT, *, last: bool = True) -> bytes:
    """A frame as clients send it, masked with zeros."""
    head = bytes([(0x80 if last else 0) | opcode])
    length = len(payload)
    short = bytes([0x80 | length]) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
    return head + short + b"\0\0\0\0" + payload


def text(message: str) -> bytes:
    return frame(message.encode())


@contextmanager
def connection(server: Server, source: str = "127.0.0.1") -> Iterator[socket.socket]:
    """A TCP connection from this loopback address."""
    place = ("127.0.0.1", server.port)
    with socket.create_connection(place, ANSWER_SECONDS, (source, 0)) as line:
        yield line


def handshake(line: socket.socket, cookie: str = "") -> str:
    """Ask for a WebSocket; returns the first line of the answer."""
    line.sendall(
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + (f"Cookie: {cookie}\r\n" if cookie else "").encode()
        + b"\r\n"
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        received = line.recv(4096)
        if not received:
            break
        answer += received
    return answer.partition(b"\r\n")[0].decode()


def is_accepted(line: socket.socket, cookie: str = "") -> bool:
    """Whether a WebSocket was opened on this connection."""
    return handshake(line, cookie).split(" ")[1:2] == ["101"]


def is_ended(line: socket.socket) -> bool:
    """Whether the other end hangs up, after whatever it still had to say."""
    line.settimeout(ANSWER_SECONDS)
    try:
        while line.recv(65536):
            pass
    except ConnectionError:
        pass
    return True


def heard_until(line: socket.socket, wanted: bytes) -> bytes:
    """What comes up to these bytes."""
    line.settimeout(ANSWER_SECONDS)
    heard = b""
    while wanted not in heard:
        received = line.recv(65536)
        assert received, f"the line ended after {heard[-200:]!r}"
        heard += received
    return heard


class PollingSession:
    """A session of the polling transport, whose posts are ours to choose."""

    def __init__(self, server: Server) -> None:
        self._url = f"{server.url}/socket.io/?EIO=4&transport=polling"
        opened = httpx.get(self._url, timeout=ANSWER_SECONDS, verify=NO_TLS)
        assert opened.status_code == 200, opened.text
        self._url += f"&sid={json.loads(opened.text[1:])['sid']}"

    def post(self, body: str | bytes) -> httpx.Response:
        return httpx.post(self._url, content=body, timeout=ANSWER_SECONDS, verify=NO_TLS)

    def poll(self) -> httpx.Response:
        return httpx.get(self._url, timeout=ANSWER_SECONDS, verify=NO_TLS)

    def packets(self) -> list[str]:
        """What the next poll brings, in order."""
        return self.poll().text.split("\x1e")

    def upgraded(self) -> tuple[list[str], websocket.WebSocket]:
        """Go on over a WebSocket, as pages do: first what polling still brings, then the line."""
        url = self._url.replace("http", "ws", 1).replace("=polling", "=websocket")
        line = websocket.create_connection(url, timeout=ANSWER_SECONDS)
        line.send("2probe")
        assert line.recv() == "3probe"
        last = self.packets()
        line.send("5")
        return last, line
