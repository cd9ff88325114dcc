"""Simulated office days: how long one takes, beside the bare events of the same day.

Each day takes turns with a loop that pushes and pops just as many events on a heap and draws as
many random numbers, so that whatever else the machine does meets both alike. Seconds are the
processor's: a simulation waits for nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from typing import Any

from bench.table import Line, p50_p99, percentile, print_table
from queue_server.domain.hours import Span
from queue_server.domain.site import Site
from queue_server.settings import load_settings
from queue_server.simulation.arrivals import Demand, arrivals
from queue_server.simulation.day_figures import day_figures
from queue_server.simulation.office_day import simulate_day
from queue_server.simulation.textbook_queue import QueueModel, simulate

CONFIG = Path(__file__).parents[1] / "config.toml"
LONG_DAY = (Span(8 * 60, 12 * 60), Span(14 * 60, 18 * 60))
TARGET_SECONDS = 0.020
CUSTOMERS, TARGET_CUSTOMER_SECONDS = 200_000, 5e-6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=200, help="days of each kind (default 200)")
    options = parser.parse_args()
    site = load_settings(CONFIG, {}).sites[0]
    lines = [line for load in (0.94, 1.25) for line in measure(site, load, options.days)]
    print_table("Simulation: one office day", [*lines, *queues()])


def measure(site: Site, load: float, days: int) -> list[Line]:
    """Days from drawing the people to the figures, without and with the product's ticket stop."""
    demand, lived, stopped, bare, people = Demand(load=load), [], [], [], []
    for seed in range(days):
        lived.append(seconds_of(lambda: one_day(site, demand, seed, False)))  # noqa: B023
        stopped.append(seconds_of(lambda: one_day(site, demand, seed, True)))  # noqa: B023
        people.append(len(arrivals(site, LONG_DAY, demand, seed).people))
        bare.append(seconds_of(lambda: bare_events(people[-1], seed)))  # noqa: B023
    usual, times = percentile(lived, 0.5), percentile(lived, 0.5) / percentile(bare, 0.5)
    what = f"load {load}: {sum(people) / days:.0f} visitors, {len(site.counters)} counters"
    return [
        Line(what, p50_p99(lived), "< 20 ms", usual < TARGET_SECONDS),
        Line("… beside the bare events", f"{p50_p99(bare)}: {times:.0f} ×"),
        Line("… with the forecasts of its ticket stop", p50_p99(stopped)),
    ]


def one_day(site: Site, demand: Demand, seed: int, stop: bool) -> Any:
    people = arrivals(site, LONG_DAY, demand, seed)
    return day_figures([simulate_day(site, people, stop=stop)])


def bare_events(people: int, seed: int) -> int:
    """Everybody comes and goes, and three numbers are drawn for each."""
    chance, events = Random(seed), [(0.0, 0)]
    events.clear()
    for number in range(people):
        heappush(events, (chance.random(), number))
    while events:
        at, number = heappop(events)
        if number >= 0:
            heappush(events, (at + chance.expovariate(1) + chance.random(), ~number))
    return people


def queues() -> list[Line]:
    """The queue of theory, in microseconds a customer."""
    lines = []
    for rule in ("arrival", "strict", "accumulating"):
        model = QueueModel(4, 0.9, shares=(50, 50), rule=rule)
        took = min(seconds_of(lambda: simulate(model, CUSTOMERS)) for _ in range(3))  # noqa: B023
        each = took / CUSTOMERS
        value = f"{each * 1e6:.2f} µs a customer"
        met = each < TARGET_CUSTOMER_SECONDS
        lines.append(Line(f"queue, 4 counters, two classes, {rule}", value, "< 5 µs", met))
    return lines


def seconds_of(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
