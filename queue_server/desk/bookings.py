"""Appointments by phone: one form with the free times beside it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import cast

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import appointments as booking
from queue_server.desk import view
from queue_server.desk.door import Asker, asker, many, number, pane, room, text
from queue_server.desk.once import token_of_form
from queue_server.desk.times import Offer, offer_for, wanted_day, wanted_start
from queue_server.domain.contact import checked_address, checked_name
from queue_server.domain.errors import BadRequest, Refused
from queue_server.languages import ready
from queue_server.web.errors import field_sentence

CONTACT = ("persons", "name", "email", "phone", "language")


@room.get("/desk/appointments/new")
def booking_page() -> AnyResponse:
    return _booking_pane(asker())


@room.post("/desk/appointments/times")
def times() -> AnyResponse:
    """The same form with the free times. A POST, so that no name ever stands in an address."""
    return _booking_pane(asker())


@room.post("/desk/appointments")
def book() -> AnyResponse:
    """Book the pressed time; the same form sent twice is one appointment.

    Without a pressed time, show the free ones.
    """
    who = asker()
    if not text("start"):
        return _booking_pane(who)
    try:
        booked = _book(who, *_contact())
    except Refused as refusal:
        return _booking_pane(who, _errors(who, refusal))
    return redirect(url_for("desk.appointment", id=booked, said="booked"), 303)


def _book(who: Asker, name: str, email: str) -> int:
    return booking.book_by_clerk(
        who.store,
        who.site,
        many("services"),
        wanted_start(),
        persons=number("persons"),
        name=name,
        email=email,
        phone=text("phone"),
        language=_language(),
        token=token_of_form(who),
        clerk=who.clerk.id,
        people_days=who.house.settings.privacy.people_days,
        now=who.now,
    ).id


def _contact() -> tuple[str, str]:
    """Name and address are optional. Raises `BadRequest` for an address that can't be one."""
    return checked_name(text("name")), checked_address(text("email")) if text("email") else ""


def _errors(who: Asker, refusal: Refused) -> list[tuple[str, str]]:
    """The sentence beside the field that it speaks of; times are chosen by the first service."""
    if isinstance(refusal, BadRequest):
        wrong = cast(list[tuple[str, str, str]], refusal.facts["errors"])
        field, code, value = wrong[0]
        if field in CONTACT:
            return [(field, field_sentence(code, value))]
    return [("services-1", who.sentence(refusal))]


def _booking_pane(who: Asker, errors: Sequence[tuple[str, str]] = ()) -> AnyResponse:
    offer: Offer | None = None
    problem = list(errors)
    if many("services"):
        try:
            offer = offer_for(who, many("services"), number("persons"))
        except Refused as refusal:
            problem = problem or _errors(who, refusal)
    return pane(
        who,
        "desk/booking.html",
        422 if problem else 200,
        groups=view.groups(who.site),
        chosen=many("services"),
        fields={name: text(name) for name in CONTACT},
        spoken=ready(),
        key=text("key") or secrets.token_urlsafe(16),
        most=max(service.max_persons for service in who.site.services),
        wanted_day=wanted_day(who),
        first_day=who.today,
        offer=offer,
        errors=problem,
    )


def _language() -> str:
    """The language of the letters; German unless the form names another that is ready."""
    return text("language") if text("language") in ready() else "de"
