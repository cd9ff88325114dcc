"""An answer that leaves in one piece.

gunicorn sends the head by itself and the body after it: two system calls and two packets, and
whoever asked is woken for a head that says nothing yet.
"""

from __future__ import annotations

from email.utils import formatdate
from functools import lru_cache
from typing import Any

from gunicorn import util
from gunicorn.http.wsgi import Response

TOGETHER_BYTES = 64 * 1024
"""A longer piece is not copied once more for the sake of its head."""


@lru_cache(maxsize=1)
def date_of(second: int) -> str:
    """The Date of an answer: all answers of a second share it."""
    return formatdate(second, usegmt=True)


class Answer(Response):  # type: ignore[misc]
    """gunicorn's, whose head waits for the first piece of the body, or for the end."""

    headers_sent: bool
    _head = b""

    def send_headers(self) -> None:
        """Once; from here on nothing else may be answered."""
        if not self.headers_sent:
            named = (f"{name}: {value}\r\n" for name, value in self.headers)
            self._head = "".join((*self.default_headers(), *named, "\r\n")).encode("latin-1")
            self.headers_sent = True

    def _emit_body(self, data: bytes) -> None:
        if self.chunked or len(data) > TOGETHER_BYTES:
            self._send_head()
            super()._emit_body(data)
        else:
            head, self._head = self._head, b""
            util.write(self.sock, head + data)

    def sendfile(self, respiter: Any) -> bool:
        """The system copies a file past us, so the head goes before it."""
        self.send_headers()
        self._send_head()
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        """The end, also of an answer without a body."""
        self.send_headers()
        self._send_head()
        super().close()

    def _send_head(self) -> None:
        head, self._head = self._head, b""
        if head:
            util.write(self.sock, head)
