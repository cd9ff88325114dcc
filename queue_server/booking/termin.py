"""A booked time as its holder sees it: look, cancel, move to another free time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from queue_server.actions import appointments as booking
from queue_server.domain.appointment import (
    CANCELLED,
    CONFIRMED,
    MOVES,
    Appointment,
    opens_at,
)
from queue_server.domain.codes import code_link
from queue_server.domain.errors import MoveRefused, SlotTaken
from queue_server.domain.hours import local_day
from queue_server.domain.site import Service, Site
from queue_server.domain.slots import Slot
from queue_server.languages import words
from queue_server.queries.calendar import slots
from queue_server.store import appointments, tickets
from queue_server.web.hall import Hall

DAYS_SHOWN = 14
TITLES = {
    "reserved": "Termin noch nicht bestätigt",
    "preconfirmed": "Termin noch nicht bestätigt",
    "confirmed": "Ihr Termin",
    "checked_in": "Sie sind angemeldet",
    "cancelled": "Termin abgesagt",
    "expired": "Termin verfallen",
    "missed": "Termin versäumt",
}


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """Everything on the page; dates and times in words. `link` is what the QR holds."""

    token: str
    title: str
    state: str
    site: Site
    day: str
    time: str
    services: tuple[Service, ...]
    persons: int
    duration: str
    code: str
    link: str
    opens: str
    grace: str
    last: str
    may_cancel: bool
    may_move: bool
    ticket: str
    number: str


@dataclass(frozen=True, slots=True)
class DayView:
    """A day with free times; `value` is the ISO date."""

    value: str
    words: str
    free: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TimesPage:
    """Free times to move to: days of a fortnight, and the times of the chosen one."""

    appointment: AppointmentPage
    days: tuple[DayView, ...]
    day: str
    chosen: str
    times: tuple[tuple[str, str], ...]
    earlier: str
    later: str


def appointment_page(house: Hall, token: str) -> AppointmentPage:
    """The appointment of whoever holds this token, now. Raises `NotFound`."""
    with house.store.snapshot() as snapshot:
        found = appointments.by_token(snapshot, token)
        ticket = tickets.of_appointment(snapshot, found.id)
    number, ticket_token = (ticket.number, ticket.token) if ticket else ("", "")
    site = house.site(found.site)
    return _page(site, found, house.settings.public_url, ticket_token, number)


def cancel(house: Hall, token: str) -> None:
    """Cancel and free the slot; twice is once. Raises `NotFound`, `MoveRefused`."""
    with house.store.snapshot() as snapshot:
        site = house.site(appointments.by_token(snapshot, token).site)
    booking.cancel_by_token(house.store, site, token, now=house.now())


def move(house: Hall, token: str, start_at: datetime) -> None:
    """Move to a time that is offered to citizens; the same move twice is one.

    Raises `NotFound`, `MoveRefused`, `SlotTaken`.
    """
    with house.store.snapshot() as snapshot:
        found = appointments.by_token(snapshot, token)
    site = house.site(found.site)
    if found.state is not CONFIRMED:
        raise MoveRefused(state=found.state, to=CONFIRMED)
    if found.start_at == start_at:
        return
    if not _is_offered(house, site, found, start_at):
        raise SlotTaken()
    booking.move_by_token(house.store, site, token, start_at, now=house.now())


def times_page(house: Hall, token: str, first: date | None, chosen: date | None) -> TimesPage:
    """Free times from `first` (today unless told); the first free day is chosen unless told."""
    with house.store.snapshot() as snapshot:
        found = appointments.by_token(snapshot, token)
    site = house.site(found.site)
    today = local_day(house.now(), site.zone)
    last = today + timedelta(days=site.booking.horizon_days)
    first = min(max(first or today, today), last)
    by_day = _by_day(site, _free(house, site, found, first, DAYS_SHOWN))
    day = chosen if chosen in by_day else next(iter(by_day), None)
    return TimesPage(
        appointment=appointment_page(house, token),
        days=tuple(_day(each, len(free), each == day) for each, free in by_day.items()),
        day=day.isoformat() if day else "",
        chosen=words.date_words(day) if day else "",
        times=tuple(_time(site, slot) for slot in by_day[day]) if day else (),
        earlier=(first - timedelta(days=DAYS_SHOWN)).isoformat() if first > today else "",
        later=_later(first, last),
    )


def _page(
    site: Site, found: Appointment, public_url: str, ticket: str, number: str
) -> AppointmentPage:
    rules, start = site.checkin, found.start_at
    code = found.code if found.state is CONFIRMED else ""
    services = tuple(service for service in site.services if service.id in found.services)
    return AppointmentPage(
        token=found.token,
        title=TITLES[found.state],
        state=str(found.state),
        site=site,
        day=words.day(start, site.zone),
        time=words.clock(start, site.zone),
        services=services,
        persons=found.persons,
        duration=words.minutes(int((found.end_at - start).total_seconds() // 60)),
        code=code,
        link=code_link(public_url, code) if code else "",
        opens=words.clock(opens_at(found, rules), site.zone),
        grace=words.clock(start + timedelta(minutes=rules.grace_minutes), site.zone),
        last=words.clock(start + timedelta(minutes=rules.late_until_minutes), site.zone),
        may_cancel=CANCELLED in MOVES[found.state],
        may_move=found.state is CONFIRMED,
        ticket=ticket,
        number=number,
    )


def _is_offered(house: Hall, site: Site, found: Appointment, start_at: datetime) -> bool:
    # A calendar has an end: the year 9999 is refused before it is turned into local time.
    within = timedelta(days=site.booking.horizon_days + 1)
    if not timedelta(0) <= start_at - house.now() <= within:
        return False
    day = local_day(start_at, site.zone)
    return start_at in {slot.start_at for slot in _free(house, site, found, day, 1)}


def _free(house: Hall, site: Site, found: Appointment, first: date, days: int) -> list[Slot]:
    with house.store.snapshot() as snapshot:
        return slots(snapshot, site, found.services, found.persons, first, days, house.now())


def _by_day(site: Site, free: list[Slot]) -> dict[date, list[Slot]]:
    days = groupby(free, key=lambda slot: local_day(slot.start_at, site.zone))
    return {day: list(times) for day, times in days}


def _day(day: date, free: int, is_chosen: bool) -> DayView:
    count = words.counted(free, "", "1 freie Zeit", "# freie Zeiten")
    return DayView(day.isoformat(), words.date_words(day), count, is_chosen)


def _time(site: Site, slot: Slot) -> tuple[str, str]:
    local = slot.start_at.astimezone(site.zone)
    return local.isoformat(), f"{local:%H:%M}"


def _later(first: date, last: date) -> str:
    following = first + timedelta(days=DAYS_SHOWN)
    return following.isoformat() if following <= last else ""
