"""How long still? The range for every place in the queue and for whoever might come now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.closures import closures_of
from queue_server.domain.hours import open_until
from queue_server.domain.issuing import is_issuing
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.domain.waiting import Range, waiting_range
from queue_server.queries.queue import calling_order_of, planned_minutes, remaining_minutes
from queue_server.store import counters, journal, tickets
from queue_server.store.counters import CounterSession
from queue_server.store.database import Reader


@dataclass(frozen=True, slots=True)
class Place:
    """One waiting ticket: how many go first at its counters, and the range (None: none open)."""

    ticket: Ticket
    ahead: int
    range: Range | None


@dataclass(frozen=True, slots=True)
class Crowd:
    """All places of a site at one version: what every phone needs to find its own."""

    version: int
    at: datetime
    site: str
    places: tuple[Place, ...]
    called: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class ServiceOutlook:
    service: str
    waiting: int
    range: Range | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the homepage tells: may one come now, and how long would it take."""

    open: bool
    issuing: bool
    waiting: int
    counters_open: int
    services: tuple[ServiceOutlook, ...]


def crowd(reader: Reader, site: Site, now: datetime) -> Crowd:
    """Everybody's place and range, in calling order."""
    called = tickets.in_state(reader, site.id, TicketState.CALLED)
    return Crowd(
        version=journal.version(reader, site.id),
        at=now,
        site=site.id,
        places=tuple(_places(reader, site, now)),
        called=tuple(called),
    )


def place_of(reader: Reader, site: Site, ticket: Ticket, now: datetime) -> Place | None:
    """The place of one ticket; None unless it waits."""
    if ticket.state is not TicketState.WAITING:
        return None
    places = _places(reader, site, now)
    return next((place for place in places if place.ticket.id == ticket.id), None)


def outlook(reader: Reader, site: Site, now: datetime) -> Outlook:
    """Waiting people and the range for somebody who came now, per walk-in service."""
    line = _Line(site, reader, now)
    for choice in calling_order_of(reader, site, now):
        line.add(choice.ticket)
    is_closed = closures_of(site.land)
    return Outlook(
        open=open_until(site.hours, site.zone, now, is_closed) is not None,
        issuing=is_issuing(site, is_closed, now),
        waiting=line.waiting,
        counters_open=len(line.sessions),
        services=tuple(
            ServiceOutlook(s.id, line.people[s.id], line.range_for(s.id)) for s in site.services
        ),
    )


def _places(reader: Reader, site: Site, now: datetime) -> list[Place]:
    line = _Line(site, reader, now)
    places = []
    for choice in calling_order_of(reader, site, now):
        service = choice.ticket.services[0]
        places.append(Place(choice.ticket, line.ahead_of(service), line.range_for(service)))
        line.add(choice.ticket)
    return places


class _Line:
    """The queue walked from its head: how much stands before the next person, per service.

    Only people who need the same counters are ahead of one another: whoever waits for the
    registry office does not care about the queue for passports.
    """

    def __init__(self, site: Site, reader: Reader, now: datetime) -> None:
        self.site = site
        self.sessions = counters.open_at(reader, site.id)
        self.people: Counter[str] = Counter()
        self.minutes: Counter[str] = Counter()
        self.waiting = 0
        self._serving = _remaining_by_counter(tickets.alive(reader, site.id), site, now)
        self._rivals = _rivals(site, self.sessions)

    def add(self, ticket: Ticket) -> None:
        self.waiting += 1
        self.people[ticket.services[0]] += 1
        self.minutes[ticket.services[0]] += planned_minutes(self.site, ticket)

    def ahead_of(self, service: str) -> int:
        return sum(self.people[rival] for rival in self._rivals.get(service, ()))

    def range_for(self, service: str) -> Range | None:
        suitable = [s.counter for s in self.sessions if service in s.services]
        serving = sum(self._serving.get(counter, 0.0) for counter in suitable)
        waiting = sum(self.minutes[rival] for rival in self._rivals.get(service, ()))
        free = sum(counter not in self._serving for counter in suitable)
        people = self.ahead_of(service) + len(suitable) - free
        return waiting_range(serving + waiting, people, len(suitable), free)


def _remaining_by_counter(alive: Sequence[Ticket], site: Site, now: datetime) -> dict[str, float]:
    return {t.counter: remaining_minutes(site, t, now) for t in alive if t.counter is not None}


def _rivals(site: Site, sessions: Sequence[CounterSession]) -> dict[str, frozenset[str]]:
    """The services that compete with each service for the open counters (else for all)."""
    groups = [session.services for session in sessions] or [
        site.served_by(counter.services) for counter in site.counters
    ]
    return {
        service.id: frozenset({service.id}).union(*(g for g in groups if service.id in g))
        for service in site.services
    }
