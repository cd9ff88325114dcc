"""The waiting time as a range: for everybody in the queue, and for a newcomer.

The caller brings the forecast; this module counts who goes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.counters import OpenCounter
from queue_server.domain.errors import NotIssuing
from queue_server.domain.hours import open_until
from queue_server.domain.priority import Choice, Reason, standing_reason
from queue_server.domain.site import Site
from queue_server.domain.ticket import RankClass, Ticket, TicketState
from queue_server.domain.waiting import Range
from queue_server.forecast.forecast import Forecast
from queue_server.opening import days_of
from queue_server.queries.orders import CallingOrders
from queue_server.queries.stops import ServiceStanding, issuing
from queue_server.queries.why import Why, people_ahead
from queue_server.store import counters, journal, tickets
from queue_server.store.database import Reader
from queue_server.store.decisions import rules_in_force


@dataclass(frozen=True, slots=True)
class Place:
    """One waiting ticket: how many go first at its counters, the range (None: none open), why.

    `why` is the sentence's worth for the holder, under the calling `rule`; None and empty in a
    crowd, whose phones ask for it.
    """

    ticket: Ticket
    ahead: int
    range: Range | None
    reason: Reason
    why: Why | None = None
    rule: str = ""


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
    """`issuing`: whether somebody who came now would get a number for it."""

    service: str
    waiting: int
    range: Range | None
    issuing: bool = True


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the homepage tells: may one come now, and how long would it take.

    `refusal` says why no numbers are given out now.
    """

    open: bool
    issuing: bool
    waiting: int
    counters_open: int
    services: tuple[ServiceOutlook, ...]
    refusal: NotIssuing | None = None


def crowd(
    reader: Reader,
    site: Site,
    now: datetime,
    forecast: Forecast,
    orders: CallingOrders | None = None,
) -> Crowd:
    """Everybody's place and range, in calling order."""
    order = (orders or CallingOrders()).of(reader, site, now)
    called = tickets.in_state(reader, site.id, TicketState.CALLED)
    return Crowd(
        version=journal.version(reader, site.id),
        at=now,
        site=site.id,
        places=tuple(_places(reader, site, order, forecast)),
        called=tuple(called),
    )


def place_of(
    reader: Reader, site: Site, ticket: Ticket, now: datetime, forecast: Forecast
) -> Place | None:
    """The place of one ticket; None unless it waits. Costs the same for any length of queue."""
    if ticket.state is not TicketState.WAITING:
        return None
    rules = rules_in_force(reader, site)
    people, why = people_ahead(reader, site, ticket, rules, now)
    range, reason = _range_of(ticket, forecast), standing_reason(ticket, now)
    return Place(ticket, people, range, reason, why, rules.rule)


def outlook(reader: Reader, site: Site, now: datetime, forecast: Forecast) -> Outlook:
    """Waiting people and the range for somebody who came now, per service."""
    waiting = tickets.waiting_by_service(reader, site.id)
    given = issuing(reader, site, now)
    return Outlook(
        open=open_until(days_of(reader, site), site.zone, now) is not None,
        issuing=given.refusal is None,
        waiting=sum(people for people, _ in waiting.values()),
        counters_open=len(counters.open_at(reader, site.id)),
        services=tuple(_of_service(each, waiting, forecast) for each in given.services),
        refusal=given.refusal,
    )


def _of_service(
    standing: ServiceStanding, waiting: Mapping[str, tuple[int, int]], forecast: Forecast
) -> ServiceOutlook:
    service = standing.service.id
    return ServiceOutlook(
        service=service,
        waiting=waiting.get(service, (0, 0))[0],
        range=forecast.newcomers.get(service),
        issuing=standing.refusal is None,
    )


def standings(reader: Reader, site: Site, order: Sequence[Choice]) -> Iterator[tuple[Choice, int]]:
    """Everybody and how many go first, walking the calling order from its head.

    Only people who need the same counters are ahead of one another: whoever waits for the
    registry office does not care about the queue for passports.
    """
    competing = _rivals(site, counters.open_at(reader, site.id))
    people: Counter[str] = Counter()
    for choice in order:
        service = choice.ticket.services[0]
        yield choice, sum(people[rival] for rival in competing.get(service, (service,)))
        people[service] += 1


def _places(reader: Reader, site: Site, order: Sequence[Choice], forecast: Forecast) -> list[Place]:
    return [
        Place(choice.ticket, ahead, _range_of(choice.ticket, forecast), choice.reason)
        for choice, ahead in standings(reader, site, order)
    ]


def _range_of(ticket: Ticket, forecast: Forecast) -> Range | None:
    """A ticket newer than the forecast waits like somebody who came then without appointment."""
    if ticket.id in forecast.places:
        return forecast.places[ticket.id]
    if ticket.rank_class is not RankClass.OTHERS or ticket.bound_to is not None:
        return None
    return forecast.newcomers.get(ticket.services[0])


def _rivals(site: Site, sessions: Sequence[OpenCounter]) -> dict[str, frozenset[str]]:
    """The services that compete with each service for the open counters (else for all)."""
    groups = [session.services for session in sessions] or [
        site.served_by(counter.services) for counter in site.counters
    ]
    return {
        service.id: frozenset({service.id}).union(*(g for g in groups if service.id in g))
        for service in site.services
    }
