"""Appointments by phone: one form with the free times beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import appointments as booking
from queue_server.desk import pane_context
from queue_server.desk.blueprint import ClerkRequest, clerk_request, pane, room
from queue_server.domain.contact import checked_address, checked_name
from queue_server.domain.errors import BadRequest, Refused
from queue_server.domain.slots import Slot
from queue_server.languages import ready
from queue_server.web.calendars import CalendarVisit
from queue_server.web.errors import field_sentence
from queue_server.web.forms import (
    ANY_DAY,
    day_or_none,
    form_token,
    key,
    many,
    new_key,
    number,
    problems,
    start,
    text,
)
from queue_server.web.identity import client

# A week is looked through first; only when nothing is free in it, the weeks after it.
WEEK_DAYS = 7
WEEKS_LOOKED_AT = 4
FURTHEST = timedelta(days=800)
NOON = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """Free times of one day in local time, and the days from the wanted one that have some."""

    day: date
    days: Sequence[tuple[date, int]]
    morning: Sequence[datetime]
    afternoon: Sequence[datetime]


def offer_for(who: ClerkRequest, services: Sequence[str], persons: int) -> Offer:
    """The wanted day, or the first one after it that has something free.

    Raises `UnknownService`, `TooManyPersons`, `BadRequest`.
    """
    first = wanted_day(who)
    by_day = _by_day(_free(who, services, persons, first), who)
    day = next(iter(by_day), first)
    if (pressed := _day("other_day")) in by_day:
        day = pressed
    starts = by_day.get(day, [])
    return Offer(
        day=day,
        days=[(day, len(some)) for day, some in by_day.items()],
        morning=[start for start in starts if start.hour < NOON],
        afternoon=[start for start in starts if start.hour >= NOON],
    )


def wanted_day(who: ClerkRequest) -> date:
    """The day of the form; today when there is none. Raises `BadRequest`."""
    wanted = _day("day") or who.today
    # Beyond this the calendar itself ends.
    return wanted if abs(wanted - who.today) < FURTHEST else who.today


def _day(name: str) -> date | None:
    return day_or_none(name, text(name), ANY_DAY)


def _free(who: ClerkRequest, services: Sequence[str], persons: int, first: date) -> list[Slot]:
    visit = CalendarVisit(who.site, tuple(services), persons, for_clerk=True)
    for week in range(WEEKS_LOOKED_AT):
        day = first + timedelta(days=WEEK_DAYS * week)
        free = who.context.calendars.slots(visit, day, WEEK_DAYS, client(), who.now)
        if free:
            return free
    return []


def _by_day(free: Sequence[Slot], who: ClerkRequest) -> dict[date, list[datetime]]:
    days: dict[date, list[datetime]] = {}
    for slot in free:
        start = slot.start_at.astimezone(who.site.zone)
        days.setdefault(start.date(), []).append(start)
    return days


READ_BACK = frozenset(
    {"key", "services", "day", "persons", "name", "phone", "email", "language", "other_day"}
)
CONTACT = ("persons", "name", "email", "phone", "language")


@room.get("/desk/appointments/new")
def booking_page() -> AnyResponse:
    return _booking_pane(clerk_request())


@room.post("/desk/appointments/times")
def times() -> AnyResponse:
    """The same form with the free times. A POST, so that no name ever gets into an address."""
    return _booking_pane(clerk_request())


@room.post("/desk/appointments/readback")
def read_back() -> AnyResponse:
    """What is about to be booked, to be read out to whoever is on the phone; nothing is kept."""
    who = clerk_request()
    if not text("start"):
        return _booking_pane(who)
    try:
        name, email = _contact()
        services = who.site.checked_visit(many("services"), number("persons"))
        chosen = start().astimezone(who.site.zone)
    except Refused as refusal:
        return _booking_pane(who, _errors(who, refusal))
    return pane(
        who,
        "desk/readback.html",
        chosen=chosen,
        visit={"services": [each.id for each in services], "persons": number("persons")},
        contact=(("Name", name), ("Telefon", text("phone")), ("E-Mail", email)),
        documents=who.site.documents_for([each.id for each in services]),
        # The very form that books: sent as it was filled in, under its own key.
        form=[(k, v) for k, v in request.form.items(multi=True) if k in READ_BACK],
    )


@room.post("/desk/appointments")
def book() -> AnyResponse:
    """Book the pressed time; the same form sent twice is one appointment.

    Without a pressed time, show the free ones.
    """
    who = clerk_request()
    if not text("start"):
        return _booking_pane(who)
    try:
        booked = _book(who, *_contact())
    except Refused as refusal:
        return _booking_pane(who, _errors(who, refusal))
    return redirect(url_for("desk.appointment", id=booked, said="booked"), 303)


def _book(who: ClerkRequest, name: str, email: str) -> int:
    return booking.book_by_clerk(
        who.store,
        who.site,
        many("services"),
        start(),
        persons=number("persons"),
        name=name,
        email=email,
        phone=text("phone"),
        language=_language(),
        token=form_token(who.clerk.id),
        clerk=who.clerk.id,
        people_days=who.context.settings.privacy.people_days,
        now=who.now,
    ).id


def _contact() -> tuple[str, str]:
    """Name and address are optional. Raises `BadRequest` for an address that can't be one."""
    return checked_name(text("name")), checked_address(text("email")) if text("email") else ""


def _errors(who: ClerkRequest, refusal: Refused) -> list[tuple[str, str]]:
    """The sentence beside the field that it speaks of; times are chosen by the first service."""
    if isinstance(refusal, BadRequest):
        field, code, value = problems(refusal)[0]
        if field in CONTACT:
            return [(field, field_sentence(code, value))]
    return [("services-1", who.sentence(refusal))]


def _booking_pane(who: ClerkRequest, errors: Sequence[tuple[str, str]] = ()) -> AnyResponse:
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
        groups=pane_context.groups(who.site),
        chosen=many("services"),
        fields={name: text(name) for name in CONTACT},
        spoken=ready(),
        key=key() or new_key(),
        most=max(service.max_persons for service in who.site.services),
        wanted_day=wanted_day(who),
        first_day=who.today,
        offer=offer,
        errors=problem,
    )


def _language() -> str:
    """The language of the letters; German unless the form names another that is ready."""
    return text("language") if text("language") in ready() else "de"
