"""Real days compared with the same days under other conditions, stretch by stretch.

First each stretch is played again as it was: only if that gives every call of the journal, to the
millisecond, is a replay of it `identical`. Otherwise the audit names the first calls at which the
journal and the rule part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any, NamedTuple

from queue_server.domain import events as e
from queue_server.domain.audit import Auditor
from queue_server.domain.call_checks import Finding
from queue_server.domain.office import Office, rules_set
from queue_server.domain.site import PriorityRules, Site
from queue_server.domain.timestamps import milliseconds
from queue_server.history.replay.day_script import DayScript, ReplayedCall
from queue_server.history.replay.local_days import LocalDays, Step
from queue_server.history.replay.recording import Recording, record
from queue_server.history.replay.replay import replay
from queue_server.history.replay.variations import (
    OtherHours,
    every_service,
    least_used,
    opened_otherwise,
    ruled_otherwise,
    without,
)
from queue_server.history.replay.world_figures import CountedDays, WorldFigures, add

MOST_DIFFERENCES = 20
MOST_MOVED = 12
# Less than this is no difference that anybody would have noticed.
NOTICED_MINUTES = 1.0


@dataclass(frozen=True, slots=True)
class Variation:
    """What is different: fields of the rule, one counter more or less, the opening hours."""

    rules: Mapping[str, Any] = field(default_factory=dict)
    counters: int = 0
    hours: OtherHours = OtherHours()


class MovedVisitor(NamedTuple):
    """Somebody who waited longer or shorter; None: never called."""

    number: str
    kind: str
    day: int
    actual: float | None
    what_if: float | None


@dataclass(slots=True)
class MovedCounts:
    """How many went sooner, later or as before, and those whom it touched most."""

    sooner: int = 0
    later: int = 0
    same: int = 0
    only_now: int = 0
    no_longer: int = 0
    most: list[MovedVisitor] = field(default_factory=list)


class Difference(NamedTuple):
    """A call at which the journal and the rule part, or a row that cannot be.

    `why` is a finding of the audit; `other_course` when only the replay noticed. `expected` is
    whom the rule would have called. `at` is UTC milliseconds.
    """

    at: int
    counter: str
    ticket: int
    number: str
    why: Finding
    expected: str = ""


class Comparison:
    """Feed it stretches with `play`, in their order.

    `rules` are those in force before the first event; `first` and `last` the days that count, by
    their numbers in the calendar. `now` is UTC milliseconds.
    """

    def __init__(
        self,
        site: Site,
        change: Variation,
        rules: PriorityRules,
        calendar: LocalDays,
        days: tuple[int, int],
        now: int,
    ) -> None:
        self.site, self.change, self.rules, self.calendar = site, change, rules, calendar
        self.first, self.last = days
        self.actual, self.what_if = WorldFigures(), WorldFigures()
        self.differences: list[Difference] = []
        self.difference_count = 0
        self.closed: Counter[str] = Counter()
        self.has_old_minutes = False
        self._now = now

    @property
    def identical(self) -> bool:
        """Whether playing the days again as they were gave the real order of calls."""
        return not self.difference_count

    @property
    def days(self) -> int:
        """So many days somebody came."""
        return len(self.actual.overtime)

    def play(self, steps: Sequence[Step]) -> None:
        """Record a stretch, play it again as it was and as it would have been."""
        if self._counts(steps):
            recording = record(steps, self.rules, self.site.visit_minutes, self.calendar, self._now)
            midnights = self.calendar.midnights(steps[0].at, self._now)
            self._check(steps, recording, midnights)
            self._add(recording, midnights)
        for step in steps:
            if isinstance(step.event, e.RulesSet):
                self.rules = rules_set(step.event)

    def moves(self) -> MovedCounts:
        """Whom it would have touched."""
        moves = MovedCounts()
        moved: list[MovedVisitor] = []
        for ticket, was in self.actual.outcomes.items():
            would = self.what_if.outcomes.get(ticket)
            minutes = would.minutes if would else None
            one = MovedVisitor(was.number, was.kind, was.day, was.minutes, minutes)
            if _count(moves, one):
                moved.append(one)
        half = MOST_MOVED // 2
        worst = nlargest(half, moved, key=_difference)
        best = nlargest(half, moved, key=lambda one: -_difference(one))
        moves.most = list(dict.fromkeys([*worst, *(one for one in best if one not in worst)]))
        return moves

    # -- inside ----------------------------------------------------------------------------------

    def _counts(self, steps: Sequence[Step]) -> bool:
        number = self.calendar.number
        came = (number(step.at) for step in steps if isinstance(step.event, e.TicketIssued))
        return any(self.first <= day <= self.last for day in came)

    def _check(self, steps: Sequence[Step], recording: Recording, midnights: Sequence[int]) -> None:
        begin = self.calendar.days[self.first].start
        script = recording.script
        self.has_old_minutes |= script.has_old_minutes
        again = [call for call in replay(script, midnights).calls if call.at >= begin]
        real = [call for call in script.calls if call.at >= begin]
        if real == again and not any(at >= begin for at in recording.impossible):
            return
        found = self._audited(steps) or [_first_difference(real, again, script)]
        self.difference_count += len(found)
        self.differences += found[: MOST_DIFFERENCES - len(self.differences)]

    def _audited(self, steps: Sequence[Step]) -> list[Difference]:
        """What the audit finds wrong with these rows."""
        office = Office(self.rules, self.site.visit_minutes, self.site.zone)
        auditor = Auditor(office, self.calendar.days[self.first].day)
        found = auditor.hear_all((step.seq, step.event) for step in steps)
        ticket_of = {step.seq: step.event.ticket or 0 for step in steps}
        return [
            Difference(at, one.counter, ticket_of[one.seq], one.number, one.why, one.expected)
            for one in found.violations
            for at in (milliseconds(one.at),)
        ]

    def _add(self, recording: Recording, midnights: Sequence[int]) -> None:
        script = recording.script
        scope = CountedDays(self.calendar, self.first, self.last, script.ends_at is None)
        until = script.ends_at or script.last_at
        add(self.actual, recording.actual.course, scope, until)
        altered, refused = self._altered(script)
        extra = every_service(script) if self.change.counters > 0 else ()
        turned_away = sum(
            scope.holds(self.calendar.number(p.issued)) for p in script.persons if p.id in refused
        )
        add(self.what_if, replay(altered, midnights, extra), scope, until, turned_away)

    def _altered(self, script: DayScript) -> tuple[DayScript, frozenset[int]]:
        """The script of the other world, and who finds its doors closed."""
        altered = ruled_otherwise(script, self.change.rules)
        if self.change.counters < 0:
            closed = least_used(script)
            self.closed[closed or ""] += 1
            altered = without(altered, closed)
        if self.change.hours == OtherHours():
            return altered, frozenset()
        return opened_otherwise(altered, self.change.hours, self.calendar)


def _first_difference(
    real: Sequence[ReplayedCall], again: Sequence[ReplayedCall], script: DayScript
) -> Difference:
    """Where the replay left the journal, when neither people nor rule say why."""
    numbers = {person.id: person.number for person in script.persons}
    pairs, shorter = zip(real, again, strict=False), min(len(real), len(again))
    index = next((i for i, (was, would) in enumerate(pairs) if was != would), shorter)
    was = real[index] if index < len(real) else again[index]
    expected = numbers.get(again[index].ticket, "") if index < len(again) else ""
    return Difference(
        was.at, was.counter, was.ticket, numbers.get(was.ticket, ""), "other_course", expected
    )


def _count(moves: MovedCounts, one: MovedVisitor) -> bool:
    """Count a person; whether it made a difference that they would have noticed."""
    if one.actual is None or one.what_if is None:
        moves.only_now += one.what_if is not None
        moves.no_longer += one.actual is not None
        moves.same += one.what_if is one.actual
        return False
    difference = _difference(one)
    moves.sooner += difference <= -NOTICED_MINUTES
    moves.later += difference >= NOTICED_MINUTES
    is_same = abs(difference) < NOTICED_MINUTES
    moves.same += is_same
    return not is_same


def _difference(one: MovedVisitor) -> float:
    return (one.what_if or 0.0) - (one.actual or 0.0)
