"""With the person at the counter: begin, finish, set aside, hand on, change what they came for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from queue_server.actions.arrivals import withdraw
from queue_server.actions.calling import CALLABLE, must_be, person_at
from queue_server.domain import events
from queue_server.domain.errors import BadRequest
from queue_server.domain.site import Site
from queue_server.domain.ticket import ALIVE, PRECEDENCE_REASONS, Ticket, TicketState
from queue_server.store import tickets
from queue_server.store.database import Store, Transaction
from queue_server.store.identities import Clerk

_AWAY = {"counter": None, "call": None, "calls": 0, "called_at": None, "serving_at": None}


def arrive(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Ticket:
    """The called person is here; service begins. Raises `NobodyHere`, `MoveRefused`."""
    with store.transaction() as tx:
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
    with store.transaction() as tx:
        ticket = person_at(tx, site, counter, clerk)
        if ticket.state is TicketState.CALLED:
            ticket = _begin(tx, ticket, clerk, now)
        served = ticket.moved(TicketState.SERVED, **{**_AWAY, "serving_at": ticket.serving_at})
        tickets.move(tx, ticket, served, now)
        lacking = _catalogued(site, missing) if outcome == "documents_missing" else ()
        tx.record(
            events.TicketFinished(**_about(ticket, clerk, now), outcome=outcome, missing=lacking)
        )
        return served


def park(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> Ticket:
    """Set the person aside for a while (photo, cash machine). Raises `NobodyHere`."""
    with store.transaction() as tx:
        ticket = person_at(tx, site, counter, clerk)
        parked = ticket.moved(TicketState.PARKED, **_AWAY)
        tickets.move(tx, ticket, parked, now)
        tx.record(events.TicketParked(**_about(ticket, clerk, now)))
        return parked


def resume(store: Store, site: Site, clerk: Clerk, ticket: int, *, now: datetime) -> Ticket:
    """A parked person or a no-show waits again, at the place the rule gives, not at the end.

    Raises `NotFound`, `MoveRefused`.
    """
    with store.transaction() as tx:
        before = tickets.get(tx, site.id, ticket)
        must_be(before, TicketState.PARKED, TicketState.NO_SHOW, to=TicketState.WAITING)
        waiting = before.moved(TicketState.WAITING, **_AWAY)
        tickets.move(tx, before, waiting, now)
        tx.record(events.TicketResumed(**_about(before, clerk, now), held_until=waiting.held_until))
        return waiting


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
    with store.transaction() as tx:
        ticket = person_at(tx, site, counter, clerk)
        if to_counter is not None:
            site.counter(to_counter)
        wanted = tuple(s.id for s in site.checked_visit(services, 1)) if services else None
        waiting = ticket.moved(
            TicketState.WAITING,
            **_AWAY,
            services=wanted or ticket.services,
            bound_to=to_counter,
        )
        tickets.move(tx, ticket, waiting, now)
        minutes = _write_services(tx, site, waiting)
        tx.record(
            events.TicketTransferred(
                **_about(ticket, clerk, now),
                services=waiting.services,
                bound_to=to_counter,
                minutes=minutes,
            )
        )
        return waiting


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
    with store.transaction() as tx:
        before = tickets.get(tx, site.id, ticket)
        must_be(before, *ALIVE, to=before.state)
        wanted = tuple(service.id for service in site.checked_visit(services, before.persons))
        after = before.with_services(wanted)
        minutes = _write_services(tx, site, after)
        changed = events.TicketServicesChanged(
            **_about(before, clerk, now), services=wanted, minutes=minutes
        )
        tx.record(changed)
        return after


def prefer(
    store: Store, site: Site, clerk: Clerk, ticket: int, reason: str, *, now: datetime
) -> Ticket:
    """Give precedence for a coded reason; the board never shows why.

    Raises `NotFound`, `BadRequest` for an unknown reason, `MoveRefused` unless it waits or is
    set aside.
    """
    if reason not in PRECEDENCE_REASONS:
        raise BadRequest(errors=[("reason", "unknown", reason)])
    with store.transaction() as tx:
        before = tickets.get(tx, site.id, ticket)
        must_be(before, *CALLABLE, to=TicketState.WAITING)
        preferred = before.with_precedence(reason)
        tickets.set_precedence(tx, preferred)
        tx.record(events.TicketPreferred(**_about(before, clerk, now), precedence=reason))
        return preferred


def cancel(store: Store, site: Site, clerk: Clerk, ticket: int, *, now: datetime) -> Ticket:
    """Withdraw a ticket that is not being served. Raises `NotFound`, `MoveRefused`."""
    with store.transaction() as tx:
        return withdraw(tx, tickets.get(tx, site.id, ticket), events.CLERK, clerk.id, now)


def _catalogued(site: Site, missing: tuple[str, ...]) -> tuple[str, ...]:
    known = {document for service in site.services for document in service.documents}
    return tuple(dict.fromkeys(name if name in known else "other" for name in missing))


def _begin(tx: Transaction, ticket: Ticket, clerk: Clerk, now: datetime) -> Ticket:
    serving = ticket.moved(TicketState.SERVING, serving_at=now)
    tickets.move(tx, ticket, serving, now)
    tx.record(events.TicketArrived(**_about(ticket, clerk, now)))
    return serving


def _write_services(tx: Transaction, site: Site, ticket: Ticket) -> int:
    """Keep the services with their planned minutes, and return those."""
    minutes = site.visit_minutes(ticket.services, ticket.persons)
    tickets.set_services(tx, ticket, minutes)
    return minutes


def _about(ticket: Ticket, clerk: Clerk, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "site": ticket.site,
        "ticket": ticket.id,
        "counter": ticket.counter,
        "clerk": clerk.id,
    }
