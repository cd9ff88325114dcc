"""The check-in terminal where people arrive: draw a number, or check in with a Termincode.

Every page is plain HTML with real links and forms; the scripts beside it only make it faster and
keep it standing when the line is cut.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kiosk import offer, paper, refusals
from kiosk.door import Here, here
from kiosk.show import show, spoken
from kiosk.visit import Visit, visit_of
from queue_server.actions import arrivals
from queue_server.domain.errors import BadRequest, NotFound, PrinterFailed, UnknownCode
from queue_server.qr import qr_svg
from queue_server.queries.outlook import outlook
from queue_server.web import guard
from queue_server.web.hall import hall
from queue_server.web.identity import client
from queue_server.web.pictures import pictured_code

LONGEST_KEY = 100
LONGEST_SCAN = 500
room = Blueprint(
    "kiosk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/kiosk",
)
refusals.install(room)


@room.get("/kiosk/<kiosk>")
def home(kiosk: str) -> str:
    """The first page: check in, or choose what you come for."""
    place = here(kiosk)
    now = hall().now()
    with hall().store.snapshot() as snapshot:
        groups = offer.groups(snapshot, place.site, now)
        today = outlook(snapshot, place.site, now)
        closed = offer.why_not_issuing(snapshot, place.site, now)
    return show(
        "home",
        place,
        groups=groups,
        outlook=today,
        needs_groups=offer.needs_groups(place.site),
        refusal=spoken(place, closed),
    )


@room.get("/kiosk/<kiosk>/groups/<letter>")
def group(kiosk: str, letter: str) -> str:
    """The services of a group: one touch draws the number."""
    place = here(kiosk)
    now = hall().now()
    with hall().store.snapshot() as snapshot:
        found = offer.group(snapshot, place.site, letter, now)
        wait = offer.usual_wait(outlook(snapshot, place.site, now), found.offered)
        closed = offer.why_not_issuing(snapshot, place.site, now)
    return show(
        "group",
        place,
        group=found,
        wait=wait,
        refusal=spoken(place, closed),
    )


@room.get("/kiosk/<kiosk>/several")
def several(kiosk: str) -> str:
    """Several concerns or several persons in one visit."""
    return refusals.several_page(here(kiosk))


@room.post("/kiosk/<kiosk>/tickets")
def draw(kiosk: str) -> AnyResponse:
    """Draw a number. The page's own key makes a double touch one ticket."""
    place = here(kiosk)
    house = hall()
    house.throttle.check("ticket", client(), house.now())
    arrival = arrivals.draw_ticket(
        house.store,
        place.site,
        tuple(request.form.getlist("services")),
        persons=_persons(),
        key=_key(place),
        now=house.now(),
    )
    house.throttle.count("ticket", client(), house.now())
    return _to_ticket(place, arrival)


@room.get("/kiosk/<kiosk>/check-in")
def check_in_page(kiosk: str) -> str:
    """Hold the QR code before the camera, or type the Termincode."""
    return show("check_in", here(kiosk))


@room.get("/kiosk/<kiosk>/picture")
def picture_page(kiosk: str) -> str:
    """Send a picture of the QR code, where the camera can't be used live."""
    place = here(kiosk)
    if not place.kiosk.camera:
        raise NotFound()
    return show("picture", place)


@room.post("/kiosk/<kiosk>/check-ins")
def check_in(kiosk: str) -> AnyResponse:
    """Check in with a typed or scanned Termincode, or with a picture of its QR code."""
    place = here(kiosk)
    house = hall()
    house.throttle.check("code", client(), house.now())
    typed = request.form.get("code", "")[:LONGEST_SCAN]
    code = pictured_code() if "image" in request.files else typed
    try:
        arrival = arrivals.check_in(house.store, place.site, code, now=house.now())
    except UnknownCode:
        house.throttle.count("code", client(), house.now())
        raise
    return _to_ticket(place, arrival)


@room.get("/kiosk/<kiosk>/tickets/<token>")
def ticket(kiosk: str, token: str) -> str:
    """The number, how many go first, and the way on."""
    place = here(kiosk)
    return _ticket_page(place, visit_of(place, token), printed=request.args.get("slip") == "1")


@room.post("/kiosk/<kiosk>/tickets/<token>/slips")
def print_slip(kiosk: str, token: str) -> AnyResponse:
    """Print the slip; a printer in trouble loses nothing but the paper."""
    place = here(kiosk)
    visit = visit_of(place, token)
    try:
        paper.print_slip(place, visit)
    except PrinterFailed:
        return make_response(_ticket_page(place, visit, printer_failed=True), 502)
    return redirect(f"{place.home}/tickets/{token}?slip=1", 303)


@room.get("/static/kiosk/qr-worker.js")
def qr_worker() -> Response:
    """The reader of QR codes. A worker is judged by the policy of its own response."""
    guard.allow_wasm()
    return make_response(room.send_static_file("qr-worker.js"))


def _ticket_page(
    place: Here, visit: Visit, *, printed: bool = False, printer_failed: bool = False
) -> str:
    return show(
        "ticket",
        place,
        visit=visit,
        follow_qr=Markup(hall().slow(lambda: qr_svg(visit.follow_url))),
        printed=printed,
        printer_failed=printer_failed,
        error=printer_failed,
    )


def _to_ticket(place: Here, arrival: arrivals.Arrival) -> AnyResponse:
    """See other: a reload of the ticket page shows the ticket and draws nothing."""
    return redirect(f"{place.home}/tickets/{arrival.ticket.token}", 303)


def _key(place: Here) -> str | None:
    key = request.form.get("key", "")
    if len(key) > LONGEST_KEY:
        raise BadRequest(errors=[("key", "length", "")])
    return f"{place.kiosk.id}:{key}" if key else None


def _persons() -> int:
    text = request.form.get("persons", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise BadRequest(errors=[("persons", "unknown", text)])
    return int(text)
