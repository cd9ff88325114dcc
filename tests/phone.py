"""Phones that want to be told, and the push service that their browsers' maker would run.

The phone has keys of its own and reads what was sealed for it; the service is a real HTTP server on
loopback that keeps what it gets, and is told by plain attributes to be busy, to hang or to forget.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from queue_server.push.keys import encoded
from queue_server.store.subscriptions import PushAddress
from tests.server_process import free_port

CONTACT = "it@musterstadt.example"
PATIENCE_SECONDS = 60.0
SECRET = b"sixteen bytes..."
CERTIFICATE = Path(__file__).with_name("certificate.pem")


def with_push(config: str, *, is_local: bool = False) -> str:
    """The same configuration with messages to phones switched on."""
    local = "true" if is_local else "false"
    return f'[push]\nenabled = true\ncontact = "{CONTACT}"\nlocal_endpoints = {local}\n\n{config}'


class Phone:
    """A browser's side of a subscription."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def p256dh(self) -> str:
        public = self._key.public_key()
        return encoded(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def at(self, url: str) -> PushAddress:
        """Told at this address."""
        return PushAddress(url, self.p256dh, encoded(SECRET))

    def subscription(self, url: str) -> dict[str, Any]:
        """As browsers write it."""
        keys = {"p256dh": self.p256dh, "auth": encoded(SECRET)}
        return {"endpoint": url, "expirationTime": None, "keys": keys}

    def read(self, sealed: bytes) -> dict[str, Any]:
        """What was sealed for this phone and nobody else."""
        text = http_ece.decrypt(
            sealed, private_key=self._key, auth_secret=SECRET, version="aes128gcm"
        )
        said: dict[str, Any] = json.loads(text)
        return said


@dataclass(frozen=True)
class Delivered:
    """One message as the push service sees it: addressed and signed, and closed to it."""

    path: str
    headers: dict[str, str]
    sealed: bytes


@dataclass
class PushService:
    """`answers` are the statuses of the next messages, then 201; `location` is sent with each.

    While it `hangs` it takes a message and says nothing; with `drips` it says a byte now and then.
    """

    is_secret: bool = False
    answers: list[int] = field(default_factory=list)
    location: str = ""
    retry_after: str = ""
    hangs: bool = False
    drips: bool = False
    delivered: list[Delivered] = field(default_factory=list)

    def __enter__(self) -> PushService:
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        if self.is_secret:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, name: str = "phone") -> str:
        scheme, host = ("https", "localhost") if self.is_secret else ("http", "127.0.0.1")
        return f"{scheme}://{host}:{self._server.server_address[1]}/send/{name}"

    def wait_for(self, count: int) -> list[Delivered]:
        """The messages so far, as soon as there are so many."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while len(self.delivered) < count and time.monotonic() < give_up:
            time.sleep(0.02)
        assert len(self.delivered) >= count, f"{len(self.delivered)} of {count} came"
        return self.delivered[:]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service._take(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _take(self, asked: BaseHTTPRequestHandler) -> None:
        sealed = asked.rfile.read(int(asked.headers["Content-Length"]))
        self.delivered.append(Delivered(asked.path, dict(asked.headers), sealed))
        if self.hangs:
            self._over.wait(PATIENCE_SECONDS)
            return
        if self.drips:
            self._drip(asked)
            return
        asked.send_response(self.answers.pop(0) if self.answers else 201)
        for name, value in (("Location", self.location), ("Retry-After", self.retry_after)):
            if value:
                asked.send_header(name, value)
        asked.send_header("Content-Length", "0")
        asked.end_headers()

    def _drip(self, asked: BaseHTTPRequestHandler) -> None:
        try:
            while not self._over.wait(0.05):
                asked.wfile.write(b"H")
        except (OSError, ValueError):
            asked.close_connection = True


def nobody_listens() -> str:
    """The address of a push service that is not there."""
    return f"http://127.0.0.1:{free_port()}/send/nobody"
