"""What is foreseen takes one trip, and a message shows the same as if nothing had been foreseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import pytest

from queue_server.actions import rules
from queue_server.domain.site import PriorityRules
from queue_server.queries.board import board
from queue_server.queries.orders import CallingOrders
from queue_server.queries.queue import queue
from queue_server.store import counters, journal, tickets
from queue_server.store.database import NO_PARAMS, Asked, Params, Reader, Row
from queue_server.store.prefetch import Prefetch
from queue_server.store.transaction import Store
from tests.town import Town


class Far:
    """The store of a town as if it were far away: it counts the trips."""

    def __init__(self, town: Town) -> None:
        self._town, self.trips, self.most = town, 0, 0

    def at_once(self, asked: Sequence[Asked]) -> list[list[Row]]:
        self.trips, self.most = self.trips + 1, max(self.most, len(asked))
        return self._town.store.at_once(asked)

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        with self._town.store.snapshot() as snapshot:
            yield FarSnapshot(self, snapshot)


class FarSnapshot:
    def __init__(self, far: Far, snapshot: Reader) -> None:
        self._far, self._snapshot = far, snapshot

    def together(self, asked: Sequence[Asked]) -> list[list[Row]]:
        self._far.trips += 1
        return [self._snapshot.rows(sql, params) for sql, params in asked]

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        (found,) = self.together([(sql, params)])
        return found

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        return next(iter(self.rows(sql, params)), None)


@pytest.fixture
def far(town: Town) -> Far:
    return Far(town)


class Screens:
    """What is pushed to walls and desks, with what was kept from one push to the next."""

    def __init__(self, town: Town, far: Far) -> None:
        self._town, self._far = town, far
        self._foresight, self._orders = Prefetch(), CallingOrders()

    def read(self, message: str, work: Callable[[Reader], Any]) -> Any:
        store = cast(Store, self._far)
        return self._foresight.read(store, "rathaus", message, self._town.now, work)

    def show(self) -> tuple[Any, Any]:
        site, now = self._town.site(), self._town.now
        return (
            self.read("board", lambda reader: board(reader, site, now, self._orders)),
            self.read("queue", lambda reader: queue(reader, site, now, self._orders)),
        )


def true_of(town: Town) -> tuple[Any, Any]:
    with town.store.snapshot() as snapshot:
        site = town.site()
        return board(snapshot, site, town.now), queue(snapshot, site, town.now)


def test_whatever_happens_is_shown_as_it_is(town: Town, far: Far) -> None:
    screens = Screens(town, far)
    strict = PriorityRules(rule="strict")
    happenings: list[Callable[[], object]] = [
        lambda: town.open_counter("Schalter 1"),
        lambda: town.draw(),
        lambda: town.draw(),
        lambda: town.call(),
        lambda: town.pass_time(minutes=7),
        lambda: rules.decide(town.store, town.site(), strict, town.clerk("Aylin"), now=town.now),
        lambda: town.draw(),
        lambda: town.pass_time(hours=24),
        lambda: town.draw(),
    ]
    for happen in happenings:
        happen()

        assert screens.show() == true_of(town)


@pytest.mark.parametrize("more_than_the_wall_shows", [0, 20])
def test_a_push_after_others_of_its_kind_takes_one_trip(
    town: Town, far: Far, more_than_the_wall_shows: int
) -> None:
    screens = Screens(town, far)
    for _ in range(more_than_the_wall_shows):
        town.draw()
    town.open_counter("Schalter 1")
    for _ in range(3):
        town.draw()
        screens.show()
        town.pass_time(minutes=1)

    town.draw()
    far.trips = 0
    screens.show()

    assert far.trips == 2


def test_what_was_not_foreseen_is_read_in_one_snapshot_with_the_rest(town: Town, far: Far) -> None:
    screens = Screens(town, far)
    town.open_counter("Schalter 1")

    def usual(reader: Reader) -> Any:
        return journal.version(reader, "rathaus"), counters.open_at(reader, "rathaus")

    for _ in range(3):
        screens.read("message", usual)

    def with_more(reader: Reader) -> Any:
        found = usual(reader)
        if not waiting:
            waiting.append(town.draw())
        return found, tickets.alive(reader, "rathaus")

    waiting: list[Any] = []
    (version, _), alive = screens.read("message", with_more)

    with town.store.snapshot() as snapshot:
        assert version == journal.version(snapshot, "rathaus")
        assert alive == tickets.alive(snapshot, "rathaus") != []


def test_what_differs_each_time_is_asked_ahead_twice_and_then_forgotten(
    town: Town, far: Far
) -> None:
    screens = Screens(town, far)
    people = [town.draw().id for _ in range(15)]

    for first in range(0, 15, 3):
        some = people[first : first + 3]

        def work(reader: Reader, some: list[int] = some) -> list[int]:
            return [tickets.get(reader, "rathaus", id).id for id in some]

        assert screens.read("message", work) == some

    version_and_news, two_times_three = 2, 6
    assert far.most == version_and_news + two_times_three
