"""Every visit as the journal tells it: when somebody came, was called, was served, left.

Nothing but the journal is read, so the same question has the same answer at any time, also when
tickets and people have long been deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from queue_server.domain import events as e
from queue_server.domain.hours import at_wall_clock
from queue_server.domain.timestamps import MINUTE_MS, moment
from queue_server.store.database import Reader
from queue_server.store.lives import Happening, IssuedFor, Lacking, lives

OPEN, SERVED, NO_SHOW, CANCELLED = "open", "served", "no_show", "cancelled"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of a site, `first` and `last` included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def since(self, zone: ZoneInfo) -> datetime:
        """The UTC moment when the period begins."""
        return at_wall_clock(self.first, 0, zone)

    def until(self, zone: ZoneInfo) -> datetime:
        """The UTC moment when it is over."""
        return at_wall_clock(self.last + timedelta(days=1), 0, zone)


@dataclass(slots=True)
class PastVisit:
    """One ticket's way through the office. `since` and `called` are UTC milliseconds.

    `since` is the arrival, or the slot of whoever came before it; `called` the first call that was
    not taken back, `counter` and `clerk` those of the
    last one. `walking` is from the last call to the arrival
    at the counter, `serving` all the time at counters (milliseconds); both are None for what nobody
    saw begin or end. `missing` are the documents that the clerk found missing or, where no clerk
    said so, the visitor.
    """

    issued_at: datetime
    is_booked: bool
    service: str
    since: int
    called: int | None = None
    counter: str = ""
    walking: int | None = None
    serving: int | None = None
    end: str = OPEN
    number: str = ""
    missing: tuple[str, ...] = ()
    clerk: int | None = None
    _calls: int = 0
    _call_at: int | None = None
    _counter_before: str = ""
    _clerk_before: int | None = None
    _arrived_at: int | None = None

    @property
    def wait_minutes(self) -> float | None:
        """None when never called."""
        return None if self.called is None else max(0, self.called - self.since) / MINUTE_MS

    @property
    def walking_minutes(self) -> float | None:
        return None if self.walking is None else self.walking / MINUTE_MS

    @property
    def service_minutes(self) -> float | None:
        return None if self.serving is None else self.serving / MINUTE_MS

    # -- what happened to it -----------------------------------------------------------------

    def call(self, event: Happening) -> None:
        self._calls += 1
        self._call_at, self.end, self._arrived_at = event.at, OPEN, None
        self._counter_before, self.counter = self.counter, event.counter or ""
        self._clerk_before, self.clerk = self.clerk, event.clerk
        if self.called is None:
            self.called = event.at

    def release(self, event: Happening) -> None:
        """As if the last call had never been; an earlier one stands."""
        self._calls -= 1
        self.counter, self.clerk = self._counter_before, self._clerk_before
        if self._calls == 0:
            self.called = None

    def arrive(self, event: Happening) -> None:
        self._arrived_at = event.at

    def leave(self, event: Happening) -> None:
        """Parked or handed on: this stay at a counter is over, another one may follow."""
        self._end_stay(event)
        self.end = OPEN

    def finish(self, event: Happening) -> None:
        self._end_stay(event)
        self.end = SERVED
        self.declare(event)

    def declare(self, event: Happening) -> None:
        """Who says it last knows it best."""
        if isinstance(event.said, Lacking):
            self.missing = event.said.documents

    def miss(self, event: Happening) -> None:
        self.end = NO_SHOW

    def resume(self, event: Happening) -> None:
        self.end = OPEN

    def cancel(self, event: Happening) -> None:
        """Whoever did not come when called has not come, whoever tidies the ticket away."""
        if self.end != NO_SHOW:
            self.end = CANCELLED

    def _end_stay(self, event: Happening) -> None:
        """Nobody saw the arrival of whom "finish" alone was pressed for, nor an end without
        a clerk: that stay is not measured."""
        arrived_at, self._arrived_at = self._arrived_at, None
        if arrived_at is None or arrived_at >= event.at or self._call_at is None:
            return
        self.walking = max(0, arrived_at - self._call_at)
        if event.clerk is not None:
            self.serving = (self.serving or 0) + event.at - arrived_at


_HAPPENED: Mapping[type[e.Event], Callable[[PastVisit, Happening], None]] = {
    e.TicketCalled: PastVisit.call,
    e.TicketReleased: PastVisit.release,
    e.TicketArrived: PastVisit.arrive,
    e.TicketParked: PastVisit.leave,
    e.TicketTransferred: PastVisit.leave,
    e.TicketFinished: PastVisit.finish,
    e.TicketMissed: PastVisit.miss,
    e.TicketResumed: PastVisit.resume,
    e.MissUndone: PastVisit.resume,
    e.TicketCancelled: PastVisit.cancel,
    e.DocumentsDeclared: PastVisit.declare,
}
KINDS: tuple[type[e.Event], ...] = (e.TicketIssued, *_HAPPENED)


def visits(reader: Reader, site: str, since: datetime, until: datetime) -> list[PastVisit]:
    """The visits whose ticket was issued from `since` until before `until`, in that order.

    What became of them later, counts, too: a ticket of the last day that ends after midnight.
    """
    past = lives(reader, site, since, until, KINDS)
    found = (visit_of(life) for life in past)
    return in_order(visit for visit in found if visit and since <= visit.issued_at < until)


def in_order(some: Iterable[PastVisit]) -> list[PastVisit]:
    return sorted(some, key=lambda visit: visit.issued_at)


def visit_of(life: Sequence[Happening]) -> PastVisit | None:
    """The visit, or None when the journal lacks its beginning. Other events are passed over."""
    first, said = life[0], life[0].said
    if not isinstance(said, IssuedFor):
        return None
    since = max(first.at, said.due or first.at)
    visit = PastVisit(moment(first.at), said.is_booked, said.service, since, number=said.number)
    for each in life:
        happened = _HAPPENED.get(each.kind)
        if happened is not None:
            happened(visit, each)
    return visit
