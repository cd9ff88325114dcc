"""Who may read figures about the server itself: this machine, or the operators' token."""

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

from queue_server import garbage
from queue_server.actions import backing_up
from queue_server.domain.errors import NotAllowed
from queue_server.domain.events import Event
from queue_server.domain.ticket import TicketState
from queue_server.printing import Condition
from queue_server.queries.outbox_status import post
from queue_server.queries.webhook_status import status_of
from queue_server.store import counters, marks, tickets
from queue_server.store.database import Reader
from queue_server.version import VERSION
from queue_server.web.app_context import app_context

TOKEN_VARIABLE = "AUFRUF_METRICS_TOKEN"
# A proxy also connects from this machine, but says so in one of these.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


def is_operator() -> bool:
    """The request comes from this machine or brings the token of `AUFRUF_METRICS_TOKEN`."""
    return _from_this_machine() or _has_token()


def _from_this_machine() -> bool:
    """Behind the trusted proxy the address is the visitor's; another proxy speaks for nobody."""
    trusted = app_context().settings.server.behind_proxy
    if not trusted and any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    token = os.environ.get(TOKEN_VARIABLE, "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    # As the bytes that came: texts that are not ASCII can't be compared in constant time.
    known = token.encode("utf-8", "surrogateescape")
    return bool(token) and hmac.compare_digest(known, given.encode("latin-1", "replace"))


room = Blueprint("metrics", __name__)
registry = CollectorRegistry()
_info = Gauge("aufruf_info", "1, for the version that runs", ("version",), registry=registry)
_failing = Gauge("aufruf_storage_failing", "1 while the disk takes no writes", registry=registry)
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
_slips = Counter(
    "aufruf_slips_total",
    'Slips by outcome: "printed", or why not',
    ("site", "kiosk", "outcome"),
    registry=registry,
)
_printers = Gauge(
    "aufruf_printer_condition",
    "1 for the condition in which a kiosk's printer was last found",
    ("site", "kiosk", "condition"),
    registry=registry,
)


_hooks_waiting = Gauge(
    "aufruf_webhook_waiting", "Messages that a webhook has not taken yet", ("hook",),
    registry=registry,
)  # fmt: skip
_hooks_oldest = Gauge(
    "aufruf_webhook_oldest_seconds", "Age of the oldest of them", ("hook",), registry=registry
)
_hooks_failures = Gauge(
    "aufruf_webhook_failures", "Failed tries since it last took one", ("hook",), registry=registry
)
_hooks_given_up = Gauge(
    "aufruf_webhook_given_up", "Messages given up, 7 days", ("hook",), registry=registry
)


_backup_at = Gauge(
    "aufruf_backup_timestamp_seconds", "When the newest backup was made; 0: there is none",
    registry=registry,
)  # fmt: skip
_backups = Gauge("aufruf_backups", "Backups that the server keeps", registry=registry)
_backup_late = Gauge(
    "aufruf_backup_late", "1 when the backup of the last night is missing", registry=registry
)
_unwiped = Gauge(
    "aufruf_unwiped_seconds", "For how long deleted data could not be overwritten",
    registry=registry,
)  # fmt: skip
_searches = Gauge(
    "aufruf_garbage_searches", "Searches for garbage since the start", ("generation",),
    registry=registry,
)  # fmt: skip
_search_seconds = Gauge(
    "aufruf_garbage_seconds", "Seconds that they took in total", ("generation",),
    registry=registry,
)  # fmt: skip
_search_longest = Gauge(
    "aufruf_garbage_longest_seconds", "Seconds of the longest of them", ("generation",),
    registry=registry,
)  # fmt: skip


def count_slip(site: str, kiosk: str, outcome: str) -> None:
    """A slip was printed or not; `outcome` is `printed` or the printer's condition."""
    _slips.labels(site, kiosk, outcome).inc()


def count(events: Sequence[Event]) -> None:
    """A listener of the store."""
    for event in events:
        _events.labels(event.site, event.name).inc()


@room.get("/metrics")
def metrics() -> Response:
    """Figures for operators; others are refused."""
    if not is_operator():
        raise NotAllowed()
    _info.labels(VERSION).set(1)
    _failing.set(app_context().store.is_failing)
    _look_at_garbage()
    with app_context().store.snapshot() as snapshot:
        for site in app_context().settings.sites:
            waiting = tickets.in_state(snapshot, site.id, TicketState.WAITING)
            _waiting.labels(site.id).set(len(waiting))
            _open.labels(site.id).set(len(counters.open_at(snapshot, site.id)))
            if audited := marks.kept_nights(snapshot, site.id):
                _faults.labels(site.id).set(audited[0].faults)
        _look_at_printers()
        _look_at_letters(snapshot, app_context().now())
        _look_at_webhooks(snapshot, app_context().now())
        _look_at_backups(snapshot, app_context().now())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _look_at_garbage() -> None:
    for each in garbage.GENERATIONS:
        _searches.labels(each).set(garbage.searches.count[each])
        _search_seconds.labels(each).set(garbage.searches.seconds[each])
        _search_longest.labels(each).set(garbage.searches.longest[each])


def _look_at_printers() -> None:
    context = app_context()
    # What is configured no longer is in no condition.
    _printers.clear()
    for site in context.settings.sites:
        for kiosk in site.kiosks:
            found = context.printers.state(kiosk.id).condition
            if kiosk.has_server_printer and found is not None:
                for condition in Condition:
                    is_now = condition is found
                    _printers.labels(site.id, kiosk.id, str(condition)).set(is_now)


def _look_at_letters(reader: Reader, now: datetime) -> None:
    outbox = post(reader, now)
    since = outbox.waiting_since or now
    _letters.set(outbox.waiting)
    _oldest.set((now - since).total_seconds())
    _refused.set(outbox.undelivered)


def _look_at_backups(reader: Reader, now: datetime) -> None:
    context = app_context()
    found = backing_up.state(reader, context.settings, now)
    _backup_at.set(found.newest_at.timestamp() if found.newest_at else 0)
    _backups.set(found.count)
    _backup_late.set(found.is_late)
    _unwiped.set(context.store.unwiped_seconds)


def _look_at_webhooks(reader: Reader, now: datetime) -> None:
    every = [status_of(reader, hook, now) for hook in app_context().settings.webhooks]
    for figure in (_hooks_waiting, _hooks_oldest, _hooks_failures, _hooks_given_up):
        # Nothing waits for a webhook that is configured no longer.
        figure.clear()
    for found in every:
        since = found.waiting_since or now
        _hooks_waiting.labels(found.label).set(found.waiting)
        _hooks_oldest.labels(found.label).set((now - since).total_seconds())
        _hooks_failures.labels(found.label).set(found.failures)
        _hooks_given_up.labels(found.label).set(found.given_up)
