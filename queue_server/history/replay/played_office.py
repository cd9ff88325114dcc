"""An office at work: who waits, who is where, which counter could call somebody now.

`recording` moves people here as the journal says, `replay` as their scripts and the rule say.
Both ask the same question in the same words: since when could this counter have called?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from queue_server.domain.site import PriorityRules
from queue_server.domain.waiting_room import (
    PRECEDENCE,
    NextCall,
    StaffedCounter,
    Visitor,
    WaitingRoom,
)
from queue_server.history.replay.day_script import ReplayedCall, Stay, VisitorScript

OUTSIDE, WAITING, AT_COUNTER, ASIDE, GONE = range(5)
STAYS_OPEN, CLOSES, LINGERS = range(3)


@dataclass(slots=True, eq=False)
class ReplayedVisitor(Visitor):
    """A person on the way through the office; `first` is the first call that was no mistake."""

    person: VisitorScript = field(kw_only=True)
    state: int = OUTSIDE
    calls: int = 0
    waits: int = 0
    first: int | None = None
    first_call: int = -1
    first_services: frozenset[str] = frozenset()
    left: str = ""
    left_at: int = 0


@dataclass(slots=True, eq=False)
class ReplayedCounter(StaffedCounter):
    """A counter of a stretch of days. `since` is when it could have called somebody."""

    since: int | None = None
    closing: int = STAYS_OPEN
    calls_made: int = 0
    visitor: ReplayedVisitor | None = None
    call: int = -1
    # How often it could have called since its last call, and which of those times this is.
    spells: int = 0
    spell: int = 0


@dataclass(slots=True)
class PlayedCourse:
    """What came of it: everybody, all calls in order, and when counters were done with somebody."""

    visitors: dict[int, ReplayedVisitor] = field(default_factory=dict)
    calls: list[ReplayedCall] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


class PlayedOffice:
    """Moves people and counters. `chosen` names whom clerks picked at their n-th calls, or 0."""

    def __init__(self, rules: PriorityRules, chosen: Mapping[str, Sequence[int]]) -> None:
        self.room = WaitingRoom(rules)
        self.course = PlayedCourse()
        self.visitors = self.course.visitors
        self.counters: dict[str, ReplayedCounter] = {}
        self.idle: dict[str, ReplayedCounter] = {}
        self._chosen = chosen
        self._bound: dict[str, set[int]] = {}

    # -- people --------------------------------------------------------------------------------

    def admit(self, person: VisitorScript) -> ReplayedVisitor:
        place = person.line, person.came, person.since, person.issued
        made = ReplayedVisitor(person.id, person.service, *place, person.minutes, person=person)
        self.visitors[person.id] = made
        return made

    def wait(self, visitor: ReplayedVisitor, now: int, held: int = 0) -> None:
        """Somebody waits, for the first time or again."""
        visitor.state, visitor.held_until = WAITING, held
        visitor.waits += 1
        self.room.add(visitor, now)

    def leave(self, visitor: ReplayedVisitor, how: str, now: int) -> None:
        if visitor.state == WAITING:
            self.room.remove(visitor.id)
        visitor.state, visitor.left, visitor.left_at = GONE, how, now

    def bind(self, visitor: ReplayedVisitor, id: str | None) -> None:
        """Only this counter may call; set before somebody waits."""
        visitor.bound_to = id
        if id is not None:
            self._bound.setdefault(id, set()).add(visitor.id)

    def unbind(self, visitor: ReplayedVisitor, now: int) -> None:
        with self._standing_anew(visitor, now):
            visitor.bound_to = None

    def prefer(self, visitor: ReplayedVisitor, now: int) -> None:
        with self._standing_anew(visitor, now):
            visitor.line = PRECEDENCE

    def hold(self, visitor: ReplayedVisitor, until: int, now: int) -> None:
        """Others go first until then; nothing for somebody who is called or set aside."""
        if visitor.state == WAITING:
            with self._standing_anew(visitor, now):
                visitor.held_until = until

    def correct(self, visitor: ReplayedVisitor, service: str, minutes: int, now: int) -> None:
        """Other services: another line, or other work that the counter is busy with."""
        with self._standing_anew(visitor, now):
            visitor.service, visitor.minutes = service, minutes

    @contextmanager
    def _standing_anew(self, visitor: ReplayedVisitor, now: int) -> Iterator[None]:
        """Whoever waits leaves the line for a change of what it goes by."""
        waits = self.room.remove(visitor.id) is not None
        yield
        if waits:
            self.room.add(visitor, now)

    # -- calls ---------------------------------------------------------------------------------

    def call(self, counter: ReplayedCounter, taken: NextCall, at: int) -> ReplayedVisitor:
        """Somebody is called to an open counter, by the rule or by a clerk's choice."""
        visitor = self.visitors[taken.visitor.id]
        number = len(self.course.calls)
        self.room.call(counter, taken, at, number)
        self.course.calls.append(ReplayedCall(at, counter.id, visitor.id))
        counter.visitor, counter.call, counter.since = visitor, number, None
        counter.calls_made += 1
        counter.spells = 0
        self.idle.pop(counter.id, None)
        visitor.state, visitor.held_until = AT_COUNTER, 0
        visitor.calls += 1
        if visitor.first is None:
            visitor.first, visitor.first_call = at, number
            visitor.first_services = counter.services
        return visitor

    def begin(self, counter: ReplayedCounter, now: int) -> None:
        if counter.is_open:
            counter.serving_since = now

    def part(self, counter: ReplayedCounter, stay: Stay, now: int) -> None:
        """The stay at the counter ends in its way; whoever is set aside comes back by script."""
        visitor = counter.visitor
        if visitor is None or not counter.is_open:
            return
        counter.visitor = counter.here = counter.serving_since = None
        self.idle[counter.id] = counter
        self.course.ends.append(now)
        if stay.kind == "released":
            self._take_back(counter, visitor)
            self.wait(visitor, now)
        elif stay.kind == "transferred":
            visitor.service, visitor.minutes = stay.service, stay.minutes
            self.bind(visitor, stay.bound_to)
            self.wait(visitor, now)
        elif stay.kind in ("missed", "parked"):
            visitor.state = ASIDE
        else:
            self.leave(visitor, stay.kind, now)

    def _take_back(self, counter: ReplayedCounter, visitor: ReplayedVisitor) -> None:
        """A call made by mistake was none: it uses up nobody's share and ends nobody's wait."""
        self.room.release(counter.call)
        if visitor.first_call == counter.call:
            visitor.first, visitor.first_call = None, -1

    # -- counters ------------------------------------------------------------------------------

    def open(self, id: str, services: Iterable[str]) -> ReplayedCounter:
        counter = self.counters.setdefault(id, ReplayedCounter(id))
        self.room.open(counter, services)
        counter.closing = STAYS_OPEN
        if counter.visitor is None:
            self.idle[id] = counter
        return counter

    def close(self, counter: ReplayedCounter, now: int) -> None:
        """The counter closes; whoever only it could call may go to any other."""
        self._not_ready(counter, now)
        self.room.close(counter)
        counter.closing = STAYS_OPEN
        self.idle.pop(counter.id, None)
        for id in sorted(self._bound.pop(counter.id, ())):
            visitor = self.visitors[id]
            if visitor.bound_to == counter.id and visitor.state in (WAITING, ASIDE):
                self.unbind(visitor, now)

    def counter_of(self, visitor: ReplayedVisitor | None) -> ReplayedCounter | None:
        """Where somebody is."""
        return next((c for c in self.counters.values() if visitor and c.visitor is visitor), None)

    def is_open(self, id: str | None) -> bool:
        return id in self.room.counters

    # -- since when could a counter call? --------------------------------------------------------

    def look(self, now: int) -> None:
        """After anything happened: who could call now, who can't any more, who may close."""
        for counter in tuple(self.idle.values()):
            if counter.closing and not (counter.closing == LINGERS and self._somebody_for(counter)):
                self.close(counter, now)
        for counter in self.idle.values():
            if not self._could_call(counter):
                self._not_ready(counter, now)
            elif counter.since is None:
                counter.since = now
                self.is_ready(counter, now)
                counter.spells += 1

    def _not_ready(self, counter: ReplayedCounter, now: int) -> None:
        if counter.since is not None:
            self.was_ready(counter, now - counter.since)
            counter.since = None

    def is_ready(self, counter: ReplayedCounter, now: int) -> None:
        """The counter could call from now on. The replay makes its next call of it."""

    def was_ready(self, counter: ReplayedCounter, spell: int) -> None:
        """The counter could have called for so long and did not; now it can't any more."""

    def picked(self, counter: ReplayedCounter) -> ReplayedVisitor | None:
        """Whom the clerk chose at this call, when they can be called here."""
        chosen = self._chosen.get(counter.id, ())
        visitor = (
            self.visitors.get(chosen[counter.calls_made])
            if counter.calls_made < len(chosen)
            else None
        )
        if visitor is None or visitor.state not in (WAITING, ASIDE):
            return None
        return visitor if visitor.bound_to in (None, counter.id) else None

    def _could_call(self, counter: ReplayedCounter) -> bool:
        return self._somebody_for(counter) or self.picked(counter) is not None

    def _somebody_for(self, counter: ReplayedCounter) -> bool:
        return counter.is_open and self.room.somebody_for(counter)
