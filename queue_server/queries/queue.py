"""The queue as the desks see it: everybody present, in calling order, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.counters import OpenCounter
from queue_server.domain.help_call import HelpCall
from queue_server.domain.priority import Reason
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket, TicketState, waited_minutes
from queue_server.queries.orders import CallingOrders
from queue_server.store import counters, help_calls, journal, tickets
from queue_server.store.database import Reader


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits: why they stand at this place, and whole minutes waited."""

    ticket: Ticket
    reason: Reason
    waited_minutes: int


@dataclass(frozen=True, slots=True)
class CounterView:
    """A configured counter: who has it open and who is there."""

    counter: str
    name: str
    open: bool
    clerk: str | None
    services: tuple[str, ...]
    ticket: Ticket | None


@dataclass(frozen=True, slots=True)
class Queue:
    version: int
    at: datetime
    site: str
    waiting: tuple[Waiting, ...]
    called: tuple[Ticket, ...]
    serving: tuple[Ticket, ...]
    parked: tuple[Ticket, ...]
    no_show: tuple[Ticket, ...]
    counters: tuple[CounterView, ...]
    help: tuple[HelpCall, ...]


def queue(reader: Reader, site: Site, now: datetime, orders: CallingOrders | None = None) -> Queue:
    """Everybody between arrival and end (of those who wait, the first 1000), and all counters."""
    alive = tickets.not_waiting(reader, site.id)
    sessions = counters.open_at(reader, site.id)
    order = (orders or CallingOrders()).of(reader, site, now)
    return Queue(
        version=journal.version(reader, site.id),
        at=now,
        site=site.id,
        waiting=tuple(
            Waiting(choice.ticket, choice.reason, waited_minutes(choice.ticket, now))
            for choice in order
        ),
        called=_in(alive, TicketState.CALLED),
        serving=_in(alive, TicketState.SERVING),
        parked=_in(alive, TicketState.PARKED),
        no_show=_in(alive, TicketState.NO_SHOW),
        counters=tuple(_counter_views(site, alive, sessions)),
        help=tuple(help_standing(reader, site, now)),
    )


def help_standing(reader: Reader, site: Site, now: datetime) -> list[HelpCall]:
    """Clerks who call for help now, the oldest call first."""
    return [each for each in help_calls.at_site(reader, site.id) if each.stands(now)]


def help_from(reader: Reader, counter: str, now: datetime) -> HelpCall | None:
    """The call for help of whoever has this counter open; None as long as they don't call."""
    session = counters.session_at(reader, counter)
    clerk = session.clerk if session else None
    found = help_calls.of(reader, clerk) if clerk is not None else None
    return found if found and found.stands(now) else None


def _in(alive: Sequence[Ticket], state: TicketState) -> tuple[Ticket, ...]:
    return tuple(ticket for ticket in alive if ticket.state is state)


def _counter_views(
    site: Site, alive: Sequence[Ticket], sessions: Sequence[OpenCounter]
) -> list[CounterView]:
    session_at = {session.counter: session for session in sessions}
    ticket_at = {ticket.counter: ticket for ticket in alive if ticket.counter}
    return [
        CounterView(
            counter=counter.id,
            name=counter.name,
            open=counter.id in session_at,
            clerk=session_at[counter.id].clerk_name if counter.id in session_at else None,
            services=session_at[counter.id].services if counter.id in session_at else (),
            ticket=ticket_at.get(counter.id),
        )
        for counter in site.counters
    ]
