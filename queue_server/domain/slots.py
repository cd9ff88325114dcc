"""Free start times. A visit takes consecutive time at one bookable counter that serves it all.

Time at a counter is held in cells of five minutes, counted from 1970 in UTC. Unlike the steps of
the calendar they cannot be configured, so that a booking keeps holding its time whatever changes.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queue_server.domain.hours import DaySpans, opening_spans
from queue_server.domain.site import Counter, Site

CELL_SECONDS = 300
# The cells that are taken at each counter, by its id.
Taken = Mapping[str, AbstractSet[int]]
NONE_TAKEN: AbstractSet[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """A start time with the end of the visit, aware UTC."""

    start_at: datetime
    end_at: datetime


def cells_of(start_at: datetime, end_at: datetime) -> range:
    """Every cell that this time touches."""
    first, last = int(start_at.timestamp()), int(end_at.timestamp())
    return range(first // CELL_SECONDS, -(-last // CELL_SECONDS))


def starts_on(site: Site, day: date, minutes: int, days: DaySpans) -> Iterator[datetime]:
    """The start times of a local day from which the visit still ends within opening hours."""
    step = timedelta(minutes=site.booking.step_minutes)
    for opens, closes in opening_spans(days, day, site.zone):
        start = opens
        while start + timedelta(minutes=minutes) <= closes:
            yield start
            start += step


def bookable_counters(site: Site, services: Sequence[str]) -> list[Counter]:
    """Bookable counters that serve every service of the visit, in the order of config.toml."""
    wanted = set(services)
    return [c for c in site.counters if c.bookable and wanted <= set(site.served_by(c.services))]


def bookable_share(site: Site, counters: Sequence[Counter]) -> int:
    """How many of these counters may be booked at once; the rest is kept for walk-ins."""
    return max(1, int(len(counters) * (1 - site.booking.walk_in_share) + 1e-9)) if counters else 0


class Room:
    """The counters that could take a visit, and how much of their time is taken."""

    def __init__(self, site: Site, services: Sequence[str], taken: Taken) -> None:
        counters = bookable_counters(site, services)
        self._share = bookable_share(site, counters)
        self._taken = {c.id: taken.get(c.id, NONE_TAKEN) for c in counters}
        self._busy = Tally(cell for cells in self._taken.values() for cell in cells)

    def counter_for(self, cells: range) -> str | None:
        """The first counter that is free all along, while walk-ins keep their share."""
        if any(self._busy[cell] >= self._share for cell in cells):
            return None
        return next((id for id, taken in self._taken.items() if taken.isdisjoint(cells)), None)


def free_slots(
    site: Site,
    services: Sequence[str],
    persons: int,
    dates: Sequence[date],
    days: DaySpans,
    taken: Taken,
    is_bookable: Callable[[datetime], bool],
) -> list[Slot]:
    """Every free start of these local dates, earliest first.

    `is_bookable` says whether a start keeps the lead time and the horizon.
    """
    minutes = site.visit_minutes(tuple(services), persons)
    room, length = Room(site, services, taken), timedelta(minutes=minutes)
    return [
        Slot(start, start + length)
        for each in dates
        for start in starts_on(site, each, minutes, days)
        if is_bookable(start) and room.counter_for(cells_of(start, start + length)) is not None
    ]
