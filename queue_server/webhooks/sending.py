"""One request to a receiver, however it behaves: no redirect, no long wait, no answer read.

What comes back is a status and nothing else, so a receiver can fill neither memory nor log.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from queue_server.domain.webhook import Webhook, is_private, signature
from queue_server.settings import VERSION

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 10.0
"""For everything together, however slowly a receiver drips; names of hosts are looked up before."""

SENTENCES = {
    "unreachable": "can't be reached",
    "certificate": "shows a certificate that is not valid for its name",
    "tls": "does not manage an encrypted connection",
    "timeout": "does not answer in time",
    "hung_up": "hangs up without an answer",
    "outside": "is outside of your network, where only https goes",
    "answered": "does not take it",
}


class ReceiverTrouble(Exception):
    """Why it was not taken: a key of `SENTENCES`, and the status that was answered, or 0."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code, status)
        self.code = code
        self.status = status

    def __str__(self) -> str:
        """As the outbox keeps it: `answered 503`, `timeout`."""
        return f"{self.code} {self.status or ''}".rstrip()

    @property
    def sentence(self) -> str:
        """For somebody at a shell."""
        return SENTENCES[self.code]


def send(hook: Webhook, body: str, at: int, seconds: float = WHOLE_SECONDS) -> None:
    """Returns when it was taken (2xx). `at` is now, in seconds since 1970.

    Raises `ReceiverTrouble`.
    """
    url, content = urlsplit(hook.url), body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Aufruf/{VERSION}",
        "Aufruf-Signature": signature(hook.secret, at, content),
        "Connection": "close",
    }
    with _line(url, seconds) as line:
        line.request("POST", _target(url), content, headers)
        status = line.getresponse().status
    if not 200 <= status < 300:
        raise ReceiverTrouble("answered", status)


def knock(hook: Webhook, seconds: float = WHOLE_SECONDS) -> None:
    """Whether somebody is there, with a valid certificate; nothing is sent.

    Raises `ReceiverTrouble`.
    """
    with _line(urlsplit(hook.url), seconds):
        pass


@contextmanager
def _line(url: SplitResult, seconds: float) -> Iterator[HTTPConnection]:
    """A connection that is cut when the time is up. Raises `ReceiverTrouble` for all that fails."""
    line = _connection(url, seconds)
    is_over: list[bool] = []
    watch = Timer(seconds, _cut, [line, is_over])
    watch.daemon = True
    watch.start()
    try:
        line.connect()
        yield line
        if is_over:
            # What came until then may look like an answer.
            raise ReceiverTrouble("timeout")
    except (OSError, HTTPException, UnicodeError) as error:
        raise ReceiverTrouble("timeout") if is_over else _trouble(error) from None
    finally:
        watch.cancel()
        line.close()


def _cut(line: HTTPConnection, is_over: list[bool]) -> None:
    is_over.append(True)
    if line.sock is not None:
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)


def _trouble(error: Exception) -> ReceiverTrouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ReceiverTrouble("certificate")
    if isinstance(error, TimeoutError):
        return ReceiverTrouble("timeout")
    if isinstance(error, ssl.SSLError):
        return ReceiverTrouble("tls")
    if isinstance(error, (HTTPException, ConnectionResetError, BrokenPipeError)):
        return ReceiverTrouble("hung_up")
    return ReceiverTrouble("unreachable")


def _target(url: SplitResult) -> str:
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def _connection(url: SplitResult, seconds: float) -> HTTPConnection:
    host, patience = url.hostname or "", min(CONNECT_SECONDS, seconds)
    if url.scheme == "https":
        return _EncryptedLine(host, url.port, timeout=patience, context=_context(_trusted()))
    return _PlainLine(host, url.port, timeout=patience)


class _PlainLine(HTTPConnection):
    """Inside the office's network only: a name in config.toml is trusted only where it leads."""

    def connect(self) -> None:
        super().connect()
        peer = str(self.sock.getpeername()[0]).partition("%")[0]
        if not is_private(ip_address(peer)):
            raise ReceiverTrouble("outside")


class _EncryptedLine(HTTPSConnection):
    """The socket is known before the handshake, so that a slow handshake can be cut, too."""

    def __init__(self, host: str, port: int | None, timeout: float, context: ssl.SSLContext):
        super().__init__(host, port, timeout=timeout, context=context)
        self._tls = context

    def connect(self) -> None:
        HTTPConnection.connect(self)
        wrapped = self._tls.wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = wrapped
        wrapped.do_handshake()


def _trusted() -> str:
    return os.environ.get("SSL_CERT_FILE", "")


@lru_cache(maxsize=2)
def _context(trusted: str) -> ssl.SSLContext:
    """Certificates of the system, or those of SSL_CERT_FILE; reading them takes a while."""
    return ssl.create_default_context()
