"""The week at a glance: how many came at each hour of each weekday, and how long they waited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.history.groups import By, keys
from queue_server.history.visits import PastVisit

# From nothing much to the most: so many shades of a cell.
LEVELS = 5


@dataclass(frozen=True, slots=True)
class WeekCell:
    """An hour of a weekday: all visits, visits and mean wait (minutes) of one such day.

    `wait` is None when nobody was called. The levels go from 0 to `LEVELS` - 1.
    """

    visits: int
    a_day: float
    wait: float | None
    visits_level: int
    wait_level: int


@dataclass(frozen=True, slots=True)
class Week:
    """Rows are hours without a gap, columns ISO weekdays with visits; missing cells had none."""

    hours: Sequence[int]
    weekdays: Sequence[int]
    cells: Mapping[tuple[int, int], WeekCell]


def week(some: Sequence[PastVisit], site: Site) -> Week:
    """The week of these visits, by the clock on the wall when they came."""
    hour_of, weekday_of = keys(site, By.HOUR), keys(site, By.WEEKDAY)
    groups: dict[tuple[int, int], list[PastVisit]] = {}
    for visit in some:
        place = int(hour_of(visit)[:2]), int(weekday_of(visit))
        groups.setdefault(place, []).append(visit)
    hours = [hour for hour, _ in groups]
    return Week(
        range(min(hours), max(hours) + 1) if hours else (),
        sorted({weekday for _, weekday in groups}),
        _cells(groups, _days(some, site)),
    )


def _days(some: Sequence[PastVisit], site: Site) -> Counter[int]:
    """On how many Mondays, Tuesdays … anybody came."""
    days = {local_day(visit.issued_at, site.zone) for visit in some}
    return Counter(day.isoweekday() for day in days)


def _cells(
    groups: Mapping[tuple[int, int], Sequence[PastVisit]], days: Counter[int]
) -> dict[tuple[int, int], WeekCell]:
    means = {place: len(some) / days[place[1]] for place, some in groups.items()}
    waits = {place: _wait(some) for place, some in groups.items()}
    most = max(means.values(), default=0.0)
    longest = max((wait or 0.0 for wait in waits.values()), default=0.0)
    return {
        place: WeekCell(
            len(some),
            round(means[place], 1),
            waits[place],
            _level(means[place], most),
            _level(waits[place] or 0.0, longest),
        )
        for place, some in groups.items()
    }


def _wait(some: Sequence[PastVisit]) -> float | None:
    found = [wait for visit in some if (wait := visit.wait_minutes) is not None]
    return round(fmean(found), 1) if found else None


def _level(value: float, most: float) -> int:
    return min(int(value / most * LEVELS), LEVELS - 1) if most else 0
