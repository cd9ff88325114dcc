"""The visitor's own pages: the house at a glance, the own ticket, the way to an appointment.

Each step of a booking stands in a module of its own, in this order: `choose`, `times`,
`reservation`, `details`, `waiting`; then `holder` and `moving`.
"""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request

from queue_server.actions.arrivals import give_back
from queue_server.booking import choose, details, holder, moving, reservation, times, waiting
from queue_server.booking.door import _, of_a_holder, room, see
from queue_server.booking.start import start_page
from queue_server.booking.ticket import returnable_states, ticket_page
from queue_server.domain.errors import MoveRefused
from queue_server.web.hall import hall
from queue_server.web.language import to

__all__ = ["choose", "details", "holder", "moving", "reservation", "room", "times", "waiting"]


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
        return redirect(to(f"/t/{token}"))
    return render_template("booking/return.html", page=page)


@room.post("/t/<token>/return")
@of_a_holder
def return_ticket(token: str) -> Any:
    """Give the number back; twice is once."""
    try:
        give_back(hall().store, token, now=hall().now())
    except MoveRefused:
        error = _("Ihre Nummer lässt sich jetzt nicht mehr zurückgeben.")
        return make_response(_ticket(token, error), 409)
    return see(to(f"/t/{token}"))


def _ticket(token: str, error: str = "") -> str:
    page = ticket_page(hall(), token)
    return render_template(
        "booking/ticket.html", page=page, error=error, returnable=" ".join(returnable_states())
    )
