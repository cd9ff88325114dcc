"""Calling people to a counter: the next, a chosen one, a recall, or taking a call back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from queue_server.domain import events
from queue_server.domain.counters import OpenCounter
from queue_server.domain.errors import (
    BusyWith,
    CounterNotOpen,
    MoveRefused,
    NobodyHere,
    ReservedTicket,
)
from queue_server.domain.hours import day_start
from queue_server.domain.priority import (
    NO_LOAD,
    CallingCounter,
    Choice,
    Reason,
    asks_for_load,
    choose,
)
from queue_server.domain.rule import minutes_until_busy
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket, TicketState, waited_minutes
from queue_server.store import counters, lines, tickets
from queue_server.store.database import Reader
from queue_server.store.decisions import rules_in_force
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store, Transaction

CALLABLE = (TicketState.WAITING, TicketState.PARKED, TicketState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Called:
    """A standing call: its id, the ticket as it is now, and why this person."""

    call: int
    ticket: Ticket
    reason: Reason | None


def call_next(
    store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime
) -> Called | None:
    """Call the next person to the counter; None when nobody suitable waits.

    One atomic step: a clerk who loses a race gets the next person. Raises `CounterClosed`,
    `BusyWith`.
    """
    with store.transaction(site.id) as tx:
        return call_next_within(tx, site, counter, clerk, now)


def call_next_within(
    tx: Transaction, site: Site, counter: str, clerk: Clerk, now: datetime
) -> Called | None:
    """`call_next` inside another action's transaction."""
    session = my_session(tx, site, counter, clerk)
    _must_be_free(tx, counter)
    choice = _next(tx, site, session, now)
    return _call(tx, site, session, choice, now) if choice else None


def call_chosen(
    store: Store, site: Site, counter: str, clerk: Clerk, ticket: int, *, now: datetime
) -> Called:
    """Call this ticket, whatever the rule says; also a parked one or a returning no-show.

    Raises `NotFound`, `CounterClosed`, `BusyWith`, `ReservedTicket`, `MoveRefused`.
    """
    with store.transaction(site.id) as tx:
        return call_within(tx, site, counter, clerk, ticket, now)


def call_within(
    tx: Transaction, site: Site, counter: str, clerk: Clerk, ticket: int, now: datetime
) -> Called:
    """`call_chosen` inside another action's transaction."""
    session = my_session(tx, site, counter, clerk)
    _must_be_free(tx, counter)
    chosen = tickets.get(tx, site.id, ticket)
    must_be(chosen, *CALLABLE, to=TicketState.CALLED)
    if chosen.bound_to not in (None, counter):
        raise ReservedTicket(counter=site.counter_name(chosen.bound_to or ""))
    reason = Reason("chosen", {"waited_minutes": waited_minutes(chosen, now)})
    return _call(tx, site, session, Choice(chosen, reason), now)


