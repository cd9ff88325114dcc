"""The figures of waiting: one way to compute them for simulated, replayed and real days.

A quantile lies between its two neighbours in proportion (linear interpolation), as in every
spreadsheet, so that an exported table gives the same figures. The
standard library's `quantiles` rounds halves of hundredths otherwise, and figures once told must
not change.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

# What an office promises: appointments called so many minutes after they were due and there,
# walk-ins so many minutes after they came.
BOOKED_LIMITS = (5, 10, 15)
WALK_IN_LIMITS = (30, 60)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a kind of minutes is spread over people; all zeros for nobody."""

    mean: float
    p50: float
    p90: float
    p95: float
    max: float
    count: int


def spread(minutes: Iterable[float], digits: int = 2) -> Spread:
    """Mean, quantiles and longest of these minutes, rounded to hundredths of a minute."""
    ordered = sorted(minutes)
    if not ordered:
        return Spread(0.0, 0.0, 0.0, 0.0, 0.0, 0)
    marks = (fsum(ordered) / len(ordered), *(quantile(ordered, each) for each in (0.5, 0.9, 0.95)))
    mean, p50, p90, p95 = (round(mark, digits) for mark in marks)
    return Spread(mean, p50, p90, p95, round(float(ordered[-1]), digits), len(ordered))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) of an ordered, not empty sequence lies."""
    place = share * (len(ordered) - 1)
    low = int(place)
    if low + 1 >= len(ordered):
        return ordered[-1]
    return ordered[low] + (place - low) * (ordered[low + 1] - ordered[low])


def share_within(minutes: Sequence[float], limit: float) -> float | None:
    """The share (0 to 1, in thousandths) of those who waited at most `limit`; None: nobody."""
    if not minutes:
        return None
    return round(sum(1 for each in minutes if each <= limit) / len(minutes), 3)


@dataclass(frozen=True, slots=True)
class WaitFigures:
    """How a kind of people waited in minutes, as far as they were called.

    `issued` counts all of them, `within` is the share (0 to 1) called within so many minutes;
    None when nobody was.
    """

    issued: int
    wait: Spread
    within: Mapping[int, float | None]

    @property
    def called(self) -> int:
        return self.wait.count


def wait_figures(issued: int, minutes: Sequence[float], limits: Iterable[int]) -> WaitFigures:
    """The figures of so many people, of whom some waited these minutes for their call."""
    return WaitFigures(issued, spread(minutes), shares_within(minutes, limits))


def shares_within(minutes: Sequence[float], limits: Iterable[int]) -> dict[int, float | None]:
    """The share within each limit, such as `BOOKED_LIMITS`."""
    return {limit: share_within(minutes, limit) for limit in limits}


# Upper ends of the classes of waiting time, in minutes; the last one has none.
BINS = (5, 10, 15, 20, 30, 45, 60, 90)


def binned(minutes: Iterable[float]) -> list[int]:
    """How many lie in each of the classes of waiting time."""
    counts = [0] * (len(BINS) + 1)
    for each in minutes:
        counts[bisect_left(BINS, each)] += 1
    return counts


class Passage(NamedTuple):
    """How somebody got through: when they came, when they were called, for what, by whom.

    `came` is the place in line (slot or arrival) and `called` the first call, in one unit of time;
    `services` are those of the counter that called.
    """

    came: int
    called: int
    service: str
    services: frozenset[str]


def overtaken(passages: Sequence[Passage]) -> list[int]:
    """How many went before each of them though they came later, in the given order.

    Only calls count of counters that serve what one came for: a person at another office's
    counter overtakes nobody.
    """
    result = [0] * len(passages)
    called: dict[frozenset[str], list[int]] = {}
    for number in sorted(range(len(passages)), key=lambda each: passages[each].called):
        mine = passages[number]
        for services, earlier in called.items():
            if mine.service in services:
                result[number] += len(earlier) - bisect_right(earlier, mine.came)
        insort(called.setdefault(mine.services, []), mine.came)
    return result
