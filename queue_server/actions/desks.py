"""Opening and closing counters; no desk stays open without its clerk."""

from __future__ import annotations

from datetime import datetime, timedelta

from queue_server.actions import help_calls
from queue_server.actions.calling import about, put_back
from queue_server.domain import events
from queue_server.domain.counters import OpenCounter
from queue_server.domain.errors import BusyWith, CounterNotOpen, CounterTaken, NotServedHere
from queue_server.domain.site import EVERY_SERVICE, Counter, Site
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.store import counters, identities, tickets
from queue_server.store.database import Reader
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store, Transaction

GONE_AFTER = timedelta(minutes=30)
STRANDED_AFTER = timedelta(minutes=15)


def open_counter(
    store: Store,
    site: Site,
    counter: str,
    clerk: Clerk,
    services: tuple[str, ...] | None = None,
    *,
    now: datetime,
) -> OpenCounter:
    """Open the counter as mine, for all its services or some; again changes the services.

    A clerk sits at one counter: another one that was open is closed first. Raises `NotFound`,
    `UnknownService`, `NotServedHere`, `CounterTaken`, `BusyWith`.
    """
    place = site.counter(counter)
    wanted = _wanted(site, place, services)
    with store.transaction(site.id) as tx:
        there = counters.session_at(tx, counter)
        if there is not None and there.clerk != clerk.id:
            raise CounterTaken(counter=place.name, clerk=there.clerk_name)
        mine = counters.session_of(tx, clerk.id)
        if mine is not None and mine.counter != counter:
            _close_politely(tx, site, mine, now)
        tx.apply_to_counter(
            events.CounterOpened(
                at=now, site=site.id, counter=counter, clerk=clerk.id, services=wanted
            )
        )
        session = counters.session_at(tx, counter)
        assert session is not None
        return session


def _wanted(site: Site, place: Counter, services: tuple[str, ...] | None) -> tuple[str, ...]:
    """The services to serve: some of the counter's, or all of them."""
    possible = site.served_by(place.services)
    if not services or EVERY_SERVICE in services:
        return possible
    for service in services:
        if site.service(service).id not in possible:
            raise NotServedHere(counter=place.name, service=site.service(service).name)
    return site.served_by(services)


def close_counter(store: Store, site: Site, counter: str, clerk: Clerk, *, now: datetime) -> None:
    """Close my counter; closing a closed one is fine. Raises `CounterClosed`, `BusyWith`."""
    place = site.counter(counter)
    with store.transaction(site.id) as tx:
        session = counters.session_at(tx, counter)
        if session is None:
            return
        if session.clerk != clerk.id:
            raise CounterNotOpen(counter=place.name)
        _close_politely(tx, site, session, now)


def leave(store: Store, site: Site, clerk: Clerk, *, now: datetime) -> None:
    """The clerk signs out: the counter closes, whoever was only called waits on."""
    with store.transaction(site.id) as tx:
        close_counter_of(tx, clerk.id, now)
        help_calls.end_with(tx, clerk.id, now)


def still_here(store: Store, clerk: Clerk, *, session: str | None = None, now: datetime) -> None:
    """The clerk's page is open: the desk does not close for absence, and the session is in use.

    That puts its end off, but not beyond its longest life. One commit for both: every clerk at a
    desk gives such a sign once a minute.
    """
    with store.transaction(clerk.site) as tx:
        counters.seen(tx, clerk.id, now)
        if session is not None:
            identities.touch_session(tx, session, now)


def count_absence_anew(store: Store, site: Site, *, now: datetime) -> None:
    """The clock was set: the time that it jumped does not count as anybody's absence."""
    with store.transaction(site.id) as tx:
        counters.all_seen(tx, site.id, now)


def close_deserted(store: Store, site: Site, *, now: datetime) -> int:
    """Close counters whose clerk gave no sign for 30 minutes; returns how many."""
    with store.transaction(site.id) as tx:
        deserted = find_deserted(tx, site, now)
        for session in deserted:
            close_at_once(tx, session, "gone", now)
        return len(deserted)


def find_deserted(reader: Reader, site: Site, now: datetime) -> list[OpenCounter]:
    """What `close_deserted` would close."""
    return counters.not_seen_since(reader, site.id, now - GONE_AFTER)


def free_stranded(store: Store, site: Site, *, now: datetime) -> int:
    """Whoever was handed to a counter that has not opened for 15 minutes may go to any other."""
    with store.transaction(site.id) as tx:
        stranded = find_stranded(tx, site, now)
        for ticket in stranded:
            _unbind(tx, ticket, now)
        return len(stranded)


def find_stranded(reader: Reader, site: Site, now: datetime) -> list[Ticket]:
    """Whom `free_stranded` would free."""
    return tickets.stranded(reader, site.id, now - STRANDED_AFTER)


def close_counter_of(tx: Transaction, clerk: int, now: datetime) -> None:
    """Whoever leaves, or is made to, leaves no counter open. See `close_at_once`."""
    session = counters.session_of(tx, clerk)
    if session is not None:
        close_at_once(tx, session, "sign_out", now)


def close_at_once(tx: Transaction, session: OpenCounter, by: str, now: datetime) -> None:
    """Close without asking: a person who was called waits again, one being served is finished."""
    here = tickets.at_counter(tx, session.counter)
    if here is not None and here.state is TicketState.CALLED:
        put_back(tx, here, None, now)
    elif here is not None:
        tx.apply(events.TicketFinished(**about(here, None, now)), here)
    _close(tx, session, by, now)


def _close_politely(tx: Transaction, site: Site, session: OpenCounter, now: datetime) -> None:
    here = tickets.at_counter(tx, session.counter)
    if here is not None:
        raise BusyWith(number=here.number, counter=site.counter_name(session.counter))
    _close(tx, session, "clerk", now)


def _close(tx: Transaction, session: OpenCounter, by: str, now: datetime) -> None:
    for ticket in tickets.bound_to(tx, session.site, session.counter):
        _unbind(tx, ticket, now)
    help_calls.end_with(tx, session.clerk, now)
    tx.apply_to_counter(
        events.CounterClosed(
            at=now, site=session.site, counter=session.counter, clerk=session.clerk, by=by
        )
    )


def _unbind(tx: Transaction, ticket: Ticket, now: datetime) -> None:
    """Nobody is left waiting for a counter that has closed: any suitable one may call now."""
    unbound = {**about(ticket, None, now), "counter": ticket.bound_to}
    tx.apply(events.TicketUnbound(**unbound), ticket)
