"""Tickets: drawn and checked in by kiosks and clerks, looked at and given back by their holders."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, request
from pydantic import Field

from queue_server.actions import arrivals, documents, serving
from queue_server.actions.arrivals import Arrival
from queue_server.api.door import (
    LANGUAGE,
    Body,
    Nothing,
    Parameter,
    answer,
    endpoint,
    header,
    number,
    read,
)
from queue_server.domain.errors import NotIssuing, UnknownCode
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.queries.calendar import next_slot
from queue_server.queries.outlook import place_of
from queue_server.queries.why import why_not_yet
from queue_server.store import tickets
from queue_server.web.hall import hall
from queue_server.web.identity import client, require_clerk, require_kiosk_or_clerk
from queue_server.web.models import TicketOut, WhyOut
from queue_server.web.pictures import pictured_code
from queue_server.web.whys import why_out
from queue_server.web.wire import placed_ticket_out, plain, slot_out, ticket_out

LONGEST_KEY = 200
KEY = Parameter(
    "Idempotency-Key",
    "the same key is the same ticket",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    place="header",
)


class DrawTicket(Body):
    """What a walk-in comes for. `language` is BCP 47."""

    services: list[str] = Field(min_length=1, max_length=10)
    persons: int = Field(default=1, ge=1, le=20)
    language: str = Field(default="de", pattern=LANGUAGE, max_length=35)


class CheckIn(Body):
    """A typed or scanned Termincode; a link that holds one is understood."""

    code: str = Field(min_length=1, max_length=500)


class Documents(Body):
    """The documents to bring that are not there, by their names in the catalogue."""

    missing: list[Annotated[str, Field(min_length=1, max_length=300)]] = Field(max_length=50)


class Precedence(Body):
    reason: str


class Services(Body):
    services: list[str] = Field(min_length=1, max_length=10)


@endpoint(
    "POST",
    "/sites/<site>/tickets",
    who="kiosk, clerk",
    body=DrawTicket,
    answers={201: TicketOut, 200: TicketOut},
    refusals=(
        "not_issuing", "unknown_service", "too_many_persons", "numbers_used_up", "too_many_tries",
    ),
    parameters=(KEY,),
)  # fmt: skip
def draw_ticket(site: str) -> Response:
    """Draw a walk-in ticket; with an Idempotency-Key header the same key is the same ticket."""
    house = hall()
    place = house.site(site)
    by = require_kiosk_or_clerk(place)
    house.throttle.check("ticket", client(), house.now())
    wanted = read(DrawTicket)
    try:
        arrival = _draw(place, wanted, by)
    except NotIssuing as refusal:
        refusal.facts["next_slot"] = _next_slot(place, wanted)
        raise
    house.throttle.count("ticket", client(), house.now())
    return _arrived(place, arrival)


@endpoint(
    "POST",
    "/sites/<site>/check-ins",
    who="kiosk, clerk",
    body=CheckIn,
    answers={201: TicketOut, 200: TicketOut},
    refusals=(
        "unknown_code", "too_early", "other_site", "other_day", "not_confirmed", "cancelled",
        "no_code_in_image", "too_large", "too_many_tries",
    ),
    upload="image",
)  # fmt: skip
def check_in(site: str) -> Response:
    """Check in with a Termincode, or with a picture of its QR (multipart field `image`)."""
    house = hall()
    place = house.site(site)
    by = require_kiosk_or_clerk(place)
    house.throttle.check("code", client(), house.now())
    code = pictured_code() if "image" in request.files else read(CheckIn).code
    try:
        arrival = arrivals.check_in(house.store, place, code, by=by, now=house.now())
    except UnknownCode:
        house.throttle.count("code", client(), house.now())
        raise
    return _arrived(place, arrival)


@endpoint("GET", "/tickets/<token>", who="holder", answers={200: TicketOut})
def look(token: str) -> Response:
    """The holder's own ticket: state, place, range."""
    house = hall()
    with house.store.snapshot() as snapshot:
        ticket = tickets.by_token(snapshot, token)
    return _placed(house.site(ticket.site), ticket)


