"""How long it will take, as an honest range. The one place where an estimate is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

STEP_MINUTES = 5
# The middle 80 % of a workload estimate: service times scatter (coefficient of variation about
# .5) and the scatter of a sum shrinks with the root of the number of visits.
SCATTER = 0.5
Z_80 = 1.28


@dataclass(frozen=True, slots=True)
class Range:
    """Minutes, both ends rounded to five."""

    low_minutes: int
    high_minutes: int


def widest(ranges: Iterable[Range | None]) -> Range | None:
    """One range that holds for all that are known; None when none is."""
    known = [each for each in ranges if each is not None]
    if not known:
        return None
    return Range(min(r.low_minutes for r in known), max(r.high_minutes for r in known))


def waiting_range(
    minutes_ahead: float, waiting_ahead: int, counters_open: int, counters_free: int = 0
) -> Range | None:
    """The range for somebody with this work ahead; None when no suitable counter is open.

    `minutes_ahead` are planned minutes of everybody who goes first, people in service included;
    `waiting_ahead` are the people still waiting. Whoever finds a free counter waits not at all.
    """
    if counters_open == 0:
        return None
    if counters_free > waiting_ahead:
        return Range(0, STEP_MINUTES)
    visits = waiting_ahead + counters_open - counters_free
    middle = minutes_ahead / counters_open
    spread = Z_80 * SCATTER / max(1, visits) ** 0.5
    low = floor(middle * max(0.0, 1 - spread) / STEP_MINUTES) * STEP_MINUTES
    high = ceil(middle * (1 + spread) / STEP_MINUTES) * STEP_MINUTES
    return Range(low, max(high, low + STEP_MINUTES))
