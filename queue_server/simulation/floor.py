"""An office at work: who waits, who is where, which counter could call somebody now.

`recorder` moves people here as the journal says, `replay` as their scripts and the rule say.
Both ask the same question in the same words: since when could this counter have called?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from queue_server.domain.site import PriorityRules
from queue_server.simulation.room import PRECEDENCE, Room, Seat, Taken, Visitor
from queue_server.simulation.script import Call, Person, Stay

OUTSIDE, WAITING, AT_COUNTER, ASIDE, GONE = range(5)
STAYS_OPEN, CLOSES, LINGERS = range(3)


@dataclass(slots=True, eq=False)
class Guest:
    """A person on the way through the office; `first` is the first call that was no mistake."""

    person: Person
    line: int
    service: str
    minutes: int
    state: int = OUTSIDE
    bound_to: str | None = None
    held: int = 0
    calls: int = 0
    waits: int = 0
    comes: int = 0
    first: int | None = None
    first_call: int = -1
    first_services: frozenset[str] = frozenset()
    left: str = ""
    left_at: int = 0


@dataclass(slots=True, eq=False)
class Desk:
    """A counter, open while it has a seat. `since` is when it could have called somebody."""

    id: str
    seat: Seat | None = None
    since: int | None = None
    closing: int = STAYS_OPEN
    turn: int = 0
    guest: Guest | None = None
    call: int = -1
    # The seat of the present call: its share is to be given back to, whatever is served by then.
    called_from: Seat | None = None
    # How often it could have called since its last call, and which of those times this is.
    spells: int = 0
    spell: int = 0


@dataclass(slots=True)
class Course:
    """What came of it: everybody, all calls in order, and when counters were done with somebody."""

    guests: dict[int, Guest] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


class Floor:
    """Moves people and counters. `chosen` names whom clerks picked at their n-th calls, or 0."""

    def __init__(self, rules: PriorityRules, chosen: Mapping[str, Sequence[int]]) -> None:
        self.room = Room(rules)
        self.course = Course()
        self.guests = self.course.guests
        self.desks: dict[str, Desk] = {}
        self.idle: dict[str, Desk] = {}
        self._chosen = chosen
        self._bound: dict[str, set[int]] = {}

    # -- people --------------------------------------------------------------------------------

    def guest(self, person: Person) -> Guest:
        made = Guest(person, person.line, person.service, person.minutes)
        self.guests[person.id] = made
        return made

    def wait(self, guest: Guest, now: int, held: int = 0) -> None:
        """Somebody waits, for the first time or again."""
        guest.state, guest.held = WAITING, held
        guest.waits += 1
        self.room.add(visitor(guest), now)

    def leave(self, guest: Guest, how: str, now: int) -> None:
        if guest.state == WAITING:
            self.room.remove(guest.person.id)
        guest.state, guest.left, guest.left_at = GONE, how, now

    def bind(self, guest: Guest, counter: str | None) -> None:
        """Only this counter may call; set before somebody waits."""
        guest.bound_to = counter
        if counter is not None:
            self._bound.setdefault(counter, set()).add(guest.person.id)

    def unbind(self, guest: Guest, now: int) -> None:
        guest.bound_to = None
        self._stand_again(guest, now)

    def prefer(self, guest: Guest, now: int) -> None:
        guest.line = PRECEDENCE
        self._stand_again(guest, now)

    def correct(self, guest: Guest, service: str, minutes: int, now: int) -> None:
        """Other services: another line, or other work that the counter is busy with."""
        guest.service, guest.minutes = service, minutes
        self._stand_again(guest, now)
        for desk in self.desks.values() if guest.state == AT_COUNTER else ():
            if desk.guest is guest and desk.seat is not None:
                desk.seat.here = visitor(guest)

    def _stand_again(self, guest: Guest, now: int) -> None:
        if guest.state == WAITING:
            self.room.remove(guest.person.id)
            self.room.add(visitor(guest), now)

    # -- calls ---------------------------------------------------------------------------------

    def call(self, desk: Desk, taken: Taken, at: int) -> Guest:
        """Somebody is called to an open counter, by the rule or by a clerk's choice."""
        assert desk.seat is not None
        guest = self.guests[taken.visitor.id]
        number = len(self.course.calls)
        self.room.call(desk.seat, taken, number)
        self.course.calls.append(Call(at, desk.id, guest.person.id))
        desk.guest, desk.call, desk.called_from, desk.since = guest, number, desk.seat, None
        desk.turn += 1
        desk.spells = 0
        self.idle.pop(desk.id, None)
        guest.state, guest.held = AT_COUNTER, 0
        guest.calls += 1
        if guest.first is None:
            guest.first, guest.first_call = at, number
            guest.first_services = desk.seat.services
        return guest

    def begin(self, desk: Desk, now: int) -> None:
        if desk.seat is not None:
            desk.seat.serving_since = now

    def part(self, desk: Desk, stay: Stay, now: int) -> None:
        """The stay at the counter ends in its way; whoever is set aside comes back by script."""
        guest = desk.guest
        if guest is None or desk.seat is None:
            return
        desk.guest = desk.seat.here = desk.seat.serving_since = None
        self.idle[desk.id] = desk
        self.course.ends.append(now)
        if stay.kind == "released":
            self._take_back(desk, guest)
            self.wait(guest, now)
        elif stay.kind == "transferred":
            guest.service, guest.minutes = stay.service, stay.minutes
            self.bind(guest, stay.bound_to)
            self.wait(guest, now)
        elif stay.kind in ("missed", "parked"):
            guest.state = ASIDE
        else:
            self.leave(guest, stay.kind, now)

    def _take_back(self, desk: Desk, guest: Guest) -> None:
        """A call made by mistake was none: it uses up nobody's share and ends nobody's wait."""
        if desk.called_from is not None:
            self.room.release(desk.called_from, desk.call)
        if guest.first_call == desk.call:
            guest.first, guest.first_call = None, -1

    # -- counters ------------------------------------------------------------------------------

    def open(self, counter: str, services: Iterable[str]) -> Desk:
        desk = self.desks.setdefault(counter, Desk(counter))
        desk.seat = self.room.open(counter, services)
        desk.closing = STAYS_OPEN
        if desk.guest is None:
            self.idle[counter] = desk
        return desk

    def close(self, desk: Desk, now: int) -> None:
        """The counter closes; whoever only it could call may go to any other."""
        self._not_ready(desk, now)
        self.room.close(desk.id)
        desk.seat, desk.closing = None, STAYS_OPEN
        self.idle.pop(desk.id, None)
        for id in sorted(self._bound.pop(desk.id, ())):
            guest = self.guests[id]
            if guest.bound_to == desk.id and guest.state in (WAITING, ASIDE):
                self.unbind(guest, now)

    def is_open(self, counter: str | None) -> bool:
        desk = self.desks.get(counter or "")
        return desk is not None and desk.seat is not None

    # -- since when could a counter call? --------------------------------------------------------

    def look(self, now: int) -> None:
        """After anything happened: who could call now, who can't any more, who may close."""
        for desk in tuple(self.idle.values()):
            if desk.closing and not (desk.closing == LINGERS and self._somebody_for(desk)):
                self.close(desk, now)
        for desk in self.idle.values():
            if not self._could_call(desk):
                self._not_ready(desk, now)
            elif desk.since is None:
                desk.since = now
                self.is_ready(desk, now)
                desk.spells += 1

    def _not_ready(self, desk: Desk, now: int) -> None:
        if desk.since is not None:
            self.was_ready(desk, now)
            desk.since = None

    def is_ready(self, desk: Desk, now: int) -> None:
        """The counter could call from now on. The replay makes its next call of it."""

    def was_ready(self, desk: Desk, now: int) -> None:
        """The counter could have called and did not; now it can't any more."""

    def picked(self, desk: Desk) -> Guest | None:
        """Whom the clerk chose at this call, when they can be called here."""
        chosen = self._chosen.get(desk.id, ())
        guest = self.guests.get(chosen[desk.turn]) if desk.turn < len(chosen) else None
        if guest is None or guest.state not in (WAITING, ASIDE):
            return None
        return guest if guest.bound_to in (None, desk.id) else None

    def _could_call(self, desk: Desk) -> bool:
        return self._somebody_for(desk) or self.picked(desk) is not None

    def _somebody_for(self, desk: Desk) -> bool:
        return desk.seat is not None and self.room.somebody_for(desk.seat)


def visitor(guest: Guest) -> Visitor:
    """A new one for every stand in a line: the old place is gone for good."""
    person = guest.person
    return Visitor(
        person.id,
        guest.service,
        guest.line,
        person.came,
        person.since,
        person.issued,
        guest.minutes,
        guest.bound_to,
        guest.held,
    )
