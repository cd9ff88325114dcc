"""One office day, played through: who is called when, by which counter, and why.

Counters call as soon as they are free and somebody suitable waits. All times are milliseconds
after local midnight.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from queue_server.domain.moments import MINUTE_MS
from queue_server.domain.site import PriorityRules, Site
from queue_server.simulation.mornings import Booked, Morning, Person
from queue_server.simulation.room import BOOKED, OTHERS, Room, Seat, Taken, Visitor


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody was called. `arrived` is None when nobody came; `reason` as the desk would say it.

    `since` is where waiting starts: the arrival, or the slot of whoever checked in before it.
    """

    person: Person
    counter: str
    services: frozenset[str]
    since: int
    came: int
    called: int
    arrived: int | None
    finished: int
    reason: str
    guard: bool

    @property
    def waited_minutes(self) -> float:
        return (self.called - self.since) / MINUTE_MS


@dataclass(frozen=True, slots=True)
class Day:
    """What became of everybody.

    `refused` came while no numbers were given out any more; `unserved` came for something that no
    counter served.
    """

    spans: tuple[tuple[int, int], ...]
    counters: tuple[tuple[str, frozenset[str]], ...]
    calls: tuple[Call, ...]
    refused: tuple[Person, ...]
    unserved: tuple[Person, ...] = ()


def live_through(
    site: Site, morning: Morning, rules: PriorityRules | None = None, *, stop: bool = False
) -> Day:
    """Play this day under these rules, the site's own without any.

    With `stop`, walk-ins are refused as soon as the predicted end of work passes the closing time
    by more than the site allows.
    """
    office = _Office(site, morning, rules or site.priority, stop)
    office.run()
    counters = tuple((seat.id, seat.services) for seat in office.room.seats.values())
    unserved = tuple(office.here.values())
    return Day(morning.spans, counters, tuple(office.calls), tuple(office.refused), unserved)


class _Office:
    def __init__(self, site: Site, morning: Morning, rules: PriorityRules, stop: bool) -> None:
        self.morning = morning
        self.grace = site.checkin.grace_minutes * MINUTE_MS
        self.room = Room(rules)
        for counter in site.counters:
            self.room.open(counter.id, site.served_by(counter.services))
        self.idle: list[Seat] = list(self.room.seats.values())
        self.busy: list[tuple[int, int, Seat]] = []
        self.here: dict[int, Person] = {}
        self.calls: list[Call] = []
        self.refused: list[Person] = []
        self.gate = _Gate(site, morning, self.room) if stop else None

    def run(self) -> None:
        """Whoever comes at the moment when a counter gets free is there for its call."""
        coming = deque(self.morning.people)
        while coming or self.busy:
            if coming and (not self.busy or coming[0].comes <= self.busy[0][0]):
                now = coming[0].comes
                while coming and coming[0].comes == now:
                    self._let_in(coming.popleft(), now)
                self.idle = [seat for seat in self.idle if not self._call(seat, now)]
            else:
                now, _, seat = heappop(self.busy)
                seat.here = None
                if not self._call(seat, now):
                    self.idle.append(seat)

    def _let_in(self, person: Person, now: int) -> None:
        if self.gate is not None and not self.gate.lets_in(person, now):
            self.refused.append(person)
            return
        visitor = visitor_of(person, self.grace)
        self.here[visitor.id] = person
        self.room.add(visitor, now)

    def _call(self, seat: Seat, now: int) -> bool:
        number = len(self.calls)
        taken = self.room.take(seat, now, number)
        if taken is None:
            return False
        person = self.here.pop(taken.visitor.id)
        arrived = None if person.gone else now + person.walk
        seat.serving_since = arrived
        vain = int(self.morning.demand.vain_minutes * MINUTE_MS)
        finished = now + vain if arrived is None else arrived + person.work
        self.calls.append(_call_of(person, seat, taken, now, arrived, finished))
        if self.gate is not None:
            self.gate.called(person)
        heappush(self.busy, (finished, number, seat))
        return True


