"""What phones are to be told now: a call, a recall, or that it is soon their turn.

Found from how things stand, not from what happened: whatever was missed while nobody could send is
told as far as it still holds, and nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.site import Site
from queue_server.domain.ticket import AT_COUNTER, Ticket, TicketState
from queue_server.queries.orders import calling_order_of
from queue_server.queries.outlook import standings
from queue_server.queries.why import people_ahead
from queue_server.store import counters, subscriptions, tickets
from queue_server.store.database import Reader
from queue_server.store.decisions import rules_in_force
from queue_server.store.subscriptions import Subscription

FRESH = timedelta(minutes=3)
"""Whoever has not come by then is looked for by other means."""
SOON_PEOPLE = 2
"""With so many people before somebody it is soon."""


@dataclass(frozen=True, slots=True)
class PushNews:
    """For one phone. `ahead` people are called first; None: this ticket is called itself."""

    subscription: Subscription
    ticket: Ticket
    ahead: int | None = None

    @property
    def is_call(self) -> bool:
        return self.ahead is None


def to_tell(reader: Reader, site: Site, now: datetime) -> list[PushNews]:
    """Everything that phones of this site have not been told, calls first, the newest of them."""
    return [*_calls(reader, site, now), *_soon(reader, site, now)]


def is_soon(reader: Reader, site: Site, ticket: Ticket, now: datetime) -> bool:
    """Whether somebody who looks at this ticket now sees for themselves that it is soon."""
    if ticket.state is TicketState.WAITING:
        rules = rules_in_force(reader, site)
        return people_ahead(reader, site, ticket, rules, now)[0] <= SOON_PEOPLE
    return ticket.state in AT_COUNTER


def _calls(reader: Reader, site: Site, now: datetime) -> list[PushNews]:
    due = subscriptions.called(reader, site.id, now, now - FRESH)
    return [PushNews(each, tickets.get(reader, site.id, each.ticket)) for each in due]


def _soon(reader: Reader, site: Site, now: datetime) -> list[PushNews]:
    due = subscriptions.waiting(reader, site.id, now)
    near = _near(reader, site, now) if due else {}
    found = ((each, near.get(each.ticket)) for each in due)
    return [PushNews(each, *place) for each, place in found if place is not None]


def _near(reader: Reader, site: Site, now: datetime) -> dict[int, tuple[Ticket, int]]:
    """Who is called soon, and after how many others; nobody while no counter is open."""
    if not counters.open_at(reader, site.id):
        return {}
    order = calling_order_of(reader, site, now)
    return {
        choice.ticket.id: (choice.ticket, ahead)
        for choice, ahead in standings(reader, site, order)
        if ahead <= SOON_PEOPLE
    }
