"""Checks one call against the rule: what is wrong with it, if anything.

The call is compared with what `domain.priority.choose` answers to everybody who waited at that
moment. What the rule promises is asked again in other words, so that a fault in the rule itself
would be found, too: nobody overtakes inside a line, the guard has its share and no more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from queue_server.domain.events import TicketCalled
from queue_server.domain.office import Office
from queue_server.domain.priority import Choice, can_be_called, rank
from queue_server.domain.rule import share_is_open
from queue_server.domain.ticket import ALIVE, AT_COUNTER, RankClass, Ticket

# What can be wrong with a row, for audit and what-if alike. The first five could not happen, the
# others break the rule; `other_course`: a replay goes another way, though no single call is wrong.
Finding = Literal[
    "unknown_ticket",
    "impossible_move",
    "not_waiting",
    "closed_counter",
    "busy_counter",
    "not_suitable",
    "guard_missing",
    "guard_share",
    "overtaken",
    "passed_over",
    "other_reason",
    "other_pool",
    "other_course",
]


def impossible(office: Office, event: TicketCalled, ticket: Ticket) -> Finding | None:
    """Finding nobody could have made this call, by the rule or by choice."""
    counter = event.counter or ""
    if counter not in office.counters:
        return "closed_counter"
    if counter in office.here:
        return "busy_counter"
    may_be_called = ALIVE - AT_COUNTER
    callable_now = ticket.state in may_be_called if event.chosen else ticket.id in office.waiting
    return None if callable_now else "not_waiting"


def against_the_rule(
    office: Office, event: TicketCalled, ticket: Ticket
) -> tuple[Finding | None, Choice | None]:
    """How a possible call differs from the rule's choice or breaks its promises; and the choice."""
    counter = event.counter or ""
    heads = office.heads(counter, event.at)
    choice = office.choice_among(heads, counter, event.at)
    why = _difference(office, event, ticket, choice)
    return why or _broken_promise(office, event, ticket, heads), choice


def minutes_are_guessed(office: Office) -> bool:
    """Whether the journal does not know what the rule knew of the work in the office."""
    guessed, here = office.guessed, office.here.values()
    return bool(guessed) and (
        not guessed.isdisjoint(office.waiting) or any(ticket.id in guessed for ticket in here)
    )


def _difference(
    office: Office, event: TicketCalled, ticket: Ticket, choice: Choice | None
) -> Finding | None:
    counter = event.counter or ""
    if choice is None or not can_be_called(ticket, office.calling(counter)):
        return "not_suitable"
    if choice.ticket.id != ticket.id:
        return _instead(event, ticket, choice)
    told = event.reason, event.contested, event.guard
    if told != (choice.reason.code, choice.contested, choice.guard):
        return "other_reason"
    return None if event.pool == office.counters[counter].pool else "other_pool"


def _instead(event: TicketCalled, ticket: Ticket, choice: Choice) -> Finding:
    """What it means that this one was called in place of the rule's choice."""
    if choice.guard:
        return "guard_missing"
    if event.guard:
        return "guard_share"
    return "overtaken" if ticket.rank_class is choice.ticket.rank_class else "passed_over"


def _broken_promise(
    office: Office, event: TicketCalled, ticket: Ticket, heads: list[Ticket]
) -> Finding | None:
    if _overtakes(office, ticket, heads):
        return "overtaken"
    if not event.contested:
        return None
    is_open = share_is_open(office.recent(event.counter or "", event.at), office.rules)
    if event.guard:
        return None if is_open else "guard_share"
    return "guard_missing" if is_open and _somebody_waits_too_long(office, event, heads) else None


def _overtakes(office: Office, ticket: Ticket, heads: list[Ticket]) -> bool:
    """Whether somebody of the same line, right for the counter, stood further in front."""
    return any(
        head.rank_class is ticket.rank_class
        and rank(head, office.rules) < rank(ticket, office.rules)
        for head in heads
        if head is not ticket
    )


def _somebody_waits_too_long(office: Office, event: TicketCalled, heads: list[Ticket]) -> bool:
    longest = timedelta(minutes=office.rules.guard_after_minutes)
    return any(
        head.rank_class is RankClass.OTHERS and event.at - head.came_at > longest for head in heads
    )
