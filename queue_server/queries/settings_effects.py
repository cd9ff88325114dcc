"""What new settings would take away from people who count on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.appointment import Appointment, is_open
from queue_server.domain.hours import DaySpans, day_start, local_day, opening_spans
from queue_server.domain.site import Site
from queue_server.opening import days_of
from queue_server.store import appointments, counters, tickets
from queue_server.store.database import Reader

FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class InUse:
    """A `service` or `counter` that is to go and can't yet: who is there for it, and who booked."""

    kind: str
    id: str
    people: int
    appointments: int = 0


def lost_in(reader: Reader, old: Site, new: Site, now: datetime) -> Iterator[InUse]:
    """Services and counters of the old site that the new one lacks, as long as they are in use."""
    kept = {service.id for service in new.services}
    gone = [service.id for service in old.services if service.id not in kept]
    yield from _services(reader, old, gone, now) if gone else ()
    places = {counter.id for counter in new.counters}
    open_at = {session.counter for session in counters.open_at(reader, old.id)}
    for counter in old.counters:
        bound = len(tickets.bound_to(reader, old.id, counter.id)) + (counter.id in open_at)
        if counter.id not in places and bound:
            yield InUse("counter", counter.id, bound)


def _services(reader: Reader, site: Site, gone: list[str], now: datetime) -> Iterator[InUse]:
    present = tickets.alive(reader, site.id)
    today = day_start(now, site.zone)
    booked = appointments.between(reader, site.id, today, now + FURTHEST)
    for id in gone:
        people = sum(id in ticket.services for ticket in present)
        coming = sum(id in each.services and is_open(each, now) for each in booked)
        if people or coming:
            yield InUse("service", id, people, coming)


def outside_hours(reader: Reader, old: Site, new: Site, now: datetime) -> list[Appointment]:
    """Open appointments to come that fit into the old hours and not into the new ones."""
    was, will = days_of(reader, old), days_of(reader, new)
    coming = appointments.between(reader, new.id, now, now + FURTHEST)
    return [
        each
        for each in coming
        if is_open(each, now) and _fits(old, was, each) and not _fits(new, will, each)
    ]


def _fits(site: Site, days: DaySpans, one: Appointment) -> bool:
    hours = opening_spans(days, local_day(one.start_at, site.zone), site.zone)
    return any(opens <= one.start_at and one.end_at <= closes for opens, closes in hours)
