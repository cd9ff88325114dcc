"""Who is asking: a clerk by session cookie, a device or a program by its token, or a visitor."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import g, request
from werkzeug.wrappers import Response

from queue_server.actions import desks, staff, tokens
from queue_server.domain.errors import NotAllowed, NotSignedIn, Refused, StorageFailed
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.store import api_tokens, identities
from queue_server.store.api_tokens import ApiToken
from queue_server.store.identities import Clerk, Device
from queue_server.store.transaction import Store
from queue_server.web import refusals
from queue_server.web.app_context import AppContext, app_context
from queue_server.web.guard import SAFE
from queue_server.web.limits import Client, at, known

SESSION_COOKIE = "aufruf_session"
DEVICE_COOKIE = "aufruf_device"
# Browsers keep no cookie for longer, whatever it says.
DEVICE_COOKIE_DAYS = 400
SIGN_OF_LIFE = timedelta(minutes=1)
API = "api"
RANKS = {"clerk": 0, "lead": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Identity:
    """The checked identity of a request. `session` is the clerk's session token.

    A `program` acts as a clerk as far as its token's scope lets it.
    """

    clerk: Clerk | None = None
    device: Device | None = None
    session: str | None = None
    program: ApiToken | None = None


NOBODY = Identity()


def who() -> Identity:
    """Who this request comes from; looked up once per request."""
    known: Identity | None = g.get("identity")
    if known is None:
        found = identify(app_context(), _cookie(SESSION_COOKIE), _device_token())
        known = g.identity = found if found != NOBODY else _program(app_context())
    return known


def who_opened(
    context: AppContext, cookies: Mapping[str, str], authorization: str | None
) -> Identity:
    """Who a socket comes from: a page by its cookies, a device or a program by its token."""
    token = _token_in(authorization)
    device_token = cookies.get(DEVICE_COOKIE) if token is None else token
    found = identify(context, cookies.get(SESSION_COOKIE), device_token)
    return _program_of(context, token, looks=True) if token and found == NOBODY else found


def identify(context: AppContext, session: str | None, device_token: str | None) -> Identity:
    """The clerk and the device behind these tokens; unknown or ended ones are nobody."""
    now = context.now()
    look = context.store.single_reads
    found = identities.session_of(look, session) if session else None
    device = identities.device_of_token(look, device_token) if device_token else None
    if found is None or session is None or staff.session_ended(found, now):
        return Identity(device=device)
    if abs(now - found.seen_at) > SIGN_OF_LIFE:
        # Whoever only looks may do so while the disk takes nothing.
        with suppress(StorageFailed):
            desks.still_here(context.store, found.clerk, session=session, now=now)
    return Identity(found.clerk, device, session)


def _program(context: AppContext) -> Identity:
    """The program of this token. Pages are for people, it counts in the API alone."""
    secret = _bearer()
    if not secret or request.blueprint != API:
        return NOBODY
    return _program_of(context, secret, looks=request.method in SAFE)


def _program_of(context: AppContext, secret: str, *, looks: bool) -> Identity:
    """With the scope `read` nobody changes anything."""
    with context.store.snapshot() as snapshot:
        token = api_tokens.by_secret(snapshot, secret)
    if token is None:
        return NOBODY
    _note_use(context, token)
    may_act = token.scope != "read" or looks
    return Identity(clerk=token.clerk if may_act else None, program=token)


def _note_use(context: AppContext, token: ApiToken) -> None:
    now = context.now()
    if token.seen_at is not None and abs(now - token.seen_at) <= SIGN_OF_LIFE:
        return
    with suppress(StorageFailed):
        tokens.note_use(context.store, token, now=now)
        if token.clerk is not None:
            desks.still_here(context.store, token.clerk, now=now)


def require_clerk(site: Site | None = None, *, role: str = "clerk") -> Clerk:
    """The signed-in clerk of this site with at least this role.

    Raises `NotSignedIn`, `NotAllowed`.
    """
    requester = who()
    clerk = requester.clerk
    if clerk is None:
        raise NotAllowed() if requester.program else NotSignedIn()
    if (site is not None and clerk.site != site.id) or RANKS[clerk.role] < RANKS[role]:
        raise NotAllowed()
    return clerk


def require_kiosk_or_clerk(site: Site) -> str:
    """Whoever may draw tickets at this site, as a name for the throttle and the journal.

    Raises `NotSignedIn`, `NotAllowed`.
    """
    requester = who()
    if requester.clerk is not None and requester.clerk.site == site.id:
        return "clerk"
    program, device = requester.program, requester.device
    if program is not None and (program.scope, program.site) == ("kiosk", site.id):
        return "kiosk"
    if device is not None and (device.role, device.site) == ("kiosk", site.id):
        return "kiosk"
    raise NotSignedIn() if requester == NOBODY else NotAllowed()


def client() -> Client:
    """Whoever is counted for this request, for limits only; never stored.

    Many clerks and kiosks may share one address, so each counts for itself wherever it is.
    """
    requester = who()
    if requester.program is not None:
        return known(f"program {requester.program.id}")
    if requester.clerk is not None:
        return known(f"clerk {requester.clerk.id}")
    if requester.device is not None:
        return known(f"device {requester.device.id}")
    return line()


def door() -> str:
    """The kiosk or program that asks, as the journal names it; empty for anybody else."""
    requester = who()
    if requester.program is not None:
        return f"program {requester.program.id}"
    device = requester.device if requester.clerk is None else None
    return device.place if device is not None else ""


def line() -> Client:
    """The other end of the line alone, for routes on which nobody is known yet."""
    return at(request.remote_addr or "local")


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


def keep_paired(response: Response) -> Response:
    """A page for a paired screen renews its cookie, which lasts as long as the screen is used."""
    token, asking = request.cookies.get(DEVICE_COOKIE), g.get("identity", Identity())
    is_page = response.mimetype == "text/html" and not app_context().settings.is_practice
    if is_page and token and asking.device is not None and _bearer() is None:
        set_cookie(response, DEVICE_COOKIE, token, days=DEVICE_COOKIE_DAYS)
    return response


def _device_token() -> str | None:
    return _cookie(DEVICE_COOKIE) if (given := _bearer()) is None else given


def _cookie(name: str) -> str | None:
    """The library's `get` makes the answer to a bad request first, and then throws it away."""
    return next(iter(request.cookies.getlist(name)), None)


def _bearer() -> str | None:
    """The token of the Authorization header; None without any."""
    return _token_in(request.headers.get("Authorization"))


def _token_in(authorization: str | None) -> str | None:
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


@dataclass(frozen=True, slots=True)
class ClerkRequest:
    """Nobody ever acts at another site than their own from here."""

    context: AppContext
    site: Site
    clerk: Clerk
    now: datetime

    @property
    def store(self) -> Store:
        return self.context.store

    @property
    def today(self) -> date:
        return local_day(self.now, self.site.zone)

    @property
    def mail_is_on(self) -> bool:
        return self.context.settings.mail.is_on

    def sentence(self, refusal: Refused) -> str:
        return refusals.sentence(refusal, self.site.zone, self.now)


def clerk_request(role: str = "clerk") -> ClerkRequest:
    """Who asks, with at least this role. Raises `NotSignedIn`, `NotAllowed`."""
    clerk = require_clerk(role=role)
    context = app_context()
    return ClerkRequest(context, context.site(clerk.site), clerk, context.now())
