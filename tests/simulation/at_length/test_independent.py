"""The queue against an independent simulator, the public package `ciw`.

Both get the very same people with the very same work, so every single wait must agree: no
confidence interval hides a wrong order of calls. Only the rounding to millionths of a service
differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import ciw
import pytest

from queue_server.simulation.textbook_queue import TICKS, QueueModel, Streams, drawn, waits

CUSTOMERS = 3000
CLOSE = 1e-9


@pytest.mark.parametrize("service", ["exponential", "lognormal:1.5", "deterministic"])
@pytest.mark.parametrize("counters", [1, 3])
def test_first_come_first_served_is_what_an_independent_simulator_says(
    service: str, counters: int
) -> None:
    model = QueueModel(counters, 0.9, service=service)
    streams = drawn(model, CUSTOMERS, seed=7)

    assert_same_waits(streams, waits(model, streams), in_ciw(streams, 1, counters))


@pytest.mark.parametrize(("counters", "shares"), [(3, (50, 50)), (4, (10, 40, 50)), (1, (30, 70))])
def test_strict_priority_is_what_an_independent_simulator_says(
    counters: int, shares: tuple[float, ...]
) -> None:
    model = QueueModel(counters, 0.92, shares=shares, rule="strict")
    streams = drawn(model, CUSTOMERS, seed=11)

    assert_same_waits(streams, waits(model, streams), in_ciw(streams, len(shares), counters))


def assert_same_waits(
    streams: Streams, ours: Sequence[int], theirs: dict[tuple[int, int], float]
) -> None:
    """Customers are known by their class and their number in it."""
    counts: dict[int, int] = {}
    compared = waited = 0
    for line, wait in zip(streams.line, ours, strict=True):
        number = counts[line] = counts.get(line, 0) + 1
        assert theirs[line, number] == pytest.approx(wait / TICKS, abs=CLOSE)
        compared, waited = compared + 1, waited + bool(wait)
    assert compared == len(theirs) == CUSTOMERS
    assert waited > CUSTOMERS / 2


def in_ciw(streams: Streams, classes: int, counters: int) -> dict[tuple[int, int], float]:
    """The wait of each customer, in mean services, as `ciw` simulates it."""
    people = list(zip(streams.line, streams.at, streams.work, strict=True))
    arrivals, services = {}, {}
    for line in range(classes):
        at = [0, *(at for each, at, _ in people if each == line)]
        # The list would begin anew; nobody comes after the last one.
        gaps = [(after - before) / TICKS for before, after in pairwise(at)] + [1e9]
        arrivals[f"{line}"] = [ciw.dists.Sequential(gaps)]
        works = [work / TICKS for each, _, work in people if each == line]
        services[f"{line}"] = [ciw.dists.Sequential([*works, 1.0])]
    network = ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions=services,
        number_of_servers=[counters],
        priority_classes={f"{line}": line for line in range(classes)},
        routing={f"{line}": [[0.0]] for line in range(classes)},
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(CUSTOMERS, method="Finish")
    return numbered(simulation.get_all_records())


def numbered(records: Sequence[ciw.data_record.DataRecord]) -> dict[tuple[int, int], float]:
    counts: dict[int, int] = {}
    found = {}
    for record in sorted(records, key=lambda record: record.arrival_date):
        line = int(record.customer_class)
        counts[line] = counts.get(line, 0) + 1
        found[line, counts[line]] = record.waiting_time
    return found
