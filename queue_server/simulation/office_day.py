"""One office day, played through: who is called when, by which counter, and why.

Counters call as soon as they are free and somebody suitable waits. All times are milliseconds
after local midnight.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush

from queue_server.domain.site import PriorityRules, Site
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.domain.waiting_room import (
    BOOKED,
    OTHERS,
    NextCall,
    StaffedCounter,
    Visitor,
    WaitingRoom,
)
from queue_server.simulation.arrivals import SimulatedArrivals, SimulatedVisitor
from queue_server.simulation.ticket_stop import TicketStop


@dataclass(frozen=True, slots=True)
class SimulatedCall:
    """Somebody was called. `arrived` is None when nobody came; `reason` as the desk would say it.

    `since` is where waiting starts: the arrival, or the slot of whoever checked in before it.
    """

    person: SimulatedVisitor
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
class SimulatedDay:
    """What became of everybody.

    `refused` came while no numbers were given out any more; `unserved` came for something that no
    counter served.
    """

    spans: tuple[tuple[int, int], ...]
    counters: tuple[tuple[str, frozenset[str]], ...]
    calls: tuple[SimulatedCall, ...]
    refused: tuple[SimulatedVisitor, ...]
    unserved: tuple[SimulatedVisitor, ...] = ()


def simulate_day(
    site: Site,
    morning: SimulatedArrivals,
    rules: PriorityRules | None = None,
    *,
    stop: bool = False,
) -> SimulatedDay:
    """Play this day under these rules, the site's own without any.

    With `stop`, walk-ins are refused while the forecast says that work would end later after
    closing time than the site allows.
    """
    office = _DaySimulation(site, morning, rules or site.priority, stop)
    office.run()
    counters = tuple((counter.id, counter.services) for counter in office.room.counters.values())
    unserved = tuple(office.here.values())
    return SimulatedDay(
        morning.spans, counters, tuple(office.calls), tuple(office.refused), unserved
    )


class _DaySimulation:
    def __init__(
        self, site: Site, morning: SimulatedArrivals, rules: PriorityRules, stop: bool
    ) -> None:
        self.morning = morning
        self.grace = site.checkin.grace_minutes * MINUTE_MS
        self.room = WaitingRoom(rules)
        for counter in site.counters:
            self.room.open(StaffedCounter(counter.id), site.served_by(counter.services))
        self.idle: list[StaffedCounter] = list(self.room.counters.values())
        self.busy: list[tuple[int, int, StaffedCounter]] = []
        self.here: dict[int, SimulatedVisitor] = {}
        self.calls: list[SimulatedCall] = []
        self.refused: list[SimulatedVisitor] = []
        self.stop = TicketStop(site, morning, self.room) if stop else None

    def run(self) -> None:
        """Whoever comes at the moment when a counter gets free is there for its call."""
        coming = deque(self.morning.people)
        while coming or self.busy:
            if coming and (not self.busy or coming[0].comes <= self.busy[0][0]):
                now = coming[0].comes
                while coming and coming[0].comes == now:
                    self._let_in(coming.popleft(), now)
                self.idle = [counter for counter in self.idle if not self._call(counter, now)]
            else:
                now, _, counter = heappop(self.busy)
                counter.here = None
                if not self._call(counter, now):
                    self.idle.append(counter)

    def _let_in(self, person: SimulatedVisitor, now: int) -> None:
        if self.stop is not None and not self.stop.lets_in(person, now):
            self.refused.append(person)
            return
        visitor = visitor_of(person, self.grace)
        self.here[visitor.id] = person
        self.room.add(visitor, now)

    def _call(self, counter: StaffedCounter, now: int) -> bool:
        number = len(self.calls)
        taken = self.room.take(counter, now, number)
        if taken is None:
            return False
        person = self.here.pop(taken.visitor.id)
        arrived = None if person.gone else now + person.walk
        counter.serving_since = arrived
        vain = int(self.morning.demand.vain_minutes * MINUTE_MS)
        finished = now + vain if arrived is None else arrived + person.work
        self.calls.append(_call_of(person, counter, taken, now, arrived, finished))
        heappush(self.busy, (finished, number, counter))
        return True


def visitor_of(person: SimulatedVisitor, grace: int) -> Visitor:
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
    person: SimulatedVisitor,
    counter: StaffedCounter,
    taken: NextCall,
    now: int,
    arrived: int | None,
    finished: int,
) -> SimulatedCall:
    visitor = taken.visitor
    # Whoever is called before the slot has not waited.
    since = min(visitor.since, now)
    return SimulatedCall(
        person=person,
        counter=counter.id,
        services=counter.services,
        since=since,
        came=visitor.came,
        called=now,
        arrived=arrived,
        finished=finished,
        reason=taken.reason,
        guard=taken.guard,
    )
