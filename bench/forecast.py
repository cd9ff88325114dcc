"""The forecast of a crowded office, and what a call costs while one is being made.

200 people wait at eight counters, appointments are still expected. Then calls take turns: with
nothing beside them, and with forecasts in another thread without a pause, breathing as in the
server. There it is at most one a second, so this is the worst moment, not the usual one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bench.table import Line, milliseconds, p50_p99, percentile, print_table
from queue_server.actions import arrivals, calling, desks, serving, staff
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import Counter, PriorityRules, Service, Site
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.domain.timestamps import milliseconds as utc_ms
from queue_server.domain.waiting_room import BOOKED, OTHERS, StaffedCounter, Visitor
from queue_server.forecast.forecast import forecast
from queue_server.forecast.snapshot import (
    ExpectedVisitor,
    OfficeSnapshot,
)
from queue_server.serving_app import SWITCH_SECONDS, Pause
from queue_server.store import identities
from queue_server.store.identities import Clerk
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store

WAITING, COUNTERS, EXPECTED = 200, 8, 80
TARGET_SECONDS = 0.05
EARLY = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)
SERVICES = tuple(Service(f"a{n}", f"Anliegen {n}", "A", 5 + n % 4 * 5) for n in range(20))
PLANNED = {service.id: service.minutes for service in SERVICES}
TURNS = 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20, help="forecasts of a kind (default 20)")
    parser.add_argument("--calls", type=int, default=60, help="calls a turn (default 60)")
    options = parser.parse_args()
    print_table("Forecast: how long everybody still waits", list(measure(options)))


def measure(options: argparse.Namespace) -> Iterator[Line]:
    what = f"{WAITING} waiting, {COUNTERS} counters, {EXPECTED} appointments expected"
    yield _line(f"{what}, every counter serves everything", crowded(), options.rounds)
    yield _line("… and half of the counters specialised", crowded(specialised=4), options.rounds)
    yield _line("20 waiting, 4 counters, 30 expected", crowded(20, 4, 30), options.rounds)
    yield from _beside_calls(options.calls)


def _line(what: str, state: OfficeSnapshot, rounds: int) -> Line:
    forecast(state)
    wall, cpu = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        forecast(state)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    usual = percentile(wall, 0.5)
    value = f"{p50_p99(wall)} (CPU {milliseconds(percentile(cpu, 0.5))})"
    return Line(what, value, "≤ 50 ms", usual <= TARGET_SECONDS)


def crowded(
    waiting: int = WAITING, counters: int = COUNTERS, expected: int = EXPECTED, specialised: int = 0
) -> OfficeSnapshot:
    """An office in the middle of its morning."""
    chance, now, ids = Random(1), utc_ms(EARLY), list(PLANNED)
    return OfficeSnapshot(
        now=now,
        rules=PriorityRules(),
        waiting=tuple(_visitor(chance, id, now) for id in range(1, waiting + 1)),
        counters=tuple(
            StaffedCounter(
                f"{number}",
                frozenset(ids[number * 4 : number * 4 + 8] if number < specialised else ids),
                Visitor(10_000 + number, chance.choice(ids), OTHERS, now, now, now, 10),
                called=now - 5 * MINUTE_MS,
                serving_since=now - MINUTE_MS,
            )
            for number in range(counters)
        ),
        expected=tuple(
            ExpectedVisitor(id, chance.choice(ids), 10, now + id * 3 * MINUTE_MS)
            for id in range(1, expected + 1)
        ),
        walk_ins=PLANNED,
    )


def _visitor(chance: Random, id: int, now: int) -> Visitor:
    came = now - chance.randrange(90) * MINUTE_MS
    service = chance.choice(list(PLANNED))
    line = BOOKED if chance.random() < 0.3 else OTHERS
    return Visitor(id, service, line, came, came, came, PLANNED[service])


def _beside_calls(calls: int) -> Iterator[Line]:
    """The same calls alone and beside a forecast, in turn."""
    sys.setswitchinterval(SWITCH_SECONDS)
    alone: list[float] = []
    beside: list[float] = []
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as folder:
        office = Office(Path(folder) / "office.db", 2 * TURNS * calls)
        with closing(office.store):
            for _ in range(TURNS):
                alone += [office.call() for _ in range(calls)]
                with forecasting():
                    beside += [office.call() for _ in range(calls)]
    yield Line("`call_next`, durable, alone", p50_p99(alone))
    times = percentile(beside, 0.5) / percentile(alone, 0.5)
    longer = percentile(beside, 0.5) - percentile(alone, 0.5)
    value = f"{p50_p99(beside)}: {times:.2f} ×, {milliseconds(longer)} more"
    yield Line("… while forecasts are computed without pause", value)


@contextmanager
def forecasting() -> Iterator[None]:
    """Another thread makes one forecast after the other."""
    state, over, pause = crowded(), threading.Event(), Pause()

    def work() -> None:
        while not over.is_set():
            forecast(state, pause=pause)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Office:
    """One counter, one clerk, and people who wait."""

    def __init__(self, path: Path, waiting: int) -> None:
        self.store = Store(SqliteEngine(path, durability="full"))
        self.store.migrate()
        self.now = EARLY
        self.site = Site(
            id="rathaus",
            name="Rathaus",
            zone=ZoneInfo("Europe/Berlin"),
            hours=ALWAYS,
            services=SERVICES,
            counters=(Counter("schalter-1", "Schalter 1"),),
        )
        self.clerk = self._hired()
        desks.open_counter(self.store, self.site, "schalter-1", self.clerk, None, now=self.now)
        for number in range(min(waiting, 900)):
            wish = (SERVICES[number % len(SERVICES)].id,)
            arrivals.draw_ticket(self.store, self.site, wish, now=self.now)

    def _hired(self) -> Clerk:
        staff.add_clerk(self.store, "Aylin", "rathaus", "clerk", "not-a-hash", now=self.now)
        with self.store.snapshot() as snapshot:
            clerk = identities.clerk_named(snapshot, "Aylin")
        assert clerk is not None
        return clerk

    def call(self) -> float:
        """The seconds of one call; finishing it is not timed."""
        self.now += timedelta(seconds=1)
        who = self.store, self.site, "schalter-1", self.clerk
        began = time.perf_counter()
        called = calling.call_next(*who, now=self.now)
        seconds = time.perf_counter() - began
        assert called is not None
        serving.finish(*who, now=self.now)
        return seconds


if __name__ == "__main__":
    main()
