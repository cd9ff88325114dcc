"""Who is next, and why. Pure: desk, queue view, forecast, simulation and audit share one rule.

The heart is `domain/rule.py`: plain numbers in, which of two heads goes first out. `choose` dresses
it in tickets and reasons for whoever calls people.

`due_first`    when busy, an appointment that is checked in and due goes first; otherwise all by
               slot or arrival. The guard gives every `guard_every`-th contested call to a walk-in
               who has waited more than `guard_after_minutes`.
`strict`       every checked-in appointment goes before every walk-in.
`arrival`      first in, first out, from max(slot, check-in) or arrival.
`accumulating` credit grows by the minute, `ratio` times as fast for an appointment
               (Kleinrock 1964).

A clerk's precedence goes before all. A returning no-show is passed over during its short lock-out
as long as somebody else can be called, never longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from queue_server.domain.rule import Rank, Verdict, between, is_busy, share_is_open
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import RankClass, Ticket, TicketState, waited_minutes
from queue_server.domain.timestamps import MINUTE_MS, milliseconds

ReasonCode = Literal[
    "precedence",
    "appointment_due",
    "appointment_first",
    "appointment_early",
    "guard",
    "arrival",
    "chosen",
]


@dataclass(frozen=True, slots=True)
class CallingCounter:
    """Who calls: the counter and the services it serves now. `None` stands for the whole site."""

    id: str | None
    services: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """The work before a counter, planned minutes, and the open counters that share it."""

    waiting_minutes: float
    serving_minutes: float
    counters_open: int

    def is_busy(self, rules: PriorityRules) -> bool:
        """Whether a new walk-in would wait `busy_from_minutes`, computed in whole milliseconds."""
        work = round((self.waiting_minutes + self.serving_minutes) * MINUTE_MS)
        return is_busy(rules, work, self.counters_open)


NO_LOAD = Load(0, 0, 1)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this ticket: a stable code and the facts of the sentence (minutes, times)."""

    code: ReasonCode
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen ticket and the reason.

    `contested` is True when an appointment was due and the office busy: these calls make up the
    guard's share. `guard` is True when the call is the walk-ins' share.
    """

    ticket: Ticket
    reason: Reason
    contested: bool = False

    @property
    def guard(self) -> bool:
        return self.reason.code == "guard"


def can_be_called(ticket: Ticket, counter: CallingCounter) -> bool:
    """The one predicate of picker and guard: present, waiting, and right for this counter."""
    if ticket.state is not TicketState.WAITING:
        return False
    if ticket.bound_to is not None and counter.id is not None:
        return ticket.bound_to == counter.id
    return counter.services is None or ticket.services[0] in counter.services


def choose(
    waiting: Iterable[Ticket],
    counter: CallingCounter,
    rules: PriorityRules,
    recent: Sequence[bool],
    load: Load,
    now: datetime,
) -> Choice | None:
    """The next ticket for this counter with the reason, or None when nobody suitable waits.

    `waiting` may be all waiting tickets or only the heads of the three lines: the answer is the
    same. `recent` holds today's contested calls of interchangeable counters, newest first: True
    where the call was the guard's.
    """
    suitable = [ticket for ticket in waiting if can_be_called(ticket, counter)]
    free = [ticket for ticket in suitable if not is_held(ticket, now)]
    return _first_of(_heads(free or suitable, rules), rules, recent, load, now)


def asks_for_load(heads: Iterable[Ticket], rules: PriorityRules, now: datetime) -> bool:
    """Whether the choice depends on load and recent calls: only with an appointment that is due."""
    return rules.rule == "due_first" and any(
        ticket.rank_class is RankClass.APPOINTMENT and ticket.came_at <= now for ticket in heads
    )


def calling_order(
    waiting: Iterable[Ticket],
    counter: CallingCounter,
    rules: PriorityRules,
    recent: Sequence[bool],
    load: Load,
    now: datetime,
    *,
    most: int = 1_000_000,
) -> list[Choice]:
    """The first `most` in the order in which they would be called if nobody else came."""
    order: list[Choice] = []
    calls = list(recent)
    suitable = [ticket for ticket in waiting if can_be_called(ticket, counter)]
    for lines in _lines(suitable, rules, now):
        while len(order) < most and (
            choice := _first_of(_heads_of(lines), rules, calls, load, now)
        ):
            _take(lines, choice.ticket)
            calls = [choice.guard, *calls] if choice.contested else calls
            order.append(choice)
    return order


def is_held(ticket: Ticket, now: datetime) -> bool:
    """In the short lock-out after a no-show."""
    return ticket.held_until is not None and now < ticket.held_until


def rank(ticket: Ticket, rules: PriorityRules) -> Rank:
    """The place inside a line; smaller is earlier, ties go to whoever came first."""
    first = stands_since(ticket, rules)
    return milliseconds(first), milliseconds(ticket.issued_at), ticket.id


def stands_since(ticket: Ticket, rules: PriorityRules) -> datetime:
    """The moment that orders a line: max(slot, check-in) under `arrival`, else slot or arrival."""
    return ticket.waits_since if rules.rule == "arrival" else ticket.came_at


Lines = dict[RankClass, list[Ticket]]


def _lines(waiting: list[Ticket], rules: PriorityRules, now: datetime) -> tuple[Lines, Lines]:
    """The lines with their head at the end, so that taking it is cheap; and those of held people,
    who stand apart."""
    free: Lines = {}
    held: Lines = {}
    # As `rank`, without counting milliseconds of a thousand people first.
    last_first = sorted(
        waiting, key=lambda t: (stands_since(t, rules), t.issued_at, t.id), reverse=True
    )
    for ticket in last_first:
        lines = held if is_held(ticket, now) else free
        lines.setdefault(ticket.rank_class, []).append(ticket)
    return free, held


def _heads_of(lines: Lines) -> dict[RankClass, Ticket]:
    return {rank_class: line[-1] for rank_class, line in lines.items()}


def _take(lines: Lines, head: Ticket) -> None:
    """This head of a line leaves it."""
    line = lines[head.rank_class]
    line.pop()
    if not line:
        del lines[head.rank_class]


def _heads(waiting: list[Ticket], rules: PriorityRules) -> dict[RankClass, Ticket]:
    heads: dict[RankClass, Ticket] = {}
    for ticket in waiting:
        head = heads.get(ticket.rank_class)
        if head is None or rank(ticket, rules) < rank(head, rules):
            heads[ticket.rank_class] = ticket
    return heads


def _first_of(
    heads: Mapping[RankClass, Ticket],
    rules: PriorityRules,
    recent: Sequence[bool],
    load: Load,
    now: datetime,
) -> Choice | None:
    """The choice between the heads of the lines."""
    if RankClass.PRECEDENCE in heads:
        first = heads[RankClass.PRECEDENCE]
        return Choice(first, Reason("precedence", {"precedence": first.precedence}))
    return _between(
        heads.get(RankClass.APPOINTMENT), heads.get(RankClass.OTHERS), rules, recent, load, now
    )


def _between(
    booked: Ticket | None,
    other: Ticket | None,
    rules: PriorityRules,
    recent: Sequence[bool],
    load: Load,
    now: datetime,
) -> Choice | None:
    """The choice between the first appointment and the first of the others."""
    if booked is None or other is None:
        only = booked or other
        return _alone(only, rules, load, now) if only else None
    verdict = between(
        rules,
        rank(booked, rules),
        rank(other, rules),
        milliseconds(now),
        busy=load.is_busy(rules),
        share=share_is_open(recent, rules),
    )
    first = booked if verdict.booked else other
    reason = _reason_of(verdict, first, rules, now)
    return Choice(first, reason, verdict.contested)


def is_contested(booked: Ticket, rules: PriorityRules, load: Load, now: datetime) -> bool:
    """Whether the rule puts this appointment before all others: it is due and the office busy."""
    due = booked.due_at is not None and booked.due_at <= now
    return rules.rule == "due_first" and due and load.is_busy(rules)


def _alone(only: Ticket, rules: PriorityRules, load: Load, now: datetime) -> Choice:
    """Nobody is in the other line. A due appointment still counts for the guard's share."""
    contested = only.rank_class is RankClass.APPOINTMENT and is_contested(only, rules, load, now)
    return Choice(only, _reason(only, now), contested)


