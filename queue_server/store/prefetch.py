"""What a message has asked of its last two snapshots is asked in one trip the next time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from queue_server.store.asked_once import KeptDecisions
from queue_server.store.database import NO_PARAMS, Asked, Params, Reader, Row, milliseconds
from queue_server.store.transaction import Store

T = TypeVar("T")

# A time as near as this to the moment of a message (half an hour ago, a week ahead) moves with it.
NEAR = 14 * 24 * 3600 * 1000


class Offset(NamedTuple):
    """A time as far from the moment of the message as the last one was."""

    milliseconds: int


Pattern = tuple[str, tuple[tuple[str, Any], ...]]


class Prefetch:
    """What each message asks at each site, as its last two did; no more of it is kept."""

    def __init__(self) -> None:
        # Each message's own, so that each hears what has happened since the last one of its kind.
        self._decided: defaultdict[str, KeptDecisions] = defaultdict(KeptDecisions)
        self._last: dict[Hashable, frozenset[Pattern]] = {}
        self._expected: dict[Hashable, tuple[Pattern, ...]] = {}

    def read(
        self, store: Store, site: str, message: str, now: datetime, work: Callable[[Reader], T]
    ) -> T:
        """What `work` makes of one snapshot, for one message of one site at this moment.

        It is done again in another one when it asks for what was not foreseen, so it may do
        nothing but read; and it has to ask with the same `now`.
        """
        of = message, site
        if self._expected.get(of):
            with suppress(NotPrefetched):
                return self._work(AtOnce(store), of, now, work)
        with store.snapshot() as snapshot:
            return self._work(snapshot, of, now, work)

    def _work(
        self, reader: Reader, of: tuple[str, str], now: datetime, work: Callable[[Reader], T]
    ) -> T:
        moment = milliseconds(now)
        likely = [_asked(each, moment) for each in self._expected.get(of, ())]
        asked = self._decided[of[0]].reader(reader, of[1], likely)
        result = work(asked)
        if asked.is_far:
            patterns = frozenset(_patterns(asked.asked, moment))
            # One question more than needed costs a tenth of starting again.
            self._expected[of] = tuple(patterns | self._last.get(of, patterns))
            self._last[of] = patterns
        return result


class NotPrefetched(Exception):
    """A question that comes when the snapshot has ended."""


class AtOnce:
    """A snapshot that is asked everything in one trip, and nothing more."""

    def __init__(self, store: Store) -> None:
        self.together = store.at_once

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        raise NotPrefetched

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        raise NotPrefetched


def _patterns(asked: Iterable[Asked], moment: int) -> Iterator[Pattern]:
    for sql, params in asked:
        yield sql, tuple(_without(params, moment))


def _without(params: Params, moment: int) -> Iterator[tuple[str, Any]]:
    for name, value in params.items():
        is_time = value.__class__ is int and abs(value - moment) < NEAR
        yield name, Offset(value - moment) if is_time else value


def _asked(pattern: Pattern, moment: int) -> Asked:
    sql, values = pattern
    params: Mapping[str, Any] = {
        name: moment + value.milliseconds if isinstance(value, Offset) else value
        for name, value in values
    }
    return sql, params
