"""A program that receives webhooks, as somebody else would write it; it trusts nobody."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any

from tests.server_process import free_port

PATIENCE_SECONDS = 60.0


def is_signed(secret: str, header: str, body: bytes) -> bool:
    """As docs/api.md describes it, written without a look at the product."""
    parts = dict(part.split("=", 1) for part in header.split(","))
    expected = hmac.new(secret.encode(), parts["t"].encode() + b"." + body, hashlib.sha256)
    return hmac.compare_digest(expected.hexdigest(), parts["v1"])


@dataclass
class Request:
    """What came, byte for byte."""

    body: bytes
    signature: str
    path: str

    @property
    def told(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


@dataclass
class HookReceiver:
    """Answers `statuses` one after the other, then 204. Keeps what came."""

    statuses: list[int] = field(default_factory=list)
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    location: str = ""

    def __post_init__(self) -> None:
        self._came = Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver._keep(Request(body, self.headers["Aufruf-Signature"], self.path))
                self.send_response(status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """The tests' output stays quiet."""

        # Kept for whoever comes in its place: a port that is only closed, others may be given.
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port or free_port()), Handler)
        self.port = self._server.server_port
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/aufruf?token=geheimer-pfad"

    @property
    def events(self) -> list[str]:
        return [request.told["event"] for request in self.requests]

    @property
    def numbers(self) -> list[str]:
        return [request.told["number"] for request in self.requests]

    def wait_for(self, count: int) -> list[Request]:
        with self._came:
            is_there = self._came.wait_for(lambda: len(self.requests) >= count, PATIENCE_SECONDS)
        assert is_there, f"{len(self.requests)} of {count} requests came"
        return self.requests

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _keep(self, request: Request) -> int:
        with self._came:
            self.requests.append(request)
            self._came.notify_all()
            return self.statuses.pop(0) if self.statuses else 204


@contextmanager
def bad_receiver(answer: bytes = b"", drip_seconds: float = 0.0) -> Iterator[str]:
    """A receiver that picks up and says this, byte by byte when it drips, and then nothing."""
    over = Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            Thread(target=talk, args=(line,), daemon=True).start()

    def talk(line: socket.socket) -> None:
        with line:
            try:
                for byte in answer:
                    line.sendall(bytes([byte]))
                    if drip_seconds:
                        over.wait(drip_seconds)
                over.wait()
            except OSError:
                return

    Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        over.set()
        server.close()
