"""The free times of a fortnight with ten thousand appointments in the table.

Each look at the calendar takes turns with a bare SELECT of the very same cells, with sqlite3
alone, so that whatever else the machine does meets both alike.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bench.table import Line, p50_p99, percentile, print_table
from queue_server.actions.slot_holding import new_appointment
from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.events import AppointmentBooked
from queue_server.domain.hours import Hours, Span, at_wall_clock, opening_spans
from queue_server.domain.site import BookingRules, Counter, Service, Site
from queue_server.domain.slots import Slot, bookable_share, cells_of
from queue_server.opening import planned_days
from queue_server.queries import calendar
from queue_server.store import cells
from queue_server.store.database import milliseconds, run_here
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store
from queue_server.web.calendars import Calendars, CalendarVisit
from queue_server.web.limits import Client

MANY = 10_000
FORTNIGHT, HORIZON = 14, 42
TARGET_SECONDS = 0.05
MINUTE = timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 6, 8)
EARLY = datetime(2026, 6, 8, 4, 0, tzinfo=UTC)
WEEK = Hours((((Span(8 * 60, 18 * 60),),) * 5) + ((), ()))
SERVICES = tuple(Service(f"a{n}", f"Anliegen {n}", "A", n) for n in (10, 15, 20))
WISH = [SERVICES[1].id]
CELLS = """SELECT counter, start_at FROM cells
           WHERE site = ? AND start_at >= ? AND start_at < ? AND appointment IS NOT NULL"""


@dataclass(frozen=True)
class Case:
    """An office whose calendar is filled for some days; `minutes` draws the length of a visit."""

    name: str
    counters: int
    walk_in_share: float
    days: int
    minutes: Callable[[Random], int]


CASES = (
    Case("spread over six weeks", 20, 0.4, HORIZON, lambda chance: chance.choice((10, 15, 20))),
    Case("a fortnight that is full", 25, 0, FORTNIGHT, lambda chance: 15),
    Case("six weeks that are full", 8, 0, HORIZON, lambda chance: 15),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=40, help="looks of each kind (default 40)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as folder:
        lines = [line for case in CASES for line in measure(Path(folder), case, options.turns)]
        print_table(f"Calendar: free times of {FORTNIGHT} days", lines)


def measure(folder: Path, case: Case, turns: int) -> Iterator[Line]:
    path, site = folder / f"{case.counters}.db", office(case)
    with closing(Store(SqliteEngine(path, durability="normal"))) as store:
        store.migrate()
        booked = fill(store, site, case)
        with closing(sqlite3.connect(path)) as raw:
            looks, bare = turn_about(turns, lambda: free(store, site), lambda: select(raw))
            offered, read = len(free(store, site)), len(select(raw))
        first = [seconds_of(lambda: next_free(store, site)) for _ in range(turns)]
    usual = percentile(looks, 0.5)
    what = f"{booked:,} appointments, {case.name}: {read:,} cells read, {offered:,} times free"
    yield Line(what, p50_p99(looks), "< 50 ms", usual < TARGET_SECONDS)
    times = usual / percentile(bare, 0.5)
    yield Line("… beside a bare SELECT of these cells", f"{p50_p99(bare)}: {times:.2f} ×")
    yield Line("… the next free time within the horizon", p50_p99(first))


def office(case: Case) -> Site:
    """Monday to Friday from 08:00 to 18:00; every counter serves everything."""
    counters = (Counter(f"schalter-{n}", f"Schalter {n}") for n in range(case.counters))
    return Site(
        id="rathaus",
        name="Rathaus",
        zone=BERLIN,
        hours=WEEK,
        services=SERVICES,
        counters=tuple(counters),
        booking=BookingRules(walk_in_share=case.walk_in_share),
    )


def fill(store: Store, site: Site, case: Case) -> int:
    """Book one visit behind the other at as many counters as may be booked; how many they are."""
    visits = list(all_visits(site, case))
    chosen = Random(1).sample(visits, min(MANY, len(visits)))
    with store.transaction() as tx:
        for counter, visit in chosen:
            booked = tx.apply(booked_by_clerk(visit), visit)
            taken = cells_of(visit.start_at, visit.end_at)
            cells.take(tx, site.id, counter, taken, booked.id, None)
    return len(chosen)


def booked_by_clerk(visit: Appointment) -> AppointmentBooked:
    return AppointmentBooked(
        at=EARLY,
        site=visit.site,
        services=visit.services,
        persons=visit.persons,
        start_at=visit.start_at,
    )


def all_visits(site: Site, case: Case) -> Iterator[tuple[str, Appointment]]:
    """Every visit that the days have room for, with its counter."""
    chance, spans_of = Random(1), planned_days(site)
    for offset in range(case.days):
        day = MONDAY + timedelta(days=offset)
        for counter in site.counters[: bookable_share(site, site.counters)]:
            for start, closes in opening_spans(spans_of, day, BERLIN):
                while (end := start + case.minutes(chance) * MINUTE) <= closes:
                    visit = new_appointment(site, CONFIRMED, tuple(WISH), 1, start, "de")
                    yield counter.id, replace(visit, end_at=end)
                    start = end


def free(store: Store, site: Site) -> list[Slot]:
    with store.snapshot() as snapshot:
        return calendar.slots(snapshot, site, WISH, 1, MONDAY, FORTNIGHT, EARLY)


def next_free(store: Store, site: Site) -> Slot | None:
    """Computed again, as for the first client that asks after a booking."""
    calendars = Calendars(store, lambda client: None, run_here)
    return calendars.next_slot(CalendarVisit(site, tuple(WISH)), Client("bench"), EARLY)


def select(raw: sqlite3.Connection) -> list[tuple[str, int]]:
    start, end = (at_wall_clock(MONDAY, days * 1440, BERLIN) for days in (0, FORTNIGHT + 1))
    return raw.execute(CELLS, ("rathaus", milliseconds(start), milliseconds(end))).fetchall()


def turn_about(turns: int, *works: Callable[[], Any]) -> list[list[float]]:
    """The seconds of each work, done in turn."""
    rounds = [[seconds_of(work) for work in works] for _ in range(turns)]
    return [list(column) for column in zip(*rounds, strict=True)]


def seconds_of(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
