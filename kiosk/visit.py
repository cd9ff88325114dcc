"""What the ticket page and the slip tell: number, place, way on, what to have at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.blueprint import KioskRequest
from queue_server.domain.errors import NotFound
from queue_server.domain.hours import local_day
from queue_server.domain.site import Service, Site
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.languages import Said
from queue_server.languages.office_texts import counter_name, documents_for
from queue_server.languages.words import clock, date_time
from queue_server.queries.outlook import Place
from queue_server.queries.why import Why, why_aside
from queue_server.store import tickets
from queue_server.web.app_context import app_context
from queue_server.web.language import current, speak
from queue_server.web.reasons import COUNTED, why_text

# "Your appointment is not before 10:35": the page begins with that time.
SAID_BY_THE_PAGE = frozenset({"early"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A ticket as its holder sees it. `place` is None unless the ticket waits.

    Times are in words; `counter` is the name of the counter that calls or serves; `documents` are
    what to have at hand, by their German names; `why` says why it is not their turn yet, and is
    empty where the page has said it; `why_counts` when it says itself how many go first.
    """

    ticket: Ticket
    services: tuple[Service, ...]
    place: Place | None
    counter: Said
    issued: str
    due: str
    documents: Mapping[str, Said]
    follow_url: str
    why: str
    why_counts: bool

    @property
    def has_time_to_look(self) -> bool:
        """Whether there is time to look through the documents; the called go to the counter."""
        return self.ticket.state in (TicketState.WAITING, TicketState.PARKED)


def visit_of(asked: KioskRequest, token: str) -> Visit:
    """The visit of a ticket of this site; raises `NotFound`, also for another site's."""
    context = app_context()
    with context.store.snapshot() as snapshot:
        ticket = tickets.by_token(snapshot, token)
        if ticket.site != asked.site.id:
            raise NotFound(ticket=token)
        speak(ticket.language)
        aside = why_aside(ticket)
    standing = context.told.standing(asked.site, ticket)
    return _visit(asked, ticket, standing, standing.why if standing else aside)


def _visit(asked: KioskRequest, ticket: Ticket, standing: Place | None, why: Why | None) -> Visit:
    site, zone, language = asked.site, asked.site.zone, current()
    return Visit(
        ticket=ticket,
        services=tuple(each for each in site.services if each.id in ticket.services),
        place=standing,
        counter=counter_name(site, ticket.counter or "", language),
        issued=date_time(ticket.issued_at, zone, language),
        due=due_words(ticket, site),
        documents=documents_for(site, ticket.services, language),
        follow_url=f"{app_context().settings.public_url}/t/{ticket.token}",
        why=_reason(why, site, language),
        why_counts=why is not None and why.code in COUNTED,
    )


def _reason(why: Why | None, site: Site, language: str) -> str:
    if why is None or why.code in SAID_BY_THE_PAGE:
        return ""
    return why_text(why, site, app_context().now(), language)


def due_words(ticket: Ticket, site: Site) -> str:
    """The time of the appointment, with its day when that is not the one of the check-in."""
    if ticket.due_at is None:
        return ""
    is_same_day = local_day(ticket.due_at, site.zone) == local_day(ticket.issued_at, site.zone)
    return (clock if is_same_day else date_time)(ticket.due_at, site.zone, current())
