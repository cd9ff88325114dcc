"""Around every request: same origin for unsafe methods, strict headers on every answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request

from queue_server.domain.errors import ForeignOrigin
from queue_server.web.app_context import app_context

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_PAGES = frozenset({"same-origin", "none"})
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
CSP = (
    "default-src 'self'; script-src 'self'{wasm}; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors {frames}"
)
EVERYWHERE = "*"
# Where a request says which headers its answer carries instead of `STRICT`.
STRICT_HEADERS = "aufruf.strict_headers"

STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")
POLICY = "Content-Security-Policy"
STRICT = [*HEADERS.items(), (POLICY, CSP.format(wasm="", frames="'none'"))]
WITH_WASM = [*HEADERS.items(), (POLICY, CSP.format(wasm=" 'wasm-unsafe-eval'", frames="'none'"))]


def install(app: Flask) -> None:
    """Put the guard before, and the headers after, every request."""
    app.before_request(check_origin)
    app.after_request(keep_nowhere)
    app.wsgi_app = StrictPages(app.wsgi_app)  # type: ignore[method-assign]


def check_origin() -> None:
    """Raise `ForeignOrigin` when a browser sends an unsafe request from another page.

    A request with neither `Sec-Fetch-Site` nor `Origin` is a program, not a browser, and is
    judged by its cookie or token alone.
    """
    if request.method in SAFE:
        return
    headers = request.headers
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        allowed = site in OWN_PAGES
    else:
        origin = headers.get("Origin")
        allowed = origin is None or is_own(origin, request.host, app_context().settings.public_url)
    if not allowed:
        raise ForeignOrigin()


def allow_wasm() -> None:
    """This page decodes pictures with WebAssembly."""
    request.environ[STRICT_HEADERS] = WITH_WASM


def allow_embedding(origins: tuple[str, ...]) -> None:
    """This answer may stand in pages of these origins; of any origin when none is named."""
    request.environ[STRICT_HEADERS] = _embeddable(origins)


def keep_nowhere(response: Response) -> Response:
    """No answer is kept by a browser or a proxy, unless it says so or is a file of ours."""
    endpoint = request.endpoint
    if endpoint is None or not endpoint.endswith("static"):
        response.headers.setdefault(*KEPT_NOWHERE)
    return response


def is_own(origin: str, host: str, public_url: str) -> bool:
    """Whether a browser's `Origin` is this server: the asked host, or the configured address."""
    try:
        asking = urlsplit(origin).netloc
    except ValueError:
        return False
    return asking != "" and asking in {host, urlsplit(public_url).netloc}


@lru_cache
def _embeddable(origins: tuple[str, ...]) -> list[tuple[str, str]]:
    # X-Frame-Options knows no list of origins; where it is left out, frame-ancestors decides.
    kept = {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"}
    kept["Cross-Origin-Resource-Policy"] = "cross-origin"
    frames = " ".join(("'self'", *origins)) if origins else EVERYWHERE
    return [*kept.items(), (POLICY, CSP.format(wasm="", frames=frames))]


PATH = "/socket.io/"
KEPT_NOWHERE = ("Cache-Control", "no-store")
KEY = re.compile(r"[A-Za-z0-9+/]{22}==")
Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class StrictPages:
    """Every answer of the application carries the strict headers.

    They are a list that is added to another: Flask would write each into its own collection, and
    copy that, as part of every call.
    """

    def __init__(self, pages: Any) -> None:
        self._pages = pages

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            strict = environ.get(STRICT_HEADERS, STRICT)
            safe = [STRICT_TRANSPORT] if environ["wsgi.url_scheme"] == "https" else []
            return start_response(status, [*headers, *strict, *safe], *more)

        return self._pages(environ, start)


class StrictSockets:
    """Socket.IO with guarded answers at its own path, and the pages at all others.

    Sockets are not compressed: a board is one packet, and deflate nearly doubles its time.
    """

    def __init__(self, pages: Any, sockets: Any) -> None:
        self._pages, self._sockets = pages, sockets

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._pages(environ, start_response)
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        strict = _strict(environ, start_response)
        if _is_broken_handshake(environ):
            # The WebSocket library would raise after the socket was registered.
            strict("400 BAD REQUEST", [("Content-Type", "text/plain")])
            return [b"Invalid websocket handshake"]
        return self._sockets(environ, strict)


def _strict(environ: Environ, start_response: StartResponse) -> StartResponse:
    """`start_response` with the headers that are not there yet."""
    added = [*STRICT, KEPT_NOWHERE]
    if environ.get("wsgi.url_scheme") == "https":
        added.append(STRICT_TRANSPORT)

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        there = {name.lower() for name, _ in headers}
        missing = [header for header in added if header[0].lower() not in there]
        return start_response(status, [*headers, *missing], *more)

    return start


def _is_broken_handshake(environ: Environ) -> bool:
    if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
        return False
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    return environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not KEY.fullmatch(key)
