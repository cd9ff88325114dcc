"""Taking and giving back the time of an appointment, inside another verb's transaction."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from queue_server.domain.appointment import Appointment, AppointmentState
from queue_server.domain.codes import new_code, new_token
from queue_server.domain.errors import SlotTaken
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.domain.slots import Room, bookable_time, cells_of, starts_on
from queue_server.opening import days_of
from queue_server.store import cells
from queue_server.store.database import Reader, Transaction


def new_appointment(
    site: Site,
    state: AppointmentState,
    services: tuple[str, ...],
    persons: int,
    start_at: datetime,
    language: str,
    expires_at: datetime | None = None,
) -> Appointment:
    """An appointment that is not in the database yet, with its own code and token."""
    # In UTC an hour is an hour, also in the two nights when the clocks change.
    start_at = start_at.astimezone(UTC)
    length = timedelta(minutes=site.visit_minutes(services, persons))
    return Appointment(
        id=0,
        site=site.id,
        state=state,
        services=services,
        persons=persons,
        start_at=start_at,
        end_at=start_at + length,
        code=new_code(),
        token=new_token(),
        language=language,
        expires_at=expires_at,
    )


def check_start(
    reader: Reader, site: Site, appointment: Appointment, now: datetime, *, by_clerk: bool
) -> None:
    """The start is on the grid, inside opening hours and in the bookable time; else `SlotTaken`."""
    start = appointment.start_at
    minutes = (appointment.end_at - start) // timedelta(minutes=1)
    earliest, latest = bookable_time(site, now, by_clerk=by_clerk)
    # First the bounds: a calendar has an end, and the year 9999 has no local time.
    if not earliest <= start <= latest:
        raise SlotTaken(start=start)
    if start not in starts_on(site, local_day(start, site.zone), minutes, days_of(reader, site)):
        raise SlotTaken(start=start)


def take(
    tx: Transaction, site: Site, appointment: Appointment, now: datetime, *, by_clerk: bool
) -> None:
    """Hold the appointment's time at one counter. Raises `SlotTaken`.

    A time that was freed a moment ago rests before citizens see it again; a clerk need not wait.
    """
    rested_at = None if by_clerk else now
    start, end = appointment.start_at, appointment.end_at
    wanted = cells_of(start, end)
    room = Room(site, appointment.services, cells.taken(tx, site.id, start, end, rested_at))
    counter = room.counter_for(wanted)
    if counter is None:
        raise SlotTaken(start=start)
    cells.take(tx, site.id, counter, wanted, appointment.id, rested_at)


def give_back(tx: Transaction, site: Site, appointment: Appointment, now: datetime) -> None:
    """Free the time. A random pause keeps programs from waiting for what others give back."""
    cells.let_go(tx, appointment.id, _rested(site, now))


def exchange(
    tx: Transaction,
    site: Site,
    before: Appointment,
    after: Appointment,
    now: datetime,
    *,
    by_clerk: bool,
) -> None:
    """Another time for the same visit; it may share a part of the old one. Raises `SlotTaken`."""
    cells.let_go(tx, before.id, now)
    take(tx, site, after, now, by_clerk=by_clerk)
    cells.put_to_rest(tx, site.id, now, _rested(site, now))


def _rested(site: Site, now: datetime) -> datetime:
    pause = secrets.randbelow(site.booking.release_pause_minutes * 60 + 1)
    return now + timedelta(seconds=pause)
