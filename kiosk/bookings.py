"""Taking the next free appointment at the kiosk: one touch books it, and paper tells its code."""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kiosk import paper, slips
from kiosk.blueprint import KioskRequest, date_and_time, kiosk_request, room, show, spoken
from kiosk.next_free import next_free
from queue_server.actions import appointments as actions
from queue_server.actions.appointments import Taken
from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.codes import code_link
from queue_server.domain.errors import NotFound, PrinterFailed, SlotTaken
from queue_server.domain.site import Service
from queue_server.languages import Said, words
from queue_server.languages.office_texts import documents_for
from queue_server.qr import qr_svg
from queue_server.store import appointments
from queue_server.web import forms
from queue_server.web.app_context import app_context
from queue_server.web.errors import CONFLICT, STATUS
from queue_server.web.identity import client
from queue_server.web.language import current, speak, to


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment as whoever took it sees it. `start` is in words, `documents` are to bring.

    `opens_before` is how long before it check-in opens, `code_url` holds the Termincode for the
    scanner, `own_url` is the page to move or cancel it.
    """

    appointment: Appointment
    services: tuple[Service, ...]
    start: str
    documents: tuple[Said, ...]
    opens_before: str
    code_url: str
    own_url: str

    @property
    def stands(self) -> bool:
        return self.appointment.state is CONFIRMED


@room.post("/kiosk/<kiosk>/bookings")
def book(kiosk: str) -> AnyResponse:
    """Book the time that the page offered. The page's own key makes a double touch one."""
    asked = kiosk_request(kiosk)
    services, persons = request.form.getlist("services"), forms.persons()
    try:
        taken = _take(asked, tuple(services), persons)
    except SlotTaken as refusal:
        booking = next_free(asked, services, persons)
        page = show("taken", asked, booking=booking, error=spoken(asked, refusal))
        return make_response(page, CONFLICT)
    return _to_booked(asked, taken.appointment, _print(asked, taken))


@room.get("/kiosk/<kiosk>/bookings/<token>")
def booked(kiosk: str, token: str) -> str:
    """The date, the Termincode and what to bring."""
    asked = kiosk_request(kiosk)
    return _page(asked, booked_of(asked, token), request.args.get("said", ""))


@room.post("/kiosk/<kiosk>/bookings/<token>/slips")
def print_booked(kiosk: str, token: str) -> AnyResponse:
    """The slip once more."""
    asked = kiosk_request(kiosk)
    found = booked_of(asked, token)
    try:
        paper.print_booked(asked, found)
    except PrinterFailed as failure:
        return make_response(_page(asked, found, "printer"), STATUS[failure.code])
    return _to_booked(asked, found.appointment, "slip")


@room.post("/kiosk/<kiosk>/bookings/<token>/cancellation")
def cancel(kiosk: str, token: str) -> AnyResponse:
    """Changed their mind while still standing there; twice is once."""
    asked = kiosk_request(kiosk)
    found = booked_of(asked, token)
    context = app_context()
    actions.cancel_by_token(context.store, asked.site, token, now=context.now())
    return _to_booked(asked, found.appointment)


def booked_of(asked: KioskRequest, token: str) -> Booked:
    """The appointment of this site with this token; raises `NotFound`, also for another site's."""
    context = app_context()
    with context.store.snapshot() as snapshot:
        found = appointments.by_token(snapshot, token)
    if found.site != asked.site.id:
        raise NotFound(appointment=token)
    speak(found.language)
    site, url = asked.site, context.settings.public_url
    return Booked(
        appointment=found,
        services=tuple(each for each in site.services if each.id in found.services),
        start=date_and_time(found.start_at, site.zone, context.now()),
        documents=tuple(documents_for(site, found.services, current()).values()),
        opens_before=words.minutes(site.checkin.early_minutes, current()),
        code_url=code_link(url, found.code),
        own_url=f"{url}/termin/{found.token}",
    )


def _take(asked: KioskRequest, services: tuple[str, ...], persons: int) -> Taken:
    context = app_context()
    with context.throttle.one("appointment", client()):
        return actions.take_next_free(
            context.store,
            asked.site,
            services,
            forms.start(),
            persons=persons,
            language=current(),
            token=forms.form_token(asked.kiosk.id),
            now=context.now(),
        )


def _print(asked: KioskRequest, taken: Taken) -> str:
    """Paper for a new booking without another touch; what the page says of it."""
    if not (taken.is_new and asked.kiosk.prints_itself):
        return ""
    return paper.at_once(asked, booked_of(asked, taken.appointment.token))


def _to_booked(asked: KioskRequest, found: Appointment, said: str = "") -> AnyResponse:
    """See other: a reload shows the appointment, and neither books nor prints."""
    return redirect(to(f"{asked.home}/bookings/{found.token}", said=said), 303)


def _page(asked: KioskRequest, found: Booked, said: str) -> str:
    """`said` is `new`, `slip` or `printer`."""
    code_qr, own_qr = app_context().pools.qr_codes(
        lambda: (qr_svg(found.code_url), qr_svg(found.own_url))
    )
    return show(
        "booked",
        asked,
        booked=found,
        code_qr=Markup(code_qr),
        own_qr=Markup(own_qr),
        slip=slips.slip_of_booked(asked, found),
        said=said,
        paper=paper.job_of(found.appointment.token) if said == "slip" else "",
        error=said == "printer",
    )