def visitor_of(person: Person, grace: int) -> Visitor:
    """The person as one who waits; whoever checks in after the grace time ranks like a walk-in."""
    due = person.due
    came = person.comes if due is None else due
    line = OTHERS if due is None or person.comes > due + grace else BOOKED
    return Visitor(
        id=person.id,
        service=person.service,
        line=line,
        came=came,
        since=max(came, person.comes),
        issued=person.comes,
        minutes=person.minutes,
    )


def _call_of(
    person: Person, seat: Seat, taken: Taken, now: int, arrived: int | None, finished: int
) -> Call:
    visitor = taken.visitor
    # Whoever is called before the slot has not waited.
    since = min(visitor.since, now)
    return Call(
        person=person,
        counter=seat.id,
        services=seat.services,
        since=since,
        came=visitor.came,
        called=now,
        arrived=arrived,
        finished=finished,
        reason=taken.reason,
        guard=taken.guard,
    )


class _Gate:
    """The ticket stop: would one visit more still end in time?

    It begins after those who wait, are served, and are still expected: their planned minutes,
    shared by the counters that may take them.
    """

    def __init__(self, site: Site, morning: Morning, room: Room) -> None:
        self.room, self.spans = room, morning.spans
        self.overtime = site.tickets.allowed_overtime_minutes * MINUTE_MS
        self.grace = site.checkin.grace_minutes * MINUTE_MS
        self.shows = 1 - morning.demand.no_shows
        self.ahead = dict.fromkeys((service.id for service in site.services), 0.0)
        self.coming, self.hoped = deque(morning.booked), deque[Booked]()
        self.checked_in = Counter[tuple[int, str]]()
        self.seats = {
            id: tuple(seat for seat in room.seats.values() if id in seat.services)
            for id in self.ahead
        }
        self.parts: dict[str, tuple[tuple[str, float], ...]] = {}

    def lets_in(self, person: Person, now: int) -> bool:
        """Whoever has an appointment always comes in."""
        self._look_ahead(now)
        if person.due is None and self._ends(person, now) > self._closes(now) + self.overtime:
            return False
        if person.due is not None and person.due >= now - self.grace:
            self.checked_in[person.due, person.service] += 1
            self.ahead[person.service] -= person.minutes * self.shows
        self.ahead[person.service] += person.minutes
        return True

    def called(self, person: Person) -> None:
        self.ahead[person.service] -= person.minutes

    def _closes(self, now: int) -> int:
        return next((end for _, end in self.spans if now <= end), self.spans[-1][1])

    def _look_ahead(self, now: int) -> None:
        """Appointments of this span are hoped for, until soon after their time."""
        closes = self._closes(now)
        while self.coming and self.coming[0].due < closes:
            each = self.coming.popleft()
            self.hoped.append(each)
            self.ahead[each.service] += each.minutes * self.shows
        while self.hoped and self.hoped[0].due < now - self.grace:
            each = self.hoped.popleft()
            if self.checked_in[each.due, each.service]:
                self.checked_in[each.due, each.service] -= 1
            else:
                self.ahead[each.service] -= each.minutes * self.shows

    def _ends(self, person: Person, now: int) -> float:
        """When this person would be finished."""
        mine = self.seats[person.service]
        if person.service not in self.parts:
            self.parts[person.service] = tuple(self._parts(mine))
        work = sum(self.ahead[id] * part for id, part in self.parts[person.service])
        work += sum(_left(seat, now) for seat in mine)
        return now + (work / max(1, len(mine)) + person.minutes) * MINUTE_MS

    def _parts(self, mine: tuple[Seat, ...]) -> Iterator[tuple[str, float]]:
        """Which part of each service's work falls to these counters."""
        for id, theirs in self.seats.items():
            common = sum(1 for seat in theirs if seat in mine)
            if common:
                yield id, common / len(theirs)


def _left(seat: Seat, now: int) -> float:
    """Planned minutes until this counter gets free."""
    if seat.here is None:
        return 0
    begun = now if seat.serving_since is None else seat.serving_since
    return max(0.0, (begun - now) / MINUTE_MS + seat.here.minutes)
