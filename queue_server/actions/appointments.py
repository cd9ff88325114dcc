"""Clerks book; holders and clerks move and cancel. Citizens book in `actions/booking.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from queue_server.actions import places
from queue_server.domain import events
from queue_server.domain.appointment import CANCELLED, CONFIRMED, MISSED, Appointment
from queue_server.domain.errors import MoveRefused
from queue_server.domain.site import Site
from queue_server.store import appointments, people
from queue_server.store.database import Store, Transaction
from queue_server.store.people import Person


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

    `people_days` is how long name and address are kept after the end of the visit's day. With a
    `token` from the form, the same token twice is the same appointment. Raises `UnknownService`,
    `TooManyPersons`, `SlotTaken`.
    """
    wanted = tuple(service.id for service in site.checked_visit(services, persons))
    new = places.new_appointment(site, CONFIRMED, wanted, persons, start_at, language)
    new = replace(new, token=token or new.token)
    person = Person(name, email, phone)
    with store.transaction() as tx:
        if token and (known := appointments.find(tx, token)):
            return known
        places.check_start(tx, site, new, now, by_clerk=True)
        booked = appointments.insert(tx, new, now)
        places.take(tx, site, booked, now, by_clerk=True)
        if person:
            people.put(tx, booked.id, person, booked.end_at + timedelta(days=people_days))
        tx.record(
            events.AppointmentBooked(
                at=now,
                site=site.id,
                appointment=booked.id,
                clerk=clerk,
                services=wanted,
                persons=persons,
                start_at=start_at,
            )
        )
        return booked


def cancel_by_token(store: Store, site: Site, token: str, *, now: datetime) -> Appointment:
    """The holder cancels; twice is once. Raises `NotFound`, `MoveRefused`."""
    with store.transaction() as tx:
        appointment = appointments.by_token(tx, token)
        if appointment.state is CANCELLED:
            return appointment
        return cancel_within(tx, site, appointment, events.HOLDER, None, now)


def cancel_by_clerk(
    store: Store, site: Site, appointment: int, *, clerk: int, now: datetime
) -> Appointment:
    """Cancel and free the slot. Raises `NotFound`, `MoveRefused`."""
    with store.transaction() as tx:
        found = appointments.get(tx, site.id, appointment)
        return cancel_within(tx, site, found, events.CLERK, clerk, now)


def move_by_token(
    store: Store, site: Site, token: str, start_at: datetime, *, now: datetime
) -> Appointment:
    """Another start for the same appointment and code. Raises `SlotTaken`, `MoveRefused`."""
    with store.transaction() as tx:
        return _move(tx, site, appointments.by_token(tx, token), start_at, None, now)


def move_by_clerk(
    store: Store, site: Site, appointment: int, start_at: datetime, *, clerk: int, now: datetime
) -> Appointment:
    """Another start for the same appointment and code. Raises `SlotTaken`, `MoveRefused`."""
    with store.transaction() as tx:
        before = appointments.get(tx, site.id, appointment)
        return _move(tx, site, before, start_at, clerk, now)


def mark_missed(store: Store, site: Site, *, now: datetime) -> int:
    """Confirmed appointments whose last check-in time has passed are missed; returns how many."""
    last = now - timedelta(minutes=site.checkin.late_until_minutes)
    earliest = last - timedelta(days=7)
    with store.snapshot() as snapshot:
        if not _overdue(appointments.between(snapshot, site.id, earliest, last)):
            return 0
    with store.transaction() as tx:
        overdue = _overdue(appointments.between(tx, site.id, earliest, last))
        for appointment in overdue:
            appointments.move(tx, appointment, MISSED)
            tx.record(events.AppointmentMissed(at=now, site=site.id, appointment=appointment.id))
        return len(overdue)


def _overdue(some: list[Appointment]) -> list[Appointment]:
    return [appointment for appointment in some if appointment.state is CONFIRMED]


def cancel_within(
    tx: Transaction, site: Site, appointment: Appointment, by: str, clerk: int | None, now: datetime
) -> Appointment:
    """Cancel inside another verb's transaction. Raises `MoveRefused`."""
    gone = appointments.move(tx, appointment, CANCELLED)
    places.give_back(tx, site, appointment, now)
    tx.record(
        events.AppointmentCancelled(
            at=now, site=appointment.site, appointment=appointment.id, clerk=clerk, by=by
        )
    )
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
    places.check_start(tx, site, after, now, by_clerk=by_clerk)
    places.exchange(tx, site, before, after, now, by_clerk=by_clerk)
    appointments.set_start(tx, after)
    people.postpone(tx, after.id, after.end_at - before.end_at)
    tx.record(
        events.AppointmentMoved(
            at=now, site=site.id, appointment=before.id, clerk=clerk, start_at=start_at
        )
    )
    return appointments.get(tx, site.id, after.id)
