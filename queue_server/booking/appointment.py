"""The holder's own page, whatever became of the appointment; cancelling and moving it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from flask import make_response, redirect, render_template

from queue_server.actions.appointments import cancel_by_token, move_by_token
from queue_server.booking.appointment_view import appointment_page, holder_of, state_now
from queue_server.booking.blueprint import (
    Errors,
    _,
    a_moment,
    of_a_holder,
    own,
    room,
    see,
    status_of,
    text,
)
from queue_server.booking.calendar import CalendarView, parts
from queue_server.booking.details import details_page
from queue_server.booking.keeping import MAP_HOST, map_link
from queue_server.booking.times import asked_look, calendar_of, look_around
from queue_server.booking.waiting import waiting_page
from queue_server.domain.appointment import CONFIRMED, PRECONFIRMED, RESERVED, Appointment
from queue_server.domain.errors import MovedTooOften, MoveRefused, SlotTaken
from queue_server.qr import qr_svg
from queue_server.web.app_context import app_context
from queue_server.web.errors import sentence
from queue_server.web.language import current


@room.get("/termin/<token>")
@of_a_holder
def appointment(token: str) -> str:
    """What there is to do next, or to know."""
    found = holder_of(token)
    state = state_now(found)
    if state is RESERVED:
        return details_page(found)
    return waiting_page(found) if state is PRECONFIRMED else termin_page(found)


@room.get("/termin/<token>/cancellation")
@of_a_holder
def ask_cancellation(token: str) -> Any:
    """Asks once more; nothing has happened yet."""
    page = appointment_page(holder_of(token))
    if not page.may_cancel:
        return redirect(own(token))
    return render_template("booking/cancellation.html", page=page)


@room.post("/termin/<token>/cancellation")
@of_a_holder
def cancel(token: str) -> Any:
    """Cancel the appointment; twice is once."""
    found = holder_of(token)
    try:
        cancel_by_token(
            app_context().store, app_context().site(found.site), token, now=app_context().now()
        )
    except MoveRefused:
        error = _("Dieser Termin lässt sich nicht mehr absagen.")
        return make_response(termin_page(found, error), 409)
    return see(own(token))


def termin_page(found: Appointment, error: str = "") -> str:
    """The appointment as it stands, with its Termincode once confirmed."""
    page = appointment_page(found)
    qr = qr_svg(page.link) if page.link else ""
    said = "" if error else text("said")
    return render_template(
        "booking/appointment.html",
        page=page, qr=qr, error=error, said=said, map=map_link(page.site), map_host=MAP_HOST,
    )  # fmt: skip


@room.get("/termin/<token>/start")
@of_a_holder
def free_times(token: str) -> Any:
    """Free times to move to; `from` and `day` are dates, `part` is a part of the day."""
    found = holder_of(token)
    if found.state is not CONFIRMED:
        return redirect(own(token))
    return _times(found, asked_look(), [])


@room.post("/termin/<token>/start")
@of_a_holder
def move(token: str) -> Any:
    """Move to a free time; the same time twice is once."""
    found, start, look = holder_of(token), a_moment("start"), asked_look()
    if start is None:
        return _again(found, look, _("Bitte wählen Sie eine Uhrzeit."), 422)
    try:
        _move(found, start)
    except SlotTaken as refusal:
        near = look_around(app_context().site(found.site), look, start)
        return _again(found, near, sentence(refusal), status_of(refusal))
    except MovedTooOften as refusal:
        return make_response(termin_page(found, sentence(refusal)), 409)
    except MoveRefused:
        error = _("Dieser Termin lässt sich nicht mehr verschieben.")
        return make_response(termin_page(found, error), 409)
    return see(own(token, said="moved"))


def _move(found: Appointment, start: datetime) -> None:
    """Raises `SlotTaken`, `MoveRefused`, `MovedTooOften`."""
    if found.state is CONFIRMED and found.start_at == start:
        return
    context, site = app_context(), app_context().site(found.site)
    move_by_token(context.store, site, found.token, start, now=context.now())


def _again(found: Appointment, look: CalendarView, error: str, status: int) -> Any:
    return make_response(_times(found, look, [("times", error)]), status)


def _times(found: Appointment, look: CalendarView, errors: Errors) -> str:
    page = calendar_of(found, app_context().site(found.site), look)
    return render_template(
        "booking/move.html",
        appointment=appointment_page(found),
        page=page,
        parts=parts(current()),
        link=partial(own, found.token, "start"),
        errors=errors,
    )
