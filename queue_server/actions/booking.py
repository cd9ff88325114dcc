"""Citizens book: choose a time, say whom to write to, confirm by the link in the e-mail.

Three times are apart from each other. A chosen time is kept while the form is filled in, then
until the link expires, and a freed one is shown again after a pause of its own.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime, timedelta

from queue_server.actions import places
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
from queue_server.domain.errors import (
    BadKey,
    Cancelled,
    Expired,
    MoveRefused,
    NotBookable,
    TooManyOpen,
)
from queue_server.domain.site import Site
from queue_server.store import appointments, journal, people, proofs
from queue_server.store.database import Reader, Store, Transaction
from queue_server.store.people import Person
from queue_server.store.proofs import Proof

MOST_LETTERS = 3
"""How often one booking may ask for its e-mail, the first one included."""


def reserve(
    store: Store,
    site: Site,
    services: tuple[str, ...],
    start_at: datetime,
    *,
    persons: int = 1,
    language: str = "de",
    proof: Proof | None = None,
    now: datetime,
) -> Appointment:
    """Keep a time while the form is filled in, for `form_minutes`.

    Raises `UnknownService`, `TooManyPersons`, `NotBookable`, `SlotTaken`, and `BadProof` for a
    proof that was spent before; a refused booking gives it back.
    """
    with store.transaction() as tx:
        return reserve_within(tx, site, services, start_at, persons, language, proof, now)


def book(
    store: Store,
    site: Site,
    services: tuple[str, ...],
    start_at: datetime,
    *,
    persons: int = 1,
    name: str = "",
    email: str,
    language: str = "de",
    proof: Proof | None = None,
    now: datetime,
) -> Appointment:
    """All in one, for programs: held until the link in the e-mail expires.

    Raises what `reserve`, `give_details` and `ask_confirmation` raise; then nothing is held.
    """
    with store.transaction() as tx:
        held = reserve_within(tx, site, services, start_at, persons, language, proof, now)
        _give_details(tx, held, name, email, now)
        return _ask_confirmation(tx, site, held, now)


def give_details(store: Store, token: str, *, name: str, email: str, now: datetime) -> Appointment:
    """Whom to write to; may be corrected until the form is sent off.

    Raises `NotFound`, `Expired`, `MoveRefused`, `BadRequest` naming the field.
    """
    with store.transaction() as tx:
        found = appointments.by_token(tx, token)
        _check_filling_in(found, now)
        _give_details(tx, found, name, email, now)
        return found


def ask_confirmation(store: Store, site: Site, token: str, *, now: datetime) -> Appointment:
    """Send the form off: the link in the e-mail is waited for, for `hold_minutes`.

    Twice is once. Raises `NotFound`, `Expired`, `MoveRefused`, `BadRequest`, `TooManyOpen`.
    """
    with store.transaction() as tx:
        found = appointments.by_token(tx, token)
        if found.state is PRECONFIRMED and not has_expired(found, now):
            return found
        _check_filling_in(found, now)
        return _ask_confirmation(tx, site, found, now)


def ask_again(store: Store, token: str, *, now: datetime) -> bool:
    """The e-mail once more; False when it was asked for too often. The time held stays the same.

    Raises `NotFound`, `Expired`, `MoveRefused`.
    """
    with store.transaction() as tx:
        found = appointments.by_token(tx, token)
        _check_unconfirmed(found, now)
        if not may_ask_again(tx, found.id):
            return False
        tx.record(events.ConfirmationAsked(at=now, site=found.site, appointment=found.id))
        return True


def may_ask_again(reader: Reader, appointment: int) -> bool:
    """Whether its e-mail has not been asked for too often."""
    asked = journal.count_of(reader, appointment, ("AppointmentPreconfirmed", "ConfirmationAsked"))
    return asked < MOST_LETTERS


def confirm(store: Store, token: str, key: str, *, people_days: int, now: datetime) -> Appointment:
    """The key of the e-mail proves the address. A second time with the right one is no mistake.

    `people_days` is how long name and address are kept after the end of the visit. Raises
    `NotFound`, `BadKey`, `Expired`, `Cancelled`.
    """
    with store.transaction() as tx:
        found = appointments.by_token(tx, token)
        if not _is_key(found, key):
            raise BadKey()
        if found.state is not PRECONFIRMED:
            return _confirmed_before(found)
        _check_unconfirmed(found, now)
        confirmed = appointments.move(tx, found, CONFIRMED)
        people.keep_until(tx, found.id, found.end_at + timedelta(days=people_days))
        tx.record(events.AppointmentConfirmed(at=now, site=found.site, appointment=found.id))
        return confirmed


def expire(store: Store, site: Site, *, now: datetime) -> int:
    """End bookings that nobody confirmed in time and forget their people; returns how many."""
    with store.snapshot() as snapshot:
        if not appointments.expired(snapshot, site.id, now):
            return 0
    with store.transaction() as tx:
        late = appointments.expired(tx, site.id, now)
        for appointment in late:
            appointments.move(tx, appointment, EXPIRED)
            places.give_back(tx, site, appointment, now)
            people.forget(tx, appointment.id)
            tx.record(events.AppointmentExpired(at=now, site=site.id, appointment=appointment.id))
        return len(late)


def reserve_within(
    tx: Transaction,
    site: Site,
    services: tuple[str, ...],
    start_at: datetime,
    persons: int,
    language: str,
    proof: Proof | None,
    now: datetime,
    token: str = "",
) -> Appointment:
    """`reserve` inside another verb's transaction, with a token of its own unless told one."""
    ids = bookable_visit(site, services, persons)
    if proof is not None:
        proofs.spend(tx, proof)
    until = now + timedelta(minutes=site.booking.form_minutes)
    new = places.new_appointment(site, RESERVED, ids, persons, start_at, language, until)
    places.check_start(tx, site, new, now, by_clerk=False)
    held = appointments.insert(tx, replace(new, token=token or new.token), now)
    places.take(tx, site, held, now, by_clerk=False)
    tx.record(reserved(held, now))
    return held


