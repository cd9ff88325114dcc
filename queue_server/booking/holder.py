"""The holder's own page, whatever became of the appointment, and cancelling it."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template

from queue_server.actions.appointments import cancel_by_token
from queue_server.booking.details import details_page
from queue_server.booking.door import _, of_a_holder, own, room, see, text
from queue_server.booking.termin import appointment_page, holder_of, state_now
from queue_server.booking.waiting import waiting_page
from queue_server.domain.appointment import PRECONFIRMED, RESERVED, Appointment
from queue_server.domain.errors import MoveRefused
from queue_server.qr import qr_svg
from queue_server.web.hall import hall


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
        cancel_by_token(hall().store, hall().site(found.site), token, now=hall().now())
    except MoveRefused:
        error = _("Dieser Termin lässt sich nicht mehr absagen.")
        return make_response(termin_page(found, error), 409)
    return see(own(token))


def termin_page(found: Appointment, error: str = "") -> str:
    """The appointment as it stands, with its Termincode once confirmed."""
    page = appointment_page(found)
    qr = qr_svg(page.link) if page.link else ""
    said = "" if error else text("said")
    return render_template("booking/appointment.html", page=page, qr=qr, error=error, said=said)
