"""Why not me yet? The facts for one true sentence about somebody who waits.

It asks what the counters that could call this person would do now: with the rule in force, as busy
as they are, with the guard's share as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from queue_server.domain.counters import OpenCounter
from queue_server.domain.hours import day_start
from queue_server.domain.people_ahead import Ahead, Standing, Tally, ahead_of
from queue_server.domain.priority import CallingCounter, can_be_called, is_held
from queue_server.domain.rule import minutes_until_busy
from queue_server.domain.site import PriorityRules, Site
from queue_server.domain.ticket import Kind, RankClass, Ticket, TicketState
from queue_server.domain.timestamps import MINUTE_MS, milliseconds
from queue_server.store import counters, lines, tickets
from queue_server.store import people_ahead as counts
from queue_server.store.database import Reader
from queue_server.store.decisions import rules_in_force

ASIDE = {TicketState.PARKED: "parked", TicketState.NO_SHOW: "missed"}


@dataclass(frozen=True, slots=True)
class Part:
    """So many people who go first for one reason; the codes are those of `Why`."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody has not been called yet: a stable code and the facts of its sentence.

    `count` is how many go first, where that is what holds them up; `parts` are who they are when
    there are `several` kinds.

    `web/reasons.py` has a sentence for every code.
    """

    code: str
    count: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()


def why_not_yet(reader: Reader, site: Site, ticket: Ticket, now: datetime) -> Why | None:
    """Why this ticket is not called yet; None once it is, or when it has ended."""
    if ticket.state is not TicketState.WAITING:
        return why_aside(ticket)
    return people_ahead(reader, site, ticket, rules_in_force(reader, site), now)[1]


def why_aside(ticket: Ticket) -> Why | None:
    """Why a ticket that does not wait is not called; None unless it was set aside."""
    return Why(ASIDE[ticket.state]) if ticket.state in ASIDE else None


def people_ahead(
    reader: Reader, site: Site, ticket: Ticket, rules: PriorityRules, now: datetime
) -> tuple[int, Why]:
    """How many go before somebody who waits, and why: "people before you" and its sentence.

    While no open counter could call them, those who need the same counters are counted.
    """
    sessions = counters.open_at(reader, site.id)
    suitable = [each for each in sessions if can_be_called(ticket, _calling(each))]
    look = _Look(reader, site, ticket, rules, suitable, now)
    people, why = look.people_and_why()
    return people, why if suitable else _nobody_there(site, ticket, sessions)


def _nobody_there(site: Site, ticket: Ticket, sessions: Sequence[OpenCounter]) -> Why:
    if ticket.bound_to is not None:
        return Why("counter_closed", facts={"counter": site.counter_name(ticket.bound_to)})
    return Why("not_served" if sessions else "no_counter")


@dataclass(frozen=True, slots=True)
class _Look:
    """One ticket, the counters that could call it, and the moment."""

    reader: Reader
    site: Site
    ticket: Ticket
    rules: PriorityRules
    suitable: Sequence[OpenCounter]
    now: datetime

    def people_and_why(self) -> tuple[int, Why]:
        rivals = self._tally()
        if is_held(self.ticket, self.now):
            if rivals.people:
                code = "postponed" if self.ticket.is_postponed else "held"
                return rivals.people, Why(code, facts={"minutes": self._minutes_held()})
            rivals = self._tally(held=True)
        ahead = self._ahead(rivals)
        if ahead.people == 0:
            return 0, self._next()
        return ahead.people, self._special(ahead) or self._by_parts(ahead, rivals)

    def _tally(self, *, held: bool = False) -> Tally:
        services = self._services()
        # Whoever waits for one of several counters holds nobody up at the others.
        places = [each.counter for each in self.suitable] if len(self.suitable) == 1 else []
        return counts.tally(
            self.reader, self.ticket, services, places, self.rules, self.now, held=held
        )

    def _services(self) -> frozenset[str]:
        """What the counters serve that could call them, or could if they were open."""
        mine = self.ticket.services[0]
        groups = [each.services for each in self.suitable] or [
            self.site.served_by(each.services) for each in self.site.counters
        ]
        return frozenset({mine}).union(*(each for each in groups if mine in each or self.suitable))

    def _ahead(self, rivals: Tally) -> Ahead:
        ticket, came = self.ticket, milliseconds(self.ticket.came_at)
        patience = self.rules.guard_after_minutes * MINUTE_MS
        standing = Standing(
            ticket.rank_class,
            is_due=ticket.came_at <= self.now,
            waits_long=milliseconds(self.now) - came > patience,
        )
        busy, recent = self._contest(rivals)
        return ahead_of(standing, rivals, self.rules, busy, recent)

    def _contest(self, rivals: Tally) -> tuple[bool, list[bool]]:
        """Whether it is busy, and the guard's share, as the counter with most services sees it."""
        booked = self.ticket.rank_class is RankClass.APPOINTMENT
        if self.rules.rule != "due_first" or not (booked or rivals.booked_due):
            return False, []
        if not self.suitable:
            return True, []
        session = max(self.suitable, key=lambda each: len(each.services))
        since = day_start(self.now, self.site.zone)
        share = self.rules.guard_every - 1
        recent = lines.recent_contested(self.reader, self.site.id, session.pool, since, share)
        sharing = counters.sharing(self.reader, session)
        until = minutes_until_busy(self.rules, sharing)
        load = lines.load(self.reader, self.site.id, _calling(session), sharing, until, self.now)
        return load.is_busy(self.rules), recent

    def _next(self) -> Why:
        taken = {each.counter for each in tickets.at_counters(self.reader, self.site.id)}
        is_free = any(each.counter not in taken for each in self.suitable)
        if self.ticket.bound_to is None:
            return Why("next_free" if is_free else "next")
        name = self.site.counter_name(self.ticket.bound_to)
        return Why("bound_free" if is_free else "bound_busy", facts={"counter": name})

    def _special(self, ahead: Ahead) -> Why | None:
        """What says more than who goes first, unless it would hide somebody's precedence."""
        ticket, rules = self.ticket, self.rules
        if ticket.bound_to is not None:
            counter = self.site.counter_name(ticket.bound_to)
            return Why("bound", ahead.people, {"counter": counter})
        if ticket.rank_class is RankClass.PRECEDENCE:
            return None
        is_early = ticket.due_at is not None and ticket.due_at > self.now
        if is_early and rules.rule != "strict":
            return Why("early", ahead.people, {"due_at": ticket.due_at})
        if ticket.kind is Kind.APPOINTMENT and ticket.is_late and rules.rule != "arrival":
            return Why("late", ahead.people, {"due_at": ticket.due_at})
        if ahead.guard and ticket.rank_class is RankClass.OTHERS:
            facts = {"minutes": rules.guard_after_minutes, "every": rules.guard_every}
            return Why("guard", ahead.people, facts)
        return None

    def _by_parts(self, ahead: Ahead, rivals: Tally) -> Why:
        parts = tuple(part for part in self._parts(ahead, rivals) if part.count)
        facts = {"minutes": self.rules.guard_after_minutes, "ratio": self.rules.ratio}
        if len(parts) == 1:
            return Why(parts[0].code, ahead.people, facts)
        return Why("several", ahead.people, facts, parts)

    def _parts(self, ahead: Ahead, rivals: Tally) -> list[Part]:
        preferred, booked = Part("precedence", ahead.preferred), ahead.booked
        if self.rules.rule == "arrival":
            return [preferred, Part("longer", booked + ahead.others)]
        if self.ticket.rank_class is RankClass.APPOINTMENT:
            return [preferred, *self._before_appointment(ahead)]
        others = [
            Part("earlier", ahead.others - rivals.others_late),
            Part("late_ahead", rivals.others_late),
        ]
        if ahead.contested:
            return [preferred, Part("due", booked), *others]
        if self.rules.rule == "due_first" and booked:
            return [preferred, Part("clock", booked + ahead.others)]
        code = "booked" if self.rules.rule == "strict" else "credit"
        return [preferred, Part(code, booked), *(others if ahead.others else ())]

    def _before_appointment(self, ahead: Ahead) -> list[Part]:
        others = {"due_first": "patient", "accumulating": "weighs"}.get(self.rules.rule, "earlier")
        if self.rules.rule == "due_first" and not ahead.contested and ahead.others:
            return [Part("clock", ahead.booked + ahead.others)]
        return [Part("sooner", ahead.booked), Part(others, ahead.others)]

    def _minutes_held(self) -> int:
        assert self.ticket.held_until is not None
        return ceil((self.ticket.held_until - self.now).total_seconds() / 60)


def _calling(session: OpenCounter) -> CallingCounter:
    return CallingCounter(session.counter, session.served)
