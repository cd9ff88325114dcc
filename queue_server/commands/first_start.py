"""The first start: database, an admin with a password shown once, pairing codes, addresses."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import click

from queue_server.actions import staff
from queue_server.commands.common import opened, utc_now
from queue_server.domain.hours import next_opening, open_until
from queue_server.domain.site import Site
from queue_server.opening import planned_days
from queue_server.settings import VERSION, Settings
from queue_server.store import identities
from queue_server.store.database import Store

ADMIN = "admin"
PASSWORD_BYTES = 9


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What is shown once: the admin's password (None later) and new codes by place."""

    password: str | None
    codes: dict[str, str]


def prepare(settings: Settings) -> FirstStart:
    """Create what is missing: database, admin, a pairing code for every new kiosk and display."""
    with opened(settings) as store:
        return FirstStart(_new_admin(store, settings), dict(_new_codes(store, settings)))


def print_addresses(settings: Settings, first: FirstStart, *, always_open: bool) -> None:
    """Tell whoever started the server where to look and how to get in."""
    click.echo(f"\nAufruf {VERSION} serves {settings.public_url}   (Ctrl-C stops it)\n")
    _line("Start page", f"{settings.public_url}/")
    _line("Desk", f"{settings.public_url}/desk")
    for site, role, place in _places(settings):
        code = first.codes.get(place)
        hint = f"   pairing code {code}" if code else ""
        _line(f"{role.capitalize()}, {site.name}", f"{settings.public_url}/{role}/{place}{hint}")
    if first.password:
        click.echo(f"\nSign in at the desk as “{ADMIN}” with the password {first.password}")
        click.echo("It is shown this once; `aufruf clerk password admin` sets a new one.")
    _tell_letters(settings)
    if not always_open:
        _tell_closed(settings.sites)
    click.echo("")


def _tell_letters(settings: Settings) -> None:
    """Online appointments are confirmed by e-mail, so somebody must know where letters go."""
    if settings.mail.folder:
        click.echo(f"\nE-mails are not sent but put into {settings.mail.folder}")
    elif not settings.mail.is_on:
        click.echo("\nE-mail is off ([mail] smtp_url), so nobody can book online yet.")


def _line(what: str, where: str) -> None:
    click.echo(f"  {what:<32} {where}")


def _tell_closed(sites: tuple[Site, ...]) -> None:
    """At night or on a Sunday: say when each closed site opens, and how to try it now."""
    now = utc_now()
    closed = [site for site in sites if not _is_open(site, now)]
    if not closed:
        return
    click.echo("")
    for site in closed:
        opens = next_opening(planned_days(site), site.zone, now)
        when = f" until {opens.astimezone(site.zone):%A %d %B, %H:%M}" if opens else ""
        click.echo(f"{site.name} is closed{when}: its kiosk gives no numbers.")
    click.echo("To try it now, keep the office open: make run OPEN=1   (aufruf run --always-open)")


def _is_open(site: Site, now: datetime) -> bool:
    return open_until(planned_days(site), site.zone, now) is not None


def _new_admin(store: Store, settings: Settings) -> str | None:
    with store.snapshot() as snapshot:
        if identities.has_clerks(snapshot):
            return None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    site = settings.sites[0].id
    staff.add_clerk(store, ADMIN, site, "admin", staff.hash_password(password), now=utc_now())
    return password


def _new_codes(store: Store, settings: Settings) -> Iterator[tuple[str, str]]:
    with store.snapshot() as snapshot:
        known = {device.place for device in identities.devices(snapshot)}
    for site, role, place in _places(settings):
        if place not in known:
            yield place, staff.expect_device(store, role, site.id, place, now=utc_now())


def _places(settings: Settings) -> Iterator[tuple[Site, str, str]]:
    """Every configured kiosk and display: its site, role and id."""
    for site in settings.sites:
        yield from ((site, "kiosk", kiosk.id) for kiosk in site.kiosks)
        yield from ((site, "display", display.id) for display in site.displays)
