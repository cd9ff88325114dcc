"""By what the visits of past days are told apart: hour, weekday, day, service, kind, clerk …

Figures of people who work here, where the office allows them at all, are never of fewer than five
cases, nor deducible from others: whoever has too few is counted together with others, and with as
many more as it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from queue_server.domain.site import Site
from queue_server.domain.ticket import Kind
from queue_server.history.visits import PastVisit

LEAST_CASES = 5
# The key of those who are counted together.
TOGETHER = "*"
Groups = dict[str, list[PastVisit]]


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


def without_small(groups: Mapping[str, Sequence[PastVisit]]) -> Groups:
    """The groups, small ones as one. Whoever was never called (no key) is nobody's case."""
    alone = {key: list(some) for key, some in groups.items() if key}
    together: list[PastVisit] = []
    for key in [key for key, some in alone.items() if _is_small(some)]:
        together += alone.pop(key)
    # Of a single one left over, everybody could work out the figures from the total.
    while together and alone and _is_small(together):
        smallest = min(alone, key=lambda key: (len(alone[key]), key))
        together += alone.pop(smallest)
    rest = {"": list(groups[""])} if "" in groups else {}
    if together and not _is_small(together):
        alone[TOGETHER] = together
    return alone | rest


def _is_small(some: Sequence[PastVisit]) -> bool:
    """Whether any of the figures stands for fewer than five cases; none at all tells nothing."""
    counts = (
        len(some),
        sum(visit.called is not None for visit in some),
        sum(visit.walking is not None for visit in some),
        sum(visit.serving is not None for visit in some),
    )
    return any(0 < count < LEAST_CASES for count in counts)
