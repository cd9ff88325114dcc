"""What became of people, in plain figures: of a real stretch of days, or of one played again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from queue_server.domain.figures import (
    BOOKED_LIMITS,
    WALK_IN_LIMITS,
    Passage,
    Spread,
    WaitFigures,
    binned,
    overtaken,
    shares_within,
    spread,
)
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.history.replay.day_script import DAY_END
from queue_server.history.replay.local_days import LocalDays
from queue_server.history.replay.played_office import ASIDE, WAITING, PlayedCourse, ReplayedVisitor

APPOINTMENT, WALK_IN, ALL = "appointment", "walk_in", "all"
CLASSES = (APPOINTMENT, WALK_IN, ALL)
LIMITS = (*BOOKED_LIMITS, *WALK_IN_LIMITS)
QUARTER_MS = 15 * MINUTE_MS
QUARTERS = 24 * 4


class VisitorOutcome(NamedTuple):
    """How it went for one person: minutes until the first call, or None when there was none."""

    ticket: int
    number: str
    kind: str
    day: int
    minutes: float | None
    overtaken: int


@dataclass(frozen=True, slots=True)
class ClassFigures(WaitFigures):
    """The figures of a class of people; `bins` as `BINS` says."""

    overtaken: Spread
    bins: list[int]


@dataclass(slots=True)
class WorldFigures:
    """All that is told of some days; `overtime` are minutes after closing, one for each day.

    `present` counts, for each quarter of an hour of the local day, who waited then on all days
    together.
    """

    outcomes: dict[int, VisitorOutcome] = field(default_factory=dict)
    calls: int = 0
    unserved: int = 0
    refused: int = 0
    overtime: dict[int, float] = field(default_factory=dict)
    present: list[int] = field(default_factory=lambda: [0] * QUARTERS)

    def figures(self, kind: str) -> ClassFigures:
        """The figures of appointments, walk-ins or all."""
        some = [each for each in self.outcomes.values() if kind in (each.kind, ALL)]
        called = [each for each in some if each.minutes is not None]
        minutes = [each.minutes for each in called if each.minutes is not None]
        return ClassFigures(
            issued=len(some),
            wait=spread(minutes),
            within=shares_within(minutes, LIMITS),
            overtaken=spread(each.overtaken for each in called),
            bins=binned(minutes),
        )

    def overtime_minutes(self) -> float:
        """Work after closing, in the mean of all days."""
        days = self.overtime.values()
        return round(sum(days) / len(days), 2) if days else 0.0


@dataclass(frozen=True, slots=True)
class CountedDays:
    """Which local days count, by their number in the days, and whether all came to an end."""

    days: LocalDays
    first: int
    last: int
    is_over: bool = True

    def holds(self, day: int) -> bool:
        return self.first <= day <= self.last


def add(
    outcome: WorldFigures, course: PlayedCourse, scope: CountedDays, until: int, refused: int = 0
) -> None:
    """Count a stretch: who arrived on days that count, and the work on those days."""
    days = scope.days
    counted: list[tuple[ReplayedVisitor, int]] = []
    for guest in course.visitors.values():
        day = days.number(guest.issued)
        if scope.holds(day):
            counted.append((guest, day))
            outcome.overtime.setdefault(day, 0.0)
    _add_fates(outcome, counted)
    for guest, day in counted:
        _add_presence(outcome.present, guest, days.days[day].clock, until)
    outcome.calls += sum(scope.holds(days.number(call.at)) for call in course.calls)
    outcome.unserved += sum(_is_unserved(guest, scope.is_over) for guest, _ in counted)
    outcome.refused += refused
    _add_overtime(outcome, course.ends, scope)


def _add_fates(outcome: WorldFigures, counted: Sequence[tuple[ReplayedVisitor, int]]) -> None:
    called = [guest for guest, _ in counted if guest.first is not None]
    passages = [
        Passage(g.person.came, g.first or 0, g.person.service, g.first_services) for g in called
    ]
    times = dict(zip((g.person.id for g in called), overtaken(passages), strict=True))
    for guest, day in counted:
        person = guest.person
        minutes = None if guest.first is None else (guest.first - person.since) / MINUTE_MS
        kind = APPOINTMENT if person.is_booked else WALK_IN
        # Somebody called before an appointment was due has not waited.
        waited = None if minutes is None else max(0.0, minutes)
        outcome.outcomes[person.id] = VisitorOutcome(
            person.id, person.number, kind, day, waited, times.get(person.id, 0)
        )


def _add_presence(present: list[int], guest: ReplayedVisitor, clock: int, until: int) -> None:
    """One more in every quarter of an hour that began between arrival and first call."""
    called = guest.first if guest.first is not None else guest.left_at or until
    begin = -(-(guest.issued - clock) // QUARTER_MS)
    end = -(-(called - clock) // QUARTER_MS)
    for quarter in range(max(0, begin), min(end, QUARTERS)):
        present[quarter] += 1


def _is_unserved(guest: ReplayedVisitor, is_over: bool) -> bool:
    """Waited until the end of the day and was never called; leaving by oneself is no such thing."""
    if guest.first is not None:
        return False
    return guest.left == DAY_END or is_over and guest.state in (WAITING, ASIDE)


def _add_overtime(outcome: WorldFigures, ends: Iterable[int], scope: CountedDays) -> None:
    days = scope.days
    for end in ends:
        number = days.number(end)
        closes = days.days[number].closes
        if closes is not None and end > closes and number in outcome.overtime:
            minutes = (end - closes) / MINUTE_MS
            outcome.overtime[number] = max(outcome.overtime[number], minutes)
