"""What a holder answers from the phone: I am coming, or I need a few minutes more."""

from __future__ import annotations

from datetime import datetime

from queue_server.actions.calling import about, must_be, put_back
from queue_server.domain import events
from queue_server.domain.errors import PostponedAlready
from queue_server.domain.ticket import POSTPONEMENT, Ticket, TicketState
from queue_server.store import tickets
from queue_server.store.transaction import Store


def come(store: Store, token: str, *, now: datetime) -> Ticket:
    """The called person is on their way, and the clerk sees it; twice is once.

    Raises `NotFound`, `MoveRefused` unless they are called.
    """
    with store.transaction(tickets.site_of(token)) as tx:
        ticket = tickets.by_token(tx, token)
        must_be(ticket, TicketState.CALLED, to=TicketState.CALLED)
        if ticket.is_coming:
            return ticket
        return tx.apply(
            events.CallAnswered(**about(ticket, None, now), call=ticket.call or 0), ticket
        )


def postpone(store: Store, token: str, *, now: datetime) -> Ticket:
    """The holder needs five more minutes: meanwhile others go first, if there are any.

    A standing call is taken back, and the place in line stays. Raises `NotFound`,
    `PostponedAlready` the second time, `MoveRefused` unless they wait or are called.
    """
    with store.transaction(tickets.site_of(token)) as tx:
        ticket = tickets.by_token(tx, token)
        if ticket.is_postponed:
            raise PostponedAlready(number=ticket.number)
        must_be(ticket, TicketState.WAITING, TicketState.CALLED, to=TicketState.WAITING)
        if ticket.state is TicketState.CALLED:
            ticket = put_back(tx, ticket, None, now)
        postponed = events.TicketPostponed(
            **about(ticket, None, now), held_until=now + POSTPONEMENT
        )
        return tx.apply(postponed, ticket)
