"""What a holder does from the phone: say that they come, ask for more time, be told of the call."""

from __future__ import annotations

from datetime import datetime

from queue_server.actions.calling import about, must_be, put_back
from queue_server.domain import events
from queue_server.domain.errors import MoveRefused, PostponedAlready
from queue_server.domain.ticket import ALIVE, POSTPONEMENT, Ticket, TicketState
from queue_server.store import subscriptions, tickets
from queue_server.store.subscriptions import PushAddress
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


def subscribe(
    store: Store, token: str, to: PushAddress, language: str = "", *, is_soon: bool = False
) -> None:
    """Tell this phone from now on, in the ticket's language unless another one is named.

    What stands on the page at this moment it knows already: the present call, and with `is_soon`
    that it is soon. Raises `NotFound`, and `MoveRefused` when the visit has ended.
    """
    with store.transaction(tickets.site_of(token)) as tx:
        ticket = tickets.by_token(tx, token)
        if ticket.state not in ALIVE:
            raise MoveRefused(number=ticket.number, state=ticket.state, to=ticket.state)
        known = subscriptions.Known(ticket.call or 0, ticket.calls, is_soon)
        subscriptions.put(tx, ticket.id, to, language or ticket.language, known)


def unsubscribe(store: Store, token: str) -> None:
    """Tell nobody of this ticket any more; twice is once. Raises `NotFound`."""
    with store.transaction(tickets.site_of(token)) as tx:
        subscriptions.forget(tx, tickets.by_token(tx, token).id)
