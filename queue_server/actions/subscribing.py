"""A holder's phone is to be told of the call, or no longer."""

from __future__ import annotations

from queue_server.domain.errors import MoveRefused
from queue_server.domain.ticket import ALIVE
from queue_server.store import subscriptions, tickets
from queue_server.store.subscriptions import PushAddress
from queue_server.store.transaction import Store


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
