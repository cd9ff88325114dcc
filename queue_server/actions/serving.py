"""Serving the person at the counter: begin, finish, park, transfer, change services."""

from __future__ import annotations

from datetime import datetime

from queue_server.actions.arrivals import withdraw
from queue_server.actions.calling import (
    CALLABLE,
    Called,
    about,
    call_next_within,
    must_be,
    person_at,
)
from queue_server.domain import events
from queue_server.domain.errors import BadRequest
from queue_server.domain.site import Site
from queue_server.domain.ticket import ALIVE, PRECEDENCE_REASONS, Ticket, TicketState
from queue_server.store import tickets
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store, Transaction


def arrive(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Ticket:
    """The called person is here; service begins. Raises `NobodyHere`, `MoveRefused`."""
    with store.transaction(site.id) as tx:
        return _begin(tx, person_at(tx, site, counter, clerk), clerk, now)


def finish(
    store: Store,
    site: Site,
    counter: str,
    clerk: Clerk,
    *,
    outcome: str = "done",
    missing: tuple[str, ...] = (),
    now: datetime,
) -> Ticket:
    """Service ends, `done` or with `documents_missing`.

    The journal keeps the names of catalogued documents; anything else that was missing is
    `other` there, for a free text might name people. A clerk who forgot to press "arrived" may
    finish at once. Raises `NobodyHere`.
    """
    with store.transaction(site.id) as tx:
        ticket = person_at(tx, site, counter, clerk)
        lacking = _catalogued(site, missing) if outcome == "documents_missing" else ()
        return _finish(tx, ticket, clerk, now, outcome=outcome, missing=lacking)


def finish_and_call_next(
    store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime
) -> tuple[Ticket, Called | None]:
    """Service ends and the next person is called, in one step; nobody is called while nobody
    suitable waits. Returns who has gone and who comes.

    Raises `CounterClosed`, `NobodyHere`, `MoveRefused` while the person is only called: whoever
    presses the key of "next" twice would send away somebody who is still on the way.
    """
    with store.transaction(site.id) as tx:
        ticket = person_at(tx, site, counter, clerk)
        must_be(ticket, TicketState.SERVING, to=TicketState.SERVED)
        finished = _finish(tx, ticket, clerk, now)
        return finished, call_next_within(tx, site, counter, clerk, now)


def park(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Ticket:
    """Set the person aside for a while (photo, cash machine). Raises `NobodyHere`."""
    with store.transaction(site.id) as tx:
        ticket = person_at(tx, site, counter, clerk)
        return tx.apply(events.TicketParked(**about(ticket, clerk.id, now)), ticket)


def resume(store: Store, site: Site, clerk: Clerk, ticket: int, *, now: datetime) -> Ticket:
    """A parked person or a no-show waits again, at the place the rule gives, not at the end.

    Raises `NotFound`, `MoveRefused`.
    """
    with store.transaction(site.id) as tx:
        return resume_within(tx, site, clerk, ticket, now)


def transfer(
    store: Store,
    site: Site,
    counter: str,
    clerk: Clerk,
    *,
    services: tuple[str, ...] | None = None,
    to_counter: str | None = None,
    now: datetime,
) -> Ticket:
    """Hand the person on to other services or another counter, keeping number and time.

    Raises `UnknownService`, `NotFound` for the counter, `NobodyHere`, `BadRequest` when neither
    is given.
    """
    if not services and not to_counter:
        raise BadRequest(errors=[("services", "missing", "")])
    with store.transaction(site.id) as tx:
        ticket = person_at(tx, site, counter, clerk)
        if to_counter is not None:
            site.counter(to_counter)
        wanted = tuple(s.id for s in site.checked_visit(services, 1)) if services else None
        after = wanted or ticket.services
        transferred = events.TicketTransferred(
            **about(ticket, clerk.id, now),
            services=after,
            bound_to=to_counter,
            minutes=site.visit_minutes(after, ticket.persons),
        )
        return tx.apply(transferred, ticket)


def set_services(
    store: Store,
    site: Site,
    clerk: Clerk,
    ticket: int,
    services: tuple[str, ...],
    *,
    now: datetime,
) -> Ticket:
    """Change what a living ticket is for (add a service, correct a wrong one).

    Raises `NotFound`, `UnknownService`, `TooManyPersons`, `MoveRefused` for an ended ticket.
    """
    with store.transaction(site.id) as tx:
        before = tickets.get(tx, site.id, ticket)
        must_be(before, *ALIVE, to=before.state)
        wanted = tuple(service.id for service in site.checked_visit(services, before.persons))
        changed = events.TicketServicesChanged(
            **about(before, clerk.id, now),
            services=wanted,
            minutes=site.visit_minutes(wanted, before.persons),
        )
        return tx.apply(changed, before)


def prefer(
    store: Store, site: Site, clerk: Clerk, ticket: int, reason: str, *, now: datetime
) -> Ticket:
    """Give precedence for a coded reason; the board never shows why.

    Raises `NotFound`, `BadRequest` for an unknown reason, `MoveRefused` unless it waits or is
    set aside.
    """
    if reason not in PRECEDENCE_REASONS:
        raise BadRequest(errors=[("reason", "unknown", reason)])
    with store.transaction(site.id) as tx:
        before = tickets.get(tx, site.id, ticket)
        must_be(before, *CALLABLE, to=TicketState.WAITING)
        preferred = events.TicketPreferred(**about(before, clerk.id, now), precedence=reason)
        return tx.apply(preferred, before)


def cancel(store: Store, site: Site, clerk: Clerk, ticket: int, *, now: datetime) -> Ticket:
    """Withdraw a ticket that is not being served. Raises `NotFound`, `MoveRefused`."""
    with store.transaction(site.id) as tx:
        return withdraw(tx, tickets.get(tx, site.id, ticket), events.CLERK, clerk.id, now)


def _catalogued(site: Site, missing: tuple[str, ...]) -> tuple[str, ...]:
    known = {document for service in site.services for document in service.documents}
    return tuple(dict.fromkeys(name if name in known else "other" for name in missing))


def resume_within(tx: Transaction, site: Site, clerk: Clerk, ticket: int, now: datetime) -> Ticket:
    """`resume` inside another action's transaction."""
    before = tickets.get(tx, site.id, ticket)
    must_be(before, TicketState.PARKED, TicketState.NO_SHOW, to=TicketState.WAITING)
    resumed = events.TicketResumed(**about(before, clerk.id, now), held_until=before.held_until)
    return tx.apply(resumed, before)


def _finish(
    tx: Transaction,
    ticket: Ticket,
    clerk: Clerk,
    now: datetime,
    *,
    outcome: str = "done",
    missing: tuple[str, ...] = (),
) -> Ticket:
    here = _begin(tx, ticket, clerk, now) if ticket.state is TicketState.CALLED else ticket
    finished = events.TicketFinished(**about(here, clerk.id, now), outcome=outcome, missing=missing)
    return tx.apply(finished, here)


def _begin(tx: Transaction, ticket: Ticket, clerk: Clerk, now: datetime) -> Ticket:
    return tx.apply(events.TicketArrived(**about(ticket, clerk.id, now)), ticket)
