"""Calling people to a counter: the next one, a chosen one, once more, or not after all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain import events
from queue_server.domain.errors import (
    BusyWith,
    CounterClosed,
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
from queue_server.in_force import rules_of
from queue_server.store import calls, counters, lines, tickets
from queue_server.store.counters import CounterSession
from queue_server.store.database import Reader, Store, Transaction
from queue_server.store.identities import Clerk

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
    with store.transaction() as tx:
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
    with store.transaction() as tx:
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
    with store.transaction() as tx:
        ticket = person_at(tx, site, counter, clerk)
        again = calls.count_recall(tx, ticket, now)
        tx.record(
            events.TicketRecalled(
                at=now,
                site=site.id,
                ticket=ticket.id,
                counter=counter,
                clerk=clerk.id,
                call=ticket.call or 0,
                times=again.calls,
            )
        )
        return Called(ticket.call or 0, again, None)


def release(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Ticket:
    """Take a call back that was a mistake: the person waits where they waited.

    Raises `CounterClosed`, `NobodyHere`, `MoveRefused` (once service has begun).
    """
    with store.transaction() as tx:
        ticket = person_at(tx, site, counter, clerk)
        # Somebody being served has left the queue; handing on is the move for them.
        must_be(ticket, TicketState.CALLED, to=TicketState.WAITING)
        return put_back(tx, ticket, clerk.id, now)


def no_show(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Ticket:
    """The called person did not come; the clerk decides. `resume` undoes a wrong click.

    The recall lock-out begins: back in the queue, the ticket is passed over for
    `recall_lock_seconds` while somebody else can be called.
    """
    with store.transaction() as tx:
        ticket = person_at(tx, site, counter, clerk)
        held_until = now + timedelta(seconds=site.tickets.recall_lock_seconds)
        gone = ticket.moved(TicketState.NO_SHOW, counter=None, call=None, held_until=held_until)
        tickets.move(tx, ticket, gone, now)
        tx.record(
            events.TicketMissed(
                at=now,
                site=site.id,
                ticket=ticket.id,
                counter=counter,
                clerk=clerk.id,
                calls=ticket.calls,
            )
        )
        return gone


def my_session(reader: Reader, site: Site, counter: str, clerk: Clerk) -> CounterSession:
    """The clerk's own open counter. Raises `NotFound` or `CounterClosed`."""
    site.counter(counter)
    session = counters.session_at(reader, counter)
    if session is None or session.clerk != clerk.id:
        raise CounterClosed(counter=site.counter_name(counter))
    return session


def person_at(reader: Reader, site: Site, counter: str, clerk: Clerk) -> Ticket:
    """Who is called or served at the clerk's counter. Raises `CounterClosed`, `NobodyHere`."""
    my_session(reader, site, counter, clerk)
    ticket = tickets.at_counter(reader, counter)
    if ticket is None:
        raise NobodyHere(counter=site.counter_name(counter))
    return ticket


def put_back(tx: Transaction, ticket: Ticket, clerk: int | None, now: datetime) -> Ticket:
    """Back to waiting as if the call had never been; it uses up nobody's share."""
    call = ticket.call or 0
    waiting = ticket.moved(
        TicketState.WAITING, counter=None, call=None, calls=0, called_at=None, serving_at=None
    )
    tickets.move(tx, ticket, waiting, now)
    calls.uncount_call(tx, call)
    tx.record(
        events.TicketReleased(
            at=now,
            site=ticket.site,
            ticket=ticket.id,
            counter=ticket.counter,
            clerk=clerk,
            call=call,
        )
    )
    return waiting


def must_be(ticket: Ticket, *states: TicketState, to: TicketState) -> None:
    """Raise `MoveRefused` unless the ticket is in one of the states this verb is for."""
    if ticket.state not in states:
        raise MoveRefused(number=ticket.number, state=ticket.state, to=to)


def _must_be_free(reader: Reader, counter: str) -> None:
    here = tickets.at_counter(reader, counter)
    if here is not None:
        raise BusyWith(number=here.number)


def _next(tx: Transaction, site: Site, session: CounterSession, now: datetime) -> Choice | None:
    rules = rules_of(tx, site)
    calling = CallingCounter(session.counter, frozenset(session.services))
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
    tx: Transaction, site: Site, session: CounterSession, choice: Choice, now: datetime
) -> Called:
    call = calls.insert(
        tx, choice, session.counter, session.clerk, session.pool, choice.reason.code, now
    )
    called = choice.ticket.moved(
        TicketState.CALLED,
        counter=session.counter,
        call=call,
        calls=1,
        called_at=now,
        serving_at=None,
        held_until=None,
    )
    tickets.move(tx, choice.ticket, called, now)
    tx.record(_event(site, session, choice, call, now))
    return Called(call, called, choice.reason)


def _event(
    site: Site, session: CounterSession, choice: Choice, call: int, now: datetime
) -> events.TicketCalled:
    return events.TicketCalled(
        at=now,
        site=site.id,
        ticket=choice.ticket.id,
        counter=session.counter,
        clerk=session.clerk,
        call=call,
        reason=choice.reason.code,
        facts={k: v for k, v in choice.reason.facts.items() if isinstance(v, (int, str))},
        chosen=choice.reason.code == "chosen",
        contested=choice.contested,
        guard=choice.guard,
        pool=session.pool,
    )
