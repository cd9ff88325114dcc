"""The local days of an office, and where its journal can be cut into them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from queue_server.domain import events as e
from queue_server.domain.hours import at_wall_clock, opening_spans
from queue_server.domain.site import Site
from queue_server.domain.timestamps import milliseconds
from queue_server.opening import days_of
from queue_server.store.database import Reader

NOON = 12 * 60
_ENDINGS = (e.TicketFinished, e.TicketCancelled)
# Nobody moves by them: a stretch of days is played without.
PLAYED = (
    *(e.TicketIssued, e.TicketCalled, e.TicketArrived, e.TicketFinished, e.TicketMissed),
    *(e.TicketParked, e.TicketReleased, e.TicketTransferred, e.TicketResumed, e.TicketCancelled),
    *(e.TicketPreferred, e.TicketPostponed, e.TicketServicesChanged, e.TicketUnbound),
    *(e.CounterOpened, e.CounterClosed, e.RulesSet, e.MissUndone),
)


class Step(NamedTuple):
    """An event in the order of the journal. `at` (UTC ms) never runs backwards.

    Two clerks may press a key in the same millisecond, and the later key may be written first:
    `skew` is by how much the event's own time is behind `at`.
    """

    seq: int
    at: int
    skew: int
    event: e.Event


class LocalDay(NamedTuple):
    """A day of the office: its midnight, and when the office opens and closes (UTC ms).

    `clock` is the moment from which the wall clock's hours count once the clocks have changed.
    """

    day: date
    start: int
    clock: int
    opens: int | None = None
    closes: int | None = None


class LocalDays:
    """Local days in order; any moment belongs to one of them."""

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


def local_days(reader: Reader, site: Site, first: date, count: int) -> LocalDays:
    """So many days of a site from this one on, with the hours that were decided for them."""
    spans_of = days_of(reader, site)

    def local_day(day: date) -> LocalDay:
        spans = opening_spans(spans_of, day, site.zone)
        midnight = at_wall_clock(day, 0, site.zone)
        # An office open at midnight neither opens nor closes on that day.
        next_midnight = at_wall_clock(day + timedelta(days=1), 0, site.zone)
        opens = spans[0][0] if spans and spans[0][0] > midnight else None
        closes = spans[-1][1] if spans and spans[-1][1] < next_midnight else None
        clock = at_wall_clock(day, NOON, site.zone) - timedelta(minutes=NOON)
        return LocalDay(day, milliseconds(midnight), milliseconds(clock), _ms(opens), _ms(closes))

    return LocalDays([local_day(first + timedelta(days=number)) for number in range(count)])


def steps(journal: Iterable[tuple[int, e.Event]]) -> Iterator[Step]:
    """The numbered events of a journal with times that do not run backwards."""
    latest = 0
    for seq, event in journal:
        at = milliseconds(event.at)
        latest = max(latest, at)
        yield Step(seq, latest, at - latest, event)


def without_undone(stretch: Sequence[Step]) -> list[Step]:
    """The stretch without what was undone at once: the person was at the counter all the time."""
    kept: list[Step] = []
    for step in stretch:
        if isinstance(step.event, e.MissUndone):
            _forget_miss(kept, step.event.ticket)
        else:
            kept.append(step)
    return kept


def _forget_miss(kept: list[Step], ticket: int | None) -> None:
    for place in range(len(kept) - 1, -1, -1):
        event = kept[place].event
        if event.ticket == ticket and isinstance(event, e.TicketMissed):
            del kept[place]
            return


def stretches(steps: Iterable[Step], days: LocalDays) -> Iterator[list[Step]]:
    """The journal cut at every midnight at which nobody was there and no counter open.

    Usually a stretch is a day. A site that never closes is one long stretch.
    """
    stretch: list[Step] = []
    alive: set[int | None] = set()
    open_: set[str | None] = set()
    tomorrow = 0
    for step in steps:
        if step.at >= tomorrow:
            if stretch and not alive and not open_:
                yield stretch
                stretch = []
            tomorrow = _next_midnight(days, step.at)
        stretch.append(step)
        _follow(step.event, alive, open_)
    if stretch:
        yield stretch


def _follow(event: e.Event, alive: set[int | None], open_: set[str | None]) -> None:
    if isinstance(event, e.TicketIssued):
        alive.add(event.ticket)
    elif isinstance(event, _ENDINGS):
        alive.discard(event.ticket)
    elif isinstance(event, e.CounterOpened):
        open_.add(event.counter)
    elif isinstance(event, e.CounterClosed):
        open_.discard(event.counter)


def _next_midnight(days: LocalDays, at: int) -> int:
    number = days.number(at) + 1
    return days.days[number].start if number < len(days.days) else 1 << 62


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)
