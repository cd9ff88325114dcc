"""Kiosks and displays: which are paired, and which have not been seen for long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from queue_server.settings import Settings
from queue_server.store import identities
from queue_server.store.database import Reader
from queue_server.store.identities import Device

GONE_AFTER = timedelta(days=4)
"""Longer than a weekend with a public holiday."""

UNPAIRED = "{role} {place} is not paired: aufruf device add {role} {place} prints a code."
GONE = (
    "{role} {place} was last seen {days} days ago: is it switched on? aufruf device revoke {place}"
    " if it is gone."
)
LEFT_OVER = "{role} {place} is paired, and config.toml has no such {role} any more."
MUTE = "display {place} reports that its sound is blocked: tap it once, or see docs/operations.md."


def device_notes(reader: Reader, settings: Settings, now: datetime) -> Iterator[str]:
    """An office that has not been started has paired nothing, and nobody needs to be told."""
    known = identities.devices(reader)
    wanted = [(role, id) for role, id in _places(settings)]
    for role, place in wanted if known else ():
        yield from _place_notes(role, place, [each for each in known if each.place == place], now)
    for device in known:
        if device.paired_at and (device.role, device.place) not in wanted:
            yield LEFT_OVER.format(role=device.role, place=device.place)


def _places(settings: Settings) -> Iterator[tuple[str, str]]:
    for site in settings.sites:
        yield from (("kiosk", kiosk.id) for kiosk in site.kiosks)
        yield from (("display", display.id) for display in site.displays)


def _place_notes(role: str, place: str, devices: Sequence[Device], now: datetime) -> Iterator[str]:
    paired = [each for each in devices if each.paired_at]
    seen = [each.seen_at for each in paired if each.seen_at]
    if not paired:
        yield UNPAIRED.format(role=role, place=place)
    elif seen and now - max(seen) > GONE_AFTER:
        yield GONE.format(role=role, place=place, days=(now - max(seen)).days)
    elif any(each.sound == "blocked" for each in paired):
        yield MUTE.format(place=place)
