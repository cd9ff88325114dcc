"""The answer to input that is not a request, or too long for one.

Nobody knows yet which page or program is asking, so it is the problem document of every other
refusal. The HTTP server's own answer would be English HTML with pieces of what was sent.
"""

from __future__ import annotations

import json
import socket
import time

from queue_server.web.errors import HTTP_CODES, HTTP_SENTENCES, HTTP_TITLES
from queue_server.web.guard import KEPT_NOWHERE, STRICT
from queue_server.web.request_ids import HEADER, request_id

SAID_AS = {414: 413, 431: 413, 500: 500}
"""Which refusal of the application each of them is; any other is a request not understood."""

NOT_UNDERSTOOD = 400
LISTEN_SECONDS = 1.0
READ_BYTES = 64 * 1024
MOST_UNREAD_BYTES = 1024 * 1024


def answer(line: socket.socket, status: int, reason: str, _: str) -> None:
    """In place of gunicorn's `write_error`, which closes the line afterwards. Raises OSError."""
    line.settimeout(LISTEN_SECONDS)
    line.sendall(_written(status, reason, request_id()))
    _let_it_be_read(line)


def _written(status: int, reason: str, name: str) -> bytes:
    body = json.dumps(_problem(status, name), ensure_ascii=False).encode()
    headers = [
        ("Connection", "close"),
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        (HEADER, name),
        KEPT_NOWHERE,
        *STRICT,
    ]
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _problem(status: int, name: str) -> dict[str, str | int]:
    """In German: which language is preferred stood in what could not be read."""
    said = SAID_AS.get(status, NOT_UNDERSTOOD)
    return {
        "status": status,
        "title": HTTP_TITLES[said],
        "detail": HTTP_SENTENCES[said],
        "code": HTTP_CODES.get(said, "fault"),
        "request_id": name,
    }


def _let_it_be_read(line: socket.socket) -> None:
    """Closed with bytes unread, the line would be reset, and the answer lost with it."""
    line.shutdown(socket.SHUT_WR)
    until, left = time.monotonic() + LISTEN_SECONDS, MOST_UNREAD_BYTES
    while left > 0 and time.monotonic() < until and (some := line.recv(READ_BYTES)):
        left -= len(some)
