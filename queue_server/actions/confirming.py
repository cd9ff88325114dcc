"""Whom to write to, the link in the e-mail that confirms, and what ends unconfirmed."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime, timedelta

from queue_server.actions import slot_holding
from queue_server.domain import events
from queue_server.domain.appointment import (
    CANCELLED,
    CONFIRMED,
    EXPIRED,
    MISSED,
    PRECONFIRMED,
    RESERVED,
    Appointment,
    has_expired,
)
from queue_server.domain.codes import new_token
from queue_server.domain.contact import checked_address, checked_name
from queue_server.domain.errors import BadKey, Cancelled, Expired, MoveRefused
from queue_server.domain.site import Site
from queue_server.store import appointments, journal, people
from queue_server.store.database import Reader
from queue_server.store.people import Person
from queue_server.store.transaction import Store, Transaction

MOST_LETTERS = 3
"""How often one booking may ask for its e-mail, the first one included."""


def give_details(store: Store, token: str, *, name: str, email: str, now: datetime) -> Appointment:
    """Whom to write to; may be corrected until the form is sent off.

    Raises `NotFound`, `Expired`, `MoveRefused`, `BadRequest` naming the field.
    """
    with store.transaction(appointments.site_of(token)) as tx:
        found = appointments.by_token(tx, token)
        _check_filling_in(found, now)
        put_details(tx, found, name, email)
        return found


def ask_confirmation(store: Store, site: Site, token: str, *, now: datetime) -> Appointment:
    """Send the form off: the link in the e-mail is waited for, for `hold_minutes`.

    Twice is once. Raises `NotFound`, `Expired`, `MoveRefused`, `BadRequest`.
    """
    with store.transaction(site.id) as tx:
        found = appointments.by_token(tx, token)
        if found.state is PRECONFIRMED and not has_expired(found, now):
            return found
        _check_filling_in(found, now)
        return ask_within(tx, site, found, now)


def ask_again(store: Store, site: Site, token: str, *, now: datetime) -> bool:
    """The e-mail once more; False when it was asked for too often. The time held stays the same.

    Whoever has cancelled the other booking meanwhile now gets a link that confirms this one.

    Raises `NotFound`, `Expired`, `MoveRefused`.
    """
    with store.transaction(site.id) as tx:
        found = appointments.by_token(tx, token)
        _check_unconfirmed(found, now)
        if not may_ask_again(tx, found.id):
            return False
        asked = events.ConfirmationAsked(at=now, site=found.site, appointment=found.id)
        tx.apply(asked, _with_key(tx, site, found, now))
        return True


def may_ask_again(reader: Reader, appointment: int) -> bool:
    """Whether its e-mail has not been asked for too often."""
    asked = journal.count_of(reader, appointment, ("AppointmentPreconfirmed", "ConfirmationAsked"))
    return asked < MOST_LETTERS


def confirm(store: Store, token: str, key: str, *, people_days: int, now: datetime) -> Appointment:
    """The key of the e-mail proves the address. A second time with the right one is no mistake.

    `people_days` is how long name and address are kept after the visit. Raises
    `NotFound`, `BadKey`, `Expired`, `Cancelled`.
    """
    with store.transaction(appointments.site_of(token)) as tx:
        found = appointments.by_token(tx, token)
        if not _is_key(found, key):
            raise BadKey()
        if found.state is not PRECONFIRMED:
            return _confirmed_before(found)
        _check_unconfirmed(found, now)
        people.keep_for(tx, found.id, people_days)
        confirmed = events.AppointmentConfirmed(at=now, site=found.site, appointment=found.id)
        return tx.apply(confirmed, found)


def expire(store: Store, site: Site, *, now: datetime) -> int:
    """End bookings that nobody confirmed in time and forget their people; returns how many."""
    with store.transaction(site.id) as tx:
        late = find_expired(tx, site, now)
        for appointment in late:
            expired = events.AppointmentExpired(at=now, site=site.id, appointment=appointment.id)
            tx.apply(expired, appointment)
            slot_holding.give_back(tx, site, appointment, now)
            people.forget(tx, appointment.id)
        return len(late)


def find_expired(reader: Reader, site: Site, now: datetime) -> list[Appointment]:
    """What `expire` would end."""
    return appointments.expired(reader, site.id, now)


def put_details(tx: Transaction, held: Appointment, name: str, email: str) -> None:
    person = Person(checked_name(name), checked_address(email))
    people.put(tx, held.id, person)


def ask_within(tx: Transaction, site: Site, held: Appointment, now: datetime) -> Appointment:
    """Whoever books sees no difference when the address has as many bookings as it may have.

    A stranger would learn that it has one. The booking has no key then, so nobody can confirm it,
    and the letter tells the owner of the address.
    """
    email = checked_address(people.of(tx, held.id).email)
    key = new_token() if _may_have_one_more(tx, site, email, now) else ""
    until = _link_expires(site, held, now)
    asked = events.AppointmentPreconfirmed(
        at=now, site=site.id, appointment=held.id, expires_at=until
    )
    # The key is not in the journal: only the e-mail has it.
    return tx.apply(asked, replace(held, confirmation_key=key))


def _with_key(tx: Transaction, site: Site, found: Appointment, now: datetime) -> Appointment:
    """With a key for a booking that had none, once its address may have one more."""
    email = people.of(tx, found.id).email
    if not found.confirmation_key and email and _may_have_one_more(tx, site, email, now):
        return replace(found, confirmation_key=new_token())
    return found


def _may_have_one_more(reader: Reader, site: Site, email: str, now: datetime) -> bool:
    return people.open_bookings(reader, site.id, email, now) < site.booking.open_per_address


def _link_expires(site: Site, held: Appointment, now: datetime) -> datetime:
    """After `hold_minutes`; sooner for a time that is about to come, when one would be late."""
    late_from = held.start_at + timedelta(minutes=site.checkin.grace_minutes)
    return min(now + timedelta(minutes=site.booking.hold_minutes), late_from)


def _check_filling_in(found: Appointment, now: datetime) -> None:
    _check_time(found, now)
    if found.state is not RESERVED:
        raise MoveRefused(state=found.state, to=PRECONFIRMED)


def _check_unconfirmed(found: Appointment, now: datetime) -> None:
    _check_time(found, now)
    if found.state is not PRECONFIRMED:
        raise MoveRefused(state=found.state, to=CONFIRMED)


def _check_time(found: Appointment, now: datetime) -> None:
    """The same answer before and after the server has noticed that the time is over."""
    if found.state is EXPIRED or has_expired(found, now):
        raise Expired(expires_at=found.expires_at)


def _is_key(found: Appointment, key: str) -> bool:
    known = found.confirmation_key
    return bool(known) and hmac.compare_digest(known.encode(), key.encode())


def _confirmed_before(found: Appointment) -> Appointment:
    """The answer to somebody who opens the link again, whatever has become of the appointment."""
    if found.state is EXPIRED:
        raise Expired()
    if found.state in (CANCELLED, MISSED):
        raise Cancelled(due_at=found.start_at, state=found.state)
    return found
