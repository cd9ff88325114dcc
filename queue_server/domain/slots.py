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
from itertools import chain

from queue_server.domain.hours import DaySpans, opening_spans
from queue_server.domain.site import Counter, Site

CELL_SECONDS = 300
CLERK_HORIZON_DAYS = 365
# So long somebody looks at a time before they take it.
SHOWN_MINUTES = 2
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


def bookable_time(site: Site, now: datetime, *, by_clerk: bool) -> tuple[datetime, datetime]:
    """The earliest and the latest start: citizens keep the lead time and the horizon.

    A clerk may book from now on and further ahead, never into the past.
    """
    if by_clerk:
        return now, now + timedelta(days=CLERK_HORIZON_DAYS)
    rules = site.booking
    return now + timedelta(minutes=rules.lead_minutes), now + timedelta(days=rules.horizon_days)


def takeable_time(site: Site, now: datetime, *, by_clerk: bool) -> tuple[datetime, datetime]:
    """The same for a time that is being taken, which was shown a moment ago.

    Whoever reads for a minute what they are offered must not hear that it has just been taken,
    when only the lead time has gone by; but never into the past.
    """
    earliest, latest = bookable_time(site, now, by_clerk=by_clerk)
    return max(now, earliest - timedelta(minutes=SHOWN_MINUTES)), latest


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
    """How many of these counters may be booked at once; the rest is kept for walk-ins.

    At least one, however few there are, unless walk-ins have them all.
    """
    share = 1 - site.booking.walk_in_share
    return max(1, int(len(counters) * share + 1e-9)) if counters and share > 0 else 0


class Room:
    """The counters that could take a visit, and how much of their time is taken."""

    def __init__(self, site: Site, services: Sequence[str], taken: Taken) -> None:
        counters = bookable_counters(site, services)
        share = bookable_share(site, counters)
        # Where walk-ins have every counter, there is none to choose from.
        self._taken = {c.id: taken.get(c.id, NONE_TAKEN) for c in counters if share}
        busy = Tally(chain.from_iterable(self._taken.values()))
        self._full = {cell for cell, count in busy.items() if count >= share}

    def counter_for(self, cells: range) -> str | None:
        """The first counter that is free all along, while walk-ins keep their share."""
        if not self._full.isdisjoint(cells):
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
