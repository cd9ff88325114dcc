"""From the commit of a call to the last of twenty walls, while many phones follow their tickets."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from bench.crowd import Caller, following
from bench.house import House, running_house
from bench.table import Line, milliseconds, p50_p99, percentile, print_table

SOON_SECONDS = 0.6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--walls", type=int, default=20, help="walls (default 20)")
    parser.add_argument(
        "--phones", type=int, default=2000, help="phones that follow (default 2000)"
    )
    parser.add_argument("--calls", type=int, default=40, help="calls (default 40)")
    parser.add_argument("--folder", type=Path, help="where the database lies, for another disk")
    options = parser.parse_args()
    waiting = options.calls + min(options.phones, 60)
    title = f"Fan-out: {options.walls} walls and {options.phones} phones"
    with running_house(clerks=1, waiting=waiting, folder=options.folder) as house:
        print_table(title, list(measure(house, options)))


def measure(house: House, options: argparse.Namespace) -> Iterator[Line]:
    with following(house, walls=options.walls, desks=0, phones=options.phones) as crowd:
        caller = Caller(house)
        for _ in range(options.calls):
            caller.call()
            caller.pause()
            caller.finish()
            caller.pause()
        caller.close()
        reached = crowd.leave()
    first, last = delays(house.committed(), reached, options.walls)
    changes = 2 * options.calls
    slow = percentile(last, 0.5)
    yield Line("commit → first wall, P50 / P99", p50_p99(first))
    yield Line("commit → last wall, P50", milliseconds(slow), "≤ 5 ms", slow <= 0.005)
    slowest = percentile(last, 0.99)
    yield Line("commit → last wall, P99", milliseconds(slowest), "≤ 20 ms", slowest <= 0.02)
    value = f"{len(last)} of {changes}"
    yield Line("changes that reached every wall", value, "all", len(last) == changes)


def delays(
    committed: list[float], reached: dict[int, list[float]], walls: int
) -> tuple[list[float], list[float]]:
    """Seconds from each commit to the first and to the last wall that got that very board."""
    first, last = [], []
    complete = sorted(moments for moments in map(sorted, reached.values()) if len(moments) >= walls)
    for at in committed:
        moments = next((m for m in complete if m[0] >= at), None)
        if moments and moments[0] - at < SOON_SECONDS:
            first.append(moments[0] - at)
            last.append(moments[walls - 1] - at)
    return first, last


if __name__ == "__main__":
    main()
