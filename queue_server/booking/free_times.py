"""The free times of one visit, read no further than somebody looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.domain.slots import Slot
from queue_server.queries.calendar import slots
from queue_server.store.database import Reader

FORTNIGHT = timedelta(days=14)
SUGGESTED = 4
"""The earliest time and the three after it."""

NOON = 12
MORNING, AFTERNOON, WHOLE_DAY = "morning", "afternoon", ""


class FreeTimes:
    """The free times of one visit in one part of the days, read a fortnight at a time."""

    def __init__(
        self,
        reader: Reader,
        site: Site,
        services: Sequence[str],
        persons: int,
        part: str,
        now: datetime,
    ) -> None:
        self.reader, self.site, self.part, self.now = reader, site, part, now
        self.today = local_day(now, site.zone)
        self.last = self.today + timedelta(days=site.booking.horizon_days)
        self._visit = (services, persons)
        self._read: dict[date, list[Slot]] = {}

    def fortnight(self, first: date) -> list[Slot]:
        """What is free in the fourteen days from this one."""
        if first not in self._read:
            found = slots(self.reader, self.site, *self._visit, first, FORTNIGHT.days, self.now)
            self._read[first] = [slot for slot in found if self._fits(slot)]
        return self._read[first]

    def all(self) -> Iterator[Slot]:
        """What is free from today to the horizon; whoever stops early reads less."""
        first = self.today
        while first <= self.last:
            yield from self.fortnight(first)
            first += FORTNIGHT

    def page_of(self, day: date) -> date:
        """The first day of the fortnight in which this day stands."""
        within = min(max(day, self.today), self.last)
        return within - (within - self.today) % FORTNIGHT

    def _fits(self, slot: Slot) -> bool:
        is_morning = slot.start_at.astimezone(self.site.zone).hour < NOON
        return self.part not in (MORNING, AFTERNOON) or is_morning == (self.part == MORNING)


def suggested(free: FreeTimes, near: datetime | None, first: date) -> list[Slot]:
    """Three times that are no part of each other: after the earliest, or around a wanted one."""
    if near is None:
        return _apart(free.all(), SUGGESTED)[1:]
    by_distance = sorted(free.fortnight(first), key=lambda slot: abs(slot.start_at - near))
    return sorted(_apart(by_distance, SUGGESTED - 1), key=lambda slot: slot.start_at)


def _apart(some: Iterable[Slot], most: int) -> list[Slot]:
    """The first of these that do not overlap."""
    found: list[Slot] = []
    for slot in some:
        if all(slot.end_at <= o.start_at or o.end_at <= slot.start_at for o in found):
            found.append(slot)
        if len(found) == most:
            break
    return found
