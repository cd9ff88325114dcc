"""Appointments: booked by clerks, looked at, moved and cancelled by their holders."""

from __future__ import annotations

from flask import Response
from pydantic import Field

from queue_server.actions import appointments as booking
from queue_server.api.door import LANGUAGE, Body, Moment, answer, endpoint, read
from queue_server.domain.appointment import Appointment
from queue_server.store import appointments
from queue_server.web.hall import hall
from queue_server.web.identity import require_clerk
from queue_server.web.models import AppointmentOut
from queue_server.web.wire import appointment_out


class Book(Body):
    """An appointment for somebody on the phone or at the desk. `start` is RFC 3339 with offset."""

    services: list[str] = Field(min_length=1, max_length=10)
    persons: int = Field(default=1, ge=1, le=20)
    start: Moment
    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$")
    phone: str = Field(default="", max_length=40)
    language: str = Field(default="de", pattern=LANGUAGE, max_length=35)


class NewStart(Body):
    start: Moment


@endpoint(
    "POST",
    "/sites/<site>/appointments",
    who="clerk",
    body=Book,
    answers={201: AppointmentOut},
    refusals=("slot_taken", "unknown_service", "too_many_persons"),
)
def book(site: str) -> Response:
    """Book; a clerk's booking is confirmed at once and carries its Termincode."""
    house = hall()
    place = house.site(site)
    clerk = require_clerk(place)
    wanted = read(Book)
    booked = booking.book_by_clerk(
        house.store,
        place,
        tuple(wanted.services),
        wanted.start,
        persons=wanted.persons,
        name=wanted.name,
        email=wanted.email,
        phone=wanted.phone,
        language=wanted.language,
        clerk=clerk.id,
        people_days=house.settings.privacy.people_days,
        now=house.now(),
    )
    return answer(appointment_out(place, booked), 201, whole=True)


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
    "PUT",
    "/appointments/<token>/start",
    who="holder",
    body=NewStart,
    answers={200: AppointmentOut},
    refusals=("slot_taken", "move_refused"),
)
def move(token: str) -> Response:
    """Another start for the same appointment and code."""
    house = hall()
    start = read(NewStart).start
    with house.store.snapshot() as snapshot:
        site = house.site(appointments.by_token(snapshot, token).site)
    return _out(booking.move_by_token(house.store, site, token, start, now=house.now()))


@endpoint(
    "DELETE",
    "/appointments/<token>",
    who="holder",
    answers={200: AppointmentOut},
    refusals=("move_refused",),
)
def cancel(token: str) -> Response:
    """Cancel and free the slot; twice is once."""
    house = hall()
    return _out(booking.cancel_by_token(house.store, token, now=house.now()))


def _out(appointment: Appointment) -> Response:
    return answer(appointment_out(hall().site(appointment.site), appointment), whole=True)
