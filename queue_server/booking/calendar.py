"""The calendar of free times: a fortnight of days, the times of one, the earliest of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from queue_server.booking.special_days import DayNotes
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.domain.slots import Slot
from queue_server.languages import Said, marked, marked_plural, texts, words
from queue_server.web.app_context import app_context
from queue_server.web.calendars import CalendarVisit
from queue_server.web.identity import client

FORTNIGHT = timedelta(days=14)
SUGGESTED = 4
"""The earliest time and the three after it."""

NOON = 12
MORNING, AFTERNOON, WHOLE_DAY = "morning", "afternoon", ""


class FreeTimes:
    """The free times of one visit in one part of the days, read a fortnight at a time."""

    def __init__(
        self,
        site: Site,
        services: Sequence[str],
        persons: int,
        part: str,
        now: datetime,
    ) -> None:
        self.site, self.part, self.now = site, part, now
        self.today = local_day(now, site.zone)
        self.last = self.today + timedelta(days=site.booking.horizon_days)
        self._visit = CalendarVisit(site, tuple(services), persons)
        self._read: dict[date, list[Slot]] = {}

    def fortnight(self, first: date) -> list[Slot]:
        """What is free in the fourteen days from this one."""
        if first not in self._read:
            calendars, days = app_context().calendars, FORTNIGHT.days
            found = calendars.slots(self._visit, first, days, client(), self.now)
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


PARTS = (
    (WHOLE_DAY, marked("Ganzer Tag")),
    (MORNING, marked("Vormittag")),
    (AFTERNOON, marked("Nachmittag")),
)
FREE = (marked("nichts frei"), *marked_plural("{count} frei", "{count} frei"))


@dataclass(frozen=True, slots=True)
class CalendarView:
    """How somebody looks at the calendar: from which day, at which one, which part of days.

    `near` is a time that was wanted and is not free: then times around it are suggested.
    """

    first: date | None = None
    day: date | None = None
    part: str = WHOLE_DAY
    near: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeView:
    """A free time; `value` is what a form sends, RFC 3339 in local time."""

    value: str
    time: str
    day: str
    hour: int


@dataclass(frozen=True, slots=True)
class DayView:
    """A day of the fortnight; `value` is the ISO date, `free` a count in words.

    `short` and `number` are weekday and day of the month where there is little room. `weekday`
    counts from 1 for Monday, `note` says what is special about the day.
    """

    value: str
    words: str
    short: str
    number: int
    weekday: int
    free: str
    is_free: bool
    is_chosen: bool
    is_closed: bool
    note: Said | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The whole calendar. `day` and `chosen` are the chosen day as ISO date and in words.

    `earliest` is the first free time and `next` the three after it, or those around a time that
    was wanted; `earlier` and `later` are the first days of the fortnights around this one, and
    `last` the last day that can be booked.
    """

    days: tuple[DayView, ...]
    day: str
    chosen: str
    is_gone: bool
    morning: tuple[TimeView, ...]
    afternoon: tuple[TimeView, ...]
    earliest: TimeView | None
    next: tuple[TimeView, ...]
    first: str
    earlier: str
    later: str
    last: str
    part: str


def calendar(free: FreeTimes, look: CalendarView, language: str) -> Calendar:
    """The fortnight that is looked at; the one with the earliest time unless told otherwise."""
    first = _first_day(free, look)
    by_day = _by_day(free.site, free.fortnight(first))
    day = look.day if look.day in by_day else next(iter(by_day), None)
    times = [_time(free.site, slot, language) for slot in by_day.get(day, [])] if day else []
    earliest = next(free.all(), None)
    return Calendar(
        days=tuple(_days(free, first, by_day, day, language)),
        day=day.isoformat() if day else "",
        chosen=words.date_words(day, language=language) if day else "",
        is_gone=look.day is not None and day != look.day,
        morning=tuple(time for time in times if time.hour < NOON),
        afternoon=tuple(time for time in times if time.hour >= NOON),
        earliest=_time(free.site, earliest, language) if earliest else None,
        next=tuple(_time(free.site, slot, language) for slot in suggested(free, look.near, first)),
        first=first.isoformat(),
        earlier=max(first - FORTNIGHT, free.today).isoformat() if first > free.today else "",
        later=(first + FORTNIGHT).isoformat() if first + FORTNIGHT <= free.last else "",
        last=words.date_words(free.last, language=language),
        part=free.part,
    )


def parts(language: str) -> list[tuple[str, str]]:
    """The parts of days to choose from: value and words."""
    return [(part, texts(language).gettext(said)) for part, said in PARTS]


def _first_day(free: FreeTimes, look: CalendarView) -> date:
    if look.first is not None:
        return min(max(look.first, free.today), free.last)
    if look.day is not None:
        return free.page_of(look.day)
    earliest = next(free.all(), None)
    return free.page_of(local_day(earliest.start_at, free.site.zone) if earliest else free.today)


def _by_day(site: Site, some: list[Slot]) -> dict[date, list[Slot]]:
    days = groupby(some, key=lambda slot: local_day(slot.start_at, site.zone))
    return {day: list(times) for day, times in days}


def _days(
    free: FreeTimes,
    first: date,
    by_day: dict[date, list[Slot]],
    chosen: date | None,
    language: str,
) -> Iterator[DayView]:
    with app_context().store.snapshot() as snapshot:
        notes = DayNotes(snapshot, free.site, language)
    end = min(first + FORTNIGHT, free.last + timedelta(days=1))
    for offset in range((end - first).days):
        day = first + timedelta(days=offset)
        count = len(by_day.get(day, []))
        yield DayView(
            value=day.isoformat(),
            words=words.date_words(day, language=language),
            short=words.short_weekday(day, language=language),
            number=day.day,
            weekday=day.isoweekday(),
            free=words.counted(count, *FREE, language=language),
            is_free=count > 0,
            is_chosen=day == chosen,
            is_closed=notes.is_closed(day),
            note=notes.note(day),
        )


def _time(site: Site, slot: Slot, language: str) -> TimeView:
    local = slot.start_at.astimezone(site.zone)
    day = words.day(slot.start_at, site.zone, language=language)
    return TimeView(local.isoformat(), f"{local:%H:%M}", day, local.hour)
