"""By what the visits of past days are told apart: hour, weekday, day, service, counter, kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from queue_server.domain.site import Site
from queue_server.domain.ticket import Kind
from queue_server.history.visits import PastVisit


class By(StrEnum):
    """What rows stand for."""

    HOUR = "hour"
    WEEKDAY = "weekday"
    DAY = "day"
    SERVICE = "service"
    COUNTER = "counter"
    KIND = "kind"
    CLERK = "clerk"


# What everybody who leads may ask; clerks are told apart only where the office allows it.
EVERY = tuple(by for by in By if by is not By.CLERK)


def keys(site: Site, by: By) -> Callable[[PastVisit], str]:
    """The key of a visit: an hour (`08:00`), an ISO weekday (`1` is Monday), an ISO date, the id
    of a service, counter or clerk (empty for who was never called), `appointment` or `walk_in`.

    Hour and day are those of the clock on the wall when the ticket was issued, so the hour that
    the autumn night has twice is one. The service is the first one that somebody came for, the
    counter the last one that called.
    """

    def local(visit: PastVisit) -> datetime:
        return visit.issued_at.astimezone(site.zone)

    return {
        By.HOUR: lambda visit: f"{local(visit).hour:02d}:00",
        By.WEEKDAY: lambda visit: str(local(visit).isoweekday()),
        By.DAY: lambda visit: local(visit).date().isoformat(),
        By.SERVICE: lambda visit: visit.service,
        By.COUNTER: lambda visit: visit.counter,
        By.CLERK: lambda visit: "" if visit.clerk is None else str(visit.clerk),
        By.KIND: lambda visit: (Kind.APPOINTMENT if visit.is_booked else Kind.WALK_IN).value,
    }[by]


def names_of(site: Site, by: By) -> Mapping[str, str]:
    """What has a name in config.toml, in its order."""
    if by is By.SERVICE:
        return {service.id: service.name for service in site.services}
    if by is By.COUNTER:
        return {counter.id: counter.name for counter in site.counters}
    return {}


def among(some: Iterable[PastVisit], site: Site, by: By, key: str) -> list[PastVisit]:
    """The visits that a row counts."""
    key_of = keys(site, by)
    return [visit for visit in some if key_of(visit) == key]
