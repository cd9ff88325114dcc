"""Signing in and out, pairing devices, and the operators' pages."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

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
from queue_server.domain.errors import BadPairingCode, Refused, TooManyTries, WrongPassword
from queue_server.queries.post import waiting
from queue_server.store import journal
from queue_server.store.identities import Device
from queue_server.web.errors import sentence, wants_json
from queue_server.web.hall import hall
from queue_server.web.identity import (
    DEVICE_COOKIE,
    DEVICE_COOKIE_DAYS,
    SESSION_COOKIE,
    client,
    set_cookie,
    who,
)

log = logging.getLogger(__name__)
LONGEST_FIELD = 1_000
web = Blueprint("web", __name__, template_folder="templates")


@web.get("/login")
def login_page() -> str:
    return render_template("web/login.html", error=None, username="", next=_next())


@web.post("/login")
def login() -> AnyResponse:
    """Form or JSON `{"username", "password"}`; sets the session cookie."""
    username, password = _field("username"), _field("password")
    try:
        token, clerk = _signed_in(username, password)
    except (WrongPassword, TooManyTries) as refusal:
        return _refused_form("web/login.html", refusal, username=username, next=_next())
    if wants_json():
        response: AnyResponse = jsonify(name=clerk.name, site=clerk.site, role=clerk.role)
    else:
        response = redirect(_next() or "/desk", 303)
    set_cookie(response, SESSION_COOKIE, token)
    return response


@web.post("/logout")
def logout() -> AnyResponse:
    """End the session and close the clerk's counter."""
    house, asker = hall(), who()
    if asker.clerk is not None and asker.session is not None:
        desks.leave(house.store, house.site(asker.clerk.site), asker.clerk, now=house.now())
        staff.sign_out(house.store, asker.session)
        for listener in house.on_sign_out:
            listener(asker.session)
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
    code = _field("code")
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
    """The migrated database answers; else 503. Tells of the outbox, too.

    Letters that are stuck are the mail server's trouble: the house itself is ready all the same.
    """
    house = hall()
    try:
        with house.store.snapshot() as snapshot:
            journal.version(snapshot, house.settings.sites[0].id)
            waits = waiting(snapshot, house.now())
    except Exception:
        log.exception("not ready: the database does not answer")
        return make_response(jsonify(status="not ready"), 503)
    is_on = house.settings.mail.is_on
    outbox = {"mail": is_on, "waiting": waits.count, "stuck": is_on and waits.is_stuck}
    return jsonify(status="ok", outbox=outbox)


@web.get("/patterns")
def patterns() -> str:
    """Every component on one page; in debug mode only."""
    if not current_app.debug:
        raise NoSuchPage()
    return render_template("web/patterns.html")


def _signed_in(username: str, password: str) -> tuple[str, Any]:
    house = hall()
    house.throttle.check("password", client(), house.now())
    try:
        clerk = house.slow(lambda: staff.check_password(house.store, username, password))
    except WrongPassword:
        house.throttle.count("password", client(), house.now())
        raise
    return staff.sign_in(house.store, clerk, now=house.now()), clerk


def _newly_paired(code: str) -> tuple[Device, str]:
    house = hall()
    house.throttle.check("pairing", client(), house.now())
    try:
        return staff.pair_device(house.store, code, now=house.now())
    except BadPairingCode:
        house.throttle.count("pairing", client(), house.now())
        raise


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


def _field(name: str) -> str:
    """A text from the JSON body or the form; anything else is empty."""
    body = _json() if request.is_json else request.form
    value = body.get(name, "") if hasattr(body, "get") else ""
    # A lone surrogate is JSON, but no text that could be hashed or looked up.
    return value if isinstance(value, str) and _is_text(value) else ""


def _json() -> Any:
    try:
        return request.get_json()
    except RecursionError:
        raise MalformedRequest() from None


def _is_text(value: str) -> bool:
    return len(value) <= LONGEST_FIELD and not any("\ud800" <= c <= "\udfff" for c in value)


def _next() -> str:
    """Where to go afterwards: a path of this house, never another host."""
    target = request.values.get("next", "")
    try:
        netloc = urlsplit(target).netloc
    except ValueError:
        return ""
    own = target.startswith("/") and not target.startswith(("//", "/\\")) and not netloc
    return target if own else ""
