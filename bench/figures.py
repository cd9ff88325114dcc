"""The figures of a month, as the office's page asks for them: visits and forecasts in one pass.

A month of 150 tickets a day, each told a forecast. The figures take turns with reading and
unpacking the very same rows. Seconds are the processor's: computing waits for nothing. Python
looks for garbage as seldom as in the server.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.table import Line, milliseconds, percentile, print_table
from bench.what_if import FIRST, fill, office, unpack
from queue_server import garbage
from queue_server.history.statistics import By, appointment_counts, past_days, reckoned
from queue_server.history.visits import Period
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store

TARGET_SECONDS = 0.060


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=21, help="working days (default 21)")
    parser.add_argument("--turns", type=int, default=20, help="readings of each kind (default 20)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as folder:
        lines = list(measure(Path(folder) / "month.db", options.days, options.turns))
        print_table(f"Figures: {options.days} days", lines)


def measure(path: Path, days: int, turns: int) -> Iterator[Line]:
    ours: list[float] = []
    bare: list[float] = []
    with closing(Store(SqliteEngine(path, durability="normal"))) as store:
        store.migrate()
        rows, last = fill(store, days, told=True)
        garbage.settle()
        for _ in range(turns):
            ours.append(seconds_of(lambda: figures(store, Period(FIRST, last))))
            bare.append(seconds_of(lambda: unpack(path)))
    usual, plain = percentile(ours, 0.5), percentile(bare, 0.5)
    yield Line(f"{rows:,} events", milliseconds(usual), "≤ 60 ms", usual <= TARGET_SECONDS)
    beside = f"{milliseconds(plain)}: {usual / plain:.1f} ×"
    yield Line("… beside reading and unpacking the same rows", beside)


def figures(store: Store, period: Period) -> Any:
    site = office()
    since, until = period.since(site.zone), period.until(site.zone)
    with store.snapshot() as snapshot:
        past = past_days(snapshot, site.id, since, until)
        counts = appointment_counts(snapshot, site.id, since, until)
    return reckoned(past.visits, counts, site, period, By.HOUR)


def seconds_of(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
