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
from queue_server.opening import days_of
from queue_server.store import appointments, cells, people
from queue_server.store.database import Reader

WEEK = 7


@dataclass(frozen=True, slots=True)
class DayEntry:
    """An appointment of a day.

    `standing` is `expected`, `late`, `arrived` or `missed`; `reserved` and `preconfirmed` until
    it is confirmed; `cancelled` or `expired` when it has fallen away.
    """

    appointment: Appointment
    name: str
    standing: str


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
    start, end = at_wall_clock(first, 0, site.zone), at_wall_clock(first, days * 1440, site.zone)
    # What was freed a moment ago is shown to clerks at once, to citizens after its rest.
    rested_at = None if for_clerk else now
    # A visit that begins late in the last day may reach over its midnight.
    taken = cells.taken(reader, site.id, start, end + timedelta(days=1), rested_at)
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


def next_slot(
    reader: Reader, site: Site, services: Sequence[str], persons: int, now: datetime
) -> Slot | None:
    """The first free start that citizens may take; None when there is none within the horizon."""
    if not all(site.service(service).bookable for service in services):
        return None
    first = local_day(now, site.zone)
    for offset in range(0, site.booking.horizon_days + 1, WEEK):
        day = first + timedelta(days=offset)
        if found := slots(reader, site, services, persons, day, WEEK, now):
            return found[0]
    return None


def day_entries(reader: Reader, site: Site, day: date, now: datetime) -> list[DayEntry]:
    """The appointments of a local day with names, for the desk only."""
    start, end = at_wall_clock(day, 0, site.zone), at_wall_clock(day, 1440, site.zone)
    names = people.names(reader, site.id, start, end)
    return [
        DayEntry(entry, names.get(entry.id, ""), _standing(site, entry, now))
        for entry in appointments.between(reader, site.id, start, end)
    ]


def day_entry(reader: Reader, site: Site, appointment: Appointment, now: datetime) -> DayEntry:
    """One appointment with its name, for the desk only."""
    name = people.of(reader, appointment.id).name
    return DayEntry(appointment, name, _standing(site, appointment, now))


def _standing(site: Site, appointment: Appointment, now: datetime) -> str:
    # Whoever tidies up comes once a minute; the time is over at its second.
    if has_expired(appointment, now):
        return str(EXPIRED)
    if appointment.state is CHECKED_IN:
        return "arrived"
    if appointment.state is CONFIRMED:
        return "late" if is_late(appointment, site.checkin, now) else "expected"
    return str(AppointmentState(appointment.state))
