"""Timestamps as UTC milliseconds, as the database keeps them, and a watch for clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MINUTE_MS = 60_000
# Beyond some years the calendar itself ends, and nothing can be added to a time.
YEARS = range(2000, 2100)


def milliseconds(moment: datetime) -> int:
    """UTC milliseconds of an aware datetime."""
    return round(moment.timestamp() * 1000)


def moment(value: int) -> datetime:
    """The aware UTC datetime of UTC milliseconds."""
    return datetime.fromtimestamp(value / 1000, UTC)


def written(text: str, years: range = YEARS) -> datetime | None:
    """The aware moment, of this century unless told, that a form holds; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found.year in years else None


# A busy machine is late by seconds, not by minutes.
NOT_SET = timedelta(minutes=1)


class ClockWatch:
    """Compares the system clock with one that nobody can set (monotonic, in seconds)."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def was_set_by(self, now: datetime, ticks: float) -> timedelta:
        """By how much the clock was set since `settle`; zero for less than a minute."""
        if self._last is None:
            return timedelta()
        then, ticks_then = self._last
        step = now - then - timedelta(seconds=ticks - ticks_then)
        return step if abs(step) > NOT_SET else timedelta()

    def settle(self, now: datetime, ticks: float) -> None:
        """What has happened to the clock up to now has been dealt with."""
        self._last = (now, ticks)
