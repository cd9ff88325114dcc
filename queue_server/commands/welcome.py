"""The first start (database, admin, pairing codes), and what every start prints.

For the example office that fits on a terminal of 25 lines and 80 columns.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import click

from queue_server.actions import staff
from queue_server.commands.common import opened, utc_now
from queue_server.domain.hours import next_opening, open_until
from queue_server.domain.site import Site
from queue_server.opening import planned_days
from queue_server.push import keys
from queue_server.settings import Settings
from queue_server.store import identities
from queue_server.store.identities import CODE_LIFE
from queue_server.store.transaction import Store
from queue_server.version import VERSION

ADMIN = "admin"
PASSWORD_BYTES = 9


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What is shown once: the password of `name` (None later) and new codes by place."""

    password: str | None
    codes: dict[str, str]
    name: str = ADMIN


@dataclass(frozen=True, slots=True)
class DevicePlace:
    """A configured kiosk or display, and the site in which it stands."""

    site: Site
    role: str
    id: str


def prepare(settings: Settings) -> FirstStart:
    """Create what is missing: database, admin, a pairing code for every new kiosk and display."""
    with opened(settings, checked=True) as store:
        if settings.push.enabled:
            keys.make(store)
        return FirstStart(_new_admin(store, settings), dict(_new_codes(store, settings)))


def places(settings: Settings) -> Iterator[DevicePlace]:
    """Every configured kiosk and display."""
    for site in settings.sites:
        yield from (DevicePlace(site, "kiosk", kiosk.id) for kiosk in site.kiosks)
        yield from (DevicePlace(site, "display", display.id) for display in site.displays)


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
    for place in places(settings):
        if place.id not in known:
            code = staff.expect_device(store, place.role, place.site.id, place.id, now=utc_now())
            yield place.id, code


TRY_IT = "Draw a number at the kiosk, call it at the desk, and look at the display."
KEEP_OPEN = "To try it now, keep it open: make run OPEN=1 (aufruf run --always-open)"
SHOWN_ONCE = (
    f"Shown this once; codes are good for {CODE_LIFE.days} days. New ones come from",
    "`aufruf clerk password admin` and `aufruf device add`.",
)
# Whoever runs more sites than these knows when they are open.
MOST_CLOSED = 3


def print_addresses(settings: Settings, first: FirstStart, *, now: datetime) -> None:
    """Tell whoever started the server where to look and how to get in."""
    closed = _told_closed(settings.sites, now)
    once = SHOWN_ONCE if first.password or first.codes else ()
    print_welcome(settings, first, [*(closed or [TRY_IT]), *once])


def print_welcome(settings: Settings, first: FirstStart, hints: Sequence[str]) -> None:
    """Up to three addresses, the lines of `hints`, and all other addresses."""
    here = _first_places(settings)
    others = [place for place in places(settings) if place not in here]
    lines = [
        *("", f"Aufruf {VERSION} serves {settings.public_url}   (Ctrl-C stops it)", ""),
        "Open these first, each in a window of its own:",
        *_first_lines(settings, first, here),
        *("", *hints, "", "Everything else:"),
        *_other_lines(settings, first, others),
        *_about_letters(settings),
        "",
    ]
    click.echo("\n".join(lines))


def _first_places(settings: Settings) -> list[DevicePlace]:
    """The wall and the kiosk to begin with, as far as the first site has them."""
    site = settings.sites[0]
    here = [place for place in places(settings) if place.site == site]
    return [
        place
        for role in ("display", "kiosk")
        for place in [each for each in here if each.role == role][:1]
    ]


def _first_lines(
    settings: Settings, first: FirstStart, here: Sequence[DevicePlace]
) -> Iterator[str]:
    for number, place in enumerate(here, 1):
        yield f"  {number}. {_line(settings, first, place)}"
    yield f"  {len(here) + 1}. {'Desk':<9}{settings.public_url}/desk"
    if first.password:
        yield f"{'':14}sign in as “{first.name}” with the password {first.password}"


def _other_lines(
    settings: Settings, first: FirstStart, others: Sequence[DevicePlace]
) -> Iterator[str]:
    yield f"  {'Start':<9}{settings.public_url}/"
    yield f"  {'Office':<9}{settings.public_url}/office"
    yield from (f"  {_line(settings, first, place)}" for place in others)


def _line(settings: Settings, first: FirstStart, place: DevicePlace) -> str:
    code = first.codes.get(place.id)
    hint = f"   pairing code {code}" if code else ""
    return f"{place.role.capitalize():<9}{settings.public_url}/{place.role}/{place.id}{hint}"


def _about_letters(settings: Settings) -> Iterator[str]:
    """Online appointments are confirmed by e-mail, so somebody must know where letters go."""
    if settings.mail.folder:
        yield f"  {'E-mails':<9}are not sent but put into {settings.mail.folder}"
    elif not settings.mail.is_on:
        yield f"  {'E-mails':<9}are off ([mail] smtp_url), so nobody can book online yet"


def _told_closed(sites: Sequence[Site], now: datetime) -> list[str]:
    """At night or on a Sunday: when each closed site opens, and how to try it now."""
    closed = [site for site in sites if open_until(planned_days(site), site.zone, now) is None]
    more = len(closed) - MOST_CLOSED
    return [
        *(_closed_until(site, now) for site in closed[:MOST_CLOSED]),
        *([f"So are {more} others."] if more > 0 else []),
        *([KEEP_OPEN] if closed else []),
    ]


def _closed_until(site: Site, now: datetime) -> str:
    opens = next_opening(planned_days(site), site.zone, now)
    when = f" until {opens.astimezone(site.zone):%a %d %B, %H:%M}" if opens else ""
    return f"{site.name} is closed{when}: no numbers now."
