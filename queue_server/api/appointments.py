"""Appointments: booked by citizens and clerks, confirmed, moved and cancelled by their holders."""

from __future__ import annotations

from typing import Annotated

from flask import Response, request
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from queue_server.actions import appointments as verbs
from queue_server.actions import booking
from queue_server.api.door import LANGUAGE, Body, Moment, Parameter, answer, endpoint, read
from queue_server.domain.appointment import EXPIRED, Appointment, has_expired
from queue_server.domain.contact import LONGEST_ADDRESS, LONGEST_NAME, checked_name, is_address
from queue_server.domain.errors import BadKey, BadRequest
from queue_server.domain.site import Site
from queue_server.store import appointments
from queue_server.store.identities import Clerk
from queue_server.store.proofs import Proof
from queue_server.web import proof
from queue_server.web.hall import hall
from queue_server.web.identity import client, require_clerk, who
from queue_server.web.models import AppointmentOut, ChallengeOut
from queue_server.web.throttle import booking as booking_limit
from queue_server.web.wire import appointment_out


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
    """The key that stands in the link of the e-mail, and nowhere else."""

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
def challenge() -> Response:
    """A proof of work for one booking, good once and for ten minutes."""
    house = hall()
    wanted = request.args.get("site")
    site = house.site(wanted) if wanted else house.settings.sites[0]
    made = proof.new_challenge(house.proof_secret, site.booking.proof_work, house.now())
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
        "too_many_open",
        "bad_proof",
        "too_many_tries",
    ),
)
def book(site: str) -> Response:
    """Book. A citizen confirms by e-mail; a clerk's booking carries its Termincode at once."""
    place = hall().site(site)
    asker = who().clerk
    wanted = read(Book)
    if asker is None:
        booked = _by_citizen(place, wanted)
    else:
        booked = _by_clerk(place, wanted, require_clerk(place))
    return answer(appointment_out(place, booked), 201, whole=True)


def _by_clerk(place: Site, wanted: Book, clerk: Clerk) -> Appointment:
    house = hall()
    return verbs.book_by_clerk(
        house.store,
        place,
        tuple(wanted.services),
        wanted.start,
        persons=wanted.persons,
        name=checked_name(wanted.name),
        email=wanted.email,
        phone=wanted.phone,
        language=wanted.language,
        clerk=clerk.id,
        people_days=house.settings.privacy.people_days,
        now=house.now(),
    )


def _by_citizen(place: Site, wanted: Book) -> Appointment:
    """What is wrong with the body is said first; only a booking that succeeds spends the proof."""
    house, now = hall(), hall().now()
    _check_citizen(wanted)
    services = booking.bookable_visit(place, tuple(wanted.services), wanted.persons)
    given = _proof(place, wanted)
    with house.throttle.one(booking_limit(place), client(), now):
        return booking.book(
            house.store,
            place,
            services,
            wanted.start,
            persons=wanted.persons,
            name=wanted.name,
            email=wanted.email,
            language=wanted.language,
            proof=given,
            now=now,
        )


def _check_citizen(wanted: Book) -> None:
    """Somebody who books for themselves is reached by e-mail only. Raises `BadRequest`."""
    wrong = [] if wanted.email else [("email", "missing", "")]
    if wanted.phone:
        wrong.append(("phone", "unknown", ""))
    if wrong:
        raise BadRequest(errors=wrong)


def _proof(place: Site, wanted: Book) -> Proof | None:
    """The proof that this site asks for, if it does. Raises `BadProof`."""
    if not place.booking.proof:
        return None
    house = hall()
    return proof.checked(house.proof_secret, wanted.proof or "", house.now())


@endpoint(
    "GET",
    "/appointments/<token>",
    who="holder",
    answers={200: AppointmentOut},
)
def look(token: str) -> Response:
    """The holder's own appointment, with its code once confirmed."""
    house = hall()
    with house.store.snapshot() as snapshot:
        return _out(appointments.by_token(snapshot, token))


@endpoint(
    "POST",
    "/appointments/<token>/confirmation",
    who="holder",
    body=Confirm,
    answers={200: AppointmentOut},
    refusals=("bad_key", "expired", "cancelled", "too_many_tries"),
)
def confirm(token: str) -> Response:
    """Prove the address with the key of the e-mail; twice is once."""
    house, now = hall(), hall().now()
    key = read(Confirm).key
    house.throttle.check("code", client(), now)
    try:
        people_days = house.settings.privacy.people_days
        done = booking.confirm(house.store, token, key, people_days=people_days, now=now)
    except BadKey:
        house.throttle.count("code", client(), now)
        raise
    return _out(done)


@endpoint(
    "PUT",
    "/appointments/<token>/start",
    who="holder",
    body=NewStart,
    answers={200: AppointmentOut},
    refusals=("slot_taken", "move_refused"),
)
def move(token: str) -> Response:
    """Another start for the same appointment and code."""
    start = read(NewStart).start
    house, site = hall(), _site_of(token)
    return _out(verbs.move_by_token(house.store, site, token, start, now=house.now()))


@endpoint(
    "DELETE",
    "/appointments/<token>",
    who="holder",
    answers={200: AppointmentOut},
    refusals=("move_refused",),
)
def cancel(token: str) -> Response:
    """Cancel and free the slot; twice is once."""
    house, site = hall(), _site_of(token)
    return _out(verbs.cancel_by_token(house.store, site, token, now=house.now()))


def _site_of(token: str) -> Site:
    """The site of whoever holds this token; raises `NotFound`."""
    house = hall()
    with house.store.snapshot() as snapshot:
        return house.site(appointments.by_token(snapshot, token).site)


def _out(appointment: Appointment) -> Response:
    """The appointment as it stands at this second, though nobody has tidied up yet."""
    house = hall()
    if has_expired(appointment, house.now()):
        appointment = appointment.moved(EXPIRED, expires_at=None)
    return answer(appointment_out(house.site(appointment.site), appointment), whole=True)
