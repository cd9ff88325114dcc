"""One message to one phone: encrypted for its browser, handed to the push service that it named."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import Timer

from queue_server.push.endpoint import NoPublicAddress, PushEndpoint, addresses
from queue_server.push.keys import decoded
from queue_server.store.subscriptions import PushAddress

TIMEOUT_SECONDS = 5.0
"""For everything together, however slowly a push service talks."""
LONGEST_PAUSE_SECONDS = 60
MOST_PLACES, LEAST_SECONDS = 2, 0.1
GONE = {404, 410}
BUSY = {408, 425, 429}
TAKEN = range(200, 300)


class Outcome(StrEnum):
    """What to do after a try that failed."""

    GONE = "gone"
    LATER = "later"
    NEVER = "never"


class PushFailed(Exception):
    """The message was not taken. `pause_seconds` is as long as the service asks us to wait."""

    def __init__(self, outcome: Outcome, code: str, pause_seconds: int = 0) -> None:
        super().__init__(code)
        self.outcome = outcome
        self.pause_seconds = pause_seconds


@dataclass(frozen=True, slots=True)
class PushMessage:
    """`text` is sealed on its way; `seconds` it is kept for a phone that is out of reach."""

    text: bytes
    seconds: int


def send(
    endpoint: PushEndpoint,
    to: PushAddress,
    message: PushMessage,
    signature: dict[str, str],
    *,
    is_local_allowed: bool = False,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> None:
    """Returns when the push service has taken the message. Raises `PushFailed`."""
    sealed = _sealed(to, message.text)
    headers = _headers(message) | signature
    with _line(endpoint, is_local_allowed, timeout_seconds) as line:
        line.request("POST", endpoint.target, sealed, headers)
        # Redirects are answers like any other: nobody is sent on to where we did not look.
        answer = line.getresponse()
        # The connection is the answer's by now, and of that nobody reads more.
        answer.close()
    if answer.status not in TAKEN:
        raise _judged(answer)


def reach(endpoint: PushEndpoint, *, is_local_allowed: bool = False) -> None:
    """Returns when there is a way to the push service. Raises `PushFailed`."""
    with _line(endpoint, is_local_allowed, TIMEOUT_SECONDS):
        pass


def _headers(message: PushMessage) -> dict[str, str]:
    return {
        "TTL": str(message.seconds),
        "Urgency": "high",
        # What waits for a phone that is out of reach is replaced by what comes after it.
        "Topic": "aufruf",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Connection": "close",
    }


def _sealed(to: PushAddress, text: bytes) -> bytes:
    """Raises `PushFailed` for keys that are none."""
    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec

    own = ec.generate_private_key(ec.SECP256R1())
    key, auth = decoded(to.p256dh), decoded(to.auth)
    try:
        sealed: bytes = http_ece.encrypt(
            text, private_key=own, dh=key, auth_secret=auth, version="aes128gcm"
        )
    except (ValueError, http_ece.ECEException):
        raise PushFailed(Outcome.GONE, "bad keys") from None
    return sealed


@contextmanager
def _line(
    endpoint: PushEndpoint, is_local_allowed: bool, seconds: float
) -> Iterator[http.client.HTTPConnection]:
    """A line to an address that was looked at. Raises `PushFailed`, whatever goes wrong on it."""
    try:
        places = addresses(endpoint, is_local_allowed=is_local_allowed)
        with _line_to(endpoint, places, seconds) as line:
            yield line
    except NoPublicAddress:
        raise PushFailed(Outcome.NEVER, "no public address") from None
    except (OSError, http.client.HTTPException) as error:
        raise PushFailed(Outcome.LATER, _code(error)) from None


@contextmanager
def _line_to(
    endpoint: PushEndpoint, places: list[str], seconds: float
) -> Iterator[http.client.HTTPConnection]:
    """It is cut when the time is over, however slowly somebody talks."""
    over_at = time.monotonic() + seconds
    line = http.client.HTTPConnection(endpoint.host, endpoint.port)
    line.sock = _connected(endpoint.port, places, over_at)
    left = max(LEAST_SECONDS, over_at - time.monotonic())
    line.sock.settimeout(left)
    watch = Timer(left, _cut, [line])
    watch.daemon = True
    watch.start()
    try:
        if endpoint.scheme == "https":
            # In two steps, so that there is something to cut while the handshake drags on.
            line.sock = _trusting().wrap_socket(
                line.sock, server_hostname=endpoint.host, do_handshake_on_connect=False
            )
            line.sock.do_handshake()
        yield line
    finally:
        watch.cancel()
        line.close()


def _connected(port: int, places: list[str], over_at: float) -> socket.socket:
    """The first that answers: many machines have an address of the new kind and no way there."""
    trouble: OSError = TimeoutError()
    for place, left in zip(places[:MOST_PLACES], range(MOST_PLACES, 0, -1), strict=False):
        seconds = (over_at - time.monotonic()) / min(left, len(places))
        try:
            return socket.create_connection((place, port), timeout=max(LEAST_SECONDS, seconds))
        except OSError as error:
            trouble = error
    raise trouble


@cache
def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context()


def _cut(line: http.client.HTTPConnection) -> None:
    with suppress(OSError):
        line.sock.shutdown(socket.SHUT_RDWR)


def _judged(answer: http.client.HTTPResponse) -> PushFailed:
    code = f"answer {answer.status}"
    if answer.status in GONE:
        return PushFailed(Outcome.GONE, code)
    if answer.status in BUSY or answer.status >= 500:
        asked = answer.headers.get("Retry-After", "")
        pause = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
        return PushFailed(Outcome.LATER, code, min(pause, LONGEST_PAUSE_SECONDS))
    return PushFailed(Outcome.NEVER, code)


def _code(error: Exception) -> str:
    """Never the words of the error: they may hold the address."""
    return "timeout" if isinstance(error, TimeoutError) else type(error).__name__
