"""TLS and the proxy: what config.toml promises to visitors, and what comes back from there."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from queue_server.settings import Settings

HERE = {"localhost", "127.0.0.1", "::1"}
ASK_SECONDS = 5.0
EXPIRES_SOON_DAYS = 14
DAY_SECONDS = 86_400
BAD_GATEWAY, SAID_BY_US = (502, 503, 504), b'"status"'

NO_PROXY = (
    "[server] public_url is {url}, and behind_proxy is false: Aufruf itself speaks no TLS, takes"
    " everybody for one visitor, and sends cookies without Secure. Set behind_proxy = true."
)
OPEN_PORT = (
    "[server] behind_proxy is true, and host is {host}: whoever reaches port {port} past the proxy"
    ' can pretend to be anybody. Set host = "127.0.0.1", or close the port to all but the proxy.'
)
NO_ADDRESS = "[server] behind_proxy is true, and public_url is empty: QR codes lead to {url}."
NO_TLS = (
    "[server] public_url is {url}, without TLS: passwords travel in the clear, and the camera of a"
    " kiosk stays dark."
)
NOT_THERE = "{url} can't be reached from here ({why}); is the proxy running?"
BAD_CERTIFICATE = "{url}: its certificate is not believed here ({why})."
EXPIRES = "{url}: its certificate ends in {days} days."
NOBODY_BEHIND = "{url} answers {status}: the proxy does not reach Aufruf, or Aufruf does not run."
SOMEBODY_ELSE = "{url} is answered by something else than Aufruf ({status})."
NOT_TOLD = (
    "{url}: Aufruf is not told that visitors come by https; the proxy must set X-Forwarded-Proto."
)


def proxy_notes(settings: Settings) -> Iterator[str]:
    """What does not fit together in [server]."""
    server, url = settings.server, urlsplit(settings.public_url)
    if url.scheme == "https" and not server.behind_proxy:
        yield NO_PROXY.format(url=settings.public_url)
    if server.behind_proxy and server.host not in HERE:
        yield OPEN_PORT.format(host=server.host, port=server.port)
    if server.behind_proxy and not server.public_url:
        yield NO_ADDRESS.format(url=settings.public_url)
    if server.public_url and url.scheme == "http" and url.hostname not in HERE:
        yield NO_TLS.format(url=settings.public_url)


def answer_notes(
    settings: Settings, now: datetime, trusted: ssl.SSLContext | None = None
) -> Iterator[str]:
    """What visitors would meet at an https `public_url`; `trusted` replaces the machine's own."""
    where, url = settings.public_url, urlsplit(settings.public_url)
    if url.scheme != "https":
        return
    line = _line(url, trusted or ssl.create_default_context())
    try:
        line.connect()
        yield from _certificate_notes(where, line, now)
        yield from _health_notes(where, line)
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason
        yield BAD_CERTIFICATE.format(url=where, why=why)
    except (OSError, HTTPException, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        yield NOT_THERE.format(url=where, why=why)
    finally:
        line.close()


def _line(url: SplitResult, trusted: ssl.SSLContext) -> HTTPSConnection:
    host, port = url.hostname or "", url.port or 443
    return HTTPSConnection(host, port, timeout=ASK_SECONDS, context=trusted)


def _certificate_notes(where: str, line: HTTPSConnection, now: datetime) -> Iterator[str]:
    """Those that live for hours or days are renewed by a program, with more than a quarter left."""
    certificate = line.sock.getpeercert() or {}
    if "notAfter" in certificate and "notBefore" in certificate:
        begins, ends = (
            ssl.cert_time_to_seconds(str(certificate[name])) for name in ("notBefore", "notAfter")
        )
        left = ends - now.timestamp()
        if left < min(EXPIRES_SOON_DAYS * DAY_SECONDS, (ends - begins) / 4):
            yield EXPIRES.format(url=where, days=int(left // DAY_SECONDS))


def _health_notes(where: str, line: HTTPConnection) -> Iterator[str]:
    line.request("GET", "/healthz")
    answer = line.getresponse()
    body = answer.read(1000)
    if answer.status in BAD_GATEWAY:
        yield NOBODY_BEHIND.format(url=where, status=answer.status)
    elif answer.status != 200 or SAID_BY_US not in body:
        yield SOMEBODY_ELSE.format(url=where, status=answer.status)
    elif answer.getheader("Strict-Transport-Security") is None:
        yield NOT_TOLD.format(url=where)
