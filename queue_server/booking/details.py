"""The last two steps: whom to write to, and a look at it all before it is sent off."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template

from queue_server.actions.confirming import ask_confirmation, give_details
from queue_server.booking.appointment_view import (
    appointment_page,
    holder_of,
    state_now,
    visit_again,
)
from queue_server.booking.blueprint import (
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
from queue_server.booking.calendar import CalendarView
from queue_server.booking.requested_visit import Wanted
from queue_server.booking.times import look_around, times_again
from queue_server.domain.appointment import RESERVED, Appointment
from queue_server.domain.errors import BadRequest, Expired, MoveRefused
from queue_server.languages import words
from queue_server.store import people
from queue_server.store.people import Person
from queue_server.web.app_context import app_context
from queue_server.web.language import current


@room.post("/termin/<token>/details")
@of_a_holder
def give(token: str) -> Any:
    """Whom to write to; may be corrected until the form is sent off."""
    found, typed, now = holder_of(token), typed_person(), app_context().now()
    try:
        give_details(app_context().store, token, name=typed.name, email=typed.email, now=now)
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
    site, person = app_context().site(found.site), _person(found)
    try:
        ask_confirmation(app_context().store, site, token, now=app_context().now())
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
        days=app_context().settings.privacy.people_days,
        errors=errors,
        wrong=dict(errors),
    )


def _summary(found: Appointment, person: Person) -> str:
    minutes = app_context().site(found.site).booking.hold_minutes
    return render_template(
        "booking/summary.html",
        page=appointment_page(found),
        visit=_visit(found),
        person=person,
        hold=words.minutes(minutes, language=current()),
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
    look = look_around(visit.site, CalendarView(), found.start_at)
    return times_again(visit, look, error, status_of(Expired()), typed)


def _visit(found: Appointment) -> Wanted:
    """What is being booked, for the addresses under which it can be changed."""
    return Wanted(app_context().site(found.site), found.services, found.persons, found.token)


def _person(found: Appointment) -> Person:
    with app_context().store.snapshot() as snapshot:
        return people.of(snapshot, found.id)
