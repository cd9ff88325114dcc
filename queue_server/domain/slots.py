"""Free start times. A visit takes consecutive steps at one bookable counter that serves it all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from queue_server.domain.hours import Closures, opening_spans
from queue_server.domain.site import Counter, Site

# One step of a counter's time: (counter id, UTC start).
Hold = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Slot:
    """A start time with the end of the visit, aware UTC."""

    start_at: datetime
    end_at: datetime


def steps_of(start_at: datetime, minutes: int, step_minutes: int) -> list[datetime]:
    """The step starts that a visit of this many minutes takes."""
    count = max(1, ceil(minutes / step_minutes))
    return [start_at + timedelta(minutes=step_minutes * n) for n in range(count)]


def starts_on(site: Site, day: date, minutes: int, is_closed: Closures) -> Iterator[datetime]:
    """The start times of a local day from which the visit still ends within opening hours."""
    step = timedelta(minutes=site.booking.step_minutes)
    for opens, closes in opening_spans(site.hours, day, site.zone, is_closed):
        start = opens
        while start + timedelta(minutes=minutes) <= closes:
            yield start
            start += step


def bookable_counters(site: Site, services: Sequence[str]) -> list[Counter]:
    """Counters that serve every service of the visit, in the order of config.toml."""
    return [c for c in site.counters if set(services) <= set(site.served_by(c.services))]


def bookable_share(site: Site, counters: Sequence[Counter]) -> int:
    """How many of these counters may be booked at once; the rest is kept for walk-ins."""
    return max(1, int(len(counters) * (1 - site.booking.walk_in_share) + 1e-9)) if counters else 0


def place(
    site: Site, services: Sequence[str], steps: Sequence[datetime], taken: Collection[Hold]
) -> list[Hold] | None:
    """Holds for the visit at the first counter that is free all along; None when there is none."""
    counters = bookable_counters(site, services)
    share = bookable_share(site, counters)
    if any(sum((c.id, step) in taken for c in counters) >= share for step in steps):
        return None
    free = (c for c in counters if not any((c.id, step) in taken for step in steps))
    return next(([(c.id, step) for step in steps] for c in free), None)


def free_slots(
    site: Site,
    services: Sequence[str],
    persons: int,
    days: Sequence[date],
    taken: Collection[Hold],
    is_bookable: Callable[[datetime], bool],
    is_closed: Closures,
) -> list[Slot]:
    """Every free start of these local days, earliest first.

    `is_bookable` says whether a start keeps the lead time and the horizon.
    """
    minutes = site.visit_minutes(tuple(services), persons)
    return [
        Slot(start, start + timedelta(minutes=minutes))
        for day in days
        for start in starts_on(site, day, minutes, is_closed)
        if is_bookable(start)
        and place(site, services, steps_of(start, minutes, site.booking.step_minutes), taken)
    ]
