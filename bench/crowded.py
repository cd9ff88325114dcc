"""What a call costs the server, everything that is pushed after it included, beside ten waiting
people and beside ten thousand.

Four offices stand side by side and take turns. Counted is processor time, without what goes on
anyway: pings, housekeeping.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from bench.crowd import Caller, following
from bench.house import House, processor_seconds, running_house
from bench.table import Line, milliseconds, percentile, print_table

WAITING = (10, 100, 1000, 10_000)
USUAL, MOST_RATIO = 100, 3
WALLS, DESKS = 20, 8
SETTLE_SECONDS = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=12, help="calls in each office (default 12)")
    options = parser.parse_args()
    title = f"A call and its pushes, {WALLS} walls and {DESKS} desks"
    print_table(title, list(measure(options.calls)))


def measure(calls: int) -> Iterator[Line]:
    with ExitStack() as stack:
        offices = [office(stack, waiting, calls) for waiting in WAITING]
        costs: dict[int, list[float]] = {waiting: [] for waiting in WAITING}
        for _ in range(calls):
            for (house, caller), waiting in zip(offices, WAITING, strict=True):
                idle = spent(house, lambda: None)
                costs[waiting].append(spent(house, caller.call) - idle)
                spent(house, caller.finish)
    usual = percentile(costs[USUAL], 0.5)
    for waiting, seconds in costs.items():
        cost = percentile(seconds, 0.5)
        ratio = cost / usual
        yield Line(f"{waiting:,} waiting, P50", f"{milliseconds(cost)}: {ratio:.2f} ×",
                   f"≤ {MOST_RATIO} ×", ratio <= MOST_RATIO)  # fmt: skip


def office(stack: ExitStack, waiting: int, calls: int) -> tuple[House, Caller]:
    house = stack.enter_context(running_house(clerks=DESKS, waiting=waiting + calls))
    stack.enter_context(following(house, walls=WALLS, desks=DESKS, phones=0))
    return house, Caller(house)


def spent(house: House, work: Callable[[], object]) -> float:
    """Processor time of this server from the beginning of the work until all is pushed."""
    assert house.process is not None
    before = processor_seconds(house.process.pid)
    work()
    time.sleep(SETTLE_SECONDS)
    return processor_seconds(house.process.pid) - before


if __name__ == "__main__":
    main()
