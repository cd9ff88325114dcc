"""The ticket page: number, place, way on, what to have at hand, and paper for those who want it."""

from __future__ import annotations

from flask import make_response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kiosk import paper
from kiosk.door import Here, here, room
from kiosk.show import show
from kiosk.visit import Visit, visit_of
from queue_server.actions.documents import declare_missing
from queue_server.domain.errors import MoveRefused, PrinterFailed
from queue_server.domain.ticket import Ticket
from queue_server.qr import qr_svg
from queue_server.web.errors import STATUS
from queue_server.web.hall import hall


def to_ticket(place: Here, ticket: Ticket, said: str = "") -> AnyResponse:
    """See other: a reload of the ticket page shows the ticket and draws nothing.

    `said` is what the page says first: `known`, `slip` or `papers`.
    """
    query = f"?said={said}" if said else ""
    return redirect(f"{place.home}/tickets/{ticket.token}{query}", 303)


@room.get("/kiosk/<kiosk>/tickets/<token>")
def ticket(kiosk: str, token: str) -> str:
    """The number, how many go first, and the way on."""
    place = here(kiosk)
    return _page(place, visit_of(place, token), said=request.args.get("said", ""))


@room.post("/kiosk/<kiosk>/tickets/<token>/documents")
def documents(kiosk: str, token: str) -> AnyResponse:
    """All there, or what is missing. It never costs the number."""
    place = here(kiosk)
    visit = visit_of(place, token)
    missing = request.form.getlist("missing")
    is_all_there = request.form.get("papers") == "all"
    if not missing and not is_all_there:
        page = _page(place, visit, trouble="papers")
        return make_response(page, STATUS["bad_request"])
    house = hall()
    try:
        lacking = () if is_all_there else missing
        declare_missing(house.store, place.site, token, lacking, now=house.now())
    except MoveRefused:
        # Called to the counter meanwhile, or further: the page says where to go.
        return to_ticket(place, visit.ticket)
    return to_ticket(place, visit.ticket, "papers")


@room.post("/kiosk/<kiosk>/tickets/<token>/slips")
def print_slip(kiosk: str, token: str) -> AnyResponse:
    """Print the slip; a printer in trouble loses nothing but the paper."""
    place = here(kiosk)
    visit = visit_of(place, token)
    try:
        paper.print_slip(place, visit)
    except PrinterFailed as failure:
        return make_response(_page(place, visit, trouble="printer"), STATUS[failure.code])
    return to_ticket(place, visit.ticket, "slip")


def _page(place: Here, visit: Visit, *, said: str = "", trouble: str = "") -> str:
    """`trouble` is `printer` or `papers`."""
    return show(
        "ticket",
        place,
        visit=visit,
        follow_qr=Markup(hall().slow(lambda: qr_svg(visit.follow_url))),
        said=said,
        trouble=trouble,
        error=trouble,
    )
