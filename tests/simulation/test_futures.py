"""A future calls the very people that the waiting room of the simulation would call."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.moments import MINUTE_MS
from queue_server.domain.site import PriorityRules
from queue_server.simulation.draws import Draws
from queue_server.simulation.futures import LAST_ID, Arrival, Future
from queue_server.simulation.pace import Pace
from queue_server.simulation.present import Expected, Here, OpenCounter, Present
from queue_server.simulation.room import Room, Seat, Visitor
from queue_server.simulation.scene import staged

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
def presents(draw: st.DrawFn) -> Present:
    waiting = [draw(visitors(id)) for id in range(1, draw(st.integers(0, 14)) + 1)]
    seats = [
        OpenCounter(f"{number}", services, here_of(number, here))
        for number, (services, here) in enumerate(draw(counters))
    ]
    starts = draw(st.lists(st.integers(-15, 60), max_size=6))
    expected = [
        Expected(id, draw(st.sampled_from(SERVICES)), 10, NOW + start * MINUTE_MS)
        for id, start in enumerate(starts, start=1)
    ]
    history = tuple(draw(st.lists(st.booleans(), max_size=4)))
    return Present(
        now=NOW,
        rules=draw(rules),
        waiting=tuple(waiting),
        counters=tuple(seats),
        expected=tuple(expected),
        shares={seat.pool: history for seat in seats},
        walk_ins=dict.fromkeys(SERVICES, 10),
        pace=Pace(misses=draw(st.sampled_from([0.0, 0.3]))),
    )


def here_of(number: int, state: str | None) -> Here | None:
    if state is None:
        return None
    called = NOW - number * MINUTE_MS - 20_000
    return Here(900 + number, "a", 10, called, called + 5_000 if state == "serving" else None)


@settings(max_examples=150)
@given(presents())
def test_a_future_calls_whom_the_waiting_room_calls_at_the_same_moments(present: Present) -> None:
    stage = staged(present)
    draws = Draws(present, stage, RUNS)
    for run in range(RUNS):
        seats, free_at = draws.seats(run)
        arrivals, lasts = draws.arrivals(run), draws.lasts(run)
        over = [seat.over for seat in seats]
        expected = OneRoom(present, stage, over, arrivals, lasts).live()

        told = Future(stage.scene, lasts, seats, free_at, arrivals).live()

        assert {visit: at for visit, at in enumerate(told.called) if at} == expected


class OneRoom:
    """The same future, lived through in a `Room`."""

    def __init__(self, present: Present, stage, over, arrivals: list[Arrival], lasts) -> None:
        self.present, self.lasts = present, lasts
        self.visits = dict(stage.indexes)
        self.room = Room(present.rules)
        self.room.shares = {
            pool: [(0, guard) for guard in share] for pool, share in present.shares.items()
        }
        self.seats = [self.room.open(each.id, each.services) for each in present.counters]
        self.events: list[tuple[int, int, int, object]] = []
        self.busy: set[str] = set()
        self.called: dict[int, int] = {}
        for visitor in present.waiting:
            if visitor.id in stage.indexes:
                self.room.add(visitor, NOW)
        for seat, counter, at in zip(self.seats, present.counters, over, strict=True):
            if counter.here is not None:
                self._stands(seat, counter.here, at)
        for arrival in arrivals:
            self._plan(arrival.at, COME, self._comes(arrival))
        self._plan(NOW, FREE, None)

    def _stands(self, seat: Seat, here: Here, over: int) -> None:
        seat.here = Visitor(here.id, here.service, 2, 0, 0, 0, here.minutes)
        seat.serving_since = here.arrived
        self._plan(over, LEAVE, seat)
        self._plan(over + round(self.present.pace.pause), FREE, seat)
        self.busy.add(seat.id)

    def _comes(self, arrival: Arrival) -> Visitor:
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
            for seat in self.seats:
                self._call(seat, now)
        return self.called

    def _happening(self, now: int) -> Iterator[tuple[int, object]]:
        while self.events and self.events[0][0] == now:
            _, what, _, whom = heappop(self.events)
            yield what, whom

    def _take_note(self, what: int, whom: object, now: int) -> None:
        if what == COME:
            assert isinstance(whom, Visitor)
            self.room.add(whom, now)
        elif isinstance(whom, Seat) and what == ARRIVE:
            whom.serving_since = now
        elif isinstance(whom, Seat) and what == LEAVE:
            whom.here = whom.serving_since = None
        elif isinstance(whom, Seat):
            self.busy.discard(whom.id)

    def _call(self, seat: Seat, now: int) -> None:
        if seat.id in self.busy or (taken := self.room.take(seat, now)) is None:
            return
        visit = self.visits[taken.visitor.id]
        self.called[visit] = now
        self.busy.add(seat.id)
        lasts, pace = self.lasts[visit], self.present.pace
        if lasts < 0:
            self._plan(now - lasts, LEAVE, seat)
            self._plan(now - lasts, FREE, seat)
            return
        begun = now + round(pace.walk)
        self._plan(begun, ARRIVE, seat)
        self._plan(begun + lasts, LEAVE, seat)
        self._plan(begun + lasts + round(pace.pause), FREE, seat)
