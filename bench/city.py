"""A city on two servers and one PostgreSQL: what a visit costs with one office, and with forty.

Every office has ten counters and 500 visitors a day of eight hours: most draw a number at the
kiosk, one in five has booked and checks in. Clerks call, receive and finish; a wall and a half of
the desks of each office hang at either server. The clock of the servers runs sixty times as fast,
so a day takes eight minutes; `--minutes` plays a part of it. Processor time counts both servers
and PostgreSQL, and not the clients, which share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.city_lines import Watcher
from bench.city_offices import COUNTERS, SERVERS, Servers, config_of, furnished, serving
from bench.city_people import CityOffice, Seen
from bench.house import family
from bench.pace import BEGINS, OPENS
from bench.table import Line, milliseconds, p50_p99, print_table
from tests.postgres_cluster import DURABLE, start_cluster

SPEED, DAY_MINUTES, VISITS = 60, 480, 500
OFFICES, MINUTES = (1, 40), 8.0
IDLE_SECONDS, PATIENCE_SECONDS = 10, 120
# Until servers, sockets and clerks are there, beside a busy machine.
READY_SECONDS, READY_SECONDS_OF_OFFICE = 40, 2
FLAT = 1.25


@dataclass
class Played:
    """One city's part of a day. Processor time in seconds: of the servers, of PostgreSQL."""

    offices: int
    seconds: float
    idle: tuple[float, float]
    busy: tuple[float, float]
    seen: Seen

    @property
    def visit(self) -> float:
        """Seconds of processor time for a visit."""
        return sum(self.busy) / max(1, self.seen.served)

    @property
    def of_idle(self) -> float:
        """What would have been spent without any visit, of each visit."""
        return sum(self.idle) / IDLE_SECONDS * self.seconds / max(1, self.seen.served)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"default {MINUTES:g}")
    parser.add_argument("--offices", type=int, nargs="+", default=OFFICES, help="default 1 40")
    parser.add_argument("--speed", type=float, default=SPEED, help=f"default {SPEED}")
    parser.add_argument("--no-desks", action="store_true", help="walls alone hang at the servers")
    parser.add_argument("--rush", action="store_true", help="all counters open in one second")
    options = parser.parse_args()
    played = [play(offices, options) for offices in options.offices]
    for each in played:
        for problem in each.seen.wrong[:10]:
            print(f"wrong: {problem}", file=sys.stderr)
    print_table(f"A city at {options.speed:g} ×, {options.minutes:g} minutes", list(lines(played)))


def play(offices: int, options: argparse.Namespace) -> Played:
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as name:
        folder = Path(name)
        cluster = Path(tempfile.gettempdir()) / f"aufruf-city-{os.getpid()}-{offices}"
        url = start_cluster(cluster, DURABLE)
        configs = [folder / f"server-{number}.toml" for number in range(SERVERS)]
        for config in configs:
            config.write_text(config_of(config.with_suffix(""), url, offices))
        coming = arrivals_of(offices, options)
        say(f"{offices} offices are furnished")
        furniture = furnished(url, configs[0], coming)
        postgres = int((cluster / "data" / "postmaster.pid").read_text().split()[0])
        with serving(configs, options.speed) as servers:
            seen = Seen()
            say("both servers are there")
            city = [CityOffice(one, servers, n, seen) for n, one in enumerate(furniture)]
            return asyncio.run(day(city, servers, postgres, coming, seen, options))


def say(what: str) -> None:
    """For whoever waits."""
    print(f"{time.strftime('%X')} {what}", file=sys.stderr, flush=True)


def arrivals_of(offices: int, options: argparse.Namespace) -> dict[str, list[datetime]]:
    """When somebody comes to each office, in its own time."""
    lasts = options.minutes * options.speed
    ready = READY_SECONDS + READY_SECONDS_OF_OFFICE * offices
    begins = BEGINS.replace(hour=OPENS) + timedelta(seconds=ready * options.speed)
    found = {}
    for number in range(offices):
        chance, many = Random(f"office {number}"), round(VISITS * lasts / DAY_MINUTES)
        minutes = sorted(chance.uniform(0, lasts) for _ in range(many))
        found[f"amt-{number}"] = [begins + timedelta(minutes=each) for each in minutes]
    return found


