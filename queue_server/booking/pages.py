"""The visitor's own pages: the office at a glance, the own ticket, the way to an appointment.

Each step of a booking stands in a module of its own, in this order: `choose`, `times`,
`reservation`, `details`, `waiting`; then `appointment`.
"""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request

from queue_server.actions import ticket_holder
from queue_server.actions.arrivals import give_back
from queue_server.booking import (
    appointment,
    choose,
    details,
    keeping,
    phone,
    reservation,
    times,
    waiting,
)
from queue_server.booking.blueprint import _, of_a_holder, room, see
from queue_server.booking.start import start_page
from queue_server.booking.ticket import returnable_states, ticket_page
from queue_server.domain.errors import MoveRefused, PostponedAlready
from queue_server.web.app_context import app_context
from queue_server.web.errors import sentence
from queue_server.web.language import to

__all__ = [
    "appointment", "choose", "details", "keeping", "phone", "reservation", "room", "times",
    "waiting",
]  # fmt: skip


@room.get("/")
def start() -> str:
    """Open or not, waiting time now, which concerns; `?site=` chooses one of several."""
    context = app_context()
    wanted = request.args.get("site")
    site = context.site(wanted) if wanted else context.settings.sites[0]
    return render_template("booking/start.html", page=start_page(context, site))


@room.get("/t/<token>")
@of_a_holder
def ticket(token: str) -> str:
    return _ticket(token)


@room.get("/t/<token>/return")
@of_a_holder
def ask_return(token: str) -> Any:
    """Asks once more; nothing has happened yet."""
    page = ticket_page(app_context(), token)
    if not page.may_return:
        return redirect(to(f"/t/{token}"))
    return render_template("booking/return.html", page=page)


@room.post("/t/<token>/return")
@of_a_holder
def return_ticket(token: str) -> Any:
    """Give the number back; twice is once."""
    try:
        give_back(app_context().store, token, now=app_context().now())
    except MoveRefused:
        error = _("Ihre Nummer lässt sich jetzt nicht mehr zurückgeben.")
        return make_response(_ticket(token, error), 409)
    return see(to(f"/t/{token}"))


@room.post("/t/<token>/coming")
@of_a_holder
def come(token: str) -> Any:
    """I am coming. Too late for that, the page itself says how it stands."""
    try:
        ticket_holder.come(app_context().store, token, now=app_context().now())
    except MoveRefused:
        return make_response(_ticket(token), 409)
    return see(to(f"/t/{token}"))


@room.post("/t/<token>/postponement")
@of_a_holder
def postpone(token: str) -> Any:
    """Five minutes more. A second time, or too late, the page itself says how it stands."""
    try:
        ticket_holder.postpone(app_context().store, token, now=app_context().now())
    except (MoveRefused, PostponedAlready) as refusal:
        return make_response(_ticket(token, sentence(refusal)), 409)
    return see(to(f"/t/{token}"))


def _ticket(token: str, error: str = "") -> str:
    page = ticket_page(app_context(), token)
    return render_template(
        "booking/ticket.html", page=page, error=error, returnable=" ".join(returnable_states())
    )
