"""How long still? The range for every place in the queue and for whoever might come now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.hours import open_until
from queue_server.domain.issuing import is_issuing
from queue_server.domain.places import ahead_limits
from queue_server.domain.priority import Reason, standing_reason
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.domain.waiting import Range, waiting_range
from queue_server.in_force import rules_of
from queue_server.opening import days_of
from queue_server.queries.queue import (
    calling_order_of,
    planned_minutes,
    remaining_minutes,
    site_is_busy,
)
from queue_server.store import counters, journal, lines, tickets
from queue_server.store.counters import CounterSession
from queue_server.store.database import Reader


@dataclass(frozen=True, slots=True)
class Place:
    """One waiting ticket: how many go first at its counters, the range (None: none open), why."""

    ticket: Ticket
    ahead: int
    range: Range | None
    reason: Reason


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
    """The place of one ticket; None unless it waits. Costs the same for any length of queue."""
    if ticket.state is not TicketState.WAITING:
        return None
    staffing = _Staffing(site, reader, now)
    busy = site_is_busy(reader, site, len(staffing.sessions), now)
    rules = rules_of(reader, site)
    limits = ahead_limits(ticket, rules, busy, now)
    service = ticket.services[0]
    rivals = staffing.rivals(service)
    people, minutes = lines.ahead(reader, ticket, rivals, rules.rule, limits)
    span = staffing.range_for(service, people, minutes)
    return Place(ticket, people, span, standing_reason(ticket, now))


def outlook(reader: Reader, site: Site, now: datetime) -> Outlook:
    """Waiting people and the range for somebody who came now, per walk-in service."""
    staffing = _Staffing(site, reader, now)
    waiting = tickets.waiting_by_service(reader, site.id)
    days = days_of(reader, site)
    return Outlook(
        open=open_until(days, site.zone, now) is not None,
        issuing=is_issuing(site, days, now),
        waiting=sum(people for people, _ in waiting.values()),
        counters_open=len(staffing.sessions),
        services=tuple(_service_outlook(staffing, waiting, s.id) for s in site.services),
    )


def _service_outlook(
    staffing: _Staffing, waiting: Mapping[str, tuple[int, int]], service: str
) -> ServiceOutlook:
    rivals = [waiting.get(rival, (0, 0)) for rival in staffing.rivals(service)]
    people, minutes = (sum(column) for column in zip(*rivals, strict=True))
    span = staffing.range_for(service, people, minutes)
    return ServiceOutlook(service, waiting.get(service, (0, 0))[0], span)


def _places(reader: Reader, site: Site, now: datetime) -> list[Place]:
    """Everybody's place, walking the calling order from its head."""
    staffing = _Staffing(site, reader, now)
    people: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    places = []
    for choice in calling_order_of(reader, site, now):
        service = choice.ticket.services[0]
        rivals = staffing.rivals(service)
        ahead = sum(people[rival] for rival in rivals)
        work = sum(minutes[rival] for rival in rivals)
        span = staffing.range_for(service, ahead, work)
        places.append(Place(choice.ticket, ahead, span, choice.reason))
        people[service] += 1
        minutes[service] += planned_minutes(site, choice.ticket)
    return places


class _Staffing:
    """The open counters and how long they are still busy with whom they have.

    Only people who need the same counters are ahead of one another: whoever waits for the
    registry office does not care about the queue for passports.
    """

    def __init__(self, site: Site, reader: Reader, now: datetime) -> None:
        self.sessions = counters.open_at(reader, site.id)
        self._serving = {
            ticket.counter: remaining_minutes(site, ticket, now)
            for ticket in tickets.at_counters(reader, site.id)
        }
        self._rivals = _rivals(site, self.sessions)

    def rivals(self, service: str) -> frozenset[str]:
        """The services that compete with this one for the same counters, itself included."""
        return self._rivals.get(service, frozenset({service}))

    def range_for(self, service: str, people: int, minutes: float) -> Range | None:
        """The range with so many people and planned minutes waiting ahead."""
        suitable = [s.counter for s in self.sessions if service in s.services]
        busy = [self._serving[counter] for counter in suitable if counter in self._serving]
        free = len(suitable) - len(busy)
        return waiting_range(sum(busy) + minutes, people, len(suitable), free)


def _rivals(site: Site, sessions: Sequence[CounterSession]) -> dict[str, frozenset[str]]:
    """The services that compete with each service for the open counters (else for all)."""
    groups = [session.services for session in sessions] or [
        site.served_by(counter.services) for counter in site.counters
    ]
    return {
        service.id: frozenset({service.id}).union(*(g for g in groups if service.id in g))
        for service in site.services
    }
