"""Who is asking: a clerk by session cookie, a device by cookie or bearer token, or a visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import g, request
from werkzeug.wrappers import Response

from queue_server.actions import desks, staff
from queue_server.domain.errors import NotAllowed, NotSignedIn
from queue_server.domain.site import Site
from queue_server.store import identities
from queue_server.store.identities import Clerk, Device
from queue_server.web.hall import Hall, hall

SESSION_COOKIE = "aufruf_session"
DEVICE_COOKIE = "aufruf_device"
DEVICE_COOKIE_DAYS = 3650
SIGN_OF_LIFE = timedelta(minutes=1)
RANKS = {"clerk": 0, "lead": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Identity:
    """The checked identity of a request. `session` is the clerk's session token."""

    clerk: Clerk | None = None
    device: Device | None = None
    session: str | None = None


def who() -> Identity:
    """Who this request comes from; looked up once per request."""
    if "identity" not in g:
        g.identity = identify(hall(), request.cookies.get(SESSION_COOKIE), _device_token())
    identity: Identity = g.identity
    return identity


def identify(house: Hall, session: str | None, device_token: str | None) -> Identity:
    """The clerk and the device behind these tokens; unknown or ended ones are nobody."""
    now = house.now()
    with house.store.snapshot() as snapshot:
        found = identities.clerk_of_session(snapshot, session) if session else None
        device = identities.device_of_token(snapshot, device_token) if device_token else None
    if found is None or session is None or staff.session_ended(found[1], now):
        return Identity(device=device)
    clerk, seen_at = found
    if now - seen_at > SIGN_OF_LIFE:
        staff.keep_session(house.store, session, now=now)
        desks.still_here(house.store, clerk, now=now)
    return Identity(clerk, device, session)


def require_clerk(site: Site | None = None, *, role: str = "clerk") -> Clerk:
    """The signed-in clerk of this site with at least this role.

    Raises `NotSignedIn`, `NotAllowed`.
    """
    clerk = who().clerk
    if clerk is None:
        raise NotSignedIn()
    if (site is not None and clerk.site != site.id) or RANKS[clerk.role] < RANKS[role]:
        raise NotAllowed()
    return clerk


def require_kiosk_or_clerk(site: Site) -> str:
    """Whoever may draw tickets at this site, as a name for the throttle and the journal.

    Raises `NotSignedIn`, `NotAllowed`.
    """
    asker = who()
    if asker.clerk is not None and asker.clerk.site == site.id:
        return "clerk"
    if asker.device is not None and (asker.device.role, asker.device.site) == ("kiosk", site.id):
        return "kiosk"
    raise NotSignedIn() if asker == Identity() else NotAllowed()


def client() -> str:
    """The other end of the line, for the throttle only; never stored."""
    return request.remote_addr or "local"


def set_cookie(response: Response, name: str, value: str, *, days: int | None = None) -> None:
    """A cookie no script can read and no foreign page can send along."""
    response.set_cookie(
        name,
        value,
        max_age=timedelta(days=days) if days else None,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _device_token() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.cookies.get(DEVICE_COOKIE)
