"""At the door of every request: same origin for unsafe methods, strict headers on every answer."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from queue_server.domain.errors import ForeignOrigin
from queue_server.web.hall import hall

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

POLICY = "Content-Security-Policy"
STRICT = [*HEADERS.items(), (POLICY, CSP.format(wasm="", frames="'none'"))]
WITH_WASM = [*HEADERS.items(), (POLICY, CSP.format(wasm=" 'wasm-unsafe-eval'", frames="'none'"))]


def install(app: Flask) -> None:
    """Put the guard before, and the headers after, every request."""
    app.before_request(check_origin)
    app.after_request(add_headers)


def check_origin() -> None:
    """Raise `ForeignOrigin` when a browser sends an unsafe request from another page.

    A request with neither `Sec-Fetch-Site` nor `Origin` is a program, not a browser, and is
    judged by its cookie or token alone.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        allowed = site in OWN_PAGES
    else:
        origin = request.headers.get("Origin")
        allowed = origin is None or is_own(origin, request.host, hall().settings.public_url)
    if not allowed:
        raise ForeignOrigin()


def allow_wasm() -> None:
    """This page decodes pictures with WebAssembly."""
    g.headers = WITH_WASM


def allow_embedding(origins: tuple[str, ...]) -> None:
    """This answer may stand in pages of these origins; of any origin when none is named."""
    g.headers = _embeddable(origins)


def add_headers(response: Response) -> Response:
    """Every answer carries them; one extend, because this is part of every call."""
    response.headers.extend(g.get("headers", STRICT))
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint is None or not request.endpoint.endswith("static"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def is_own(origin: str, host: str, public_url: str) -> bool:
    """Whether a browser's `Origin` is this house: the asked host, or the configured address."""
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
