"""Booking, moving and cancelling appointments. The slot is held by a database constraint."""

from __future__ import annotations

from datetime import datetime, timedelta

from queue_server.closures import closures_of
from queue_server.domain import events
from queue_server.domain.appointment import (
    CANCELLED,
    CONFIRMED,
    MISSED,
    Appointment,
    AppointmentState,
)
from queue_server.domain.codes import new_code, new_token
from queue_server.domain.errors import MoveRefused, SlotTaken
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.domain.slots import place, starts_on, steps_of
from queue_server.store import appointments
from queue_server.store.database import Store, Transaction

# A clerk may book further ahead than citizens, never into the past.
CLERK_HORIZON_DAYS = 365


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
    clerk: int,
    people_days: int,
    now: datetime,
) -> Appointment:
    """Book for somebody on the phone or at the desk: confirmed at once, with its Termincode.

    `people_days` is how long name and address are kept after the end of the visit's day.
    Raises `UnknownService`, `TooManyPersons`, `SlotTaken`.
    """
    wanted = tuple(service.id for service in site.checked_visit(services, persons))
    new = _new(site, wanted, persons, start_at, language)
    _check_start(site, new, now, by_clerk=True)
    with store.transaction() as tx:
        booked = appointments.insert(tx, new, now)
        _take_slot(tx, site, booked)
        if name or email or phone:
            forget_at = booked.end_at + timedelta(days=people_days)
            appointments.insert_person(tx, booked.id, name, email, phone, forget_at)
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


def cancel_by_token(store: Store, token: str, *, now: datetime) -> Appointment:
    """The holder cancels; twice is once. Raises `NotFound`, `MoveRefused`."""
    with store.transaction() as tx:
        appointment = appointments.by_token(tx, token)
        if appointment.state is CANCELLED:
            return appointment
        return _cancel(tx, appointment, "holder", None, now)


def cancel_by_clerk(
    store: Store, site: Site, appointment: int, *, clerk: int, now: datetime
) -> Appointment:
    """Cancel and free the slot. Raises `NotFound`, `MoveRefused`."""
    with store.transaction() as tx:
        return _cancel(tx, appointments.get(tx, site.id, appointment), "clerk", clerk, now)


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


def _new(
    site: Site, services: tuple[str, ...], persons: int, start_at: datetime, language: str
) -> Appointment:
    minutes = site.visit_minutes(services, persons)
    return Appointment(
        id=0,
        site=site.id,
        state=AppointmentState.CONFIRMED,
        services=services,
        persons=persons,
        start_at=start_at,
        end_at=start_at + timedelta(minutes=minutes),
        code=new_code(),
        token=new_token(),
        language=language,
    )


def _check_start(site: Site, appointment: Appointment, now: datetime, *, by_clerk: bool) -> None:
    """The start is on the grid, inside opening hours and in the bookable time; else `SlotTaken`."""
    start, rules = appointment.start_at, site.booking
    minutes = site.visit_minutes(appointment.services, appointment.persons)
    earliest = now if by_clerk else now + timedelta(minutes=rules.lead_minutes)
    latest = now + timedelta(days=CLERK_HORIZON_DAYS if by_clerk else rules.horizon_days)
    offered = starts_on(site, local_day(start, site.zone), minutes, closures_of(site.land))
    if not earliest <= start <= latest or start not in offered:
        raise SlotTaken(start=start)


def _take_slot(tx: Transaction, site: Site, appointment: Appointment) -> None:
    minutes = site.visit_minutes(appointment.services, appointment.persons)
    steps = steps_of(appointment.start_at, minutes, site.booking.step_minutes)
    end = steps[-1] + timedelta(minutes=site.booking.step_minutes)
    taken = appointments.holds(tx, site.id, steps[0], end)
    places = place(site, appointment.services, steps, taken)
    if places is None:
        raise SlotTaken(start=appointment.start_at)
    appointments.hold(tx, appointment, places)


def _cancel(
    tx: Transaction, appointment: Appointment, by: str, clerk: int | None, now: datetime
) -> Appointment:
    gone = appointments.move(tx, appointment, CANCELLED)
    appointments.let_go(tx, appointment)
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
    after = before.at(start_at)
    _check_start(site, after, now, by_clerk=clerk is not None)
    appointments.let_go(tx, before)
    _take_slot(tx, site, after)
    appointments.set_start(tx, after, after.start_at, after.end_at)
    appointments.postpone_person(tx, after.id, after.end_at - before.end_at)
    tx.record(
        events.AppointmentMoved(
            at=now, site=site.id, appointment=before.id, clerk=clerk, start_at=start_at
        )
    )
    return after
