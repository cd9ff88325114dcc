"""Taking the next free appointment at the kiosk: one touch books it, and paper tells its code."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import make_response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kiosk import offer, paper
from kiosk.door import Here, here, room
from kiosk.next_free import next_free
from kiosk.show import date_and_time, show, spoken
from queue_server.actions import appointments as verbs
from queue_server.actions import kiosk_booking
from queue_server.actions.kiosk_booking import Taken
from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.codes import code_link
from queue_server.domain.errors import BadRequest, NotFound, PrinterFailed, SlotTaken
from queue_server.domain.site import Service
from queue_server.languages import words
from queue_server.qr import qr_svg
from queue_server.store import appointments
from queue_server.web.errors import CONFLICT, STATUS
from queue_server.web.hall import hall
from queue_server.web.identity import client

LONGEST_KEY = 100
TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment as whoever took it sees it. `start` is in words, `on_paper` with its date,
    for paper is read on another day; `documents` are to bring.

    `opens_before` is how long before it check-in opens, `code_url` holds the Termincode for the
    scanner, `own_url` is the page to move or cancel it.
    """

    appointment: Appointment
    services: tuple[Service, ...]
    start: str
    on_paper: str
    documents: tuple[str, ...]
    opens_before: str
    code_url: str
    own_url: str

    @property
    def stands(self) -> bool:
        return self.appointment.state is CONFIRMED


@room.post("/kiosk/<kiosk>/bookings")
def book(kiosk: str) -> AnyResponse:
    """Book the time that the page offered. The page's own key makes a double touch one."""
    place = here(kiosk)
    services, persons = request.form.getlist("services"), offer.persons(request.form)
    try:
        taken = _take(place, tuple(services), persons)
    except SlotTaken as refusal:
        booking = next_free(place, services, persons)
        page = show("taken", place, booking=booking, error=spoken(place, refusal))
        return make_response(page, CONFLICT)
    return _to_booked(place, taken.appointment, _print(place, taken))


@room.get("/kiosk/<kiosk>/bookings/<token>")
def booked(kiosk: str, token: str) -> str:
    """The date, the Termincode and what to bring."""
    place = here(kiosk)
    return _page(place, booked_of(place, token), request.args.get("said", ""))


@room.post("/kiosk/<kiosk>/bookings/<token>/slips")
def print_booked(kiosk: str, token: str) -> AnyResponse:
    """The slip once more."""
    place = here(kiosk)
    found = booked_of(place, token)
    try:
        paper.print_booked(place, found)
    except PrinterFailed as failure:
        return make_response(_page(place, found, "printer"), STATUS[failure.code])
    return _to_booked(place, found.appointment, "slip")


@room.post("/kiosk/<kiosk>/bookings/<token>/cancellation")
def cancel(kiosk: str, token: str) -> AnyResponse:
    """Changed their mind while still standing there; twice is once."""
    place = here(kiosk)
    found = booked_of(place, token)
    house = hall()
    verbs.cancel_by_token(house.store, place.site, token, now=house.now())
    return _to_booked(place, found.appointment)


def booked_of(place: Here, token: str) -> Booked:
    """The appointment of this site with this token; raises `NotFound`, also for another site's."""
    house = hall()
    with house.store.snapshot() as snapshot:
        found = appointments.by_token(snapshot, token)
    if found.site != place.site.id:
        raise NotFound(appointment=token)
    site, url = place.site, house.settings.public_url
    return Booked(
        appointment=found,
        services=tuple(each for each in site.services if each.id in found.services),
        start=date_and_time(found.start_at, site.zone, house.now()),
        on_paper=_on_paper(found.start_at, site.zone),
        documents=site.documents_for(found.services),
        opens_before=words.minutes(site.checkin.early_minutes),
        code_url=code_link(url, found.code),
        own_url=f"{url}/termin/{found.token}",
    )


def _on_paper(start: datetime, zone: ZoneInfo) -> str:
    return f"{words.day(start, zone)}, {words.clock(start, zone)}"


def _take(place: Here, services: tuple[str, ...], persons: int) -> Taken:
    house = hall()
    with house.throttle.one("appointment", client(), house.now()):
        return kiosk_booking.take_next_free(
            house.store,
            place.site,
            services,
            _start(),
            persons=persons,
            token=_token(place),
            now=house.now(),
        )


def _start() -> datetime:
    try:
        start = datetime.fromisoformat(request.form.get("start", ""))
    except ValueError:
        raise BadRequest(errors=[("start", "format", "")]) from None
    if start.tzinfo is None:
        raise BadRequest(errors=[("start", "format", "")])
    return start


def _token(place: Here) -> str:
    """The same page twice is the same appointment; signed, so that the page does not tell it."""
    key = request.form.get("key", "")
    if len(key) > LONGEST_KEY:
        raise BadRequest(errors=[("key", "length", "")])
    if not key:
        return ""
    told = f"{place.kiosk.id}:{key}:{request.form.get('start', '')}"
    digest = hmac.digest(hall().proof_secret.encode(), told.encode(), "sha256")
    return urlsafe_b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")


def _print(place: Here, taken: Taken) -> str:
    """Paper for a new booking without another touch; what the page says of it.

    `new` lets the kiosk's own browser print; a printer in trouble loses nothing but the paper.
    """
    if not taken.is_new:
        return ""
    if place.kiosk.printer in ("", "browser"):
        return "new"
    try:
        paper.print_booked(place, booked_of(place, taken.appointment.token))
    except PrinterFailed:
        return "printer"
    return "slip"


def _to_booked(place: Here, found: Appointment, said: str = "") -> AnyResponse:
    """See other: a reload shows the appointment, and neither books nor prints."""
    query = f"?said={said}" if said else ""
    return redirect(f"{place.home}/bookings/{found.token}{query}", 303)


def _page(place: Here, found: Booked, said: str) -> str:
    """`said` is `new`, `slip` or `printer`."""
    code_qr, own_qr = hall().slow(lambda: (qr_svg(found.code_url), qr_svg(found.own_url)))
    return show(
        "booked",
        place,
        booked=found,
        code_qr=Markup(code_qr),
        own_qr=Markup(own_qr),
        said=said,
        error=said == "printer",
    )