def recall(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Called:
    """Announce the same call once more. Raises `CounterClosed`, `NobodyHere`, `MoveRefused`."""
    with store.transaction(site.id) as tx:
        ticket = person_at(tx, site, counter, clerk)
        must_be(ticket, TicketState.CALLED, to=TicketState.CALLED)
        recalled = events.TicketRecalled(
            **about(ticket, clerk.id, now), call=ticket.call or 0, times=ticket.calls + 1
        )
        return Called(recalled.call, tx.apply(recalled, ticket), None)


def release(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Ticket:
    """Take a call back that was a mistake: the person waits where they waited.

    Raises `CounterClosed`, `NobodyHere`, `MoveRefused` (once service has begun).
    """
    with store.transaction(site.id) as tx:
        ticket = person_at(tx, site, counter, clerk)
        # Somebody being served has left the queue; handing on is the move for them.
        must_be(ticket, TicketState.CALLED, to=TicketState.WAITING)
        return put_back(tx, ticket, clerk.id, now)


def no_show(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Ticket:
    """The called person did not come; the clerk decides. `resume` undoes a wrong click.

    The recall lock-out begins: back in the queue, the ticket is passed over for
    `recall_lock_seconds` while somebody else can be called.
    """
    with store.transaction(site.id) as tx:
        ticket = person_at(tx, site, counter, clerk)
        held_until = now + timedelta(seconds=site.tickets.recall_lock_seconds)
        missed = events.TicketMissed(
            **about(ticket, clerk.id, now), calls=ticket.calls, held_until=held_until
        )
        return tx.apply(missed, ticket)


def my_session(reader: Reader, site: Site, counter: str, clerk: Clerk) -> OpenCounter:
    """The clerk's own open counter. Raises `NotFound` or `CounterClosed`."""
    site.counter(counter)
    session = counters.session_at(reader, counter)
    if session is None or session.clerk != clerk.id:
        raise CounterNotOpen(counter=site.counter_name(counter))
    return session


def person_at(reader: Reader, site: Site, counter: str, clerk: Clerk) -> Ticket:
    """Who is called or served at the clerk's counter. Raises `CounterClosed`, `NobodyHere`."""
    my_session(reader, site, counter, clerk)
    ticket = tickets.at_counter(reader, counter)
    if ticket is None:
        raise NobodyHere(counter=site.counter_name(counter))
    return ticket


def put_back(tx: Transaction, ticket: Ticket, clerk: int | None, now: datetime) -> Ticket:
    """Back to waiting as if never called; the call does not count towards the guard's share."""
    released = events.TicketReleased(**about(ticket, clerk, now), call=ticket.call or 0)
    return tx.apply(released, ticket)


def about(ticket: Ticket, clerk: int | None, now: datetime) -> dict[str, Any]:
    """What every event about a ticket says: when, whose, where, by whom."""
    return {
        "at": now,
        "site": ticket.site,
        "ticket": ticket.id,
        "counter": ticket.counter,
        "clerk": clerk,
    }


def must_be(ticket: Ticket, *states: TicketState, to: TicketState) -> None:
    """Raise `MoveRefused` unless the ticket is in one of the states this action is for."""
    if ticket.state not in states:
        raise MoveRefused(number=ticket.number, state=ticket.state, to=to)


def _must_be_free(reader: Reader, counter: str) -> None:
    here = tickets.at_counter(reader, counter)
    if here is not None:
        raise BusyWith(number=here.number)


def _next(tx: Transaction, site: Site, session: OpenCounter, now: datetime) -> Choice | None:
    rules = rules_in_force(tx, site)
    calling = CallingCounter(session.counter, session.served)
    heads = lines.heads(tx, site.id, calling, rules.rule, now)
    if not asks_for_load(heads, rules, now):
        return choose(heads, calling, rules, (), NO_LOAD, now)
    since = day_start(now, site.zone)
    recent = lines.recent_contested(tx, site.id, session.pool, since, rules.guard_every - 1)
    sharing = counters.sharing(tx, session)
    until = minutes_until_busy(rules, sharing)
    load = lines.load(tx, site.id, calling, sharing, until, now)
    return choose(heads, calling, rules, recent, load, now)


def _call(
    tx: Transaction, site: Site, session: OpenCounter, choice: Choice, now: datetime
) -> Called:
    called = tx.apply(_event(site, session, choice, now), choice.ticket)
    return Called(called.call or 0, called, choice.reason)


def _event(site: Site, session: OpenCounter, choice: Choice, now: datetime) -> events.TicketCalled:
    return events.TicketCalled(
        at=now,
        site=site.id,
        ticket=choice.ticket.id,
        counter=session.counter,
        clerk=session.clerk,
        reason=choice.reason.code,
        facts={k: v for k, v in choice.reason.facts.items() if isinstance(v, (int, str))},
        chosen=choice.reason.code == "chosen",
        contested=choice.contested,
        guard=choice.guard,
        pool=session.pool,
    )
