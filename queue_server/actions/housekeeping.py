"""What the server does on its own: close the day, close deserted desks, forget what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from queue_server.actions import appointments, confirming, desks, help_calls, staff
from queue_server.actions.arrivals import withdraw
from queue_server.domain import events
from queue_server.domain.counters import OpenCounter
from queue_server.domain.errors import NotFound
from queue_server.domain.hours import local_day, open_until
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.opening import days_of
from queue_server.store import (
    cells,
    counters,
    identities,
    people,
    request_limits,
    ticket_changes,
    tickets,
)
from queue_server.store.database import NO_SITE, Reader
from queue_server.store.identities import Device
from queue_server.store.prefetch import Prefetch
from queue_server.store.transaction import Store

KEYS_KEPT = timedelta(days=2)
# At a site that never closes midnight ends nobody's wait, only tickets that were clearly forgotten.
FORGOTTEN_AFTER = timedelta(hours=12)


def tidy_site(store: Store, site: Site, *, now: datetime, prefetch: Prefetch | None = None) -> None:
    """Everything that is due at this site; cheap when nothing is, as one look at it tells."""

    def due(reader: Reader) -> list[Callable[..., int]]:
        return [do for find, do in _DUTIES if find(reader, site, now)]

    for do in (prefetch or Prefetch()).read(store, site.id, "tidy", now, due):
        do(store, site, now=now)


def tidy_records(store: Store, *, now: datetime) -> int:
    """Forget people, keys, sessions and spent proofs that are due; returns the people forgotten."""
    with store.transaction(NO_SITE) as tx:
        ticket_changes.forget_keys(tx, now - KEYS_KEPT)
        identities.forget_sessions(tx, now - staff.SESSION_IDLE, now - staff.SESSION_LIFE)
        cells.sweep(tx, now)
        request_limits.sweep_proofs(tx, now)
        return people.forget_due(tx, now)


def forget_copies(store: Store, *, backup_days: int, now: datetime) -> int:
    """Delete databases that restoring and upgrading have kept, after the days for backups.

    Returns how many files. Raises OSError.
    """
    return store.forget_copies(now - timedelta(days=backup_days))


def close_day(store: Store, site: Site, *, now: datetime) -> int:
    """End what is left over from days before today; returns how many tickets ended.

    A site that never closes keeps desks and waiting people over midnight.
    """
    with store.transaction(site.id) as tx:
        busy = {ticket.counter for ticket in _left_over(tx, site, now)}
        forgotten = _open_since_yesterday(tx, site, now)
        for session in counters.open_at(tx, site.id):
            if session.counter in busy or session in forgotten:
                desks.close_at_once(tx, session, "day_end", now)
        left = _left_over(tx, site, now)
        for ticket in left:
            withdraw(tx, ticket, "day_end", None, now)
        return len(left)


def _has_day_to_close(reader: Reader, site: Site, now: datetime) -> bool:
    return bool(_left_over(reader, site, now) or _open_since_yesterday(reader, site, now))


def _left_over(reader: Reader, site: Site, now: datetime) -> list[Ticket]:
    """Tickets of earlier days, while closed; those that plainly were forgotten, always."""
    today = local_day(now, site.zone)
    closed = _is_closed(reader, site, now)
    return [
        ticket
        for ticket in tickets.alive(reader, site.id)
        if local_day(ticket.issued_at, site.zone) < today
        and (closed or now - ticket.issued_at > FORGOTTEN_AFTER)
    ]


def _open_since_yesterday(reader: Reader, site: Site, now: datetime) -> list[OpenCounter]:
    today = local_day(now, site.zone)
    if not _is_closed(reader, site, now):
        return []
    sessions = counters.open_at(reader, site.id)
    return [s for s in sessions if local_day(s.opened_at, site.zone) < today]


def _is_closed(reader: Reader, site: Site, now: datetime) -> bool:
    return open_until(days_of(reader, site), site.zone, now) is None


# What finds something to do, and what does it; each looks again when it is alone.
_DUTIES: tuple[tuple[Callable[[Reader, Site, datetime], object], Callable[..., int]], ...] = (
    (desks.find_deserted, desks.close_deserted),
    (help_calls.find_overdue, help_calls.end_overdue),
    (desks.find_stranded, desks.free_stranded),
    (confirming.find_expired, confirming.expire),
    (appointments.find_overdue, appointments.mark_missed),
    (_has_day_to_close, close_day),
)


def report_display(store: Store, device: Device, sound: str | None, *, now: datetime) -> None:
    """A display's sign of life; a change of its sound is an event that the desks see."""
    if device.role != "display":
        raise NotFound()
    with store.transaction(device.site) as tx:
        identities.report_device(tx, device.id, sound, now)
        if sound is not None and sound != device.sound:
            tx.record(
                events.DisplayReported(at=now, site=device.site, display=device.place, sound=sound)
            )
