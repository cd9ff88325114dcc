"""Was every call the one that the rule gave? The journal is replayed row by row.

Clerks' own choices are not faults and are counted separately. `call_checks.py` judges one call.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from queue_server.domain import events as e
from queue_server.domain.call_checks import (
    Finding,
    against_the_rule,
    impossible,
    minutes_are_guessed,
)
from queue_server.domain.changes import state_after
from queue_server.domain.hours import at_wall_clock, local_day
from queue_server.domain.office import Office
from queue_server.domain.priority import Choice
from queue_server.domain.ticket import MOVES, Ticket

_MINUTE = timedelta(minutes=1)
_EVER, _FOREVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Violation:
    """A journal row that the rule did not give: numbers, counter and reason codes, no people.

    `number` was called (for `reason`), `expected` is whom the rule would have called (for
    `expected_reason`); empty where there is nobody to name.
    """

    seq: int
    at: datetime
    why: Finding
    counter: str = ""
    number: str = ""
    reason: str = ""
    expected: str = ""
    expected_reason: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """What came out: calls of the rule, clerks' own choices, calls taken back, and the faults.

    `days` are local days on which somebody was called. `unsure` are calls of an old journal that
    lacks planned minutes: they differ, but nothing can be said. `idle_minutes` is how long
    counters were open and free while somebody waited whom they could call: the clerks' own pace
    and no fault.
    """

    days: int = 0
    calls: int = 0
    chosen: int = 0
    released: int = 0
    unsure: int = 0
    idle_minutes: float = 0
    violations: tuple[Violation, ...] = ()


class Auditor:
    """Replays a site's journal in order. Only the local days from `first` to `last` are judged.

    The office may have been brought up to where hearing begins. Before the first day, events
    about tickets that it does not know are passed over: these lives end before that day.
    """

    def __init__(self, office: Office, first: date | None = None, last: date | None = None) -> None:
        self.office = office
        self._from, self._to = bounds(office.zone, first, last)
        self._days: set[date] = set()
        self._calls = self._chosen = self._released = self._unsure = 0
        self._violations: list[Violation] = []
        self._idle = timedelta()
        self._idle_counters, self._last_at = 0, self._from

    def hear_all(self, journal: Iterable[tuple[int, e.Event]]) -> Audit:
        """Hear these rows, numbered by their seq, and say what came out."""
        for seq, event in journal:
            self.hear(seq, event)
        return self.result()

    def hear(self, seq: int, event: e.Event) -> None:
        """The next row of the journal."""
        self._let_pass(event.at)
        judged = self._from <= event.at < self._to
        before = self.office.tickets.get(event.ticket or 0)
        if before is None and event.ticket and not isinstance(event, e.TicketIssued):
            self._report(seq, event, "unknown_ticket" if judged and state_after(event) else None)
            return
        days = len(self._days)
        if judged and before is not None:
            self._judge(seq, event, before)
        self.office.apply(event)
        if len(self._days) > days:
            # A year of people need not be kept to judge the calls of a day.
            self.office.forget_ended()
        if event.ticket or event.counter:
            self._idle_counters = self.office.idle_counters()

    def result(self) -> Audit:
        """What came out so far."""
        return Audit(
            days=len(self._days),
            calls=self._calls,
            chosen=self._chosen,
            released=self._released,
            unsure=self._unsure,
            idle_minutes=round(self._idle / _MINUTE, 1),
            violations=tuple(self._violations),
        )

    def _let_pass(self, at: datetime) -> None:
        """For how long free counters stood idle while people waited."""
        until = min(at, self._to)
        if self._idle_counters and until > self._last_at:
            self._idle += (until - self._last_at) * self._idle_counters
        self._last_at = max(self._last_at, until)

    def _judge(self, seq: int, event: e.Event, ticket: Ticket) -> None:
        if isinstance(event, e.TicketCalled):
            self._judge_call(seq, event, ticket)
        elif (state := state_after(event)) is not None:
            self._released += isinstance(event, e.TicketReleased)
            # What cannot follow what stands before it: a row was taken out or put in.
            self._report(seq, event, None if state in MOVES[ticket.state] else "impossible_move")

    def _judge_call(self, seq: int, event: e.TicketCalled, ticket: Ticket) -> None:
        self._days.add(local_day(event.at, self.office.zone))
        self._chosen += event.chosen
        self._calls += not event.chosen
        why = impossible(self.office, event, ticket)
        if why or event.chosen:
            self._report(seq, event, why)
            return
        why, choice = against_the_rule(self.office, event, ticket)
        if why and minutes_are_guessed(self.office):
            self._calls -= 1
            self._unsure += 1
        else:
            self._report(seq, event, why, choice)

    def _report(
        self, seq: int, event: e.Event, why: Finding | None, choice: Choice | None = None
    ) -> None:
        if why is None:
            return
        ticket = self.office.tickets.get(event.ticket or 0)
        self._violations.append(
            Violation(
                seq=seq,
                at=event.at,
                why=why,
                counter=event.counter or "",
                number=ticket.number if ticket else "",
                reason=event.reason if isinstance(event, e.TicketCalled) else "",
                expected=choice.ticket.number if choice else "",
                expected_reason=choice.reason.code if choice else "",
            )
        )


def bounds(zone: ZoneInfo, first: date | None, last: date | None) -> tuple[datetime, datetime]:
    """From which UTC moment, and before which, it is one of these local days."""
    start = at_wall_clock(first, 0, zone) if first else _EVER
    end = at_wall_clock(last + timedelta(days=1), 0, zone) if last else _FOREVER
    return start, end
