"""What new settings would take away from people who count on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.appointment import is_open
from queue_server.domain.hours import day_start
from queue_server.domain.site import Site
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
