"""Free start times and the appointments of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queue_server.domain.appointment import (
    CHECKED_IN,
    CONFIRMED,
    EXPIRED,
    Appointment,
    AppointmentState,
    has_expired,
    is_late,
)
from queue_server.domain.hours import at_wall_clock, local_day
from queue_server.domain.site import Site
from queue_server.domain.slots import Slot, bookable_time, free_slots
from queue_server.domain.ticket import Ticket
from queue_server.opening import days_of
from queue_server.store import appointments, cells, people, tickets
from queue_server.store.database import Reader


@dataclass(frozen=True, slots=True)
class DayEntry:
    """An appointment of a day.

    `standing` is `expected`, `late`, `arrived` or `missed`; `reserved` and `preconfirmed` until
    it is confirmed; `cancelled` or `expired` when it has fallen away. `ticket` is the number of
    whoever has checked in.
    """

    appointment: Appointment
    name: str
    standing: str
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class FreeDay:
    """The free starts of a local day, without regard to lead time and horizon.

    They stand until something happens at the site, and no longer than `until`, when the rest of
    a freed time ends.
    """

    day: date
    slots: tuple[Slot, ...]
    until: datetime | None


def free_days(
    reader: Reader,
    site: Site,
    services: Sequence[str],
    persons: int,
    days: Sequence[date],
    now: datetime,
    *,
    for_clerk: bool = False,
) -> list[FreeDay]:
    """These local days, in their order. Raises `UnknownService`, `TooManyPersons`."""
    wanted = tuple(service.id for service in site.checked_visit(tuple(services), persons))
    start, end = _span(site, min(days), (max(days) - min(days)).days + 1)
    # What was freed a moment ago is shown to clerks at once, to citizens after its rest.
    taken = cells.taken(reader, site.id, start, end, None if for_clerk else now)
    rests = [] if for_clerk else cells.rests(reader, site.id, start, end, now)
    spans = days_of(reader, site)
    return [
        FreeDay(
            day,
            tuple(free_slots(site, wanted, persons, [day], spans, taken, lambda start_at: True)),
            min((until for begins, until in rests if _touches(site, day, begins)), default=None),
        )
        for day in days
    ]


def changed_after(reader: Reader, site: str, seq: int) -> bool:
    """Whether anything that changes free times has happened at the site after this seq."""
    row = reader.row(
        """SELECT seq FROM journal WHERE site = :site AND seq > :seq AND name IN (
               'AppointmentReserved', 'AppointmentBooked', 'AppointmentMoved',
               'AppointmentCancelled', 'AppointmentExpired', 'DayDecided') LIMIT 1""",
        {"site": site, "seq": seq},
    )
    return row is not None


def slots(
    reader: Reader,
    site: Site,
    services: Sequence[str],
    persons: int,
    first: date,
    days: int,
    now: datetime,
    *,
    for_clerk: bool = False,
) -> list[Slot]:
    """Free start times of local days from `first`, earliest first.

    Citizens keep the lead time and the horizon; a clerk may book from now on. Raises
    `UnknownService`, `TooManyPersons`.
    """
    wanted = tuple(service.id for service in site.checked_visit(tuple(services), persons))
    dates = [first + timedelta(days=offset) for offset in range(days)]
    start, end = _span(site, first, days)
    taken = cells.taken(reader, site.id, start, end, None if for_clerk else now)
    earliest, latest = bookable_time(site, now, by_clerk=for_clerk)
    return free_slots(
        site,
        wanted,
        persons,
        dates,
        days_of(reader, site),
        taken,
        lambda start_at: earliest <= start_at <= latest,
    )


def day_entries(reader: Reader, site: Site, day: date, now: datetime) -> list[DayEntry]:
    """The appointments of a local day with names, for the desk only."""
    start, end = at_wall_clock(day, 0, site.zone), at_wall_clock(day, 1440, site.zone)
    names = people.names(reader, site.id, start, end)
    arrived = tickets.of_appointments(reader, site.id, start, end)
    return [
        DayEntry(entry, names.get(entry.id, ""), _standing(site, entry, now), arrived.get(entry.id))
        for entry in appointments.between(reader, site.id, start, end)
    ]


def day_entry(reader: Reader, site: Site, appointment: Appointment, now: datetime) -> DayEntry:
    """One appointment with its name, for the desk only."""
    name = people.of(reader, appointment.id).name
    return DayEntry(appointment, name, _standing(site, appointment, now))


def _span(site: Site, first: date, days: int) -> tuple[datetime, datetime]:
    """From the first moment of local days to where a visit that begins in the last may end."""
    # A visit that begins late in the last day may reach over its midnight.
    end = at_wall_clock(first, days * 1440, site.zone) + timedelta(days=1)
    return at_wall_clock(first, 0, site.zone), end


def _touches(site: Site, day: date, begins: datetime) -> bool:
    """Whether a visit that begins on this day may need this time."""
    return day <= local_day(begins, site.zone) <= day + timedelta(days=1)


def _standing(site: Site, appointment: Appointment, now: datetime) -> str:
    # Whoever tidies up comes once a minute; the time is over at its second.
    if has_expired(appointment, now):
        return str(EXPIRED)
    if appointment.state is CHECKED_IN:
        return "arrived"
    if appointment.state is CONFIRMED:
        return "late" if is_late(appointment, site.checkin, now) else "expected"
    return str(AppointmentState(appointment.state))
