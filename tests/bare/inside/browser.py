"""A browser of the standard library: cookies, forms, JSON, a picture."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """Where redirects ended, with the body."""

    status: int
    url: str
    kind: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.body)

    def must_be(self, *expected: int) -> Answer:
        assert self.status in expected, f"{self.url} answered {self.status}: {self.text[:300]}"
        return self


class Browser:
    """Somebody with a cookie jar at one server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Answer:
        return self._open(Request(self.url + path))

    def post(self, path: str, body: object | None = None) -> Answer:
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: object | None = None) -> Answer:
        """JSON; nothing at all without a body."""
        data = b"" if body is None else json.dumps(body).encode()
        head = {"Content-Type": "application/json", "Accept": "application/json"}
        return self._open(Request(self.url + path, data, head, method=method))

    def form(self, path: str, **fields: str) -> Answer:
        return self._open(Request(self.url + path, urlencode(fields).encode()))

    def picture(self, path: str, png: bytes) -> Answer:
        """A form with one file, as a browser sends it."""
        edge = uuid.uuid4().hex
        lines = f'--{edge}\r\nContent-Disposition: form-data; name="image"; filename="qr.png"\r\n'
        body = f"{lines}Content-Type: image/png\r\n\r\n".encode() + png + f"\r\n--{edge}--".encode()
        head = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._open(Request(self.url + path, body, head))

    def _open(self, request: Request) -> Answer:
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as got:
                return Answer(got.status, got.url, got.headers.get_content_type(), got.read())
        except HTTPError as refused:
            with refused:
                kind = refused.headers.get_content_type()
                return Answer(refused.code, refused.url or "", kind, refused.read())
