"""The waiting time as a range that people can read. The only place where it is rounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from queue_server.domain.timestamps import MINUTE_MS

# From ten minutes on nobody needs to know more exactly than to five.
STEP_MINUTES = 5
EXACT_BELOW_MINUTES = 10
# What is said to somebody who finds a counter free: its clerk still has to press a key.
AT_ONCE_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Range:
    """Eight of ten wait between `low_minutes` and `high_minutes`, half of them at most `likely`."""

    low_minutes: int
    high_minutes: int
    likely_minutes: int


# A counter is free: most are called without any wait.
AT_ONCE = Range(0, AT_ONCE_MINUTES, 0)


def widest(ranges: Iterable[Range | None]) -> Range | None:
    """One range that holds for all that are known; None when none is."""
    known = [each for each in ranges if each is not None]
    if not known:
        return None
    likely = sorted(each.likely_minutes for each in known)
    return Range(
        min(each.low_minutes for each in known),
        max(each.high_minutes for each in known),
        likely[len(likely) // 2],
    )


def shown(low: float, likely: float, high: float) -> Range:
    """The range as people read it, from milliseconds."""
    if likely <= 0:
        return AT_ONCE
    least = _rounded(low)
    most = max(_rounded(high), least + _step(least))
    return Range(least, most, min(most, max(1, least, _rounded(likely))))


def _rounded(wait: float) -> int:
    minutes = wait / MINUTE_MS
    return round(minutes / _step(minutes)) * _step(minutes)


def _step(minutes: float) -> int:
    return 1 if minutes < EXACT_BELOW_MINUTES else STEP_MINUTES
