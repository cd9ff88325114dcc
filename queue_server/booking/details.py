"""The last two steps: whom to write to, and a look at it all before it is sent off."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template

from queue_server.actions.booking import ask_confirmation, give_details
from queue_server.booking.calendar import Look
from queue_server.booking.door import (
    Errors,
    _,
    of_a_holder,
    own,
    room,
    see,
    status_of,
    typed_person,
    wrong_fields,
)
from queue_server.booking.termin import appointment_page, holder_of, state_now, visit_again
from queue_server.booking.times import look_around, times_again
from queue_server.booking.wanted import Wanted
from queue_server.domain.appointment import RESERVED, Appointment
from queue_server.domain.errors import BadRequest, Expired, MoveRefused, TooManyOpen
from queue_server.languages import words
from queue_server.store import people
from queue_server.store.people import Person
from queue_server.web.errors import sentence
from queue_server.web.hall import hall
from queue_server.web.language import current


@room.post("/termin/<token>/details")
@of_a_holder
def give(token: str) -> Any:
    """Whom to write to; may be corrected until the form is sent off."""
    found, typed, now = holder_of(token), typed_person(), hall().now()
    try:
        give_details(hall().store, token, name=typed.name, email=typed.email, now=now)
    except BadRequest as refusal:
        return details_again(found, typed, wrong_fields(refusal))
    except Expired:
        return _too_late(found, typed)
    except MoveRefused:
        return see(own(token))
    return see(own(token, "summary"))


@room.get("/termin/<token>/details")
@of_a_holder
def details(token: str) -> Any:
    """The address of a refused form, opened once more."""
    holder_of(token)
    return see(own(token))


@room.get("/termin/<token>/summary")
@of_a_holder
def summary(token: str) -> Any:
    """Everything once more, with a way to change each of it."""
    found = holder_of(token)
    person = _person(found)
    if state_now(found) is not RESERVED or not person.email:
        return see(own(token))
    return _summary(found, person)


@room.post("/termin/<token>/summary")
@of_a_holder
def send_off(token: str) -> Any:
    """Send the form off: now the link in the e-mail is waited for. Twice is once."""
    found = holder_of(token)
    site, person = hall().site(found.site), _person(found)
    try:
        ask_confirmation(hall().store, site, token, now=hall().now())
    except TooManyOpen as refusal:
        errors = [("email", sentence(refusal))]
        return make_response(_summary(found, person, errors), status_of(refusal))
    except BadRequest as refusal:
        return details_again(found, person, wrong_fields(refusal))
    except Expired:
        return _too_late(found, person)
    except MoveRefused:
        pass
    return see(own(token))


def details_page(found: Appointment) -> str:
    """The form, with what was typed into it before."""
    return _details(found, _person(found), [])


def details_again(found: Appointment, typed: Person, errors: Errors) -> Any:
    """The form once more, with what is wrong."""
    return make_response(_details(found, typed, errors), 422)


def _details(found: Appointment, person: Person, errors: Errors) -> str:
    return render_template(
        "booking/details.html",
        page=appointment_page(found),
        visit=_visit(found),
        person=person,
        days=hall().settings.privacy.people_days,
        errors=errors,
        wrong=dict(errors),
    )


def _summary(found: Appointment, person: Person, errors: Errors | None = None) -> str:
    minutes = hall().site(found.site).booking.hold_minutes
    return render_template(
        "booking/summary.html",
        page=appointment_page(found),
        visit=_visit(found),
        person=person,
        hold=words.minutes(minutes, language=current()),
        errors=errors or [],
    )


def _too_late(found: Appointment, typed: Person) -> Any:
    """The time is no longer held: choose again, what was typed is still there."""
    visit = visit_again(found)
    if visit is None:
        return see(own(found.token))
    error = _(
        "Die Uhrzeit wird nicht mehr für Sie freigehalten, weil zu viel Zeit vergangen ist. "
        "Bitte wählen Sie noch einmal. Ihre Angaben sind noch da."
    )
    look = look_around(visit.site, Look(), found.start_at)
    return times_again(visit, look, error, status_of(Expired()), typed)


def _visit(found: Appointment) -> Wanted:
    """What is being booked, for the addresses under which it can be changed."""
    return Wanted(hall().site(found.site), found.services, found.persons, found.token)


def _person(found: Appointment) -> Person:
    with hall().store.snapshot() as snapshot:
        return people.of(snapshot, found.id)