async def day(
    city: list[CityOffice],
    servers: Servers,
    postgres: int,
    coming: dict[str, list[datetime]],
    seen: Seen,
    options: argparse.Namespace,
) -> Played:
    watchers = [one for office in city for one in office.watchers(desks=not options.no_desks)]
    following = [asyncio.create_task(each.follow()) for each in watchers]
    await all_answered(watchers, following)
    await open_counters(city, rush=options.rush)
    clerks = [asyncio.create_task(each) for office in city for each in office.clerks()]
    say(f"{len(clerks)} counters are open")
    # The first look at everything is not what an idle city costs.
    await asyncio.sleep(IDLE_SECONDS)
    before = spent(servers, postgres)
    await asyncio.sleep(IDLE_SECONDS)
    idle = spent(servers, postgres)
    say("people come")
    await until(servers, min(at for office in coming.values() for at in office))
    start, began = spent(servers, postgres), time.perf_counter()
    await asyncio.gather(*(office.visitors(coming[office.site]) for office in city))
    give_up = time.perf_counter() + PATIENCE_SECONDS
    while seen.served < len(seen.drawn) and time.perf_counter() < give_up:
        await asyncio.sleep(0.2)
    seconds, after = time.perf_counter() - began, spent(servers, postgres)
    failed = [each.exception() for each in (*clerks, *following) if each.done()]
    seen.wrong += [repr(error) for error in failed]
    for task in (*clerks, *following):
        task.cancel()
    await asyncio.gather(*clerks, *following, return_exceptions=True)
    return Played(
        len(city),
        seconds,
        (idle[0] - before[0], idle[1] - before[1]),
        (after[0] - start[0], after[1] - start[1]),
        seen,
    )


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


def spent(servers: Servers, postgres: int) -> tuple[float, float]:
    """Processor time of both servers, and of PostgreSQL with what has ended of it."""
    return sum(_whole(pid) for pid in servers.pids), _whole(postgres)


def _whole(pid: int) -> float:
    ticks = 0
    for one in family(pid):
        # Whoever ends meanwhile is counted by its parent.
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def lines(played: list[Played]) -> Iterator[Line]:
    for each in played:
        seen, name = each.seen, f"{each.offices} offices, {each.offices * COUNTERS} counters"
        pace = f"{seen.served} of {len(seen.drawn)} served, {seen.served / each.seconds:.1f}/s"
        yield Line(f"{name}: visits", f"{pace}; the kiosks were {p50_p99(seen.behind)} behind")
        share = [part / max(1, seen.served) for part in each.busy]
        cost = f"{milliseconds(each.visit)} (servers {milliseconds(share[0])}, PostgreSQL "
        cost += f"{milliseconds(share[1])}); {milliseconds(each.of_idle)} of it without any visit"
        yield Line("… processor time of a visit", cost)
        opened = (
            f"{len(seen.opened)} of {each.offices * COUNTERS}, {p50_p99(seen.opened)}, the last "
        )
        yield Line("… counters opened", opened + milliseconds(max(seen.opened, default=0)))
        yield Line("… number, P50 / P99", p50_p99(seen.draws))
        yield Line("… call, P50 / P99", p50_p99(seen.calls))
        yield Line("… call → wall of the other server, P50 / P99", p50_p99(seen.shown))
        twice = len(seen.called) - len(set(seen.called))
        lost = len(set(seen.drawn) - set(seen.called))
        yield Line("… called twice, lost, wrong", f"{twice}, {lost}, {len(seen.wrong)}", "0, 0, 0",
                   not (twice or lost or seen.wrong))  # fmt: skip
    first, last = played[0], played[-1]
    if first is not last:
        ratio, bare = (
            last.visit / first.visit,
            (last.visit - last.of_idle) / (first.visit - first.of_idle),
        )
        said = f"{ratio:.2f}; {bare:.2f} without what is spent without any visit"
        yield Line(f"a visit with {last.offices} offices ÷ with {first.offices}", said,
                   f"≤ {FLAT}", ratio <= FLAT and bare <= FLAT)  # fmt: skip


if __name__ == "__main__":
    main()
