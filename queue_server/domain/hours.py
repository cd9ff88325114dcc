"""Opening hours in local wall-clock time, right on both nights when the clocks change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes after local midnight, wall-clock; 0 to 1440 (24:00)."""

    start: int
    end: int


# The opening spans of any local day: the week, without public holidays, with one-day exceptions.
DaySpans = Callable[[date], tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Hours:
    """Seven tuples of spans, Monday first."""

    days: tuple[tuple[Span, ...], ...]

    def spans(self, day: date) -> tuple[Span, ...]:
        return self.days[day.weekday()]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A local day with its own spans, none of them when closed. `notice` says why, in words."""

    day: date
    spans: tuple[Span, ...] = ()
    notice: str = ""


ALWAYS = Hours(days=((Span(0, 1440),),) * 7)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The local calendar day of an aware moment."""
    return moment.astimezone(zone).date()


@lru_cache(maxsize=4096)
def at_wall_clock(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The UTC moment when the clock on the wall shows `minutes` after midnight of `day`.

    A time that the spring night skips is the moment after the gap; of a time that the autumn
    night shows twice, the first is meant.
    """
    midnight = datetime.combine(day + timedelta(days=minutes // 1440), time(), zone)
    shown = midnight + timedelta(minutes=minutes % 1440)
    while _is_skipped(shown):
        shown += timedelta(minutes=1)
    return shown.astimezone(UTC)


def _is_skipped(shown: datetime) -> bool:
    """Whether the clocks jump over this local time."""
    real = shown.astimezone(UTC).astimezone(shown.tzinfo)
    return real.replace(tzinfo=None) != shown.replace(tzinfo=None)


def day_start(moment: datetime, zone: ZoneInfo) -> datetime:
    """UTC moment of the local midnight before `moment`."""
    return at_wall_clock(local_day(moment, zone), 0, zone)


def opening_spans(days: DaySpans, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """UTC start and end of each opening span of a local day; spans that meet are one.

    A span that the spring night skips as a whole is none.
    """
    found: list[tuple[datetime, datetime]] = []
    for span in sorted(days(day), key=lambda span: span.start):
        start, end = at_wall_clock(day, span.start, zone), at_wall_clock(day, span.end, zone)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def open_until(days: DaySpans, zone: ZoneInfo, now: datetime) -> datetime | None:
    """UTC end of the opening span that `now` is in, joined over midnight; None when closed."""
    end: datetime | None = None
    for start, span_end in _spans_from(days, zone, now, count=8):
        if end is None and start <= now < span_end or end is not None and start <= end:
            end = span_end
        elif start > now:
            break
    return end


def next_opening(days: DaySpans, zone: ZoneInfo, now: datetime) -> datetime | None:
    """UTC start of the next span after `now`; None when none is found in 60 days."""
    spans = _spans_from(days, zone, now, count=LOOK_AHEAD_DAYS)
    return next((start for start, _ in spans if start > now), None)


def _spans_from(
    days: DaySpans, zone: ZoneInfo, now: datetime, *, count: int
) -> Iterator[tuple[datetime, datetime]]:
    first = local_day(now, zone)
    for offset in range(count):
        yield from opening_spans(days, first + timedelta(days=offset), zone)
