"""Tickets: drawn and checked in by kiosks and clerks, looked at and given back by their holders."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, request
from pydantic import Field

from queue_server.actions import arrivals, serving, ticket_holder, ticket_notes
from queue_server.actions.arrivals import Arrival
from queue_server.api.blueprint import (
    LANGUAGE,
    MOST_PROBLEMS,
    Asked,
    Body,
    Nothing,
    Parameter,
    answer,
    endpoint,
    header,
    read,
)
from queue_server.domain.errors import BadRequest, NotIssuing, UnknownCode
from queue_server.domain.ticket import Ticket
from queue_server.queries.outlook import Place, place_of
from queue_server.queries.why import why_aside
from queue_server.store import tickets
from queue_server.store.identities import hashed
from queue_server.web.calendars import CalendarVisit
from queue_server.web.identity import client, door, who
from queue_server.web.models import TicketOut
from queue_server.web.reasons import why_out
from queue_server.web.requests import accept_picture, pictured_code
from queue_server.web.serializers import placed_ticket_out, plain, slot_out, ticket_out

LONGEST_KEPT_KEY = 200
FORM, PICTURE = "multipart/form-data", "image"
KEY = Parameter(
    "Idempotency-Key",
    "the same key is the same ticket",
    {"type": "string", "minLength": 1},
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
def draw_ticket(asked: Asked, body: DrawTicket) -> Response:
    """Draw a walk-in ticket; with an Idempotency-Key header the same key is the same ticket."""
    try:
        with asked.context.throttle.one("ticket", client()):
            arrival = _draw(asked, body)
    except NotIssuing as refusal:
        refusal.facts["next_slot"] = _next_slot(asked, body)
        raise
    return _arrived(asked, arrival)


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
    upload=PICTURE,
)  # fmt: skip
def check_in(asked: Asked) -> Response:
    """Check in with a Termincode, or with a picture of its QR (multipart field `image`)."""
    accept_picture()
    with asked.context.throttle.guess("code", client(), UnknownCode):
        code = _shown_code() if request.mimetype == FORM else read(CheckIn).code
        arrival = arrivals.check_in(asked.store, asked.site, code, by=asked.by, now=asked.now)
    return _arrived(asked, arrival)


@endpoint("GET", "/tickets/<token>", who="holder", answers={200: TicketOut})
def look(asked: Asked, token: str) -> Response:
    """The holder's own ticket: state, place, range."""
    return _placed(asked, _held(asked, token))


