"""Confirmed at once, at the desk and at the kiosk; moved and cancelled by holders and clerks.

Citizens book from home in `actions/booking.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.actions import slot_holding
from queue_server.actions.booking import bookable_visit
from queue_server.actions.slot_holding import hold_new, new_appointment
from queue_server.domain import events
from queue_server.domain.appointment import (
    CANCELLED,
    CONFIRMED,
    EXPIRED,
    Appointment,
    has_expired,
)
from queue_server.domain.errors import MovedTooOften, MoveRefused
from queue_server.domain.site import Site
from queue_server.store import appointments, journal, people
from queue_server.store.database import Reader
from queue_server.store.people import Person
from queue_server.store.transaction import Store, Transaction

BY_KIOSK = "kiosk"


def book_by_clerk(
    store: Store,
    site: Site,
    services: tuple[str, ...],
    start_at: datetime,
    *,
    persons: int = 1,
    name: str = "",
    email: str = "",
    phone: str = "",
    language: str = "de",
    token: str = "",
    clerk: int,
    people_days: int,
    now: datetime,
) -> Appointment:
    """Book for somebody on the phone or at the desk: confirmed at once, with its Termincode.

    `people_days` is how long name and address are kept after the visit has ended. With a
    `token` from the form, the same token twice is the same appointment. Raises `UnknownService`,
    `TooManyPersons`, `SlotTaken`.
    """
    wanted = tuple(service.id for service in site.checked_visit(services, persons))
    new = new_appointment(site, CONFIRMED, wanted, persons, start_at, language, token)
    person = Person(name, email, phone)
    with store.transaction(site.id) as tx:
        if token and (known := appointments.find(tx, token)):
            return known
        booked = hold_new(tx, site, new, _booked(new, now, clerk=clerk), now, by_clerk=True)
        if person:
            people.put(tx, booked.id, person, people_days)
        return booked


@dataclass(frozen=True, slots=True)
class Taken:
    """An appointment, and whether this request made it or only found it again."""

    appointment: Appointment
    is_new: bool


def take_next_free(
    store: Store,
    site: Site,
    services: tuple[str, ...],
    start_at: datetime,
    *,
    persons: int = 1,
    language: str = "de",
    token: str = "",
    now: datetime,
) -> Taken:
    """Book at the kiosk without name and address: the person stands there and gets the Termincode.

    So it is confirmed at once. The time must be one that citizens may book. With a `token` from
    the page the same token twice is the same appointment. Raises `UnknownService`,
    `TooManyPersons`, `NotBookable`, `SlotTaken`.
    """
    with store.transaction(site.id) as tx:
        if token and (known := appointments.find(tx, token)):
            return Taken(known, is_new=False)
        wanted = bookable_visit(site, services, persons)
        new = new_appointment(site, CONFIRMED, wanted, persons, start_at, language, token)
        return Taken(hold_new(tx, site, new, _booked(new, now, by=BY_KIOSK), now), is_new=True)


def cancel_by_token(store: Store, site: Site, token: str, *, now: datetime) -> Appointment:
    """The holder cancels; twice is once. Raises `NotFound`, `MoveRefused`."""
    with store.transaction(site.id) as tx:
        appointment = appointments.by_token(tx, token)
        if appointment.state is CANCELLED:
            return appointment
        if has_expired(appointment, now):
            # It has ended so, though nobody has tidied up yet.
            raise MoveRefused(state=EXPIRED, to=CANCELLED)
        return cancel_within(tx, site, appointment, events.HOLDER, None, now)


def cancel_by_clerk(
    store: Store, site: Site, appointment: int, *, clerk: int, now: datetime
) -> Appointment:
    """Cancel and free the slot. Raises `NotFound`, `MoveRefused`."""
    with store.transaction(site.id) as tx:
        found = appointments.get(tx, site.id, appointment)
        return cancel_within(tx, site, found, events.CLERK, clerk, now)


def move_by_token(
    store: Store, site: Site, token: str, start_at: datetime, *, now: datetime
) -> Appointment:
    """Another start for the same appointment and code.

    Raises `SlotTaken`, `MoveRefused`, `MovedTooOften`.
    """
    with store.transaction(site.id) as tx:
        return _move(tx, site, appointments.by_token(tx, token), start_at, None, now)


def move_by_clerk(
    store: Store, site: Site, appointment: int, start_at: datetime, *, clerk: int, now: datetime
) -> Appointment:
    """Another start for the same appointment and code. Raises `SlotTaken`, `MoveRefused`."""
    with store.transaction(site.id) as tx:
        before = appointments.get(tx, site.id, appointment)
        return _move(tx, site, before, start_at, clerk, now)


def _booked(
    new: Appointment, now: datetime, *, clerk: int | None = None, by: str = events.CLERK
) -> events.AppointmentBooked:
    return events.AppointmentBooked(
        at=now,
        site=new.site,
        clerk=clerk,
        services=new.services,
        persons=new.persons,
        start_at=new.start_at,
        by=by,
    )


def mark_missed(store: Store, site: Site, *, now: datetime) -> int:
    """Confirmed appointments whose last check-in time has passed are missed; returns how many."""
    with store.transaction(site.id) as tx:
        overdue = find_overdue(tx, site, now)
        for appointment in overdue:
            missed = events.AppointmentMissed(at=now, site=site.id, appointment=appointment.id)
            tx.apply(missed, appointment)
        return len(overdue)


def find_overdue(reader: Reader, site: Site, now: datetime) -> list[Appointment]:
    """Whom `mark_missed` would take for missed."""
    last = now - timedelta(minutes=site.checkin.late_until_minutes)
    some = appointments.between(reader, site.id, last - timedelta(days=7), last)
    return [appointment for appointment in some if appointment.state is CONFIRMED]


def cancel_within(
    tx: Transaction, site: Site, appointment: Appointment, by: str, clerk: int | None, now: datetime
) -> Appointment:
    """Cancel inside another action's transaction. Raises `MoveRefused`."""
    cancelled = events.AppointmentCancelled(
        at=now, site=appointment.site, appointment=appointment.id, clerk=clerk, by=by
    )
    gone = tx.apply(cancelled, appointment)
    slot_holding.give_back(tx, site, appointment, now)
    return gone


def _move(
    tx: Transaction,
    site: Site,
    before: Appointment,
    start_at: datetime,
    clerk: int | None,
    now: datetime,
) -> Appointment:
    if before.state is not CONFIRMED:
        raise MoveRefused(state=before.state, to=CONFIRMED)
    if before.start_at == start_at:
        # A double press moves nothing a second time, and no second letter is sent.
        return before
    after, by_clerk = before.at(start_at), clerk is not None
    if not by_clerk and journal.moves_by_holder(tx, before.id) >= site.booking.most_moves:
        raise MovedTooOften(most=site.booking.most_moves)
    slot_holding.check_start(tx, site, after, now, by_clerk=by_clerk)
    slot_holding.exchange(tx, site, before, after, now, by_clerk=by_clerk)
    moved = events.AppointmentMoved(
        at=now, site=site.id, appointment=before.id, clerk=clerk, start_at=start_at
    )
    return tx.apply(moved, before)
