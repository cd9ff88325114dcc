"""A city on two servers and one PostgreSQL: what a visit costs with one office, and with forty.

Every office has ten counters and 500 visitors a day of eight hours: most draw a number at the
kiosk, one in five has booked and checks in. Clerks call, receive and finish; a wall and a half of
the desks of each office hang at either server. The clock of the servers runs sixty times as fast,
so a day takes eight minutes; `--minutes` plays a part of it. Each city may have a pace of its own:
`--offices 1 40 --speed 60 20 --minutes 5 2`; an office has as many visits in an hour of its clock
either way. Processor time counts both servers and PostgreSQL, and not the clients, which share the
machine; what both spend while nobody comes is measured before, and taken off.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.city_cost import Meter, Played, Rate, lines
from bench.city_lines import Watcher
from bench.city_offices import SERVERS, Servers, config_of, furnished, serving
from bench.city_people import CityOffice, Seen
from bench.pace import BEGINS, OPENS
from bench.table import print_table
from tests.postgres_cluster import DURABLE, start_cluster

SPEED, DAY_MINUTES, VISITS = 60, 480, 500
OFFICES, MINUTES = (1, 40), 8.0
PATIENCE_MINUTES = 40
# The first look at everything is not what an idle city costs.
SETTLE_SECONDS, IDLE_SECONDS = 15, 30
# Until servers, sockets and clerks are there, beside a busy machine.
READY_SECONDS, READY_SECONDS_OF_OFFICE = 80, 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offices", type=int, nargs="+", default=OFFICES, help="default 1 40")
    for name, usual in (("minutes", MINUTES), ("speed", SPEED)):
        parser.add_argument(
            f"--{name}", type=float, nargs="+", default=[usual],
            help=f"of each city, the last also of all others; default {usual:g}",
        )  # fmt: skip
    parser.add_argument("--no-desks", action="store_true", help="walls alone hang at the servers")
    parser.add_argument("--rush", action="store_true", help="all counters open in one second")
    options = parser.parse_args()
    played = [play(size, options) for size in sizes(options)]
    for each in played:
        for problem in each.seen.wrong[:10]:
            print(f"wrong: {problem}", file=sys.stderr)
    print_table(f"A city on {SERVERS} servers and one PostgreSQL", list(lines(played)))


@dataclass(frozen=True)
class Size:
    """How large a city is, how fast its clock runs, and for how long."""

    offices: int
    speed: float
    minutes: float


def sizes(options: argparse.Namespace) -> list[Size]:
    many = len(options.offices)
    speeds, minutes = (given + given[-1:] * many for given in (options.speed, options.minutes))
    return [Size(*each) for each in zip(options.offices, speeds, minutes, strict=False)]


def play(size: Size, options: argparse.Namespace) -> Played:
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as name:
        folder = Path(name)
        cluster = Path(tempfile.gettempdir()) / f"aufruf-city-{os.getpid()}-{size.offices}"
        url = start_cluster(cluster, DURABLE)
        configs = [folder / f"server-{number}.toml" for number in range(SERVERS)]
        for config in configs:
            config.write_text(config_of(config.with_suffix(""), url, size.offices))
        coming = arrivals_of(size)
        say(f"{size.offices} offices are furnished")
        furniture = furnished(url, configs[0], coming)
        postgres = int((cluster / "data" / "postmaster.pid").read_text().split()[0])
        with serving(configs, size.speed) as servers:
            meter = Meter(servers, postgres, Seen())
            say(f"both servers are there: {servers.pids}, PostgreSQL {postgres}")
            city = [CityOffice(one, servers, n, meter.seen) for n, one in enumerate(furniture)]
            idle = asyncio.run(day(city, meter, coming, size, options))
        return Played(size.offices, size.speed, idle, meter.samples, meter.seen)


def say(what: str) -> None:
    """For whoever waits."""
    print(f"{time.strftime('%X')} {what}", file=sys.stderr, flush=True)


def arrivals_of(size: Size) -> dict[str, list[datetime]]:
    """When somebody comes to each office, in its own time."""
    lasts = size.minutes * size.speed
    ready = READY_SECONDS + READY_SECONDS_OF_OFFICE * size.offices
    begins = BEGINS.replace(hour=OPENS) + timedelta(seconds=ready * size.speed)
    found = {}
    for number in range(size.offices):
        chance, many = Random(f"office {number}"), round(VISITS * lasts / DAY_MINUTES)
        minutes = sorted(chance.uniform(0, lasts) for _ in range(many))
        found[f"amt-{number}"] = [begins + timedelta(minutes=each) for each in minutes]
    return found


async def day(
    city: list[CityOffice],
    meter: Meter,
    coming: dict[str, list[datetime]],
    size: Size,
    options: argparse.Namespace,
) -> Rate:
    """Returns what is spent in each second without any visitor; the meter has the rest."""
    watchers = [one for office in city for one in office.watchers(desks=not options.no_desks)]
    following = [asyncio.create_task(each.follow()) for each in watchers]
    await all_answered(watchers, following)
    say(f"{len(watchers)} walls and desks are there")
    await open_counters(city, rush=options.rush)
    clerks = [asyncio.create_task(each) for office in city for each in office.clerks()]
    say(f"{len(meter.seen.opened)} of {len(clerks)} counters are open")
    clerks += [asyncio.create_task(office.stay()) for office in city]
    await asyncio.sleep(SETTLE_SECONDS)
    idle = await meter.idle(IDLE_SECONDS)
    await until(meter.servers, min(at for office in coming.values() for at in office))
    say("people come")
    await visits(city, meter, coming)
    say("all were served")
    failed = [each.exception() for each in (*clerks, *following) if each.done()]
    meter.seen.wrong += [repr(error) for error in failed]
    for task in (*clerks, *following):
        task.cancel()
    await asyncio.gather(*clerks, *following, return_exceptions=True)
    return idle


async def visits(city: list[CityOffice], meter: Meter, coming: dict[str, list[datetime]]) -> None:
    """Until all who have come are served."""
    following = asyncio.create_task(meter.follow())
    await asyncio.gather(*(office.visitors(coming[office.site]) for office in city))
    give_up = time.perf_counter() + meter.servers.pace.seconds_for(PATIENCE_MINUTES)
    while meter.seen.served < len(meter.seen.drawn) and time.perf_counter() < give_up:
        await asyncio.sleep(0.2)
    following.cancel()
    meter.look()


async def all_answered(watchers: list[Watcher], following: list[asyncio.Task[None]]) -> None:
    """Until every wall and desk has its first state; raises what has ended one of them."""
    answers = asyncio.gather(*(each.answered.wait() for each in watchers))
    either: list[asyncio.Future[Any]] = [answers, *following]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    for ended in (each for each in following if each.done()):
        ended.result()
    await answers


async def open_counters(city: list[CityOffice], *, rush: bool) -> None:
    """Office after office, or all clerks of the city in the same second."""
    if rush:
        await asyncio.gather(*(office.open() for office in city))
    for office in () if rush else city:
        await office.open()


async def until(servers: Servers, at: datetime) -> None:
    """So that waiting for the first of them counts for nothing."""
    left = (at - servers.pace.now()).total_seconds() / servers.pace.speed
    await asyncio.sleep(max(0.0, left))


if __name__ == "__main__":
    main()
