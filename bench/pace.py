"""Time that runs faster: office hours at one speed, nights and weekends ten times as fast again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = 8, 18
NIGHT = 10
ZONE = ZoneInfo("Europe/Berlin")
# A Monday in a month without a public holiday and without a change of the clocks.
BEGINS = datetime(2026, 9, 7, 7, 0, tzinfo=ZONE)


@dataclass(frozen=True)
class Pace:
    """The same time for every process that knows when it began, in seconds of the machine."""

    began: float
    speed: float

    def now(self) -> datetime:
        """The time of the office, from the time that has really passed."""
        left, at = time.time() - self.began, BEGINS
        while True:
            ends, speed = self._stretch(at)
            lasts = (ends - at.astimezone(UTC)).total_seconds() / speed
            if left < lasts:
                return (at.astimezone(UTC) + timedelta(seconds=left * speed)).astimezone(UTC)
            left, at = left - lasts, ends.astimezone(ZONE)

    def seconds_for(self, minutes: float) -> float:
        """How long so many minutes of office hours really last."""
        return minutes * 60 / self.speed

    def seconds_of_days(self, days: int) -> float:
        """How long the first days really last."""
        at, total = BEGINS, 0.0
        while at < BEGINS + timedelta(days=days):
            ends, speed = self._stretch(at)
            total += (ends - at.astimezone(UTC)).total_seconds() / speed
            at = ends.astimezone(ZONE)
        return total

    def _stretch(self, at: datetime) -> tuple[datetime, float]:
        """Until when time runs at which speed."""
        if is_open(at):
            return _at(at, CLOSES), self.speed
        ends = _at(at, OPENS) if at.hour < OPENS else _at(at + timedelta(days=1), OPENS)
        return ends, self.speed * NIGHT


def is_open(at: datetime) -> bool:
    there = at.astimezone(ZONE)
    return there.weekday() < 5 and OPENS <= there.hour < CLOSES


def _at(day: datetime, hour: int) -> datetime:
    return day.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(UTC)
