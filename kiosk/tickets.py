"""Drawing a number, and its page: place, way on, what to have at hand, and paper on request."""

from __future__ import annotations

from flask import make_response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kiosk import paper, slips
from kiosk.blueprint import KioskRequest, kiosk_request, room, show
from kiosk.visit import Visit, visit_of
from queue_server.actions import arrivals
from queue_server.actions.arrivals import Arrival
from queue_server.actions.ticket_notes import declare_missing
from queue_server.domain.errors import BadRequest, MoveRefused, PrinterFailed
from queue_server.domain.ticket import Ticket
from queue_server.qr import qr_svg
from queue_server.web import forms
from queue_server.web.app_context import app_context
from queue_server.web.errors import STATUS
from queue_server.web.identity import client
from queue_server.web.language import current, to


@room.post("/kiosk/<kiosk>/tickets")
def draw(kiosk: str) -> AnyResponse:
    """Draw a number. The page's own key makes a double touch one ticket."""
    asked = kiosk_request(kiosk)
    context = app_context()
    with context.throttle.one("ticket", client()):
        arrival = arrivals.draw_ticket(
            context.store,
            asked.site,
            tuple(request.form.getlist("services")),
            persons=forms.persons(),
            language=current(),
            key=_key(asked),
            now=context.now(),
        )
    return to_ticket(asked, arrival.ticket, on_arrival(asked, arrival))


def to_ticket(asked: KioskRequest, ticket: Ticket, said: str = "") -> AnyResponse:
    """See other: a reload of the ticket page shows the ticket and draws nothing.

    `said` is what the page says first: `known`, `papers`, or of paper `slip`, `new`.
    """
    return redirect(to(f"{asked.home}/tickets/{ticket.token}", said=said), 303)


def on_arrival(asked: KioskRequest, arrival: Arrival) -> str:
    """Paper for a new number; a double touch or a double beep has it already."""
    if not (arrival.is_new and asked.kiosk.prints_itself):
        return ""
    return paper.at_once(asked, visit_of(asked, arrival.ticket.token))


@room.get("/kiosk/<kiosk>/tickets/<token>")
def ticket(kiosk: str, token: str) -> str:
    """The number, how many go first, and the way on."""
    asked = kiosk_request(kiosk)
    return _page(asked, visit_of(asked, token), said=request.args.get("said", ""))


@room.post("/kiosk/<kiosk>/tickets/<token>/documents")
def documents(kiosk: str, token: str) -> AnyResponse:
    """All there, or what of it; the rest is missing. It never costs the number."""
    asked = kiosk_request(kiosk)
    visit = visit_of(asked, token)
    has_all = request.form.get("papers") == "all"
    have = set(visit.documents if has_all else request.form.getlist("have"))
    if foreign := have - set(visit.documents):
        raise BadRequest(errors=[("have", "unknown", each) for each in sorted(foreign)])
    lacking = [each for each in visit.documents if each not in have]
    context = app_context()
    try:
        declare_missing(context.store, asked.site, token, lacking, now=context.now())
    except MoveRefused:
        # Called to the counter meanwhile, or further: the page says where to go.
        return to_ticket(asked, visit.ticket)
    return to_ticket(asked, visit.ticket, "papers")


@room.post("/kiosk/<kiosk>/tickets/<token>/slips")
def print_slip(kiosk: str, token: str) -> AnyResponse:
    """Print the slip; a printer in trouble loses nothing but the paper."""
    asked = kiosk_request(kiosk)
    visit = visit_of(asked, token)
    try:
        paper.print_slip(asked, visit)
    except PrinterFailed as failure:
        return make_response(_page(asked, visit, trouble="printer"), STATUS[failure.code])
    return to_ticket(asked, visit.ticket, "slip")


def _key(asked: KioskRequest) -> str | None:
    return f"{asked.kiosk.id}:{forms.key()}" if forms.key() else None


def _page(asked: KioskRequest, visit: Visit, *, said: str = "", trouble: str = "") -> str:
    """`trouble` is `printer`."""
    return show(
        "ticket",
        asked,
        visit=visit,
        follow_qr=Markup(app_context().pools.qr_codes(lambda: qr_svg(visit.follow_url))),
        slip=slips.slip_of(asked, visit),
        said=said,
        paper=paper.job_of(visit.ticket.token) if said == "slip" else "",
        trouble=trouble,
        error=trouble,
    )
