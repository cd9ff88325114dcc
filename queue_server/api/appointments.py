"""Appointments: booked by citizens and clerks, confirmed, moved and cancelled by their holders."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from flask import Response, request
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from queue_server.actions import appointments as actions
from queue_server.actions import booking, confirming
from queue_server.api.blueprint import LANGUAGE, Asked, Body, Moment, Parameter, answer, endpoint
from queue_server.domain.appointment import EXPIRED, Appointment, has_expired
from queue_server.domain.contact import LONGEST_ADDRESS, LONGEST_NAME, checked_name, is_address
from queue_server.domain.errors import BadKey, BadRequest
from queue_server.store import appointments
from queue_server.web import proof
from queue_server.web.identity import client, require_clerk, who
from queue_server.web.limits import booking as booking_limit
from queue_server.web.models import AppointmentOut, ChallengeOut
from queue_server.web.serializers import appointment_out


def _address(value: str) -> str:
    """No address at all is left to those who may do without."""
    address = value.strip()
    if address and not is_address(address):
        raise PydanticCustomError("address", "not an address")
    return address


class Book(Body):
    """An appointment. `start` is RFC 3339 with offset.

    Citizens give an address and the answer to a challenge; a clerk needs neither, and only a clerk
    notes a phone number.
    """

    services: list[str] = Field(min_length=1, max_length=10)
    persons: int = Field(default=1, ge=1, le=20)
    start: Moment
    name: str = Field(default="", max_length=LONGEST_NAME)
    email: Annotated[str, Field(max_length=LONGEST_ADDRESS), AfterValidator(_address)] = ""
    phone: str = Field(default="", max_length=40)
    language: str = Field(default="de", pattern=LANGUAGE, max_length=35)
    proof: str | None = None


class Confirm(Body):
    """The key that is in the link of the e-mail, and nowhere else."""

    key: str = ""


class NewStart(Body):
    start: Moment


@endpoint(
    "GET",
    "/challenge",
    who="all",
    answers={200: ChallengeOut},
    refusals=("not_found",),
    parameters=(
        Parameter("site", "The site to book at; its `proof_work` counts.", {"type": "string"}),
    ),
)
def challenge(asked: Asked) -> Response:
    """A proof of work for one booking, good once and for ten minutes; harder the more are asked."""
    context = asked.context
    wanted = request.args.get("site")
    site = context.site(wanted) if wanted else context.settings.sites[0]
    overload = context.throttle.note("challenge", client())
    work = proof.work(site.booking.proof_work, overload)
    made = proof.new_challenge(context.proof_secret, work, asked.now)
    return answer(ChallengeOut(**made.to_dict()))


@endpoint(
    "POST",
    "/sites/<site>/appointments",
    who="all",
    body=Book,
    answers={201: AppointmentOut},
    refusals=(
        "slot_taken",
        "unknown_service",
        "too_many_persons",
        "not_bookable",
        "day_held",
        "too_many_held",
        "bad_proof",
        "too_many_tries",
    ),
)
def book(asked: Asked, body: Book) -> Response:
    """Book. A citizen confirms by e-mail; a clerk's booking carries its Termincode at once."""
    is_clerk = who().clerk is not None
    booked = _by_clerk(asked, body) if is_clerk else _by_citizen(asked, body)
    return answer(appointment_out(asked.site, booked), 201, whole=True)


def _by_clerk(asked: Asked, body: Book) -> Appointment:
    clerk = require_clerk(asked.site)
    return actions.book_by_clerk(
        asked.store,
        asked.site,
        tuple(body.services),
        body.start,
        persons=body.persons,
        name=checked_name(body.name),
        email=body.email,
        phone=body.phone,
        language=body.language,
        clerk=clerk.id,
        people_days=asked.context.settings.privacy.people_days,
        now=asked.now,
    )


def _by_citizen(asked: Asked, body: Book) -> Appointment:
    """What is wrong with the body is said first; only a booking that succeeds spends the proof."""
    context, site, now = asked.context, asked.site, asked.now
    _check_citizen(body)
    services = booking.bookable_visit(site, tuple(body.services), body.persons)
    # Raises `BadProof`.
    spent = (
        proof.checked(context.proof_secret, body.proof or "", now) if site.booking.proof else None
    )
    minutes = site.visit_minutes(services, body.persons)
    with (
        context.throttle.one(booking_limit(site), client()),
        context.holds.room_for(client(), site, minutes, now) as hold,
    ):
        booked = booking.book(
            context.store,
            site,
            services,
            body.start,
            persons=body.persons,
            name=body.name,
            email=body.email,
            language=body.language,
            proof=spent,
            now=now,
        )
        return hold.keep(booked)


def _check_citizen(body: Book) -> None:
    """Somebody who books for themselves is reached by e-mail only. Raises `BadRequest`."""
    wrong = [] if body.email else [("email", "missing", "")]
    if body.phone:
        wrong.append(("phone", "unknown", ""))
    if wrong:
        raise BadRequest(errors=wrong)


@endpoint(
    "GET",
    "/appointments/<token>",
    who="holder",
    answers={200: AppointmentOut},
)
def look(asked: Asked, token: str) -> Response:
    """The holder's own appointment, with its code once confirmed."""
    return _out(asked, _held(asked, token))


@endpoint(
    "POST",
    "/appointments/<token>/confirmation",
    who="holder",
    body=Confirm,
    answers={200: AppointmentOut},
    refusals=("bad_key", "expired", "cancelled", "too_many_tries"),
)
def confirm(asked: Asked, body: Confirm, token: str) -> Response:
    """Prove the address with the key of the e-mail; twice is once."""
    days = asked.context.settings.privacy.people_days
    with asked.context.throttle.guess("key", client(), BadKey):
        done = confirming.confirm(asked.store, token, body.key, people_days=days, now=asked.now)
    return _out(asked, done)


@endpoint(
    "PUT",
    "/appointments/<token>/start",
    who="holder",
    body=NewStart,
    answers={200: AppointmentOut},
    refusals=("slot_taken", "move_refused", "moved_too_often"),
)
def move(asked: Asked, body: NewStart, token: str) -> Response:
    """Another start for the same appointment and code."""
    site = asked.context.site(_held(asked, token).site)
    return _out(asked, actions.move_by_token(asked.store, site, token, body.start, now=asked.now))


@endpoint(
    "DELETE",
    "/appointments/<token>",
    who="holder",
    answers={200: AppointmentOut},
    refusals=("move_refused",),
)
def cancel(asked: Asked, token: str) -> Response:
    """Cancel and free the slot; twice is once."""
    site = asked.context.site(_held(asked, token).site)
    return _out(asked, actions.cancel_by_token(asked.store, site, token, now=asked.now))


def _held(asked: Asked, token: str) -> Appointment:
    """The appointment of whoever holds this token; raises `NotFound`."""
    with asked.store.snapshot() as snapshot:
        return appointments.by_token(snapshot, token)


def _out(asked: Asked, appointment: Appointment) -> Response:
    """The appointment as it stands at this second, though nobody has tidied up yet."""
    if has_expired(appointment, asked.now):
        appointment = replace(appointment, state=EXPIRED, expires_at=None)
    return answer(appointment_out(asked.context.site(appointment.site), appointment), whole=True)
