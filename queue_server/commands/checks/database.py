"""The database file, the disk under it, and what it says about clock and devices."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta

from queue_server.commands.checks import Remark, noted, wrong
from queue_server.commands.checks.clock import behind_the_journal
from queue_server.commands.common import WAY_OUT, storage_sentence
from queue_server.domain.errors import StorageFailed
from queue_server.settings import Settings
from queue_server.store import identities, journal
from queue_server.store.database import Engine, Reader
from queue_server.store.engines import engine_of
from queue_server.store.files import is_open_to_others
from queue_server.store.identities import Device

MEBIBYTE = 1024 * 1024
LEAST_FREE = 100 * MEBIBYTE
ROOM_TO_WORK = 500 * MEBIBYTE

TO_COME = (
    "The database is of an older version. The next start, or `aufruf migrate`, brings it up to date"
    " (steps to come: {count}, from {first} on){kept}."
)
KEPT_BESIDE = ", and keeps it as it is beside itself"
FULL = "{free} MB are free under {folder}: soon nothing can be saved. Make room."
TIGHT = (
    "{free} MB are free under {folder}; a backup or an upgrade of the database wants up to"
    " {wanted} MB."
)
OPEN_TO_OTHERS = "Others on this machine can read {path}: chmod 700 {folder}"
GONE_AFTER = timedelta(days=4)
"""Longer than a weekend with a public holiday."""

UNPAIRED = "{role} {place} is not paired: aufruf device add {role} {place} prints a code."
GONE = (
    "{role} {place} was last seen {days} days ago: is it switched on? aufruf device revoke {place}"
    " if it is gone."
)
LEFT_OVER = "{role} {place} is paired, and config.toml has no such {role} any more."
MUTE = "display {place} reports that its sound is blocked: tap it once, or see docs/operations.md."


def database_remarks(settings: Settings, now: datetime) -> Iterator[Remark]:
    """The database as a whole, and if it is of this version, what it holds."""
    try:
        with closing(engine_of(settings.database.url)) as engine:
            if damage := engine.damage(thorough=True):
                said = f"database {settings.database.place}: {damage}. {WAY_OUT}"
                yield from wrong("database", [said])
            else:
                engine.refuse_newer()
                yield from _held_remarks(engine, settings, now)
    except StorageFailed as trouble:
        yield from wrong("database", [storage_sentence(trouble)])
        return
    if not settings.database.is_postgres:
        yield from _disk_remarks(settings)
        yield from noted("database", _file_notes(settings))


def _held_remarks(engine: Engine, settings: Settings, now: datetime) -> Iterator[Remark]:
    """A file without any step is one that the first start has not met yet."""
    done, to_come = engine.steps()
    if to_come and done:
        kept = "" if settings.database.is_postgres else KEPT_BESIDE
        words = TO_COME.format(count=len(to_come), first=to_come[0], kept=kept)
        yield from noted("database", [words])
    if to_come:
        return
    with engine.snapshot() as snapshot:
        yield from wrong("clock", behind_the_journal(journal.newest_at(snapshot), now))
        yield from noted("devices", device_notes(snapshot, settings, now))


def _disk_remarks(settings: Settings) -> Iterator[Remark]:
    """Room for work, and for a second copy of the database and a third one in the making."""
    path = settings.database_path
    free, folder = shutil.disk_usage(path.parent).free, path.parent
    wanted = 2 * path.stat().st_size + ROOM_TO_WORK
    if free < LEAST_FREE:
        yield from wrong("disk", [FULL.format(free=free // MEBIBYTE, folder=folder)])
    elif free < wanted:
        words = TIGHT.format(free=free // MEBIBYTE, folder=folder, wanted=wanted // MEBIBYTE)
        yield from noted("disk", [words])


def _file_notes(settings: Settings) -> Iterator[str]:
    """Files of an older Aufruf stay as they are until somebody decides."""
    path = settings.database_path
    if is_open_to_others(path.parent) and is_open_to_others(path):
        yield OPEN_TO_OTHERS.format(path=path, folder=path.parent)


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
