"""Clerks and devices: who may sign in, and which screens belong to the house."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import lru_cache

import argon2

from queue_server.domain.codes import new_code, new_token, parse_code
from queue_server.domain.errors import (
    AlreadyExists,
    BadPairingCode,
    BadRequest,
    NotFound,
    WrongPassword,
)
from queue_server.store import identities
from queue_server.store.database import Store
from queue_server.store.identities import Clerk, Device

SHORTEST_PASSWORD = 10
SESSION_HOURS = 14
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


def sign_in(store: Store, clerk: Clerk, *, now: datetime) -> str:
    """A new session; returns the token for the cookie."""
    token = new_token()
    with store.transaction() as tx:
        identities.start_session(tx, token, clerk.id, now)
    return token


def sign_out(store: Store, token: str) -> None:
    with store.transaction() as tx:
        identities.end_session(tx, token)


def keep_session(store: Store, token: str, *, now: datetime) -> None:
    """The session is in use; it ends 14 hours after the last sign of life."""
    with store.transaction() as tx:
        identities.touch_session(tx, token, now)


def session_ended(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at > timedelta(hours=SESSION_HOURS)


def add_clerk(
    store: Store, name: str, site: str, role: str, password_hash: str, *, now: datetime
) -> int:
    """Raises `AlreadyExists`; a removed clerk of that name comes back with new rights."""
    with store.transaction() as tx:
        if identities.clerk_named(tx, name) is not None:
            raise AlreadyExists(name=name)
        return identities.save_clerk(tx, name, site, role, password_hash, now)


def set_password(store: Store, name: str, password_hash: str) -> None:
    """A new password; every session of the clerk ends. Raises `NotFound`."""
    with store.transaction() as tx:
        identities.set_password(
            tx, _named(identities.clerk_named(tx, name), name).id, password_hash
        )


def remove_clerk(store: Store, name: str, *, now: datetime) -> None:
    """The clerk can't sign in any more; the journal keeps the id. Raises `NotFound`."""
    with store.transaction() as tx:
        clerk = _named(identities.clerk_named(tx, name), name)
        identities.remove_clerk(tx, clerk.id, now)


def _named(clerk: Clerk | None, name: str) -> Clerk:
    if clerk is None:
        raise NotFound(clerk=name)
    return clerk


def expect_device(store: Store, role: str, site: str, place: str, *, now: datetime) -> str:
    """A new one-time pairing code for a configured kiosk or display."""
    code = new_code()
    with store.transaction() as tx:
        identities.expect_device(tx, role, site, place, code, now)
    return code


def pair_device(store: Store, code: str, *, now: datetime) -> tuple[Device, str]:
    """Exchange the pairing code for a device token. Raises `BadPairingCode`."""
    plain = parse_code(code)
    token = new_token()
    with store.transaction() as tx:
        device = identities.pair_device(tx, plain, token, now) if plain else None
    if device is None:
        raise BadPairingCode()
    return device, token


def revoke_devices(store: Store, place: str, *, now: datetime) -> int:
    """Revoke every pairing and unused code of this kiosk or display; returns how many."""
    with store.transaction() as tx:
        return identities.revoke_devices(tx, place, now)
