"""What a message has asked of its last two snapshots is asked in one trip the next time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from queue_server.store.asked_once import KeptDecisions
from queue_server.store.database import NO_PARAMS, Asked, Params, Reader, Row, milliseconds
from queue_server.store.transaction import Store

T = TypeVar("T")

# Times near the moment of a message are another one each time, by as much as the moment is.
NEAR = 14 * 24 * 3600 * 1000


class Since(int):
    """Milliseconds from the moment of the message."""


Habit = tuple[str, tuple[tuple[str, Any], ...]]


class Foresight:
    """The habits of each message at each site, learned from the last two."""

    def __init__(self) -> None:
        self._decided = KeptDecisions()
        self._last: dict[Hashable, frozenset[Habit]] = {}
        self._usual: dict[Hashable, tuple[Habit, ...]] = {}

    def read(
        self, store: Store, site: str, message: str, now: datetime, work: Callable[[Reader], T]
    ) -> T:
        """What `work` makes of one snapshot, for one message of one site at this moment.

        It is done again in another one when it asks for what was not foreseen, so it may do
        nothing but read; and it has to ask with the same `now`.
        """
        of = message, site
        if self._usual.get(of):
            with suppress(Unforeseen):
                return self._work(AtOnce(store), of, now, work)
        with store.snapshot() as snapshot:
            return self._work(snapshot, of, now, work)

    def _work(
        self, reader: Reader, of: tuple[str, str], now: datetime, work: Callable[[Reader], T]
    ) -> T:
        moment = milliseconds(now)
        likely = [_asked(each, moment) for each in self._usual.get(of, ())]
        asked = self._decided.reader(reader, of[1], likely)
        result = work(asked)
        if asked.is_far:
            habits = frozenset(_habits(asked.asked, moment))
            # One more than needed costs a tenth of starting again.
            self._usual[of] = tuple(habits | self._last.get(of, habits))
            self._last[of] = habits
        return result


class Unforeseen(Exception):
    """A question that comes when the snapshot has ended."""


class AtOnce:
    """A snapshot that is asked everything in one trip, and nothing more."""

    def __init__(self, store: Store) -> None:
        self.together = store.at_once

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        raise Unforeseen

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        raise Unforeseen


def _habits(asked: Iterable[Asked], moment: int) -> Iterator[Habit]:
    for sql, params in asked:
        yield sql, tuple(_without(params, moment))


def _without(params: Params, moment: int) -> Iterator[tuple[str, Any]]:
    for name, value in params.items():
        is_time = value.__class__ is int and abs(value - moment) < NEAR
        yield name, Since(value - moment) if is_time else value


def _asked(habit: Habit, moment: int) -> Asked:
    sql, values = habit
    params: Mapping[str, Any] = {
        name: moment + value if value.__class__ is Since else value for name, value in values
    }
    return sql, params