@endpoint(
    "DELETE",
    "/tickets/<token>",
    who="holder",
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def give_back(token: str) -> Response:
    """Give the number back; twice is once."""
    house = hall()
    ticket = arrivals.give_back(house.store, token, now=house.now())
    return answer(ticket_out(house.site(ticket.site), ticket))


@endpoint(
    "POST",
    "/tickets/<token>/documents",
    who="holder",
    body=Documents,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def declare_missing(token: str) -> Response:
    """Say which of the documents to bring are missing, so that the clerk knows; none: all there."""
    house = hall()
    missing = read(Documents).missing
    site = _site_of(token)
    return _placed(
        site, documents.declare_missing(house.store, site, token, missing, now=house.now())
    )


@endpoint(
    "POST",
    "/tickets/<id>/resumption",
    who="clerk",
    body=Nothing,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def resume(id: str) -> Response:
    """A parked person or a no-show waits again, where they stood."""
    clerk = require_clerk()
    read(Nothing)
    house = hall()
    site = house.site(clerk.site)
    return _placed(site, serving.resume(house.store, site, clerk, number(id), now=house.now()))


@endpoint(
    "POST",
    "/tickets/<id>/precedence",
    who="clerk",
    body=Precedence,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def prefer(id: str) -> Response:
    """Give precedence for a coded reason."""
    clerk = require_clerk()
    house = hall()
    site = house.site(clerk.site)
    reason = read(Precedence).reason
    ticket = serving.prefer(house.store, site, clerk, number(id), reason, now=house.now())
    return _placed(site, ticket)


@endpoint(
    "POST",
    "/tickets/<id>/cancellation",
    who="clerk",
    body=Nothing,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def cancel(id: str) -> Response:
    """Withdraw a ticket that is not being served."""
    clerk = require_clerk()
    read(Nothing)
    house = hall()
    site = house.site(clerk.site)
    ticket = serving.cancel(house.store, site, clerk, number(id), now=house.now())
    return answer(ticket_out(site, ticket))


@endpoint(
    "PUT",
    "/tickets/<id>/services",
    who="clerk",
    body=Services,
    answers={200: TicketOut},
    refusals=("move_refused", "unknown_service", "too_many_persons"),
)
def change_services(id: str) -> Response:
    """Change what a ticket is for: add a service, correct a wrong one."""
    clerk = require_clerk()
    house = hall()
    site = house.site(clerk.site)
    wanted = tuple(read(Services).services)
    ticket = serving.set_services(house.store, site, clerk, number(id), wanted, now=house.now())
    return _placed(site, ticket)


def _site_of(token: str) -> Site:
    house = hall()
    with house.store.snapshot() as snapshot:
        return house.site(tickets.by_token(snapshot, token).site)


def _draw(site: Site, wanted: DrawTicket, by: str) -> Arrival:
    return arrivals.draw_ticket(
        hall().store,
        site,
        tuple(wanted.services),
        persons=wanted.persons,
        language=wanted.language,
        key=header(KEY.name, LONGEST_KEY),
        by=by,
        now=hall().now(),
    )


def _next_slot(site: Site, wanted: DrawTicket) -> dict[str, Any] | None:
    """The appointment to offer instead of a ticket."""
    house = hall()
    with house.store.snapshot() as snapshot:
        slot = next_slot(snapshot, site, wanted.services, wanted.persons, house.now())
    return plain(slot_out(site, slot)) if slot else None


def _arrived(site: Site, arrival: Arrival) -> Response:
    """What a new holder is told is kept; whoever asks again hears how it stands now."""
    ticket = arrival.ticket
    if not arrival.is_new:
        return _placed(site, ticket, token=ticket.token)
    place = hall().forecasts.tell(site, ticket)
    why, token = _why(site, ticket), ticket.token
    return answer(placed_ticket_out(site, ticket, place, token=token, why=why), 201)


def _placed(site: Site, ticket: Ticket, token: str | None = None) -> Response:
    house = hall()
    told = house.forecasts.of(site, ticket)
    with house.store.snapshot() as snapshot:
        place = place_of(snapshot, site, ticket, house.now(), told)
    why = _why(site, ticket)
    return answer(placed_ticket_out(site, ticket, place, token=token, why=why))


def _why(site: Site, ticket: Ticket) -> WhyOut | None:
    house = hall()
    with house.store.snapshot() as snapshot:
        return why_out(why_not_yet(snapshot, site, ticket, house.now()), site, house.now())
