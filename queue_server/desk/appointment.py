"""One appointment: its Termincode, whom it is for, what became of its letter; move, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import appointments as booking
from queue_server.desk import pane_context
from queue_server.desk.blueprint import ClerkRequest, clerk_request, pane, room
from queue_server.desk.bookings import offer_for, wanted_day
from queue_server.domain.codes import code_link, spelled
from queue_server.domain.errors import Refused
from queue_server.qr import qr_svg
from queue_server.queries import calendar
from queue_server.queries.outbox_status import letters_of
from queue_server.store import appointments, people
from queue_server.store.letters import LetterKind
from queue_server.web.forms import start, text
from queue_server.web.wording import TROUBLES

# What can still be moved or cancelled; an unconfirmed booking has no code to give out yet.
OPEN = frozenset({"expected", "late"})
UNCONFIRMED = frozenset({"reserved", "preconfirmed"})
# What has just happened, as long as it is still so.
SAID: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "booked": ("Der Termin ist gebucht.", OPEN),
        "moved": ("Der Termin ist verschoben.", OPEN),
        "cancelled": ("Der Termin ist abgesagt.", frozenset({"cancelled"})),
    }
)


LETTERS: Mapping[LetterKind, str] = MappingProxyType(
    {
        LetterKind.CONFIRMATION: "Bitte um Bestätigung",
        LetterKind.BOOKED: "Bestätigung",
        LetterKind.MOVED: "neue Uhrzeit",
        LetterKind.CANCELLED: "Absage",
        LetterKind.CANCELLED_BY_OFFICE: "Absage",
        LetterKind.REMINDER: "Erinnerung",
    }
)


@room.get("/desk/appointments/<int:id>")
def appointment(id: int) -> AnyResponse:
    """The Termincode to print or read out, whom it is for, and the ways to move or cancel."""
    return _appointment_pane(clerk_request(), id)


def _appointment_pane(who: ClerkRequest, id: int, error: str = "") -> AnyResponse:
    found = _opened(who, id)
    one = found["appointment"]
    link = code_link(who.context.settings.public_url, one.code)
    return pane(
        who,
        "desk/appointment.html",
        422 if error else 200,
        **found,
        said="" if error else _said(found["standing"]),
        spelled=" – ".join(" ".join(part) for part in one.code.split("-")),
        in_words=spelled(one.code),
        documents=who.site.documents_for(one.services),
        qr=who.context.pools.qr_codes(lambda: qr_svg(link)) if found["has_code"] else "",
        leads=pane_context.leads(who.clerk),
        error=error,
    )


def _said(standing: str) -> str:
    sentence, standings = SAID.get(text("said"), ("", frozenset()))
    return sentence if standing in standings else ""


def _opened(who: ClerkRequest, id: int) -> dict[str, Any]:
    """One appointment with everything that is known of it. Raises `NotFound`."""
    with who.store.snapshot() as snapshot:
        found = appointments.get(snapshot, who.site.id, id)
        entry = calendar.day_entry(snapshot, who.site, found, who.now)
        person = people.of(snapshot, id)
        news = letters_of(snapshot, id)
    return {
        "appointment": found,
        "person": person,
        "news": news[0] if news else None,
        "letters": LETTERS,
        "troubles": TROUBLES,
        "standing": entry.standing,
        "standings": pane_context.STANDINGS,
        "has_code": entry.standing in OPEN,
        "may_cancel": entry.standing in OPEN | UNCONFIRMED,
        "start": found.start_at.astimezone(who.site.zone),
        "zone": who.site.zone,
        "mail_is_on": who.context.settings.mail.is_on,
    }


@room.post("/desk/appointments/<int:id>/cancellation")
def cancel(id: int) -> AnyResponse:
    who = clerk_request()
    try:
        booking.cancel_by_clerk(who.store, who.site, id, clerk=who.clerk.id, now=who.now)
    except Refused as refusal:
        return _appointment_pane(who, id, who.sentence(refusal))
    return redirect(url_for("desk.appointment", id=id, said="cancelled"), 303)


@room.get("/desk/appointments/<int:id>/start")
def move_page(id: int) -> AnyResponse:
    return _move_pane(clerk_request(), id)


@room.post("/desk/appointments/<int:id>/start")
def move(id: int) -> AnyResponse:
    """Another start for the same code; without a pressed time, show the free ones."""
    who = clerk_request()
    if not text("start"):
        return _move_pane(who, id)
    try:
        booking.move_by_clerk(who.store, who.site, id, start(), clerk=who.clerk.id, now=who.now)
    except Refused as refusal:
        return _move_pane(who, id, who.sentence(refusal))
    return redirect(url_for("desk.appointment", id=id, said="moved"), 303)


def _move_pane(who: ClerkRequest, id: int, error: str = "") -> AnyResponse:
    found = _opened(who, id)
    one = found["appointment"]
    return pane(
        who,
        "desk/move.html",
        422 if error else 200,
        **found,
        wanted_day=wanted_day(who),
        first_day=who.today,
        offer=offer_for(who, one.services, one.persons),
        error=error,
    )
