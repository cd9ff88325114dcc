"""Signing in and out, pairing devices, and the operators' pages."""

from __future__ import annotations

import logging
import re
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.exceptions import BadRequest as MalformedRequest
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import desks, staff
from queue_server.domain.errors import (
    BadPairingCode,
    BadRequest,
    Refused,
    StorageFailed,
    TooManyTries,
    WrongPassword,
)
from queue_server.queries.outbox_status import waiting
from queue_server.store import journal, marks
from queue_server.store.database import NO_SITE
from queue_server.store.identities import Clerk, Device
from queue_server.web.app_context import AppContext, app_context
from queue_server.web.errors import sentence, wants_json
from queue_server.web.identity import (
    DEVICE_COOKIE,
    DEVICE_COOKIE_DAYS,
    SESSION_COOKIE,
    Identity,
    line,
    set_cookie,
    who,
)
from queue_server.web.operators import is_operator

log = logging.getLogger(__name__)
LONGEST_FIELD = 1_000
MOST_PROBLEMS = 50
TRIED_AT = "writing_tried_at"
# Whoever is sent to sign in or to pair comes from one of these rooms and goes back there. Nothing
# that would have to be escaped stands in their addresses.
OWN_PATH = re.compile(r"/(desk|office|kiosk|display)(/[\w-][\w.-]*)*(\?[\w.=&-]*)?", re.ASCII)
web = Blueprint("web", __name__, template_folder="templates")


@web.get("/login")
def login_page() -> str:
    return render_template("web/login.html", error=None, username="", next=_next())


@web.post("/login")
def login() -> AnyResponse:
    """Form or JSON `{"username", "password"}`; sets the session cookie."""
    (username, password), before = _fields("username", "password"), who()
    try:
        token, clerk = _signed_in(username, password)
    except (WrongPassword, TooManyTries) as refusal:
        return _refused_form("web/login.html", refusal, username=username, next=_next())
    _replaced(before, clerk)
    if wants_json():
        response: AnyResponse = jsonify(name=clerk.name, site=clerk.site, role=clerk.role)
    else:
        response = redirect(_next() or "/desk", 303)
    set_cookie(response, SESSION_COOKIE, token)
    return response


@web.post("/logout")
def logout() -> AnyResponse:
    """End the session and close the clerk's counter."""
    context, requester = app_context(), who()
    clerk, session = requester.clerk, requester.session
    if clerk is not None and session is not None:
        desks.leave(context.store, context.site(clerk.site), clerk, now=context.now())
        staff.sign_out(context.store, session)
        _hang_up(session)
    response: AnyResponse = Response(status=204) if wants_json() else redirect("/login", 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="Lax")
    return response


@web.get("/devices/pair")
def pair_page() -> str:
    code = request.args.get("code", "")
    return render_template("web/pair.html", error=None, code=code, next=_next())


@web.post("/devices/pair")
def pair() -> AnyResponse:
    """Exchange a one-time pairing code for a device cookie; programs get the token as well."""
    [code] = _fields("code")
    try:
        device, token = _newly_paired(code)
    except (BadPairingCode, TooManyTries) as refusal:
        return _refused_form("web/pair.html", refusal, code=code, next=_next())
    response = _paired(device, token)
    set_cookie(response, DEVICE_COOKIE, token, days=DEVICE_COOKIE_DAYS)
    return response


@web.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify(status="ok")


@web.get("/readyz")
def readyz() -> Response:
    """The migrated database answers and takes writes; else 503. Operators hear of the outbox, too.

    Letters that are stuck are the mail server's trouble: the server itself is ready all the same.
    """
    context = app_context()
    try:
        with context.store.snapshot() as snapshot:
            journal.version(snapshot, context.settings.sites[0].id)
            waits = waiting(snapshot, context.now())
        _try_to_write(context)
    except StorageFailed:
        # The store has said why, once; whoever watches asks every few seconds.
        return make_response(jsonify(status="not ready"), 503)
    except Exception:
        log.exception("not ready: the database does not answer")
        return make_response(jsonify(status="not ready"), 503)
    if not is_operator():
        return jsonify(status="ok")
    is_on = context.settings.mail.is_on
    outbox = {"mail": is_on, "waiting": waits.count, "stuck": is_on and waits.is_stuck}
    return jsonify(status="ok", outbox=outbox)


