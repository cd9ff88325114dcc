"""How many go before somebody, and who they are: counts in, counts out, no queue to walk.

The counts come from an index and stand in the order in which the rule would call people if nobody
else came and the office stayed as busy as it is. A property test holds them to the real calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import RankClass


@dataclass(frozen=True, slots=True)
class Tally:
    """People with whom somebody shares counters: those with precedence, the booked, the others.

    `…_before` stand at an earlier moment than they do, whatever the line, and `others_late` are
    those of them who missed their slot; `…_heavier` have more credit under `accumulating`;
    `booked_due` have an appointment that is due; `others_patient` have waited longer than the guard
    asks for.
    """

    people: int
    preferred: int
    preferred_before: int
    booked: int
    booked_before: int
    booked_due: int
    booked_heavier: int
    others_before: int
    others_late: int
    others_heavier: int
    others_patient: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who goes before somebody: with precedence, with an appointment, and the others.

    `contested` is True when appointments that are due go before the others because the office is
    busy, `guard` when the guard brings others forward meanwhile.
    """

    preferred: int = 0
    booked: int = 0
    others: int = 0
    contested: bool = False
    guard: bool = False

    @property
    def people(self) -> int:
        return self.preferred + self.booked + self.others


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands: their line, whether their slot has come, whether the guard knows them.

    `waits_long` is True once they have waited longer than the guard asks for.
    """

    line: RankClass
    is_due: bool
    waits_long: bool


def ahead_of(
    standing: Standing, tally: Tally, rules: PriorityRules, busy: bool, recent: Sequence[bool]
) -> Ahead:
    """Who goes first. `busy` and `recent` as in `domain.priority.choose`."""
    if standing.line is RankClass.PRECEDENCE:
        return Ahead(preferred=tally.preferred_before)
    booked = standing.line is RankClass.APPOINTMENT
    if rules.rule == "strict":
        return _strict(booked, tally)
    if rules.rule == "accumulating":
        return _by_credit(booked, tally)
    contested = rules.rule == "due_first" and busy
    if contested and booked and standing.is_due:
        return _due(tally, rules, recent)
    if contested and not booked:
        return _behind_the_due(standing, tally, rules, recent)
    return Ahead(tally.preferred, tally.booked_before, tally.others_before)


def _strict(booked: bool, tally: Tally) -> Ahead:
    if booked:
        return Ahead(tally.preferred, tally.booked_before)
    return Ahead(tally.preferred, tally.booked, tally.others_before)


def _by_credit(booked: bool, tally: Tally) -> Ahead:
    if booked:
        return Ahead(tally.preferred, tally.booked_before, tally.others_heavier)
    return Ahead(tally.preferred, tally.booked_heavier, tally.others_before)


def _due(tally: Tally, rules: PriorityRules, recent: Sequence[bool]) -> Ahead:
    """An appointment that is due: earlier ones, and what the guard calls between them."""
    earlier = tally.booked_before
    calls = min(tally.others_patient, _guard_calls(earlier, rules, recent))
    return Ahead(tally.preferred, earlier, calls, contested=True, guard=calls > 0)


def _behind_the_due(
    standing: Standing, tally: Tally, rules: PriorityRules, recent: Sequence[bool]
) -> Ahead:
    """Somebody without an appointment: those that are due, unless the guard comes sooner."""
    booked, guard = tally.booked_due, False
    if standing.waits_long:
        until_guard = _until_open(rules, recent)
        sooner = until_guard + tally.others_before * (rules.guard_every - 1)
        guard, booked = booked > 0, min(booked, sooner)
    return Ahead(
        tally.preferred, booked, tally.others_before, contested=tally.booked_due > 0, guard=guard
    )


def _guard_calls(appointments: int, rules: PriorityRules, recent: Sequence[bool]) -> int:
    """How often the guard has its share before the call after so many appointments."""
    left = appointments - _until_open(rules, recent)
    return 0 if left < 0 else 1 + left // (rules.guard_every - 1)


def _until_open(rules: PriorityRules, recent: Sequence[bool]) -> int:
    """So many appointments are called before the guard's share is open."""
    share = rules.guard_every - 1
    row = 0
    for guard in recent[:share]:
        if guard:
            break
        row += 1
    return share - row
