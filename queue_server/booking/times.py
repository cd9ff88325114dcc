"""The third step: the calendar of free times."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import make_response, render_template, request

from queue_server.booking.appointment_view import appointment_page
from queue_server.booking.blueprint import Errors, a_token, room, text
from queue_server.booking.calendar import Calendar, CalendarView, FreeTimes, calendar, parts
from queue_server.booking.choose import choose_again
from queue_server.booking.requested_visit import Wanted, of_a_visit, service_words
from queue_server.domain.appointment import RESERVED, Appointment, has_expired
from queue_server.domain.codes import new_token
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.languages import words
from queue_server.store import appointments
from queue_server.store.database import Reader
from queue_server.store.people import Person
from queue_server.web.app_context import app_context
from queue_server.web.forms import day
from queue_server.web.language import current, found_again_at

CALENDAR_END = timedelta(days=2 * 366)


@room.get("/termin/times")
@of_a_visit(choose_again)
def times(wanted: Wanted) -> str:
    """Free times of this visit; `from` and `day` are dates, `part` is a part of the day."""
    return _times(_still_held(wanted), asked_look(), [])


def times_again(
    wanted: Wanted, look: CalendarView, error: str, status: int, typed: Person | None = None
) -> Any:
    """The calendar once more, with what is wrong; what was typed already stays with the form."""
    found_again_at(wanted.address("/termin/times", part=look.part))
    return make_response(_times(wanted, look, [("times", error)], typed), status)


def asked_look() -> CalendarView:
    """How the address or form looks at the calendar."""
    return CalendarView(day(text("from")), day(text("day")), text("part"))


def look_around(site: Site, look: CalendarView, start: datetime) -> CalendarView:
    """The day of a time that is not free, and what is near it."""
    # A calendar has an end: the year 9999 has no local time.
    if abs(start - app_context().now()) > CALENDAR_END:
        return look
    return CalendarView(day=local_day(start, site.zone), part=look.part, near=start)


def calendar_of(found: Wanted | Appointment, site: Site, look: CalendarView) -> Calendar:
    """The calendar for a visit, in the language of the page."""
    free = FreeTimes(site, found.services, found.persons, look.part, app_context().now())
    return calendar(free, look, current())


def _times(wanted: Wanted, look: CalendarView, errors: Errors, typed: Person | None = None) -> str:
    # Never from an address: whoever sends somebody a link must not know what it will hold.
    form_token = (a_token("token") if request.method == "POST" else "") or new_token()
    page = calendar_of(wanted, wanted.site, look)
    with app_context().store.snapshot() as snapshot:
        held = _held(snapshot, wanted.token) or _held(snapshot, form_token)
    language = current()
    return render_template(
        "booking/times.html",
        wanted=wanted,
        services=[service_words(wanted.site, service, language) for service in wanted.chosen],
        duration=words.minutes(wanted.minutes, language=language),
        page=page,
        parts=parts(language),
        link=partial(wanted.address, "/termin/times"),
        is_near=look.near is not None,
        held=appointment_page(held) if held else None,
        form_token=form_token,
        errors=errors,
        typed=typed,
    )


def _still_held(wanted: Wanted) -> Wanted:
    """A token in an address counts only while the form behind it can still be filled in."""
    with app_context().store.snapshot() as snapshot:
        return wanted if _held(snapshot, wanted.token) else replace(wanted, token="")


def _held(reader: Reader, token: str) -> Appointment | None:
    """The time that is held under this token already."""
    found = appointments.find(reader, token)
    if found is None or found.state is not RESERVED or has_expired(found, app_context().now()):
        return None
    return found
