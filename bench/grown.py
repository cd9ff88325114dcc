"""A call and a board on a database with weeks behind it, beside the same on a new one.

Both take turns, and seconds are the processor's: what else the machine does meets both alike.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.house import OFFICE, SITE
from bench.table import Line, milliseconds, percentile, print_table
from queue_server.actions import arrivals, calling, desks, serving, staff
from queue_server.demo import past
from queue_server.domain.site import Site
from queue_server.queries import board
from queue_server.settings import load_settings
from queue_server.store import identities
from queue_server.store.identities import Clerk
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store

COUNTERS, WAITING_MORE, TARGET = 6, 100, 1.1


@dataclass(frozen=True)
class GrownOffice:
    """A store with its open counter. `events` are in its journal."""

    store: Store
    clerk: Clerk
    events: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=28, help="behind it (default 28)")
    parser.add_argument("--calls", type=int, default=300, help="of each (default 300)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as folder:
        lines = list(measure(Path(folder), options.days, options.calls))
    print_table(f"A database with {options.days} days behind it", lines)


def measure(folder: Path, days: int, calls: int) -> Iterator[Line]:
    site, now = load_settings(OFFICE, {}).site(SITE), datetime.now(UTC)
    new = furnished(folder / "new.db", site, 0, calls, now)
    old = furnished(folder / "old.db", site, days, calls, now)
    with closing(new.store), closing(old.store):
        yield Line("events in the journal", f"{new.events:,} and {old.events:,}")
        looks: dict[str, tuple[list[float], list[float]]] = {}
        for _ in range(calls):
            for place, office in enumerate((new, old)):
                for what, seconds in one_call(office, site, now):
                    looks.setdefault(what, ([], []))[place].append(seconds)
    for what, (first, later) in looks.items():
        young, grown = percentile(first, 0.5), percentile(later, 0.5)
        times = f"{milliseconds(young)} → {milliseconds(grown)}: {grown / young:.2f} ×"
        yield Line(what, times, f"≤ {TARGET} ×", grown <= TARGET * young)


def one_call(office: GrownOffice, site: Site, now: datetime) -> Iterator[tuple[str, float]]:
    counter = site.counters[0].id
    yield (
        "`call_next`, P50",
        spent(lambda: calling.call_next(office.store, site, counter, office.clerk, now=now)),
    )
    with office.store.snapshot() as reader:
        yield "board, P50", spent(lambda: board.board(reader, site, now))
    serving.finish(office.store, site, counter, office.clerk, now=now)


def spent(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def furnished(path: Path, site: Site, days: int, calls: int, now: datetime) -> GrownOffice:
    """So many days behind it, one counter open, and people enough waiting."""
    store = Store(SqliteEngine(path, durability="normal"))
    store.migrate()
    clerks = {counter.id: hired(store, counter.id, now) for counter in site.counters[:COUNTERS]}
    ids = {counter: clerk.id for counter, clerk in clerks.items()}
    past.write_past(store, (site,), {site.id: ids}, now=now, seed=1, days=days)
    first = site.counters[0].id
    desks.open_counter(store, site, first, clerks[first], now=now)
    for number in range(calls + WAITING_MORE):
        service = site.services[number % len(site.services)].id
        arrivals.draw_ticket(store, site, (service,), now=now)
    with store.snapshot() as reader:
        counted = reader.row("SELECT count(*) AS events FROM journal")
    assert counted is not None
    return GrownOffice(store, clerks[first], counted["events"])


def hired(store: Store, name: str, now: datetime) -> Clerk:
    staff.add_clerk(store, name, SITE, "clerk", "-", now=now)
    with store.snapshot() as reader:
        clerk = identities.clerk_named(reader, name)
    assert clerk is not None
    return clerk


if __name__ == "__main__":
    main()
