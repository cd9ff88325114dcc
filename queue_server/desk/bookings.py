"""Appointments at the front desk: book by phone, today's list, check-in, move, cancel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import appointments as booking
from queue_server.actions import arrivals
from queue_server.desk import view
from queue_server.desk.door import Asker, asker, done, many, number, pane, room, text
from queue_server.desk.times import Offer, offer_for, wanted_day, wanted_start
from queue_server.domain.codes import code_link
from queue_server.domain.errors import Refused, UnknownCode
from queue_server.domain.hours import local_day
from queue_server.qr import qr_svg
from queue_server.queries import calendar
from queue_server.queries.calendar import DayEntry
from queue_server.store import appointments
from queue_server.web.identity import client
from queue_server.web.wording import STANDINGS

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@room.get("/desk/appointments/new")
def booking_page() -> AnyResponse:
    return _booking_pane(asker())


@room.post("/desk/appointments/times")
def times() -> AnyResponse:
    """The same form with the free times. A POST, so that no name ever stands in an address."""
    return _booking_pane(asker())


@room.post("/desk/appointments")
def book() -> AnyResponse:
    """Book the pressed time. Without one, show the free times."""
    who = asker()
    if not text("start"):
        return _booking_pane(who)
    errors = _contact_errors()
    if errors:
        return _booking_pane(who, errors)
    try:
        booked = _book(who)
    except Refused as refusal:
        return _booking_pane(who, [("services-1", who.sentence(refusal))])
    return redirect(url_for("desk.appointment", id=booked), 303)


def _book(who: Asker) -> int:
    return booking.book_by_clerk(
        who.store,
        who.site,
        many("services"),
        wanted_start(),
        persons=number("persons"),
        name=text("name"),
        email=text("email"),
        phone=text("phone"),
        clerk=who.clerk.id,
        people_days=who.house.settings.privacy.people_days,
        now=who.now,
    ).id


def _booking_pane(who: Asker, errors: Sequence[tuple[str, str]] = ()) -> AnyResponse:
    offer: Offer | None = None
    problem = list(errors)
    if many("services"):
        try:
            offer = offer_for(who, many("services"), number("persons"))
        except Refused as refusal:
            problem.append(("services-1", who.sentence(refusal)))
    return pane(
        who,
        "desk/booking.html",
        422 if problem else 200,
        groups=view.groups(who.site),
        chosen=many("services"),
        fields={name: text(name) for name in ("persons", "name", "email", "phone")},
        most=max(service.max_persons for service in who.site.services),
        wanted_day=wanted_day(who),
        first_day=who.today,
        offer=offer,
        errors=problem,
    )


@room.get("/desk/appointments")
def day() -> AnyResponse:
    """The appointments of a day with their standing, and the check-in by code."""
    return _day_pane(asker())


def _day_pane(who: Asker, error: str = "") -> AnyResponse:
    wanted = wanted_day(who)
    with who.store.snapshot() as snapshot:
        entries = calendar.day_entries(snapshot, who.site, wanted, who.now)
    return pane(
        who,
        "desk/day.html",
        422 if error else 200,
        entries=entries,
        standings=STANDINGS,
        day=wanted,
        is_today=wanted == who.today,
        before=wanted - timedelta(days=1),
        after=wanted + timedelta(days=1),
        zone=who.site.zone,
        error=error,
    )


@room.post("/desk/check-ins")
def check_in() -> AnyResponse:
    """By the typed code, or by hand from the list for somebody who has forgotten it."""
    who = asker()
    try:
        arrival = _by_hand(who) if text("appointment") else _by_code(who)
    except Refused as refusal:
        return _day_pane(who, who.sentence(refusal))
    return done(who, "checked_in", arrival.ticket.id)


def _by_hand(who: Asker) -> arrivals.Arrival:
    return arrivals.check_in_by_hand(who.store, who.site, number("appointment"), now=who.now)


def _by_code(who: Asker) -> arrivals.Arrival:
    who.house.throttle.check("code", client(), who.now)
    try:
        return arrivals.check_in(who.store, who.site, text("code"), by="clerk", now=who.now)
    except UnknownCode:
        who.house.throttle.count("code", client(), who.now)
        raise


@room.get("/desk/appointments/<int:id>")
def appointment(id: int) -> AnyResponse:
    """The Termincode to print or read out, and the ways to move or cancel."""
    return _appointment_pane(asker(), id)


def _appointment_pane(who: Asker, id: int, error: str = "", **more: Any) -> AnyResponse:
    entry = _entry(who, id)
    found = entry.appointment
    link = code_link(who.house.settings.public_url, found.code)
    return pane(
        who,
        "desk/appointment.html",
        422 if error else 200,
        entry=entry,
        appointment=found,
        standing=STANDINGS[entry.standing],
        is_open=entry.standing in ("expected", "late"),
        start=found.start_at.astimezone(who.site.zone),
        spelled=" – ".join(" ".join(part) for part in found.code.split("-")),
        documents=_documents(who, found.services),
        qr=who.house.slow(lambda: qr_svg(link)),
        error=error,
        **more,
    )


@room.post("/desk/appointments/<int:id>/cancellation")
def cancel(id: int) -> AnyResponse:
    who = asker()
    try:
        booking.cancel_by_clerk(who.store, who.site, id, clerk=who.clerk.id, now=who.now)
    except Refused as refusal:
        return _appointment_pane(who, id, who.sentence(refusal))
    return redirect(url_for("desk.appointment", id=id), 303)


@room.get("/desk/appointments/<int:id>/start")
def move_page(id: int) -> AnyResponse:
    return _move_pane(asker(), id)


@room.post("/desk/appointments/<int:id>/start")
def move(id: int) -> AnyResponse:
    """Another start for the same code; without a pressed time, show the free ones."""
    who = asker()
    if not text("start"):
        return _move_pane(who, id)
    try:
        booking.move_by_clerk(
            who.store, who.site, id, wanted_start(), clerk=who.clerk.id, now=who.now
        )
    except Refused as refusal:
        return _move_pane(who, id, who.sentence(refusal))
    return redirect(url_for("desk.appointment", id=id), 303)


def _move_pane(who: Asker, id: int, error: str = "") -> AnyResponse:
    entry = _entry(who, id)
    found = entry.appointment
    return pane(
        who,
        "desk/move.html",
        422 if error else 200,
        entry=entry,
        appointment=found,
        start=found.start_at.astimezone(who.site.zone),
        wanted_day=wanted_day(who),
        first_day=who.today,
        offer=offer_for(who, found.services, found.persons),
        error=error,
    )


def _entry(who: Asker, id: int) -> DayEntry:
    """The appointment with its name. Raises `NotFound`, also for another site's."""
    with who.store.snapshot() as snapshot:
        found = appointments.get(snapshot, who.site.id, id)
        day = local_day(found.start_at, who.site.zone)
        entries = calendar.day_entries(snapshot, who.site, day, who.now)
    return next(entry for entry in entries if entry.appointment.id == id)


def _contact_errors() -> list[tuple[str, str]]:
    """Contact is optional; an address that can't be one is asked again."""
    if text("email") and not EMAIL.fullmatch(text("email")):
        return [("email", "Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de.")]
    return []


def _documents(who: Asker, services: Sequence[str]) -> list[str]:
    known = {service.id: service for service in who.site.services}
    wanted = (document for id in services if id in known for document in known[id].documents)
    return list(dict.fromkeys(wanted))
