"""Whether messages to phones would leave: the way to the push services, and what browsers want."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from queue_server.push.endpoint import endpoint_of
from queue_server.push.sending import PushFailed, reach
from queue_server.settings import Settings

SERVICES: Mapping[str, str] = {
    "https://fcm.googleapis.com": "Chrome, Edge, Samsung",
    "https://updates.push.services.mozilla.com": "Firefox",
    "https://web.push.apple.com": "Safari",
}
"""Where the browsers of nearly all phones have their messages fetched."""
UNREACHABLE = "{service} ({browsers}) can't be reached ({why}): its phones are not told of calls"
NEEDS_TLS = "Push is on, but browsers offer it on https pages only, and visitors open {url}."
FOR_TESTS = (
    "[push] local_endpoints is true: whoever has a number can make this server send to addresses"
    " of your own network. Leave it out in service."
)
HERE = {"localhost", "127.0.0.1", "::1"}


def faults(settings: Settings, services: Mapping[str, str] = SERVICES) -> Iterator[str]:
    """Push services that can't be reached, as sentences."""
    is_local_allowed = settings.push.local_endpoints
    for service, browsers in services.items():
        try:
            endpoint = endpoint_of(service, is_local_allowed=is_local_allowed)
            reach(endpoint, is_local_allowed=is_local_allowed)
        except PushFailed as failed:
            yield UNREACHABLE.format(service=service, browsers=browsers, why=failed)


def notes(settings: Settings) -> Iterator[str]:
    """What is no fault of a push service, and yet would keep phones from being told."""
    if not settings.push.enabled:
        return
    url = urlsplit(settings.public_url)
    if url.scheme != "https" and url.hostname not in HERE:
        yield NEEDS_TLS.format(url=settings.public_url)
    if settings.push.local_endpoints:
        yield FOR_TESTS
