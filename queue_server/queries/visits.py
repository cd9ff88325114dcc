"""Every visit as the journal tells it: when somebody came, was called, was served, left.

Nothing but the journal is read, so the same question has the same answer at any time, also when
tickets and people have long been deleted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from queue_server.domain.hours import at_wall_clock
from queue_server.domain.moments import MINUTE_MS, milliseconds
from queue_server.domain.ticket import Kind
from queue_server.store.database import Reader, Row

# So many tickets are read at once: a year must not stand in memory as rows.
PAGE = 2_000
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
class Visit:
    """One ticket's way through the house; moments and durations in milliseconds.

    `called_at` is the first call that was not taken back, `counter` where the last one was.
    `walking` is from the last call to the arrival at the counter, `serving` all the time at
    counters; both are None for what nobody saw begin or end.
    """

    issued_at: int
    is_booked: bool
    service: str
    waits_from: int
    called_at: int | None = None
    counter: str = ""
    walking: int | None = None
    serving: int | None = None
    end: str = OPEN
    _calls: int = 0
    _call_at: int = 0
    _counter_before: str = ""
    _arrived_at: int | None = None

    @property
    def wait_minutes(self) -> float | None:
        """From arrival, or from the slot for whoever came before it; None when never called."""
        if self.called_at is None:
            return None
        return max(0, self.called_at - self.waits_from) / MINUTE_MS

    @property
    def walking_minutes(self) -> float | None:
        return None if self.walking is None else self.walking / MINUTE_MS

    @property
    def service_minutes(self) -> float | None:
        return None if self.serving is None else self.serving / MINUTE_MS

    # -- what happened to it -----------------------------------------------------------------

    def call(self, row: Row) -> None:
        self._calls += 1
        self._call_at, self.end, self._arrived_at = row["at"], OPEN, None
        self._counter_before, self.counter = self.counter, row["counter"]
        if self.called_at is None:
            self.called_at = self._call_at

    def release(self, row: Row) -> None:
        """As if the last call had never been; an earlier one stands."""
        self._calls -= 1
        self.counter = self._counter_before
        if self._calls == 0:
            self.called_at = None

    def arrive(self, row: Row) -> None:
        self._arrived_at = row["at"]

    def leave(self, row: Row) -> None:
        """Parked or handed on: this stay at a counter is over, another one may follow."""
        self._end_stay(row)
        self.end = OPEN

    def finish(self, row: Row) -> None:
        self._end_stay(row)
        self.end = SERVED

    def miss(self, row: Row) -> None:
        self.end = NO_SHOW

    def resume(self, row: Row) -> None:
        self.end = OPEN

    def cancel(self, row: Row) -> None:
        """Whoever did not come when called has not come, whoever tidies the ticket away."""
        if self.end != NO_SHOW:
            self.end = CANCELLED

    def _end_stay(self, row: Row) -> None:
        """Nobody saw the arrival of whom "finish" alone was pressed for, nor an end without
        a clerk: that stay is not measured."""
        arrived_at, self._arrived_at = self._arrived_at, None
        if arrived_at is None or arrived_at == row["at"]:
            return
        self.walking = arrived_at - self._call_at
        if row["clerk"] is not None:
            self.serving = (self.serving or 0) + row["at"] - arrived_at


HAPPENED: dict[str, Callable[[Visit, Row], None]] = {
    "TicketCalled": Visit.call,
    "TicketReleased": Visit.release,
    "TicketArrived": Visit.arrive,
    "TicketParked": Visit.leave,
    "TicketTransferred": Visit.leave,
    "TicketFinished": Visit.finish,
    "TicketMissed": Visit.miss,
    "TicketResumed": Visit.resume,
    "TicketCancelled": Visit.cancel,
}


def visits(reader: Reader, site: str, since: datetime, until: datetime) -> list[Visit]:
    """The visits whose ticket was issued from `since` until before `until`, in that order.

    What became of them later, counts, too: a ticket of the last day that ends after midnight.
    """
    begin, end = milliseconds(since), milliseconds(until)
    # Tickets of one period have neighbouring ids, but for those drawn in the same moment.
    ends = reader.row(
        """SELECT MIN(ticket) AS first, MAX(ticket) AS last FROM journal
           WHERE site = :site AND name = 'TicketIssued' AND at >= :since AND at < :until""",
        {"site": site, "since": begin, "until": end},
    )
    if not ends or ends["first"] is None:
        return []
    pages = range(ends["first"], ends["last"] + 1, PAGE)
    found = [
        visit
        for first in pages
        for visit in _page(reader, site, first, min(first + PAGE, ends["last"] + 1))
        if begin <= visit.issued_at < end
    ]
    return sorted(found, key=lambda visit: visit.issued_at)


def latest_visit(reader: Reader, site: str, before: datetime) -> datetime | None:
    """When the last ticket before this moment was issued; None when there was none."""
    row = reader.row(
        """SELECT MAX(at) AS at FROM journal
           WHERE site = :site AND name = 'TicketIssued' AND at < :before""",
        {"site": site, "before": milliseconds(before)},
    )
    if not row or row["at"] is None:
        return None
    return datetime.fromtimestamp(row["at"] / 1000, before.tzinfo)


def _page(reader: Reader, site: str, first: int, end: int) -> Iterator[Visit]:
    """The visits with these ticket ids. Only a ticket's first event is read as JSON, and
    forecasts, which are as many as all else together, not at all."""
    rows = reader.rows(
        """SELECT site, ticket, name, at, counter, clerk,
                  CASE WHEN name = 'TicketIssued' THEN data ELSE '' END AS data
           FROM journal
           WHERE ticket >= :first AND ticket < :end AND name <> 'ForecastGiven'
           ORDER BY ticket, seq""",
        {"first": first, "end": end},
    )
    visit: Visit | None = None
    for row in rows:
        if row["name"] == "TicketIssued":
            visit = _issued(row) if row["site"] == site else None
            if visit is not None:
                yield visit
        elif visit is not None and row["name"] in HAPPENED:
            HAPPENED[row["name"]](visit, row)


def _issued(row: Row) -> Visit:
    data = json.loads(row["data"])
    waits_from = max(row["at"], data.get("due_at") or 0)
    is_booked = data["kind"] == Kind.APPOINTMENT
    return Visit(row["at"], is_booked, next(iter(data["services"]), ""), waits_from)
