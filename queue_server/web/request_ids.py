"""A name for every request that somebody may ask about: the same in the log and in the answer.

It is made when it is first needed, so a request that goes well costs nothing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import g, has_request_context, request

from queue_server.web.app_context import app_context

HEADER = "X-Request-Id"
MADE_BYTES = 8
# What proxies make: hexadecimal digits (nginx) or a UUID (Caddy). Nothing else gets into a log.
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
_outside = ContextVar("request_id", default="")


def request_id() -> str:
    """The name of this request: its trusted proxy's, if it is one, else a random one.

    Outside of a request only what is `named` has one.
    """
    if not has_request_context():
        return _outside.get()
    if "request_id" not in g:
        g.request_id = _of_proxy() or secrets.token_hex(MADE_BYTES)
    name: str = g.request_id
    return name


@contextmanager
def named() -> Iterator[None]:
    """A name for what ended before it was a request."""
    before = _outside.set(secrets.token_hex(MADE_BYTES))
    try:
        yield
    finally:
        _outside.reset(before)


def _of_proxy() -> str:
    """Without a trusted proxy the header is a visitor's, who shall not choose what a log says."""
    if not app_context().settings.server.behind_proxy:
        return ""
    given = request.headers.get(HEADER, "")
    return given if WELL_FORMED.fullmatch(given) else ""
