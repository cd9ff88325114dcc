"""What became of people, in plain figures: of a real stretch of days, or of one played again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from queue_server.domain.moments import MINUTE_MS
from queue_server.simulation.figures import (
    BOOKED_LIMITS,
    WALK_IN_LIMITS,
    Passage,
    Spread,
    overtaken,
    shares_within,
    spread,
)
from queue_server.simulation.floor import ASIDE, WAITING, Course, Guest
from queue_server.simulation.happened import Almanac

APPOINTMENT, WALK_IN, ALL = "appointment", "walk_in", "all"
CLASSES = (APPOINTMENT, WALK_IN, ALL)
LIMITS = (*BOOKED_LIMITS, *WALK_IN_LIMITS)
# Upper ends of the classes of waiting time, in minutes; the last one has none.
BINS = (5, 10, 15, 20, 30, 45, 60, 90)
QUARTER_MS = 15 * MINUTE_MS
QUARTERS = 24 * 4


class Fate(NamedTuple):
    """How it went for one person: minutes until the first call, or None when there was none."""

    ticket: int
    number: str
    kind: str
    day: int
    minutes: float | None
    overtaken: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a class of people; shares in thousandths of one, None of nobody."""

    people: int
    called: int
    wait: Spread
    within: dict[int, float | None]
    overtaken: Spread
    bins: list[int]


@dataclass(slots=True)
class Outcome:
    """All that is told of some days; `overtime` are minutes after closing, one for each day.

    `present` counts, for each quarter of an hour of the local day, who waited then on all days
    together.
    """

    fates: dict[int, Fate] = field(default_factory=dict)
    calls: int = 0
    unserved: int = 0
    refused: int = 0
    overtime: dict[int, float] = field(default_factory=dict)
    present: list[int] = field(default_factory=lambda: [0] * QUARTERS)

    def figures(self, kind: str) -> Figures:
        """The figures of appointments, walk-ins or all."""
        some = [each for each in self.fates.values() if kind in (each.kind, ALL)]
        called = [each for each in some if each.minutes is not None]
        minutes = [each.minutes for each in called if each.minutes is not None]
        return Figures(
            people=len(some),
            called=len(called),
            wait=spread(minutes),
            within=shares_within(minutes, LIMITS),
            overtaken=spread(each.overtaken for each in called),
            bins=binned(minutes),
        )

    def overtime_minutes(self) -> float:
        """Work after closing, in the mean of all days."""
        days = self.overtime.values()
        return round(sum(days) / len(days), 2) if days else 0.0


def binned(minutes: Iterable[float]) -> list[int]:
    """How many lie in each of the classes of waiting time."""
    counts = [0] * (len(BINS) + 1)
    for each in minutes:
        counts[sum(each > limit for limit in BINS)] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Scope:
    """Which local days count, by their number in the almanac, and whether all came to an end."""

    almanac: Almanac
    first: int
    last: int
    is_over: bool = True

    def holds(self, day: int) -> bool:
        return self.first <= day <= self.last


def add(outcome: Outcome, course: Course, scope: Scope, until: int, refused: int = 0) -> None:
    """Count a stretch: who arrived on days that count, and the work on those days."""
    almanac = scope.almanac
    counted: list[tuple[Guest, int]] = []
    for guest in course.guests.values():
        day = almanac.number(guest.person.issued)
        if scope.holds(day):
            counted.append((guest, day))
            outcome.overtime.setdefault(day, 0.0)
    _add_fates(outcome, counted)
    for guest, day in counted:
        _add_presence(outcome.present, guest, almanac.days[day].clock, until)
    outcome.calls += sum(scope.holds(almanac.number(call.at)) for call in course.calls)
    outcome.unserved += sum(_is_unserved(guest, scope.is_over) for guest, _ in counted)
    outcome.refused += refused
    _add_overtime(outcome, course.ends, scope)


def _add_fates(outcome: Outcome, counted: Sequence[tuple[Guest, int]]) -> None:
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
        outcome.fates[person.id] = Fate(
            person.id, person.number, kind, day, waited, times.get(person.id, 0)
        )


def _add_presence(present: list[int], guest: Guest, clock: int, until: int) -> None:
    """One more in every quarter of an hour that began between arrival and first call."""
    called = guest.first if guest.first is not None else guest.left_at or until
    begin = -(-(guest.person.issued - clock) // QUARTER_MS)
    end = -(-(called - clock) // QUARTER_MS)
    for quarter in range(max(0, begin), min(end, QUARTERS)):
        present[quarter] += 1


def _is_unserved(guest: Guest, is_over: bool) -> bool:
    """Waited until the end of the day and was never called; leaving by oneself is no such thing."""
    if guest.first is not None:
        return False
    return guest.left == "day_end" or is_over and guest.state in (WAITING, ASIDE)


def _add_overtime(outcome: Outcome, ends: Iterable[int], scope: Scope) -> None:
    almanac = scope.almanac
    for end in ends:
        number = almanac.number(end)
        closes = almanac.days[number].closes
        if closes is not None and end > closes and number in outcome.overtime:
            minutes = (end - closes) / MINUTE_MS
            outcome.overtime[number] = max(outcome.overtime[number], minutes)
