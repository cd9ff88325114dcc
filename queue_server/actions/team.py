"""The head of office looks after staff and devices; each step is in the journal.

Nobody gives rights that they do not have, and nobody takes their own: there is always somebody
left who can.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.actions.desks import close_counter_of
from queue_server.domain import events
from queue_server.domain.codes import new_code
from queue_server.domain.errors import AlreadyExists, BadRequest, NotAllowed, NotFound
from queue_server.domain.site import Site
from queue_server.store import identities, site_clerks
from queue_server.store.database import Reader
from queue_server.store.identities import ROLES, Clerk
from queue_server.store.transaction import Store, Transaction

LONGEST_NAME = 60


def hire(
    store: Store, site: Site, name: str, role: str, password_hash: str, *, by: Clerk, now: datetime
) -> int:
    """A new clerk of the site. Raises `BadRequest`, `AlreadyExists`, `NotAllowed`."""
    check_name(name)
    _check(role, by)
    with store.transaction() as tx:
        if identities.clerk_named(tx, name) is not None:
            raise AlreadyExists(name=name)
        id = identities.save_clerk(tx, name, site.id, role, password_hash, now)
        _record(tx, site, id, "added", role, by, now)
        return id


def check_name(name: str) -> None:
    """Whether somebody can sign in with this name: forms cut off blanks. Raises `BadRequest`."""
    if not name:
        raise BadRequest(errors=[("name", "missing", "")])
    if len(name) > LONGEST_NAME:
        raise BadRequest(errors=[("name", "too_long", str(LONGEST_NAME))])
    if name != name.strip() or not name.isprintable():
        raise BadRequest(errors=[("name", "format", "")])


def give_role(store: Store, site: Site, id: int, role: str, *, by: Clerk, now: datetime) -> None:
    """Other rights for a clerk. Raises `NotFound`, `NotAllowed`, `BadRequest`."""
    _check(role, by)
    with store.transaction(site.id) as tx:
        clerk = _other(tx, site, id, by)
        if clerk.role != role:
            site_clerks.set_role(tx, id, role)
            _record(tx, site, id, "role", role, by, now)


def give_password(
    store: Store, site: Site, id: int, password_hash: str, *, by: Clerk, now: datetime
) -> None:
    """A new password; all sessions of the clerk end. Raises `NotFound`, `NotAllowed`."""
    with store.transaction(site.id) as tx:
        clerk = _other(tx, site, id, by)
        identities.set_password(tx, id, password_hash)
        _record(tx, site, id, "password", clerk.role, by, now)


def dismiss(store: Store, site: Site, id: int, *, by: Clerk, now: datetime) -> None:
    """The clerk can't sign in any more, and their counter closes. Twice is once.

    Raises `NotFound`, `NotAllowed`.
    """
    with store.transaction(site.id) as tx:
        if site_clerks.has_left(tx, site.id, id):
            return
        clerk = _other(tx, site, id, by)
        close_counter_of(tx, id, now)
        identities.remove_clerk(tx, id, now)
        _record(tx, site, id, "removed", clerk.role, by, now)


def expect_device(store: Store, site: Site, place: str, *, by: Clerk, now: datetime) -> str:
    """A new pairing code for a kiosk or display of the site. Raises `NotFound`."""
    role, code = _role(site, place), new_code()
    with store.transaction(site.id) as tx:
        identities.expect_device(tx, role, site.id, place, code, now)
        tx.record(_about_device(site, place, "expected", by, now))
    return code


def revoke_device(store: Store, site: Site, place: str, *, by: Clerk, now: datetime) -> None:
    """Its pairings and unused codes end. Twice is once. Raises `NotFound`."""
    _role(site, place)
    with store.transaction(site.id) as tx:
        if identities.revoke_devices(tx, place, now):
            tx.record(_about_device(site, place, "revoked", by, now))


def may_give(role: str, by: Clerk) -> bool:
    """Whether somebody may give, or take, the rights of this role."""
    return ROLES.index(role) <= ROLES.index(by.role)


def clerk_at(reader: Reader, site: Site, id: int) -> Clerk:
    """The clerk of the site with this id. Raises `NotFound`."""
    clerk = site_clerks.clerk_of(reader, site.id, id)
    if clerk is None:
        raise NotFound(clerk=str(id))
    return clerk


def _check(role: str, by: Clerk) -> None:
    if role not in ROLES:
        raise BadRequest(errors=[("role", "unknown", "")])
    if not may_give(role, by):
        raise NotAllowed()


def _other(tx: Transaction, site: Site, id: int, by: Clerk) -> Clerk:
    clerk = clerk_at(tx, site, id)
    if clerk.id == by.id or not may_give(clerk.role, by):
        raise NotAllowed()
    return clerk


def _role(site: Site, place: str) -> str:
    """What the device with this id is; ids are unique over displays and kiosks."""
    if any(kiosk.id == place for kiosk in site.kiosks):
        return "kiosk"
    if any(display.id == place for display in site.displays):
        return "display"
    raise NotFound(device=place)


def _record(
    tx: Transaction, site: Site, about: int, change: str, role: str, by: Clerk, now: datetime
) -> None:
    tx.record(
        events.StaffChanged(
            at=now, site=site.id, clerk=by.id, about=about, change=change, role=role
        )
    )


def _about_device(
    site: Site, place: str, change: str, by: Clerk, now: datetime
) -> events.DeviceChanged:
    return events.DeviceChanged(at=now, site=site.id, clerk=by.id, device=place, change=change)
