"""`/metrics` for Prometheus, on loopback or with a device-independent token."""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)

from queue_server.domain.errors import NotAllowed
from queue_server.domain.events import Event
from queue_server.domain.ticket import TicketState
from queue_server.queries.post import post
from queue_server.store import counters, nights, tickets
from queue_server.store.database import Reader
from queue_server.web.hall import hall

TOKEN_VARIABLE = "AUFRUF_METRICS_TOKEN"
room = Blueprint("metrics", __name__)
registry = CollectorRegistry()
_events = Counter("aufruf_events_total", "Journal events", ("site", "name"), registry=registry)
_waiting = Gauge("aufruf_waiting", "People waiting", ("site",), registry=registry)
_letters = Gauge("aufruf_letters_waiting", "Letters in the outbox", registry=registry)
_oldest = Gauge(
    "aufruf_letters_oldest_seconds", "Age of the oldest waiting letter", registry=registry
)
_refused = Gauge(
    "aufruf_letters_refused", "Letters undelivered for good, 7 days", registry=registry
)
_open = Gauge("aufruf_counters_open", "Open counters", ("site",), registry=registry)
_faults = Gauge(
    "aufruf_audit_violations",
    "Calls of the last audited day that were not the rule's",
    ("site",),
    registry=registry,
)


def count(events: Sequence[Event]) -> None:
    """A listener of the store."""
    for event in events:
        _events.labels(event.site, event.name).inc()


@room.get("/metrics")
def metrics() -> Response:
    """Figures for operators; others are refused."""
    if not (_from_this_machine() or _has_token()):
        raise NotAllowed()
    with hall().store.snapshot() as snapshot:
        for site in hall().settings.sites:
            waiting = tickets.in_state(snapshot, site.id, TicketState.WAITING)
            _waiting.labels(site.id).set(len(waiting))
            _open.labels(site.id).set(len(counters.open_at(snapshot, site.id)))
            if audited := nights.kept(snapshot, site.id):
                _faults.labels(site.id).set(audited[0].faults)
        _look_at_letters(snapshot, hall().now())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _look_at_letters(reader: Reader, now: datetime) -> None:
    outbox = post(reader, now)
    since = outbox.waiting_since or now
    _letters.set(outbox.waiting)
    _oldest.set((now - since).total_seconds())
    _refused.set(len(outbox.refused))


def _from_this_machine() -> bool:
    # A proxy that is not trusted also connects from here, but then says for whom.
    if "X-Forwarded-For" in request.headers and not hall().settings.server.behind_proxy:
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    token = os.environ.get(TOKEN_VARIABLE, "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(token, given)