def bookable_visit(site: Site, services: tuple[str, ...], persons: int) -> tuple[str, ...]:
    """The ids of these services when citizens may book all of them.

    Raises `UnknownService`, `TooManyPersons`, `NotBookable`.
    """
    wanted = site.checked_visit(services, persons)
    for service in wanted:
        if not service.bookable:
            raise NotBookable(service=service.name)
    return tuple(service.id for service in wanted)


def reserved(held: Appointment, now: datetime) -> events.AppointmentReserved:
    """That this time was chosen for this visit."""
    return events.AppointmentReserved(
        at=now,
        site=held.site,
        appointment=held.id,
        services=held.services,
        persons=held.persons,
        start_at=held.start_at,
    )


def _give_details(tx: Transaction, held: Appointment, name: str, email: str, now: datetime) -> None:
    person = Person(checked_name(name), checked_address(email))
    people.put(tx, held.id, person, held.expires_at or now)


def _ask_confirmation(tx: Transaction, site: Site, held: Appointment, now: datetime) -> Appointment:
    email = checked_address(people.of(tx, held.id).email)
    most = site.booking.open_per_address
    if people.open_bookings(tx, site.id, email, now) >= most:
        raise TooManyOpen(most=most)
    until = _link_expires(site, held, now)
    asked = appointments.await_confirmation(tx, held, new_token(), until)
    people.keep_until(tx, held.id, until)
    tx.record(
        events.AppointmentPreconfirmed(at=now, site=site.id, appointment=held.id, expires_at=until)
    )
    return asked


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
    """The same answer before and after the house has noticed that the time is over."""
    if found.state is EXPIRED or has_expired(found, now):
        raise Expired(expires_at=found.expires_at)


def _is_key(found: Appointment, key: str) -> bool:
    known = found.confirmation_key
    return bool(known) and hmac.compare_digest(known.encode(), key.encode())


def _confirmed_before(found: Appointment) -> Appointment:
    """The answer to whoever opens the link again, in whatever became of the appointment."""
    if found.state is EXPIRED:
        raise Expired()
    if found.state in (CANCELLED, MISSED):
        raise Cancelled(due_at=found.start_at, state=found.state)
    return found
