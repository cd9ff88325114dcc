"""Taking and giving back the time of an appointment, inside another action's transaction."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from queue_server.domain import events
from queue_server.domain.appointment import RESERVED, Appointment, AppointmentState
from queue_server.domain.codes import new_code, new_token
from queue_server.domain.errors import DayHeld, SlotTaken
from queue_server.domain.hours import local_day, opening_spans
from queue_server.domain.site import Site
from queue_server.domain.slots import (
    Room,
    bookable_counters,
    bookable_share,
    cells_of,
    starts_on,
    takeable_time,
)
from queue_server.opening import days_of
from queue_server.store import cells, journal
from queue_server.store.database import Reader
from queue_server.store.transaction import Transaction

MOMENTS = timedelta(minutes=2)


def new_appointment(
    site: Site,
    state: AppointmentState,
    services: tuple[str, ...],
    persons: int,
    start_at: datetime,
    language: str,
    token: str = "",
    expires_at: datetime | None = None,
) -> Appointment:
    """One that is not in the database yet, with a code and, unless one is given, a new token."""
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
        token=token or new_token(),
        language=language,
        expires_at=expires_at,
    )


def hold_new(
    tx: Transaction,
    site: Site,
    new: Appointment,
    event: events.AppointmentBooked | events.AppointmentReserved,
    now: datetime,
    *,
    by_clerk: bool = False,
) -> Appointment:
    """Put a new appointment into the calendar. Raises `SlotTaken`.

    Nobody has proven who they are when a time is only reserved, so that counts in the share of such
    bookings, too; raises `DayHeld`.
    """
    check_start(tx, site, new, now, by_clerk=by_clerk)
    if new.state is RESERVED:
        check_share(tx, site, new, now)
    held = tx.apply(event, new)
    take(tx, site, held, now, by_clerk=by_clerk)
    return held


def check_start(
    reader: Reader, site: Site, appointment: Appointment, now: datetime, *, by_clerk: bool
) -> None:
    """The start is on the grid, inside opening hours and in the bookable time; else `SlotTaken`."""
    start = appointment.start_at
    minutes = (appointment.end_at - start) // timedelta(minutes=1)
    earliest, latest = takeable_time(site, now, by_clerk=by_clerk)
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


def check_share(reader: Reader, site: Site, wanted: Appointment, now: datetime) -> None:
    """Unconfirmed bookings hold no more than their share of a day. Raises `DayHeld`.

    Counted at the counters that could take this visit. One booking a day may always be.
    """
    day = local_day(wanted.start_at, site.zone)
    spans = list(opening_spans(days_of(reader, site), day, site.zone))
    counters = bookable_counters(site, wanted.services)
    open_cells = sum(len(cells_of(opens, closes)) for opens, closes in spans)
    most = open_cells * bookable_share(site, counters) * site.booking.unconfirmed_share
    begins, ends = spans[0][0], spans[-1][1]
    held = cells.unconfirmed(reader, site.id, begins, ends, now, besides=wanted.id)
    here = [held[counter.id] for counter in counters if counter.id in held]
    asked = len(cells_of(wanted.start_at, wanted.end_at))
    if here and sum(count for count, _ in here) + asked > most:
        raise DayHeld(again_at=min(ends for _, ends in here))


def give_back(tx: Transaction, site: Site, appointment: Appointment, now: datetime) -> None:
    """Free the time. A random pause keeps programs from waiting for what others give back."""
    cells.let_go(tx, appointment.id, _rested(tx, site, appointment, now))


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
    cells.put_to_rest(tx, site.id, now, _rested(tx, site, before, now))


def _rested(reader: Reader, site: Site, appointment: Appointment, now: datetime) -> datetime:
    """A time rests no longer than it was held, and what was held for moments not at all.

    Else whoever takes and gives back times by program could empty a calendar.
    """
    held = now - (journal.placed_at(reader, appointment.id) or now)
    if held < MOMENTS:
        return now
    longest = min(timedelta(minutes=site.booking.release_pause_minutes), held)
    return now + timedelta(seconds=secrets.randbelow(int(longest.total_seconds()) + 1))