@endpoint(
    "DELETE",
    "/tickets/<token>",
    who="holder",
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def give_back(asked: Asked, token: str) -> Response:
    """Give the number back; twice is once."""
    ticket = arrivals.give_back(asked.store, token, now=asked.now)
    return answer(ticket_out(asked.context.site(ticket.site), ticket))


@endpoint(
    "POST",
    "/tickets/<token>/documents",
    who="holder",
    body=Documents,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def declare_missing(asked: Asked, body: Documents, token: str) -> Response:
    """Say which of the documents to bring are missing, so that the clerk knows; none: all there."""
    site = asked.context.site(_held(asked, token).site)
    ticket = ticket_notes.declare_missing(asked.store, site, token, body.missing, now=asked.now)
    return _placed(asked, ticket)


@endpoint(
    "POST",
    "/tickets/<token>/coming",
    who="holder",
    body=Nothing,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def come(asked: Asked, token: str) -> Response:
    """The called holder is on their way, and the clerk sees it; twice is once."""
    return _placed(asked, ticket_holder.come(asked.store, token, now=asked.now))


@endpoint(
    "POST",
    "/tickets/<token>/postponement",
    who="holder",
    body=Nothing,
    answers={200: TicketOut},
    refusals=("move_refused", "postponed_already"),
)
def postpone(asked: Asked, token: str) -> Response:
    """The holder needs five more minutes, in which others go first. Once."""
    return _placed(asked, ticket_holder.postpone(asked.store, token, now=asked.now))


@endpoint(
    "POST",
    "/tickets/<id>/resumption",
    who="clerk",
    body=Nothing,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def resume(asked: Asked, id: int) -> Response:
    """A parked person or a no-show waits again, where they stood."""
    return _placed(asked, serving.resume(asked.store, asked.site, asked.clerk, id, now=asked.now))


@endpoint(
    "POST",
    "/tickets/<id>/precedence",
    who="clerk",
    body=Precedence,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def prefer(asked: Asked, body: Precedence, id: int) -> Response:
    """Give precedence for a coded reason."""
    change = (asked.store, asked.site, asked.clerk, id, body.reason)
    return _placed(asked, serving.prefer(*change, now=asked.now))


@endpoint(
    "POST",
    "/tickets/<id>/cancellation",
    who="clerk",
    body=Nothing,
    answers={200: TicketOut},
    refusals=("move_refused",),
)
def cancel(asked: Asked, id: int) -> Response:
    """Withdraw a ticket that is not being served."""
    ticket = serving.cancel(asked.store, asked.site, asked.clerk, id, now=asked.now)
    return answer(ticket_out(asked.site, ticket))


@endpoint(
    "PUT",
    "/tickets/<id>/services",
    who="clerk",
    body=Services,
    answers={200: TicketOut},
    refusals=("move_refused", "unknown_service", "too_many_persons"),
)
def change_services(asked: Asked, body: Services, id: int) -> Response:
    """Change what a ticket is for: add a service, correct a wrong one."""
    change = (asked.store, asked.site, asked.clerk, id, tuple(body.services))
    return _placed(asked, serving.set_services(*change, now=asked.now))


def _held(asked: Asked, token: str) -> Ticket:
    with asked.store.snapshot() as snapshot:
        return tickets.by_token(snapshot, token)


def _shown_code() -> str:
    """Raises `BadRequest` for a form without the picture, and for every field that is not it."""
    sent = dict.fromkeys((*request.files, *request.form))
    wrong = [(name, "unknown", "") for name in sent if name != PICTURE]
    if PICTURE not in request.files:
        wrong.insert(0, (PICTURE, "missing", ""))
    if wrong:
        raise BadRequest(errors=wrong[:MOST_PROBLEMS])
    return pictured_code()


def _draw(asked: Asked, body: DrawTicket) -> Arrival:
    clerk = who().clerk
    return arrivals.draw_ticket(
        asked.store,
        asked.site,
        tuple(body.services),
        persons=body.persons,
        language=body.language,
        key=_key(),
        by=asked.by,
        clerk=clerk.id if clerk else None,
        door=door(),
        now=asked.now,
    )


def _key() -> str | None:
    """As it was sent, or what stands for it: a program may make its keys as long as it likes."""
    key = header(KEY.name)
    return key if key is None or len(key) <= LONGEST_KEPT_KEY else hashed(key)


def _next_slot(asked: Asked, body: DrawTicket) -> dict[str, Any] | None:
    """The appointment to offer instead of a ticket."""
    visit = CalendarVisit(asked.site, tuple(body.services), body.persons)
    slot = asked.context.calendars.next_slot(visit, client(), asked.now)
    return plain(slot_out(asked.site, slot)) if slot else None


def _arrived(asked: Asked, arrival: Arrival) -> Response:
    """A new holder is told what the journal keeps; whoever asks again hears how it stands now."""
    site, ticket, token = asked.site, arrival.ticket, arrival.ticket.token
    if not arrival.is_new:
        return _placed(asked, ticket, token)
    return _with_place(asked, ticket, asked.context.told.standing(site, ticket), token, 201)


def _placed(asked: Asked, ticket: Ticket, token: str | None = None) -> Response:
    site = asked.context.site(ticket.site)
    told = asked.context.forecasts.of(site, ticket)
    with asked.store.snapshot() as snapshot:
        place = place_of(snapshot, site, ticket, asked.context.now(), told)
    return _with_place(asked, ticket, place, token)


def _with_place(
    asked: Asked, ticket: Ticket, place: Place | None, token: str | None, status: int = 200
) -> Response:
    site = asked.context.site(ticket.site)
    why = why_out(place.why if place else why_aside(ticket), site, asked.context.now())
    return answer(placed_ticket_out(site, ticket, place, token=token, why=why), status)
