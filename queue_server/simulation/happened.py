"""Journal rows as small tuples, and where the days of an office can be told apart.

A year is a quarter of a million rows: only those are unpacked whose data a replay asks for.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

# With data of their own, and those of which the columns say all.
_SPEAKING = frozenset({
    "TicketIssued", "TicketCalled", "TicketResumed", "TicketTransferred", "TicketServicesChanged",
    "TicketCancelled", "CounterOpened", "RulesSet",
})  # fmt: skip
_SILENT = frozenset({
    "TicketArrived", "TicketFinished", "TicketMissed", "TicketParked", "TicketReleased",
    "TicketUnbound", "TicketPreferred", "CounterClosed",
})  # fmt: skip
NAMES = _SPEAKING | _SILENT
_ENDINGS = frozenset({"TicketFinished", "TicketCancelled"})


class Happened(NamedTuple):
    """One event. `at` never runs backwards; `skew` is what the journal's own time is behind it.

    Two clerks may press a key in the same millisecond, and the later key may be written first.
    """

    seq: int
    at: int
    skew: int
    name: str
    ticket: int
    counter: str
    data: Mapping[str, Any]


class LocalDay(NamedTuple):
    """A day of the office: its midnight, and when the house opens and closes (UTC ms).

    `clock` is the moment from which the wall clock's hours count once the clocks have changed.
    """

    day: date
    start: int
    clock: int
    opens: int | None = None
    closes: int | None = None


class Almanac:
    """The local days in order; any moment belongs to one of them."""

    def __init__(self, days: Sequence[LocalDay]) -> None:
        self.days = days
        self._starts = [each.start for each in days]

    def number(self, at: int) -> int:
        return max(0, bisect_right(self._starts, at) - 1)

    def of(self, at: int) -> LocalDay:
        return self.days[self.number(at)]

    def midnights(self, after: int, until: int) -> list[int]:
        """The midnights between two moments."""
        return [start for start in self._starts if after < start <= until]


_NO_DATA: Mapping[str, Any] = {}


def happened(rows: Iterable[Any]) -> Iterator[Happened]:
    """The events of journal rows in order of `seq`; rows of other names are passed over."""
    latest = 0
    for seq, at, name, ticket, counter, data in rows:
        if name in NAMES:
            latest = max(latest, at)
            said = json.loads(data) if name in _SPEAKING else _NO_DATA
            yield Happened(seq, latest, at - latest, name, ticket or 0, counter or "", said)


def stretches(events: Iterable[Happened], almanac: Almanac) -> Iterator[list[Happened]]:
    """The events cut at every midnight at which nobody was there and no counter open.

    Usually a stretch is a day. A site that never closes is one long stretch.
    """
    stretch: list[Happened] = []
    alive: set[int] = set()
    open_: set[str] = set()
    tomorrow = 0
    for event in events:
        if event.at >= tomorrow:
            if stretch and not alive and not open_:
                yield stretch
                stretch = []
            tomorrow = _next_midnight(almanac, event.at)
        stretch.append(event)
        _follow(event, alive, open_)
    if stretch:
        yield stretch


def _follow(event: Happened, alive: set[int], open_: set[str]) -> None:
    name = event.name
    if name == "TicketIssued":
        alive.add(event.ticket)
    elif name in _ENDINGS:
        alive.discard(event.ticket)
    elif name == "CounterOpened":
        open_.add(event.counter)
    elif name == "CounterClosed":
        open_.discard(event.counter)


def _next_midnight(almanac: Almanac, at: int) -> int:
    number = almanac.number(at) + 1
    return almanac.days[number].start if number < len(almanac.days) else 1 << 62
