"""The visitor's own pages: the house at a glance, the own ticket, the own appointment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request

from queue_server.actions.arrivals import give_back
from queue_server.booking import termin as terms
from queue_server.booking.start import start_page
from queue_server.booking.ticket import returnable_states, ticket_page
from queue_server.domain.errors import MoveRefused, NotFound, SlotTaken
from queue_server.qr import qr_svg
from queue_server.web.errors import sentence
from queue_server.web.hall import hall

room = Blueprint(
    "booking",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/booking",
)
CHOOSE_A_TIME = "Bitte wählen Sie eine Uhrzeit."
TOO_LATE_TO_RETURN = "Ihre Nummer lässt sich jetzt nicht mehr zurückgeben."
TOO_LATE_TO_CANCEL = "Dieser Termin lässt sich nicht mehr absagen."
TOO_LATE_TO_MOVE = "Dieser Termin lässt sich nicht mehr verschieben."
View = Callable[..., Any]


def of_a_holder(view: View) -> View:
    """An unknown token is a friendly page: most often a link was cut short."""

    @wraps(view)
    def answer(token: str) -> Any:
        try:
            return view(token)
        except NotFound:
            kind = "ticket" if request.path.startswith("/t/") else "appointment"
            return make_response(render_template("booking/unknown.html", kind=kind), 404)

    return answer


@room.get("/")
def start() -> str:
    """Open or not, waiting time now, which concerns; `?site=` chooses one of several."""
    house = hall()
    wanted = request.args.get("site")
    site = house.site(wanted) if wanted else house.settings.sites[0]
    return render_template("booking/start.html", page=start_page(house, site))


@room.get("/t/<token>")
@of_a_holder
def ticket(token: str) -> str:
    return _ticket(token)


@room.get("/t/<token>/return")
@of_a_holder
def ask_return(token: str) -> Any:
    """Asks once more; nothing has happened yet."""
    page = ticket_page(hall(), token)
    if not page.may_return:
        return redirect(f"/t/{token}")
    return render_template("booking/return.html", page=page)


@room.post("/t/<token>/return")
@of_a_holder
def return_ticket(token: str) -> Any:
    """Give the number back; twice is once."""
    try:
        give_back(hall().store, token, now=hall().now())
    except MoveRefused:
        return make_response(_ticket(token, TOO_LATE_TO_RETURN), 409)
    return redirect(f"/t/{token}", 303)


@room.get("/termin")
def code_page() -> str:
    """What the QR of a Termincode opens on a phone; the code stays in the fragment."""
    early = min(site.checkin.early_minutes for site in hall().settings.sites)
    return render_template("booking/code.html", early=early)


@room.get("/termin/<token>")
@of_a_holder
def appointment(token: str) -> str:
    return _appointment(token)


@room.get("/termin/<token>/cancellation")
@of_a_holder
def ask_cancellation(token: str) -> Any:
    """Asks once more; nothing has happened yet."""
    page = terms.appointment_page(hall(), token)
    if not page.may_cancel:
        return redirect(f"/termin/{token}")
    return render_template("booking/cancellation.html", page=page)


@room.post("/termin/<token>/cancellation")
@of_a_holder
def cancel(token: str) -> Any:
    """Cancel the appointment; twice is once."""
    try:
        terms.cancel(hall(), token)
    except MoveRefused:
        return make_response(_appointment(token, TOO_LATE_TO_CANCEL), 409)
    return redirect(f"/termin/{token}", 303)


@room.get("/termin/<token>/start")
@of_a_holder
def free_times(token: str) -> Any:
    """Free times to move to; `?from=` and `?day=` are dates."""
    if not terms.appointment_page(hall(), token).may_move:
        return redirect(f"/termin/{token}")
    return _times(token)


@room.post("/termin/<token>/start")
@of_a_holder
def move(token: str) -> Any:
    """Move to a free time; the same time twice is once."""
    start_at = _moment(request.form.get("start", ""))
    try:
        if start_at is None:
            return make_response(_times(token, CHOOSE_A_TIME), 422)
        terms.move(hall(), token, start_at)
    except SlotTaken as refusal:
        return make_response(_times(token, sentence(refusal)), 409)
    except MoveRefused:
        return make_response(_appointment(token, TOO_LATE_TO_MOVE), 409)
    return redirect(f"/termin/{token}?moved=1", 303)


def _ticket(token: str, error: str = "") -> str:
    page = ticket_page(hall(), token)
    return render_template(
        "booking/ticket.html", page=page, error=error, returnable=" ".join(returnable_states())
    )


def _appointment(token: str, error: str = "") -> str:
    page = terms.appointment_page(hall(), token)
    qr = qr_svg(page.link) if page.link else ""
    was_moved = "moved" in request.args
    return render_template(
        "booking/appointment.html", page=page, qr=qr, error=error, was_moved=was_moved
    )


def _times(token: str, error: str = "") -> str:
    page = terms.times_page(hall(), token, _date("from"), _date("day"))
    errors = [("times", error)] if error else []
    return render_template("booking/times.html", page=page, errors=errors, first=_date("from"))


def _date(name: str) -> date | None:
    """A date from the address; anything else is as if it were not there."""
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """An aware moment from a form, or nothing."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
