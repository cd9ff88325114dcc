"""Which services give out numbers now, and who decided it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.errors import NotIssuing
from queue_server.domain.hours import DaySpans, local_day
from queue_server.domain.site import EVERY_SERVICE, Service, Site
from queue_server.domain.ticket_stop import (
    IssuedToday,
    IssuingCheck,
    Stop,
    check_issuing,
    site_refusal,
)
from queue_server.opening import days_of
from queue_server.store import decisions, tickets
from queue_server.store.database import Reader


@dataclass(frozen=True, slots=True)
class ServiceStanding:
    """Whether numbers are given out for a service: `refusal` says why not.

    `said` is what a clerk decided about exactly this service, `stop` the decision that counts for
    it, whoever made it.
    """

    service: Service
    refusal: NotIssuing | None
    said: Stop | None
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class Issuing:
    """All services of a site, in the order of the catalogue.

    `refusal` is what every walk-in is told, None while there is a number for anybody; `said` what
    a clerk decided about all services at once.
    """

    refusal: NotIssuing | None
    said: Stop | None
    services: tuple[ServiceStanding, ...]

    def refusal_for(self, service: str) -> NotIssuing | None:
        """Why there is no number for this service; None when there is one."""
        return next((each.refusal for each in self.services if each.service.id == service), None)


def issuing(reader: Reader, site: Site, now: datetime) -> Issuing:
    """The state of all services."""
    days = days_of(reader, site)
    decided = decisions.stops_in_force(reader, site, days, now)
    counted = issued_today(reader, site, now)
    check = IssuingCheck(site, counted, days, now, decided)
    return Issuing(
        refusal=site_refusal(site, counted, days, now, decided),
        said=decided.by_hand(EVERY_SERVICE),
        services=tuple(
            ServiceStanding(
                each, check.refusal(each), decided.by_hand(each.id), decided.of(each.id)
            )
            for each in site.services
        ),
    )


def why_not_issuing(reader: Reader, site: Site, now: datetime) -> NotIssuing | None:
    """What every walk-in would be told now; None while there is a number for anybody."""
    days = days_of(reader, site)
    decided = decisions.stops_in_force(reader, site, days, now)
    return site_refusal(site, issued_today(reader, site, now), days, now, decided)


def check_visit(
    reader: Reader, site: Site, services: Sequence[Service], days: DaySpans, now: datetime
) -> None:
    """Raise `NotIssuing` unless a walk-in would get a number for these services."""
    decided = decisions.stops_in_force(reader, site, days, now)
    counted = issued_today(reader, site, now)
    check_issuing(site, tuple(services), counted, days, now, decided)


def issued_today(reader: Reader, site: Site, now: datetime) -> IssuedToday:
    """How many numbers of a service today has seen; each asked for once."""
    day = local_day(now, site.zone)
    counts: dict[str, int] = {}

    def counted(service: str) -> int:
        if service not in counts:
            counts[service] = tickets.issued_today(reader, site.id, day, service)
        return counts[service]

    return counted