def _try_to_write(context: AppContext) -> None:
    """Nothing while writing works. After a failure one small write; raises `StorageFailed`."""
    if context.store.is_failing:
        with context.store.transaction(NO_SITE) as tx:
            marks.put(tx, TRIED_AT, context.now().isoformat())


@web.get("/patterns")
def patterns() -> str:
    """Every component on one page; in debug mode only."""
    if not current_app.debug:
        raise NoSuchPage()
    return render_template("web/patterns.html")


def _signed_in(username: str, password: str) -> tuple[str, Clerk]:
    context = app_context()
    with context.accounts.try_password(context.throttle, username, line()):
        clerk = context.pools.passwords(
            lambda: staff.check_password(context.store, username, password)
        )
    old = request.cookies.get(SESSION_COOKIE)
    return staff.sign_in(context.store, clerk, instead_of=old, now=context.now()), clerk


def _replaced(before: Identity, clerk: Clerk) -> None:
    """Whoever was signed in here has left: their sockets end, another clerk's counter closes."""
    context = app_context()
    if before.clerk is None or before.session is None:
        return
    if before.clerk.id != clerk.id:
        site = context.site(before.clerk.site)
        desks.leave(context.store, site, before.clerk, now=context.now())
    _hang_up(before.session)


def _hang_up(session: str) -> None:
    for listener in app_context().on_sign_out:
        listener(session)


def _newly_paired(code: str) -> tuple[Device, str]:
    context = app_context()
    old = request.cookies.get(DEVICE_COOKIE)
    with context.throttle.guess("pairing", line(), BadPairingCode):
        return staff.pair_device(context.store, code, instead_of=old, now=context.now())


def _paired(device: Device, token: str) -> AnyResponse:
    if wants_json():
        return jsonify(token=token, role=device.role, site=device.site, place=device.place)
    return redirect(_next() or f"/{device.role}/{device.place}", 303)


def _refused_form(template: str, refusal: Refused, **values: str) -> AnyResponse:
    """The form once more with the sentence, or a problem document for programs."""
    if wants_json():
        raise refusal
    status = 429 if isinstance(refusal, TooManyTries) else 401
    return make_response(render_template(template, error=sentence(refusal), **values), status)


def _fields(*names: str) -> list[str]:
    """Texts of the form, or of a JSON object that says these and nothing else.

    Raises `BadRequest`.
    """
    body = _json(names) if request.is_json else request.form
    # A lone surrogate is JSON, but no text that could be hashed or looked up.
    return [value if _is_text(value := body.get(name, "")) else "" for name in names]


def _json(names: tuple[str, ...]) -> dict[str, str]:
    try:
        body: Any = request.get_json()
    except RecursionError:
        raise MalformedRequest() from None
    if not isinstance(body, dict):
        raise MalformedRequest()
    wrong = [(name, "missing", "") for name in names if name not in body]
    wrong += [(name, "type", "") for name in names if not isinstance(body.get(name, ""), str)]
    wrong += [(name, "unknown", "") for name in body if name not in names]
    if wrong:
        raise BadRequest(errors=wrong[:MOST_PROBLEMS])
    return body


def _is_text(value: str) -> bool:
    return len(value) <= LONGEST_FIELD and not any("\ud800" <= c <= "\udfff" for c in value)


def _next() -> str:
    """Where to go afterwards: one of our pages that asks for signing in, or nowhere."""
    target = request.values.get("next", "")
    return target if OWN_PATH.fullmatch(target) else ""
