"""Clerks and devices: who may sign in, and which screens belong to the office."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import lru_cache

import argon2

from queue_server.actions.desks import close_counter_of
from queue_server.domain import events
from queue_server.domain.codes import new_code, new_token, parse_code
from queue_server.domain.errors import (
    AlreadyExists,
    BadPairingCode,
    BadRequest,
    NotFound,
    PairingCodeExpired,
    WrongPassword,
)
from queue_server.store import identities
from queue_server.store.database import NO_SITE, Reader
from queue_server.store.identities import Clerk, Device, Session
from queue_server.store.transaction import Store, Transaction

SHORTEST_PASSWORD = 10
SESSION_IDLE = timedelta(hours=14)
# A working week. Half a day more or less than whole days, so that it ends at night and not at the
# hour of signing in, with somebody sitting at the counter.
SESSION_LIFE = timedelta(days=6, hours=12)
_hasher = argon2.PasswordHasher()


def hash_password(password: str) -> str:
    """An argon2id hash; takes about 0.2 s of one core. Raises `BadRequest` when too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadRequest(errors=[("password", "too_short", str(SHORTEST_PASSWORD))])
    return _hasher.hash(password)


def check_password(store: Store, name: str, password: str) -> Clerk:
    """The clerk with this name and password. Slow on purpose: keep it off the hub.

    Raises `WrongPassword`.
    """
    with store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, name)
    try:
        _hasher.verify(clerk.password_hash if clerk else _nobody(), password)
    except argon2.exceptions.VerificationError:
        clerk = None
    if clerk is None:
        raise WrongPassword()
    return clerk


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Verified when no such clerk exists, so that a wrong name takes as long as a wrong password.

    Made when first needed: it takes 0.2 s that no start should wait for.
    """
    return _hasher.hash(secrets.token_hex())


def sign_in(store: Store, clerk: Clerk, *, instead_of: str | None = None, now: datetime) -> str:
    """A new session; returns the token for the cookie.

    `instead_of` is the token that this browser had: its session ends with the new one's begin, so
    that nobody who copied it goes on with it.
    """
    token = new_token()
    with store.transaction(NO_SITE) as tx:
        if instead_of is not None:
            identities.end_session(tx, instead_of)
        identities.start_session(tx, token, clerk.id, now)
    return token


def sign_out(store: Store, token: str) -> None:
    with store.transaction(NO_SITE) as tx:
        identities.end_session(tx, token)


def session_ended(session: Session, now: datetime) -> bool:
    """Out of use for too long, or begun too long ago."""
    return now - session.seen_at > SESSION_IDLE or now - session.started_at > SESSION_LIFE


def sessions_going_on(reader: Reader, now: datetime) -> set[str]:
    """The hashes of all sessions that have not ended."""
    return identities.sessions_since(reader, now - SESSION_IDLE, now - SESSION_LIFE)


def add_clerk(
    store: Store,
    name: str,
    site: str,
    role: str,
    password_hash: str,
    *,
    by_command: bool = False,
    now: datetime,
) -> int:
    """Raises `AlreadyExists`; a removed clerk of that name comes back with new rights.

    What somebody typed is recorded; what a server does for itself at its first start is not.
    """
    with store.transaction() as tx:
        if identities.clerk_named(tx, name) is not None:
            raise AlreadyExists(name=name)
        id = identities.save_clerk(tx, name, site, role, password_hash, now)
        if by_command:
            _record(tx, Clerk(id, name, site, role, password_hash), "added", now)
        return id


def set_password(store: Store, name: str, password_hash: str, *, now: datetime) -> None:
    """A new password; every session of the clerk ends. Raises `NotFound`."""
    with store.transaction() as tx:
        clerk = _named(identities.clerk_named(tx, name), name)
        identities.set_password(tx, clerk.id, password_hash)
        _record(tx, clerk, "password", now)


def remove_clerk(store: Store, name: str, *, now: datetime) -> None:
    """The clerk can't sign in any more, and their counter closes; the journal keeps the id.

    Raises `NotFound`.
    """
    with store.transaction() as tx:
        clerk = _named(identities.clerk_named(tx, name), name)
        close_counter_of(tx, clerk.id, now)
        identities.remove_clerk(tx, clerk.id, now)
        _record(tx, clerk, "removed", now)


def _named(clerk: Clerk | None, name: str) -> Clerk:
    if clerk is None:
        raise NotFound(clerk=name)
    return clerk


def _record(tx: Transaction, about: Clerk, change: str, now: datetime) -> None:
    """A command line signs nobody in, so no clerk did it."""
    tx.record(
        events.StaffChanged(at=now, site=about.site, about=about.id, change=change, role=about.role)
    )


def expect_device(
    store: Store, role: str, site: str, place: str, *, by_command: bool = False, now: datetime
) -> str:
    """A new one-time pairing code for a configured kiosk or display; recorded as in `add_clerk`."""
    code = new_code()
    with store.transaction() as tx:
        identities.expect_device(tx, role, site, place, code, now)
        if by_command:
            tx.record(events.DeviceChanged(at=now, site=site, device=place, change="expected"))
    return code


def pair_device(
    store: Store, code: str, *, instead_of: str | None = None, now: datetime
) -> tuple[Device, str]:
    """Exchange the pairing code for a device token. Raises `BadPairingCode`, `PairingCodeExpired`.

    `instead_of` is the token that this browser had; it is revoked, since the new one takes its
    place and whoever still had it would be somebody else.
    """
    plain, token = parse_code(code), new_token()
    with store.transaction(lambda reader: _expected(reader, plain).site) as tx:
        expected = _expected(tx, plain)
        if now > expected.code_until:
            raise PairingCodeExpired()
        if instead_of is not None:
            identities.revoke_token(tx, instead_of, now)
        return identities.pair_device(tx, expected.id, token, now), token


def _expected(reader: Reader, code: str | None) -> Device:
    """The device that waits for this pairing code. Raises `BadPairingCode`."""
    found = identities.device_of_code(reader, code) if code else None
    if found is None:
        raise BadPairingCode()
    return found


def revoke_devices(store: Store, place: str, *, now: datetime) -> int:
    """Revoke every pairing and unused code of this kiosk or display; returns how many."""
    with store.transaction() as tx:
        sites = {each.site for each in identities.devices(tx) if each.place == place}
        for site in sorted(sites):
            tx.record(events.DeviceChanged(at=now, site=site, device=place, change="revoked"))
        return identities.revoke_devices(tx, place, now)
