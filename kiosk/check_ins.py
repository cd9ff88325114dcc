"""Checking in: by typed or scanned Termincode, by the camera, by a picture of the code."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Response, g, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from kiosk.blueprint import KioskRequest, kiosk_request, room, show
from kiosk.tickets import on_arrival, to_ticket
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
from queue_server.languages import texts
from queue_server.store import appointments
from queue_server.web import guard
from queue_server.web.app_context import app_context
from queue_server.web.errors import STATUS
from queue_server.web.identity import client
from queue_server.web.language import asked_for, current
from queue_server.web.requests import accept_picture, pictured_code

LONGEST_SCAN = 500
CODE_LENGTH = 9
OWN_PAGE = re.compile(r"/termin/([\w-]{22})\s*$", re.ASCII)
SLIP = re.compile(r"/t/([\w-]{22})\s*$", re.ASCII)
# Nobody who is still standing there is told that they came before: a scanner may beep twice.
STILL_HERE = timedelta(minutes=1)


@room.get("/kiosk/<kiosk>/check-in")
def check_in_page(kiosk: str) -> str:
    """Hold the QR code before the camera, or type the Termincode."""
    return show("check_in", kiosk_request(kiosk))


@room.get("/kiosk/<kiosk>/picture")
def picture_page(kiosk: str) -> str:
    """Send a picture of the QR code, where the camera can't be used live."""
    asked = kiosk_request(kiosk)
    if not asked.kiosk.camera:
        raise NotFound()
    return show("picture", asked)


@room.post("/kiosk/<kiosk>/check-ins")
def check_in(kiosk: str) -> AnyResponse:
    """Check in with a typed or scanned Termincode, or with a picture of its QR code."""
    asked = kiosk_request(kiosk)
    accept_picture()
    typed = request.form.get("code", "")[:LONGEST_SCAN]
    if held := _ticket_of_slip(asked, typed):
        return to_ticket(asked, held, "known")
    if "image" not in request.files and (lacking := signs_lacking(typed)):
        return _incomplete(asked, typed, lacking)
    with app_context().throttle.guess("kiosk_code", client(), UnknownCode):
        return _arrive(asked, _code_of(pictured_code() if "image" in request.files else typed))


@room.post("/kiosk/<kiosk>/frames")
def frame(kiosk: str) -> AnyResponse:
    """Read what the kiosk's own camera could not read; 204 when there is nothing to be read."""
    asked, context = kiosk_request(kiosk), app_context()
    accept_picture()
    try:
        context.throttle.spend("picture", client())
        code = pictured_code()
    except (NoCodeInImage, PictureTooBig, TooManyTries):
        return Response(status=204)
    with context.throttle.guess("kiosk_code", client(), UnknownCode):
        return _arrive(asked, _code_of(code))


@room.get("/static/kiosk/qr-worker.js")
def qr_worker() -> Response:
    """The reader of QR codes. A worker is subject to the policy of its own response."""
    guard.allow_wasm()
    return make_response(room.send_static_file("qr-worker.js"))


def signs_lacking(typed: str) -> int:
    """How many signs a Termincode that somebody has begun still lacks; 0 when nothing is there."""
    begun = len(re.sub(r"[^0-9A-Za-z]", "", typed))
    return CODE_LENGTH - begun if 0 < begun < CODE_LENGTH else 0


def _incomplete(asked: KioskRequest, typed: str, lacking: int) -> AnyResponse:
    """Not a wrong code but a short one: it is no try, and what is there is kept."""
    said = texts(current()).ngettext(
        "Es fehlt noch %(num)s Zeichen.", "Es fehlen noch %(num)s Zeichen.", lacking
    ) % {"num": lacking}
    page = show("check_in", asked, error=said, error_code="incomplete", typed=typed)
    return make_response(page, STATUS["bad_request"])


def _ticket_of_slip(asked: KioskRequest, text: str) -> Ticket | None:
    """People also hold the code on their slip before the reader: it leads to their own page."""
    held = SLIP.search(text)
    if held is None:
        return None
    try:
        return visit_of(asked, held.group(1)).ticket
    except NotFound:
        return None


def _code_of(text: str) -> str:
    """The code on the screen where an appointment was taken leads to its own page; a photo of it
    is as good as the slip."""
    own = OWN_PAGE.search(text)
    if own is None:
        return text
    try:
        with app_context().store.snapshot() as snapshot:
            return appointments.by_token(snapshot, own.group(1)).code
    except NotFound:
        return text


def _arrive(asked: KioskRequest, code: str) -> AnyResponse:
    context = app_context()
    now = context.now()
    # For the page of a refusal, which speaks of this appointment.
    g.termincode = parse_code(code)
    arrival = arrivals.check_in(context.store, asked.site, code, language=asked_for(), now=now)
    was_here = now - arrival.ticket.issued_at > STILL_HERE
    return to_ticket(asked, arrival.ticket, "known" if was_here else on_arrival(asked, arrival))
