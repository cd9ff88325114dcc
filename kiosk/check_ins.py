"""Checking in: by typed or scanned Termincode, by the camera, by a picture of the code."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Response, g, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from kiosk.door import Here, here, room
from kiosk.show import show
from kiosk.tickets import to_ticket
from kiosk.visit import visit_of
from queue_server.actions import arrivals
from queue_server.domain.codes import parse_code
from queue_server.domain.errors import (
    NoCodeInImage,
    NotFound,
    PictureTooBig,
    TooManyTries,
    UnknownCode,
)
from queue_server.domain.ticket import Ticket
from queue_server.store import appointments
from queue_server.web import guard
from queue_server.web.hall import hall
from queue_server.web.identity import client
from queue_server.web.pictures import pictured_code

LONGEST_SCAN = 500
OWN_PAGE = re.compile(r"/termin/([\w-]{22})\s*$", re.ASCII)
SLIP = re.compile(r"/t/([\w-]{22})\s*$", re.ASCII)
# Nobody who is still standing there is told that they came before: a scanner may beep twice.
STILL_HERE = timedelta(minutes=1)


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
    if held := _ticket_of_slip(place, typed):
        return to_ticket(place, held, "known")
    return _arrive(place, _code_of(pictured_code() if "image" in request.files else typed))


@room.post("/kiosk/<kiosk>/frames")
def frame(kiosk: str) -> AnyResponse:
    """Read what the kiosk's own camera could not read; 204 when there is nothing to be read."""
    place = here(kiosk)
    house = hall()
    try:
        for purpose in ("code", "picture"):
            house.throttle.check(purpose, client(), house.now())
        house.throttle.count("picture", client(), house.now())
        code = pictured_code()
    except (NoCodeInImage, PictureTooBig, TooManyTries):
        return Response(status=204)
    return _arrive(place, _code_of(code))


@room.get("/static/kiosk/qr-worker.js")
def qr_worker() -> Response:
    """The reader of QR codes. A worker is judged by the policy of its own response."""
    guard.allow_wasm()
    return make_response(room.send_static_file("qr-worker.js"))


def _ticket_of_slip(place: Here, text: str) -> Ticket | None:
    """People also hold the code on their slip before the reader: it leads to their own page."""
    held = SLIP.search(text)
    if held is None:
        return None
    try:
        return visit_of(place, held.group(1)).ticket
    except NotFound:
        return None


def _code_of(text: str) -> str:
    """The code on the screen where an appointment was taken leads to its own page; a photo of it
    is as good as the slip."""
    own = OWN_PAGE.search(text)
    if own is None:
        return text
    try:
        with hall().store.snapshot() as snapshot:
            return appointments.by_token(snapshot, own.group(1)).code
    except NotFound:
        return text


def _arrive(place: Here, code: str) -> AnyResponse:
    house = hall()
    now = house.now()
    # For the page of a refusal, which speaks of this appointment.
    g.termincode = parse_code(code)
    try:
        arrival = arrivals.check_in(house.store, place.site, code, now=now)
    except UnknownCode:
        house.throttle.count("code", client(), now)
        raise
    if arrival.is_new:
        house.forecasts.tell(place.site, arrival.ticket)
    was_here = now - arrival.ticket.issued_at > STILL_HERE
    return to_ticket(place, arrival.ticket, "known" if was_here else "")
