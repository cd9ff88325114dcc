"""A citizen chooses a time at the calendar, and perhaps another one before the form is sent off.

The form brings the token of what it will hold. So the same form sent twice holds one time. Whoever
goes back and chooses again changes what is held, and from then on only the newest form's token
opens it: a token that came in an address may be known to somebody else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from queue_server.actions import booking, places
from queue_server.domain.appointment import RESERVED, Appointment, has_expired
from queue_server.domain.site import Site
from queue_server.store import appointments, people, proofs
from queue_server.store.database import Store, Transaction
from queue_server.store.proofs import Proof


def choose(
    store: Store,
    site: Site,
    services: tuple[str, ...],
    start_at: datetime,
    *,
    token: str,
    instead: str = "",
    persons: int = 1,
    language: str = "de",
    proof: Proof | None = None,
    now: datetime,
) -> Appointment:
    """Keep a time for `form_minutes` under this token, in place of what it or `instead` holds.

    The same choice twice is once. A booking that was sent off or has ended is left alone: then a
    new one with another token begins. Raises what `booking.reserve` raises; the time that was held
    before stays held then.
    """
    with store.transaction() as tx:
        known = appointments.find(tx, token)
        before = known or appointments.find(tx, instead)
        if before is None or not _is_held(before, site, now):
            own = "" if known else token
            return booking.reserve_within(
                tx, site, services, start_at, persons, language, proof, now, own
            )
        ids = booking.bookable_visit(site, services, persons)
        if known and (known.services, known.persons, known.start_at) == (ids, persons, start_at):
            return known
        if proof is not None:
            proofs.spend(tx, proof)
        taken_over = replace(before, language=language, token=token)
        after = _again(site, taken_over, ids, persons, start_at, now)
        return _exchange(tx, site, before, after, now)


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
    places.check_start(tx, site, after, now, by_clerk=False)
    places.exchange(tx, site, before, after, now, by_clerk=False)
    appointments.choose_again(tx, after)
    people.keep_until(tx, after.id, after.expires_at or now)
    tx.record(booking.reserved(after, now))
    return after


def _is_held(found: Appointment, site: Site, now: datetime) -> bool:
    return found.site == site.id and found.state is RESERVED and not has_expired(found, now)
