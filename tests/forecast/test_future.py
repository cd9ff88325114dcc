"""A future calls the very people that the waiting room of the simulation would call."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.site import PriorityRules
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.domain.waiting_room import StaffedCounter, Visitor, WaitingRoom
from queue_server.forecast.future import LAST_ID, ExpectedArrival, Future
from queue_server.forecast.samples import Samples
from queue_server.forecast.service_times import ServiceTimes
from queue_server.forecast.snapshot import (
    ExpectedVisitor,
    OfficeSnapshot,
    prepare,
)

NOW = 1_780_293_600_000
SERVICES = ("a", "b", "c")
RUNS = 3
LEAVE, ARRIVE, COME, FREE = range(4)

minutes = st.integers(-90, 90)
rules = st.builds(
    PriorityRules,
    rule=st.sampled_from(["due_first", "due_first", "strict", "arrival", "accumulating"]),
    busy_from_minutes=st.sampled_from([0, 10, 60]),
    guard_after_minutes=st.sampled_from([5, 45]),
    guard_every=st.integers(1, 4),
    ratio=st.sampled_from([1.0, 3.0]),
)
counters = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from(SERVICES), min_size=1),
        st.sampled_from([None, "called", "serving"]),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def visitors(draw: st.DrawFn, id: int) -> Visitor:
    line = draw(st.sampled_from([0, 1, 1, 2, 2, 2]))
    issued = NOW - draw(st.integers(0, 90)) * MINUTE_MS
    came = issued + (draw(st.integers(-30, 30)) * MINUTE_MS if line == 1 else 0)
    held = NOW + draw(st.integers(1, 5)) * MINUTE_MS if draw(st.integers(0, 9)) == 0 else 0
    return Visitor(
        id=id,
        service=draw(st.sampled_from(SERVICES)),
        line=line,
        came=came,
        since=max(came, issued),
        issued=issued,
        minutes=draw(st.sampled_from([5, 10, 20])),
        bound_to=draw(st.sampled_from([None] * 8 + ["0", "1"])),
        held_until=held,
    )


@st.composite
def presents(draw: st.DrawFn) -> OfficeSnapshot:
    waiting = [draw(visitors(id)) for id in range(1, draw(st.integers(0, 14)) + 1)]
    some = [
        counter_of(number, services, here) for number, (services, here) in enumerate(draw(counters))
    ]
    starts = draw(st.lists(st.integers(-15, 60), max_size=6))
    expected = [
        ExpectedVisitor(id, draw(st.sampled_from(SERVICES)), 10, NOW + start * MINUTE_MS)
        for id, start in enumerate(starts, start=1)
    ]
    history = tuple(draw(st.lists(st.booleans(), max_size=4)))
    return OfficeSnapshot(
        now=NOW,
        rules=draw(rules),
        waiting=tuple(waiting),
        counters=tuple(some),
        expected=tuple(expected),
        shares={counter.pool: history for counter in some},
        walk_ins=dict.fromkeys(SERVICES, 10),
        service_times=ServiceTimes(misses=draw(st.sampled_from([0.0, 0.3]))),
    )


def counter_of(number: int, services: frozenset[str], state: str | None) -> StaffedCounter:
    counter = StaffedCounter(f"{number}", services)
    if state is not None:
        counter.here = Visitor(900 + number, "a", 2, 0, 0, 0, 10)
        counter.called = NOW - number * MINUTE_MS - 20_000
        counter.serving_since = counter.called + 5_000 if state == "serving" else None
    return counter


@settings(max_examples=150)
@given(presents())
def test_a_future_calls_whom_the_waiting_room_calls_at_the_same_moments(
    present: OfficeSnapshot,
) -> None:
    stage = prepare(present)
    draws = Samples(present, stage, RUNS)
    for run in range(RUNS):
        counters, free_at = draws.counters(run)
        arrivals, lasts = draws.arrivals(run), draws.lasts(run)
        over = [counter.over for counter in counters]
        expected = OneRoom(present, stage, over, arrivals, lasts).live()

        told = Future(stage.input, lasts, counters, free_at, arrivals).live()

        assert {visit: at for visit, at in enumerate(told.called) if at} == expected


class OneRoom:
    """The same future, played in a `WaitingRoom`."""

    def __init__(
        self, present: OfficeSnapshot, stage, over, arrivals: list[ExpectedArrival], lasts
    ) -> None:
        self.present, self.lasts = present, lasts
        self.visits = dict(stage.indexes)
        self.room = WaitingRoom(present.rules)
        self.room.shares = {
            pool: [(0, guard) for guard in share] for pool, share in present.shares.items()
        }
        self.counters = [
            self.room.open(StaffedCounter(each.id), each.services) for each in present.counters
        ]
        self.events: list[tuple[int, int, int, object]] = []
        self.busy: set[str] = set()
        self.called: dict[int, int] = {}
        for visitor in present.waiting:
            if visitor.id in stage.indexes:
                self.room.add(visitor, NOW)
        for counter, seen, at in zip(self.counters, present.counters, over, strict=True):
            if seen.here is not None:
                self._stands(counter, seen, at)
        for arrival in arrivals:
            self._plan(arrival.at, COME, self._comes(arrival))
        self._plan(NOW, FREE, None)

    def _stands(self, counter: StaffedCounter, seen: StaffedCounter, over: int) -> None:
        counter.here, counter.serving_since = seen.here, seen.serving_since
        self._plan(over, LEAVE, counter)
        self._plan(over + round(self.present.service_times.pause), FREE, counter)
        self.busy.add(counter.id)

    def _comes(self, arrival: ExpectedArrival) -> Visitor:
        who = arrival.who
        since, issued, id = who.rank
        self.visits[id] = who.visit
        assert id > LAST_ID - 100
        return Visitor(id, who.service, who.line, since, since, issued, who.minutes)

    def _plan(self, at: int, what: int, whom: object) -> None:
        heappush(self.events, (at, what, len(self.events) + len(self.called) * 1000, whom))

    def live(self) -> dict[int, int]:
        for held in self.present.waiting:
            if held.held_until > NOW:
                self._plan(held.held_until, FREE, None)
        while self.events:
            now = self.events[0][0]
            for what, whom in self._happening(now):
                self._take_note(what, whom, now)
            for counter in self.counters:
                self._call(counter, now)
        return self.called

    def _happening(self, now: int) -> Iterator[tuple[int, object]]:
        while self.events and self.events[0][0] == now:
            _, what, _, whom = heappop(self.events)
            yield what, whom

    def _take_note(self, what: int, whom: object, now: int) -> None:
        if what == COME:
            assert isinstance(whom, Visitor)
            self.room.add(whom, now)
        elif isinstance(whom, StaffedCounter) and what == ARRIVE:
            whom.serving_since = now
        elif isinstance(whom, StaffedCounter) and what == LEAVE:
            whom.here = whom.serving_since = None
        elif isinstance(whom, StaffedCounter):
            self.busy.discard(whom.id)

    def _call(self, counter: StaffedCounter, now: int) -> None:
        if counter.id in self.busy or (taken := self.room.take(counter, now)) is None:
            return
        visit = self.visits[taken.visitor.id]
        self.called[visit] = now
        self.busy.add(counter.id)
        lasts, pace = self.lasts[visit], self.present.service_times
        if lasts < 0:
            self._plan(now - lasts, LEAVE, counter)
            self._plan(now - lasts, FREE, counter)
            return
        begun = now + round(pace.walk)
        self._plan(begun, ARRIVE, counter)
        self._plan(begun + lasts, LEAVE, counter)
        self._plan(begun + lasts + round(pace.pause), FREE, counter)
