"""What a request may bring: plain addresses, 64 KiB, and a picture once its sender may send one.

Whatever is larger is refused by its length before a byte of it is parsed, or, without a length,
at the byte that is too many. Nobody waits for the rest: the connection is closed.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable
from typing import IO, Any, cast
from urllib.parse import quote_from_bytes

from flask import Flask, Request, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream

from queue_server.domain.codes import parse_code
from queue_server.domain.errors import NoCodeInImage, PictureTooBig
from queue_server.scanning import MAX_BYTES, PictureTooLarge, ScanningRefused, read_code_texts
from queue_server.web import mistakes
from queue_server.web.app_context import app_context
from queue_server.web.identity import client

View = Callable[..., Any]


class IdConverter(IntegerConverter):
    """`<int:id>` in a route: eighteen plain digits at most; SQLite's integers end just later."""

    regex = r"[0-9]{1,18}"


class PlainRequest(Request):
    """A request whose query is ASCII: bytes that a browser would have escaped are escaped here.

    Left alone, the first look into the query would be a fault, even from an error page.
    """

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(environ, *args, **kwargs)
        if self.query_string:
            quoted = quote_from_bytes(self.query_string, safe=string.punctuation)
            self.query_string = quoted.encode()

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body, refused at the byte that is too many also when it never said its length.

        Where the server ends a body of a known length, the library takes any end for the right one.
        """
        whole: IO[bytes] = super().stream
        if not isinstance(whole, LimitedStream):
            return whole
        body, length = self.environ["wsgi.input"], self.content_length
        if length is None:
            return cast(IO[bytes], WholeBody(body, whole.limit, is_max=True))
        return cast(IO[bytes], PromisedBody(body, length))


class PlainFlask(Flask):
    """Flask, which asks everything that it calls in each request whether it is a coroutine."""

    request_class = PlainRequest

    def ensure_sync(self, func: View) -> View:
        """Nothing of ours is one."""
        return func


class WholeBody(LimitedStream):
    """A body that is read at once: the library's would end at its limit without a word."""

    def readall(self) -> bytes:
        """Raises `RequestEntityTooLarge`."""
        body = super().readall()
        if self.is_exhausted and self._stream.read(1):
            raise RequestEntityTooLarge()
        return body


class PromisedBody(LimitedStream):
    """A body that said its length: half a form would be another form.

    It is read at once; the library would ask with 64 KiB of fresh memory.
    """

    def readall(self) -> bytes:
        """Raises `ClientDisconnected` when its sender has left before the end."""
        left = self.limit - self._pos
        try:
            body = self._stream.read(left)
        except OSError:
            raise ClientDisconnected() from None
        if len(body) < left:
            raise ClientDisconnected()
        self._pos = self.limit
        return body


MOST_BYTES = 64 * 1024
MOST_PARTS = 200
# A picture and a little around it.
MOST_PICTURE_BYTES = MAX_BYTES + MOST_BYTES
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def install(app: Flask) -> None:
    """Plain addresses, limits of every body, and closed connections where one was left unread.

    Before any route is added, and after the guard: the server itself is told to close.
    """
    app.url_map.converters["int"] = IdConverter
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, MAX_FORM_PARTS=MOST_PARTS
    )
    app.wsgi_app = CloseUnread(app.wsgi_app)  # type: ignore[method-assign]


def accept_picture() -> None:
    """From here on this request may bring a picture: whoever sends it was let in."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = MOST_PICTURE_BYTES
        # The library reads by MOST_BYTES, and counts what it keeps of the last block with the next:
        # as soon as a line break stands near the end of one, which may be the boundary's.
        request.max_form_memory_size = 2 * MOST_BYTES


class CloseUnread:
    """The server would read a refused body to its end before it hears the next request."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not _is_long(environ):
            return self._application(environ, start_response)
        counted = environ["wsgi.input"] = Counted(environ["wsgi.input"])

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if not counted.is_read_to(environ.get("CONTENT_LENGTH")):
                _close(start_response)
                headers = [*headers, ("Connection", "close")]
            return start_response(status, headers, *more)

        return self._application(environ, start)


class Counted:
    """A body that knows how much of it was read, and whether its end was seen."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._count = 0
        self._ended = False

    def read(self, *size: int) -> bytes:
        return self._counted(self._body.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._counted(self._body.readline(*size))

    def is_read_to(self, length: str | None) -> bool:
        return self._ended or bool(length) and self._count >= int(length or 0)

    def _counted(self, some: bytes) -> bytes:
        self._count += len(some)
        self._ended = self._ended or not some
        return some


def _is_long(environ: dict[str, Any]) -> bool:
    """Longer than what has arrived with the request anyway; without a length nobody knows."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        return int(length) > MOST_BYTES
    return "HTTP_TRANSFER_ENCODING" in environ


def _close(start_response: Any) -> None:
    # The header alone is not enough for gunicorn: it is told by a word to its response.
    response: Any = getattr(start_response, "__self__", None)
    if hasattr(response, "force_close"):
        response.force_close()


def pictured_code() -> str:
    """The first Termincode in the picture of the form's field `image`; decoded off the hub.

    One picture of a client at a time, so that nobody fills the line in which all of them wait.
    Raises `PictureTooBig`, `NoCodeInImage`, `TooManyTries`.
    """
    context = app_context()
    with context.turns.alone(client().name):
        data = request.files["image"].read()
        try:
            texts = context.pools.pictures(lambda: read_code_texts(data, wanted=_is_code))
        except PictureTooLarge:
            raise PictureTooBig() from None
        except ScanningRefused:
            mistakes.note("a picture could not be read")
            raise NoCodeInImage() from None
    found = next((text for text in texts if _is_code(text)), None)
    if found is None:
        raise NoCodeInImage()
    return found


def _is_code(text: str) -> bool:
    """Other codes may be in the picture, too, and are often the easier ones to read."""
    return parse_code(text) is not None
