"""Real days beside the same days in another world, stretch by stretch.

First each stretch is played again as it was: only if that gives every call of the journal, to the
millisecond, is a replay of it `identical`. Otherwise the first calls are named at which the
journal and the rule part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any, NamedTuple

from queue_server.domain.site import PriorityRules
from queue_server.simulation.happened import Almanac, Happened
from queue_server.simulation.outcome import Outcome, Scope, add
from queue_server.simulation.recorder import Recording, record
from queue_server.simulation.replay import replay
from queue_server.simulation.script import Call, Planned, Script, rules_from
from queue_server.simulation.staffing import (
    Hours,
    every_service,
    least_used,
    opened_otherwise,
    ruled_otherwise,
    without,
)
from queue_server.simulation.watcher import Fault

MOST_FAULTS = 20
MOST_MOVED = 12
# Less than this is no difference that anybody would have noticed.
NOTICED_MINUTES = 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """What is different: fields of the rule, one counter more or less, the opening hours."""

    rules: Mapping[str, Any] = field(default_factory=dict)
    counters: int = 0
    hours: Hours = Hours()


class Moved(NamedTuple):
    """Somebody who waited longer or shorter; None: never called."""

    number: str
    kind: str
    day: int
    actual: float | None
    what_if: float | None


@dataclass(slots=True)
class Moves:
    """How many went sooner, later or as before, and those whom it touched most."""

    sooner: int = 0
    later: int = 0
    same: int = 0
    only_now: int = 0
    no_longer: int = 0
    most: list[Moved] = field(default_factory=list)


class Comparison:
    """Feed it stretches with `play`, in their order.

    `rules` are those in force before the first event; `first` and `last` the days that count, by
    their numbers in the almanac. `now` is UTC milliseconds.
    """

    def __init__(
        self,
        change: Change,
        rules: PriorityRules,
        planned: Planned,
        almanac: Almanac,
        days: tuple[int, int],
        now: int,
    ) -> None:
        self.change, self.rules, self.almanac = change, rules, almanac
        self.first, self.last = days
        self.actual, self.what_if = Outcome(), Outcome()
        self.faults: list[Fault] = []
        self.fault_count = 0
        self.fault_days: set[int] = set()
        self.closed: Counter[str] = Counter()
        self.has_old_minutes = False
        self._planned, self._now = planned, now

    @property
    def identical(self) -> bool:
        """Whether playing the days again as they were gave the real order of calls."""
        return not self.fault_count

    @property
    def days(self) -> int:
        """So many days somebody came."""
        return len(self.actual.overtime)

    def play(self, events: Sequence[Happened]) -> None:
        """Record a stretch, play it again as it was and as it would have been."""
        if self._counts(events):
            recording = self._record(events)
            midnights = self.almanac.midnights(events[0].at, self._now)
            self._check(events, recording, midnights)
            self._add(recording, midnights)
        decided = (event for event in events if event.name == "RulesSet")
        for event in decided:
            self.rules = rules_from(event.data)

    def moves(self) -> Moves:
        """Whom it would have touched."""
        moves = Moves()
        moved: list[Moved] = []
        for ticket, was in self.actual.fates.items():
            would = self.what_if.fates.get(ticket)
            minutes = would.minutes if would else None
            one = Moved(was.number, was.kind, was.day, was.minutes, minutes)
            if _count(moves, one):
                moved.append(one)
        half = MOST_MOVED // 2
        worst = nlargest(half, moved, key=_difference)
        best = nlargest(half, moved, key=lambda one: -_difference(one))
        moves.most = list(dict.fromkeys([*worst, *(one for one in best if one not in worst)]))
        return moves

    # -- inside ----------------------------------------------------------------------------------

    def _counts(self, events: Sequence[Happened]) -> bool:
        number = self.almanac.number
        came = (number(event.at) for event in events if event.name == "TicketIssued")
        return any(self.first <= day <= self.last for day in came)

    def _record(self, events: Sequence[Happened], *, suspicious: bool = False) -> Recording:
        return record(
            events, self.rules, self._planned, self.almanac, self._now, suspicious=suspicious
        )

    def _check(
        self, events: Sequence[Happened], recording: Recording, midnights: Sequence[int]
    ) -> None:
        begin = self.almanac.days[self.first].start
        script = recording.script
        self.has_old_minutes |= script.has_old_minutes
        again = [call for call in replay(script, midnights).calls if call.at >= begin]
        real = [call for call in script.calls if call.at >= begin]
        faults = [fault for fault in recording.faults if fault.at >= begin]
        if real != again:
            faults = self._record(events, suspicious=True).faults
            faults = [each for each in faults if each.at >= begin]
            faults = faults or [_first_difference(real, again, script)]
        self.fault_count += len(faults)
        self.faults += faults[: MOST_FAULTS - len(self.faults)]
        self.fault_days.update(self.almanac.number(fault.at) for fault in faults)

    def _add(self, recording: Recording, midnights: Sequence[int]) -> None:
        script = recording.script
        scope = Scope(self.almanac, self.first, self.last, script.ends_at is None)
        until = script.ends_at or script.last_at
        add(self.actual, recording.actual.course, scope, until)
        altered, refused = self._altered(script)
        extra = every_service(script) if self.change.counters > 0 else ()
        turned_away = sum(
            scope.holds(self.almanac.number(p.issued)) for p in script.persons if p.id in refused
        )
        add(self.what_if, replay(altered, midnights, extra), scope, until, turned_away)

    def _altered(self, script: Script) -> tuple[Script, frozenset[int]]:
        """The script of the other world, and who finds its doors closed."""
        altered = ruled_otherwise(script, self.change.rules)
        if self.change.counters < 0:
            closed = least_used(script)
            self.closed[closed or ""] += 1
            altered = without(altered, closed)
        if self.change.hours == Hours():
            return altered, frozenset()
        return opened_otherwise(altered, self.change.hours, self.almanac)


def _first_difference(real: Sequence[Call], again: Sequence[Call], script: Script) -> Fault:
    """Where the replay left the journal, when neither people nor rule say why."""
    numbers = {person.id: person.number for person in script.persons}
    pairs, shorter = zip(real, again, strict=False), min(len(real), len(again))
    index = next((i for i, (was, would) in enumerate(pairs) if was != would), shorter)
    was = real[index] if index < len(real) else again[index]
    expected = numbers.get(again[index].ticket, "") if index < len(again) else ""
    return Fault(
        was.at, was.counter, was.ticket, numbers.get(was.ticket, ""), "other_course", expected
    )


def _count(moves: Moves, one: Moved) -> bool:
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


def _difference(one: Moved) -> float:
    return (one.what_if or 0.0) - (one.actual or 0.0)