def _reason_of(verdict: Verdict, first: Ticket, rules: PriorityRules, now: datetime) -> Reason:
    if verdict.guard:
        return Reason("guard", {**_came(first, now), "every": rules.guard_every})
    if verdict.contested:
        return Reason("appointment_due", _due(first))
    if rules.rule == "strict":
        return Reason("appointment_first", _due(first))
    return _reason(first, now)


def standing_reason(ticket: Ticket, now: datetime) -> Reason:
    """Why a waiting ticket is in its line, for its holder."""
    if ticket.rank_class is RankClass.PRECEDENCE:
        return Reason("precedence", {"precedence": ticket.precedence})
    return _reason(ticket, now)


def _reason(ticket: Ticket, now: datetime) -> Reason:
    if ticket.rank_class is not RankClass.APPOINTMENT:
        return Reason("arrival", _came(ticket, now))
    due = ticket.due_at is not None and ticket.due_at <= now
    return Reason("appointment_due" if due else "appointment_early", _due(ticket))


def _came(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """How long somebody of the third line has waited, and the slot that they missed, if any."""
    missed = _due(ticket) if ticket.is_late else {}
    return {"waited_minutes": waited_minutes(ticket, now), **missed}


def _due(ticket: Ticket) -> dict[str, Any]:
    return {"due_at": ticket.due_at}
