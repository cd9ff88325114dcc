"""What the ticket page and the slip tell: number, place, way on, what to have at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.door import Here
from queue_server.domain.errors import NotFound
from queue_server.domain.site import Service
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.in_force import rules_of
from queue_server.queries.outlook import Place
from queue_server.queries.why import Why, why_not_yet
from queue_server.store import tickets
from queue_server.web.hall import hall
from queue_server.web.whys import why_text


@dataclass(frozen=True, slots=True)
class Visit:
    """A ticket as its holder sees it. `place` is None unless the ticket waits.

    Times are local; `counter` is the name of the counter that calls or serves; `documents` are
    what to have at hand; `why` says why it is not their turn yet, under the calling `rule`.
    """

    ticket: Ticket
    services: tuple[Service, ...]
    place: Place | None
    counter: str
    issued_at: datetime
    due_at: datetime | None
    documents: tuple[str, ...]
    follow_url: str
    why: str
    rule: str

    @property
    def has_time_to_look(self) -> bool:
        """Whether there is time to look through the documents; the called go to the counter."""
        return self.ticket.state in (TicketState.WAITING, TicketState.PARKED)


def visit_of(place: Here, token: str) -> Visit:
    """The visit of a ticket of this site; raises `NotFound`, also for another site's."""
    house = hall()
    with house.store.snapshot() as snapshot:
        ticket = tickets.by_token(snapshot, token)
        if ticket.site != place.site.id:
            raise NotFound(ticket=token)
        why = why_not_yet(snapshot, place.site, ticket, house.now())
        rule = rules_of(snapshot, place.site).rule
    standing = house.forecasts.standing(place.site, ticket)
    return _visit(place, ticket, standing, why, rule)


def _visit(
    place: Here, ticket: Ticket, standing: Place | None, why: Why | None, rule: str
) -> Visit:
    site, zone = place.site, place.site.zone
    return Visit(
        ticket=ticket,
        services=tuple(each for each in site.services if each.id in ticket.services),
        place=standing,
        counter=site.counter_name(ticket.counter) if ticket.counter else "",
        issued_at=ticket.issued_at.astimezone(zone),
        due_at=ticket.due_at.astimezone(zone) if ticket.due_at else None,
        documents=site.documents_for(ticket.services),
        follow_url=f"{hall().settings.public_url}/t/{ticket.token}",
        why=why_text(why, site, hall().now()) if why else "",
        rule=rule,
    )
