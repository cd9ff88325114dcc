"""Staff and devices: who may sign in as what, and which screens belong to the office."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import staff, team
from queue_server.domain.errors import AlreadyExists, BadRequest
from queue_server.domain.site import Site
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.changes import ROLES
from queue_server.qr import qr_svg
from queue_server.queries import office_overview
from queue_server.settings import VERSION
from queue_server.store import site_clerks
from queue_server.web.devices import kiosk_views
from queue_server.web.forms import problems, text

SUGGESTED_BYTES = 9
LONGEST_PASSWORD = 200
WRONG = {
    "name": f"Bitte geben Sie einen Namen mit höchstens {team.LONGEST_NAME} Zeichen an.",
    "role": "Bitte wählen Sie eine Rolle.",
}
Errors = list[tuple[str, str]]


@room.get("/office/staff")
def staff_page() -> Response:
    """Everybody who may sign in at this site, and a form for somebody new."""
    return _staff(clerk_request())


@room.post("/office/staff")
def hire() -> AnyResponse:
    """Somebody new. A password that nobody chose is made here, and shown once."""
    who = clerk_request()
    password, errors = _password()
    name = text("name")
    if errors:
        return _staff(who, errors)
    hashed = who.context.pools.passwords(lambda: staff.hash_password(password))
    try:
        team.hire(who.store, who.site, name, text("role"), hashed, by=who.clerk, now=who.now)
    except AlreadyExists:
        return _staff(who, [("name", "Diesen Namen gibt es schon, hier oder an einem anderen "
                             "Standort.")])  # fmt: skip
    except BadRequest as refusal:
        wrong = [field for field, _, _ in problems(refusal)]
        return _staff(who, [(field, WRONG[field]) for field in wrong])
    return _staff(who, told=(name, password))


@room.get("/office/staff/<int:clerk>")
def clerk_page(clerk: int) -> Response:
    """One clerk: role, password, end. Raises `NotFound`."""
    return _clerk(clerk_request(), clerk)


@room.post("/office/staff/<int:clerk>/role")
def give_role(clerk: int) -> AnyResponse:
    """Other rights, from the next click on."""
    who = clerk_request()
    team.give_role(who.store, who.site, clerk, text("role"), by=who.clerk, now=who.now)
    return redirect(url_for("office.staff_page", said="role"), 303)


@room.post("/office/staff/<int:clerk>/password")
def give_password(clerk: int) -> AnyResponse:
    """A new password, shown once when nobody chose it."""
    who = clerk_request()
    password, errors = _password()
    if errors:
        return _clerk(who, clerk, errors)
    hashed = who.context.pools.passwords(lambda: staff.hash_password(password))
    team.give_password(who.store, who.site, clerk, hashed, by=who.clerk, now=who.now)
    with who.store.snapshot() as snapshot:
        about = team.clerk_at(snapshot, who.site, clerk)
    return _staff(who, told=(about.name, password))


@room.post("/office/staff/<int:clerk>/removal")
def dismiss(clerk: int) -> AnyResponse:
    """Nobody signs in by this name any more."""
    who = clerk_request()
    team.dismiss(who.store, who.site, clerk, by=who.clerk, now=who.now)
    return redirect(url_for("office.staff_page", said="removed"), 303)


@room.get("/office/devices")
def devices_page() -> Response:
    """Every display and kiosk: how it is, since when, in which version."""
    return _devices(clerk_request())


@room.post("/office/devices/<device>/code")
def new_code(device: str) -> Response:
    """A pairing code, shown once, as text and as a picture for a camera. Raises `NotFound`."""
    who = clerk_request()
    code = team.expect_device(who.store, who.site, device, by=who.clerk, now=who.now)
    link = f"{who.context.settings.public_url}/devices/pair?code={code}"
    picture = who.context.pools.qr_codes(lambda: qr_svg(link))
    return _devices(
        who, {"name": _name(who.site, device), "code": code, "link": link, "qr": picture}
    )


def _name(site: Site, device: str) -> str:
    """As the office calls it, else as in its address."""
    names = {each.id: each.name for each in site.displays}
    names |= {each.id: each.name for each in site.kiosks}
    return names.get(device) or device


@room.post("/office/devices/<device>/revocation")
def revoke(device: str) -> AnyResponse:
    """The device is no part of the office any more. Raises `NotFound`."""
    who = clerk_request()
    team.revoke_device(who.store, who.site, device, by=who.clerk, now=who.now)
    return redirect(url_for("office.devices_page", said="revoked"), 303)


def _staff(
    who: ClerkRequest, errors: Errors | None = None, told: tuple[str, str] | None = None
) -> Response:
    with who.store.snapshot() as snapshot:
        found = site_clerks.clerks_of(snapshot, who.site.id)
    return page(
        who, "office/staff.html", 422 if errors else 200, clerks=found, errors=errors or [],
        told=told, said=request.args.get("said", ""), name="" if told else text("name"),
        **_roles(who),
    )  # fmt: skip


def _clerk(who: ClerkRequest, id: int, errors: Errors | None = None) -> Response:
    with who.store.snapshot() as snapshot:
        # Raises `NotFound`.
        about = team.clerk_at(snapshot, who.site, id)
    may = about.id != who.clerk.id and team.may_give(about.role, who.clerk)
    return page(who, "office/clerk.html", 422 if errors else 200, about=about, may=may,
                errors=errors or [], **_roles(who))  # fmt: skip


def _roles(who: ClerkRequest) -> dict[str, Any]:
    given = [(role, words) for role, words in ROLES.items() if team.may_give(role, who.clerk)]
    return {"roles": ROLES, "given": given, "shortest": staff.SHORTEST_PASSWORD}


def _password() -> tuple[str, Errors]:
    """The password of the form, or one that nobody has thought of."""
    chosen = request.form.get("password", "")[: LONGEST_PASSWORD + 1]
    if not chosen:
        return secrets.token_urlsafe(SUGGESTED_BYTES), []
    if not staff.SHORTEST_PASSWORD <= len(chosen) <= LONGEST_PASSWORD:
        return "", [("password", f"Bitte mindestens {staff.SHORTEST_PASSWORD} Zeichen.")]
    return chosen, []


def _devices(who: ClerkRequest, told: dict[str, str] | None = None) -> Response:
    with who.store.snapshot() as snapshot:
        found = office_overview.devices_of(snapshot, who.site, who.now)
    return page(
        who, "office/devices.html", devices=found, told=told, version_here=VERSION,
        kiosks=kiosk_views(who.context.kiosks, who.site, who.now), now=who.now,
        version_of=who.context.display_versions.of,
        said=request.args.get("said", ""),
    )  # fmt: skip
