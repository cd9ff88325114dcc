"""The holder moves an appointment to another free time."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from flask import make_response, redirect, render_template

from queue_server.actions.appointments import move_by_token
from queue_server.booking.calendar import Look, parts
from queue_server.booking.door import Errors, _, a_moment, of_a_holder, own, room, see, status_of
from queue_server.booking.holder import termin_page
from queue_server.booking.termin import appointment_page, holder_of
from queue_server.booking.times import asked_look, calendar_of, look_around
from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.errors import MoveRefused, SlotTaken
from queue_server.web.errors import sentence
from queue_server.web.hall import hall
from queue_server.web.language import current


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
        near = look_around(hall().site(found.site), look, start)
        return _again(found, near, sentence(refusal), status_of(refusal))
    except MoveRefused:
        error = _("Dieser Termin lässt sich nicht mehr verschieben.")
        return make_response(termin_page(found, error), 409)
    return see(own(token, said="moved"))


def _move(found: Appointment, start: datetime) -> None:
    """Raises `SlotTaken`, `MoveRefused`."""
    if found.state is CONFIRMED and found.start_at == start:
        return
    house, site = hall(), hall().site(found.site)
    move_by_token(house.store, site, found.token, start, now=house.now())


def _again(found: Appointment, look: Look, error: str, status: int) -> Any:
    return make_response(_times(found, look, [("times", error)]), status)


def _times(found: Appointment, look: Look, errors: Errors) -> str:
    with hall().store.snapshot() as snapshot:
        page = calendar_of(snapshot, found, hall().site(found.site), look)
    return render_template(
        "booking/move.html",
        appointment=appointment_page(found),
        page=page,
        parts=parts(current()),
        link=partial(own, found.token, "start"),
        errors=errors,
    )
