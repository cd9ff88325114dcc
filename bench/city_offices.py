"""The offices of a city on one PostgreSQL: ten counters each, two servers for all of them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bench.house import ROOT, clean_environment, free_port, wait_for_page
from bench.pace import BEGINS, NIGHT, OPENS, Pace
from queue_server.actions import appointments, staff
from queue_server.domain.errors import SlotTaken
from queue_server.domain.site import Site
from queue_server.settings import load_settings
from queue_server.store import identities
from queue_server.store.postgres.engine import PostgresEngine
from queue_server.store.transaction import Store
from queue_server.web.identity import DEVICE_COOKIE, SESSION_COOKIE

COUNTERS, SERVERS = 10, 2
BOOKED = 0.2
# The office day begins so long after the servers.
NIGHT_HOURS = 1
SERVICES = (("a", 5), ("b", 10), ("c", 15))
HEAD = """[server]
host = "127.0.0.1"
data_dir = "{folder}"
connections_per_address = 0

[database]
url = "{url}"

[realtime]
sockets_per_address = 0
"""
SITE = """
[[site]]
id = "{site}"
name = "{site}"

[site.hours]
{hours}

[site.tickets]
forecast_stop = false
"""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Office:
    """One site: who may sign in where, and the Termincodes of who has booked."""

    site: Site
    kiosk: str = ""
    clerks: dict[str, str] = field(default_factory=dict)
    codes: dict[datetime, str] = field(default_factory=dict)


def config_of(folder: Path, url: str, offices: int) -> str:
    folder.mkdir()
    hours = "\n".join(f'{day} = ["00:00-24:00"]' for day in DAYS)
    text = HEAD.format(folder=folder, url=url)
    for number in range(offices):
        site = f"amt-{number}"
        text += SITE.format(site=site, hours=hours)
        for id, minutes in SERVICES:
            text += f'\n[[site.service]]\nid = "{id}"\nname = "{id}"\ngroup = "{id.upper()}"\n'
            text += f"minutes = {minutes}\n"
        for counter in range(COUNTERS):
            place = f"{site}-{counter}"
            text += f'\n[[site.counter]]\nid = "{place}"\nname = "Schalter {counter}"\n'
        text += f'\n[[site.display]]\nid = "wand-{number}"\nname = "Wand"\n'
        text += f'\n[[site.kiosk]]\nid = "kiosk-{number}"\nname = "Eingang"\n'
    return text


def furnished(url: str, config: Path, arrivals: dict[str, list[datetime]]) -> list[Office]:
    """Clerks, kiosks and appointments. What is written here need not outlive the machine."""
    engine = PostgresEngine(url, durability="normal")
    store = Store(engine)
    store.migrate()
    offices = [Office(site) for site in load_settings(config, {}).sites]
    for office in offices:
        _furnish(store, office, arrivals[office.site.id])
    store.close()
    return offices


def _furnish(store: Store, office: Office, arrivals: list[datetime]) -> None:
    site, chance = office.site, Random(office.site.id)
    code = staff.expect_device(store, "kiosk", site.id, site.kiosks[0].id, now=BEGINS)
    office.kiosk = f"{DEVICE_COOKIE}={staff.pair_device(store, code, now=BEGINS)[1]}"
    for counter in site.counters:
        name = f"clerk of {counter.id}"
        clerk = staff.add_clerk(store, name, site.id, "clerk", "-", now=BEGINS)
        with store.snapshot() as snapshot:
            person = identities.clerk_named(snapshot, name)
        assert person is not None
        token = staff.sign_in(store, person, now=BEGINS)
        office.clerks[counter.id] = f"{SESSION_COOKIE}={token}"
    for at in arrivals:
        if chance.random() < BOOKED and (booked := _booked(store, site, clerk, at)):
            office.codes[at] = booked


def _booked(store: Store, site: Site, clerk: int, at: datetime) -> str:
    """The Termincode of the time after somebody's arrival; empty when it is taken."""
    start = at.replace(second=0, microsecond=0) + timedelta(minutes=10 - at.minute % 5)
    try:
        return appointments.book_by_clerk(
            store, site, (SERVICES[0][0],), start, clerk=clerk, people_days=1, now=BEGINS
        ).code
    except SlotTaken:
        return ""


@dataclass(frozen=True)
class Servers:
    """Both, and the time that they live in."""

    ports: tuple[int, ...]
    pids: tuple[int, ...]
    pace: Pace


@contextmanager
def serving(configs: list[Path], speed: float) -> Iterator[Servers]:
    """Two servers whose clock is at the beginning of the office day when they are ready."""
    ports = [free_port() for _ in configs]
    # Nights are faster: the office opens so many seconds after the clock has begun.
    night = NIGHT_HOURS * 3600 / speed / NIGHT
    assert BEGINS.hour + NIGHT_HOURS == OPENS
    pace = Pace(time.time() + 20 - night, speed)
    processes = []
    try:
        for config, port in zip(configs, ports, strict=True):
            processes.append(_started(config, port, pace))
        for process, port in zip(processes, ports, strict=True):
            wait_for_page(port, process, "/readyz")
        yield Servers(tuple(ports), tuple(each.pid for each in processes), pace)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=60)


def _started(config: Path, port: int, pace: Pace) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.month_server", str(config), str(port), repr(pace.began),
         str(pace.speed)],
        cwd=ROOT, env=clean_environment(), stdout=subprocess.DEVNULL,
    )  # fmt: skip
