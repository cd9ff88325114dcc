"""Citizens book from home: they choose a time, and perhaps another one before the form is sent off.

The form brings the token of what it will hold. So the same form sent twice holds one time. Whoever
goes back and chooses again changes what is held, and from then on only the newest form's token
opens it: a token that came in an address may be known to somebody else.

There are three time limits: a chosen time is held while the form is filled in, then until the link
expires (`actions/confirming.py`), and a freed one is offered again after a pause.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from queue_server.actions import slot_holding
from queue_server.actions.confirming import ask_within, put_details
from queue_server.domain import events
from queue_server.domain.appointment import RESERVED, Appointment, has_expired
from queue_server.domain.codes import new_token
from queue_server.domain.errors import NotBookable
from queue_server.domain.site import Site
from queue_server.store import appointments, request_limits
from queue_server.store.request_limits import Proof
from queue_server.store.transaction import Store, Transaction


def reserve(
    store: Store,
    site: Site,
    services: tuple[str, ...],
    start_at: datetime,
    *,
    token: str = "",
    instead: str = "",
    persons: int = 1,
    language: str = "de",
    proof: Proof | None = None,
    now: datetime,
) -> Appointment:
    """Keep a time while the form is filled in, for `form_minutes`.

    Under this token, in place of what it or `instead` holds. The same choice twice is once. A
    booking that was sent off or has ended is left alone: then a new one with another token begins.

    Raises `UnknownService`, `TooManyPersons`, `NotBookable`, `SlotTaken`, `DayHeld`, and `BadProof`
    for a proof that was spent before; a refused choice gives it back, and what was held stays held.
    """
    token = token or new_token()
    with store.transaction(site.id) as tx:
        known = appointments.find(tx, token)
        before = known or appointments.find(tx, instead)
        if before is None or not _is_held(before, site, now):
            own = "" if known else token
            return _reserve(tx, site, services, start_at, persons, language, proof, now, own)
        ids = bookable_visit(site, services, persons)
        if known and (known.services, known.persons, known.start_at) == (ids, persons, start_at):
            return known
        if proof is not None:
            request_limits.spend_proof(tx, proof)
        taken_over = replace(before, language=language, token=token)
        after = _again(site, taken_over, ids, persons, start_at, now)
        return _exchange(tx, site, before, after, now)


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
    with store.transaction(site.id) as tx:
        held = _reserve(tx, site, services, start_at, persons, language, proof, now)
        put_details(tx, held, name, email)
        return ask_within(tx, site, held, now)


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
        appointment=held.id or None,
        services=held.services,
        persons=held.persons,
        start_at=held.start_at,
    )


def _reserve(
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
    ids = bookable_visit(site, services, persons)
    if proof is not None:
        request_limits.spend_proof(tx, proof)
    until = now + timedelta(minutes=site.booking.form_minutes)
    new = slot_holding.new_appointment(
        site, RESERVED, ids, persons, start_at, language, token, until
    )
    return slot_holding.hold_new(tx, site, new, reserved(new, now), now)


def _again(
    site: Site,
    before: Appointment,
    services: tuple[str, ...],
    persons: int,
    start_at: datetime,
    now: datetime,
) -> Appointment:
    """What is chosen now, kept for as long as a first choice."""
    return replace(
        before,
        services=services,
        persons=persons,
        start_at=start_at,
        end_at=start_at + timedelta(minutes=site.visit_minutes(services, persons)),
        expires_at=now + timedelta(minutes=site.booking.form_minutes),
    )


def _exchange(
    tx: Transaction, site: Site, before: Appointment, after: Appointment, now: datetime
) -> Appointment:
    slot_holding.check_start(tx, site, after, now, by_clerk=False)
    slot_holding.check_share(tx, site, after, now)
    slot_holding.exchange(tx, site, before, after, now, by_clerk=False)
    return tx.apply(reserved(after, now), after)


def _is_held(found: Appointment, site: Site, now: datetime) -> bool:
    return found.site == site.id and found.state is RESERVED and not has_expired(found, now)
