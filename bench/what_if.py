"""A year of an office replayed as it was and as it would have been.

250 days of about 150 tickets each are written into a journal; the replay takes turns with reading
and unpacking the very same rows, so that whatever else the machine does meets both alike.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bench.table import Line, percentile, print_table
from queue_server.domain.hours import Hours, Span, at_wall_clock
from queue_server.domain.site import Counter, PriorityRules, Service, Site
from queue_server.domain.waiting_room import NextCall, StaffedCounter, Visitor, WaitingRoom
from queue_server.history.replay.comparison import Variation
from queue_server.history.replay.what_if import what_if
from queue_server.store.database import milliseconds
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store

TICKETS = 150
TARGET_SECONDS = 10.0
MINUTE_MS = 60_000
BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 1, 5)
WEEK = Hours((((Span(8 * 60, 16 * 60),),) * 5) + ((), ()))
SERVICES = tuple(Service(f"a{n}", f"Anliegen {n}", "A", n) for n in (10, 15, 20))
COUNTERS = tuple(Counter(f"schalter-{n}", f"Schalter {n}") for n in range(1, 7))
RULES = PriorityRules()
Row = tuple[int, str, int | None, str | None, str]
ISSUED, TOLD = "TicketIssued", '{"low_minutes":3,"high_minutes":20,"likely_minutes":9}'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=250, help="working days (default 250)")
    parser.add_argument("--turns", type=int, default=3, help="replays of each kind (default 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as folder:
        lines = list(measure(Path(folder), options.days, options.turns))
        print_table(f"What-if: {options.days} days replayed", lines)


def measure(folder: Path, days: int, turns: int) -> Iterator[Line]:
    path, site = folder / "year.db", office()
    with closing(Store(SqliteEngine(path, durability="normal"))) as store:
        store.migrate()
        rows, last = fill(store, days)
        ours: list[float] = []
        bare: list[float] = []
        for _ in range(turns):
            ours.append(seconds_of(lambda: compare(store, site, last)))
            bare.append(seconds_of(lambda: unpack(path)))
        comparison = compare(store, site, last)
    assert comparison.identical, comparison.differences
    usual, plain = percentile(ours, 0.5), percentile(bare, 0.5)
    calls = comparison.actual.calls
    yield Line(f"{rows:,} events, {calls:,} calls: replayed twice and compared", f"{usual:.1f} s",
               "≤ 10 s", usual <= TARGET_SECONDS)  # fmt: skip
    yield Line(
        "… beside reading and unpacking the same rows", f"{plain:.2f} s: {usual / plain:.1f} ×"
    )
    yield Line("… a day", f"{usual / comparison.days * 1000:.1f} ms")


def office() -> Site:
    return Site(
        id="rathaus",
        name="Rathaus",
        zone=BERLIN,
        hours=WEEK,
        services=SERVICES,
        counters=COUNTERS,
        priority=RULES,
    )


def compare(store: Store, site: Site, last: date) -> Any:
    now = datetime.combine(last + timedelta(days=2), datetime.min.time(), UTC)
    change = Variation(rules={"rule": "strict"}, counters=1)
    with store.snapshot() as snapshot:
        return what_if(snapshot, site, FIRST, last, change, now=now)


def unpack(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT seq, at, name, ticket, counter, data FROM journal ORDER BY seq")
        return sum(len(json.loads(row[5])) for row in rows)


def fill(store: Store, days: int, *, told: bool = False) -> tuple[int, date]:
    """Write the days into the journal; how many rows they have, and the last day.

    With `told`, everybody who came was given a forecast.
    """
    chance, day, ticket, count = Random(1), FIRST, 0, 0
    with store.transaction() as tx:
        for _ in range(days):
            opens = milliseconds(at_wall_clock(day, 8 * 60, BERLIN))
            some = [*one_day(chance, opens, ticket)]
            if told:
                some += [(r[0], "ForecastGiven", r[2], None, TOLD) for r in some if r[1] == ISSUED]
            for row in sorted(some, key=lambda row: row[0]):
                tx.write(
                    """INSERT INTO journal (at, site, name, ticket, counter, data)
                       VALUES (:at, 'rathaus', :name, :ticket, :counter, :data)""",
                    dict(zip(("at", "name", "ticket", "counter", "data"), row, strict=True)),
                )
                count += 1
            ticket += TICKETS
            day += timedelta(days=3 if day.weekday() == 4 else 1)
    return count, day - timedelta(days=1)


def one_day(chance: Random, opens: int, tickets: int) -> Iterator[Row]:
    """A day that the rule itself has called, with clerks who need some seconds for it."""
    arrivals = sorted(chance.randrange(0, 400) * MINUTE_MS + opens for _ in range(TICKETS))
    coming = [visitor(chance, at, tickets + n + 1) for n, at in enumerate(arrivals)]
    room, served = WaitingRoom(RULES), [service.id for service in SERVICES]
    busy: dict[str, tuple[int, int]] = {}
    calls: list[tuple[int, str]] = []
    for number, counter in enumerate(COUNTERS):
        seat = room.open(StaffedCounter(counter.id), served)
        yield opens + number, "CounterOpened", None, seat.id, json.dumps({"services": served})
        heappush(calls, (opens + number + pause(chance), seat.id))
    while coming or room.waiting:
        at, id = heappop(calls)
        while coming and coming[0].issued <= at:
            yield issued(came := coming.pop(0))
            room.add(came, came.issued)
        catch_up(room, busy, at)
        taken = room.take(room.counters[id], at)
        if taken is None:
            heappush(calls, (max(at, coming[0].issued if coming else at) + pause(chance), id))
            continue
        arrives = at + chance.randrange(10_000, 60_000)
        usual = taken.visitor.minutes * MINUTE_MS * 0.9
        busy[id] = arrives, arrives + int(chance.lognormvariate(0, 0.5) * usual)
        yield from served_at(taken, room.counters[id], at, *busy[id])
        heappush(calls, (busy[id][1] + pause(chance), id))
    for at, id in calls:
        yield at + MINUTE_MS, "CounterClosed", None, id, '{"by":"clerk"}'


def pause(chance: Random) -> int:
    return chance.randrange(2_000, 30_000)


def catch_up(room: WaitingRoom, busy: dict[str, tuple[int, int]], now: int) -> None:
    """Whoever has come or gone by now."""
    for seat in room.counters.values():
        arrives, ends = busy.get(seat.id, (now, now))
        seat.serving_since = arrives if arrives <= now else None
        if ends <= now:
            seat.here = seat.serving_since = None


def served_at(
    taken: NextCall, seat: StaffedCounter, at: int, arrives: int, ends: int
) -> Iterator[Row]:
    """Somebody is called, comes, and is done after a while."""
    person = taken.visitor.id
    data = {"call": person, "reason": taken.reason, "chosen": False,
            "contested": taken.contested, "guard": taken.guard, "pool": seat.pool}  # fmt: skip
    yield at, "TicketCalled", person, seat.id, json.dumps(data)
    yield arrives, "TicketArrived", person, seat.id, "{}"
    yield ends, "TicketFinished", person, seat.id, '{"outcome":"done","missing":[]}'


def visitor(chance: Random, at: int, id: int) -> Visitor:
    service = chance.choice(SERVICES)
    is_booked = chance.random() < 0.5
    came = at + chance.randrange(-5, 10) * MINUTE_MS if is_booked else at
    return Visitor(id, service.id, 1 if is_booked else 2, came, max(came, at), at, service.minutes)


def issued(came: Visitor) -> Row:
    data: dict[str, Any] = {"number": f"A {came.id % 1000:03}", "services": [came.service],
                            "persons": 1, "minutes": came.minutes, "is_late": False,
                            "kind": "walk_in", "by": "kiosk"}  # fmt: skip
    if came.line == 1:
        data |= {"kind": "appointment", "due_at": came.came}
    return came.issued, ISSUED, came.id, None, json.dumps(data)


def seconds_of(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
