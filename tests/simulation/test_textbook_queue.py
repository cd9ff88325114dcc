"""What must hold for every queue, whatever the rule."""

from __future__ import annotations

import subprocess
import sys
from math import nan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.errors import BadRequest
from queue_server.simulation.textbook_queue import (
    MOST_CLASSES,
    RULES,
    QueueModel,
    Streams,
    drawn,
    simulate,
    waits,
)
from tests.simulation import formulas

ROOT = Path(__file__).parents[2]
THREE = {"counters": 3, "load": 0.9, "shares": (10.0, 40.0, 50.0)}


@pytest.mark.parametrize("rule", RULES)
def test_the_same_seed_is_the_same_answer_and_another_is_another(rule: str) -> None:
    model = QueueModel(**THREE, rule=rule)

    once, again = simulate(model, 5000, seed=4), simulate(model, 5000, seed=4)
    assert once == again
    assert simulate(model, 5000, seed=5) != once


def test_rules_are_compared_on_the_very_same_people() -> None:
    arrival, strict = (
        drawn(QueueModel(**THREE, rule=rule), 4000, 1) for rule in ("arrival", "strict")
    )

    assert arrival == strict


def test_each_class_comes_as_often_as_its_share_says() -> None:
    found = simulate(QueueModel(**THREE), 100_000, seed=6)

    counts = [each.count for each in found.classes]
    assert sum(counts) == found.overall.count == 100_000
    # Poisson: three standard deviations of the smallest class are one percent of it.
    assert counts == pytest.approx([10_000, 40_000, 50_000], rel=0.03)


@given(
    seed=st.integers(0, 10_000),
    rule=st.sampled_from(RULES),
    counters=st.integers(1, 5),
    shares=st.lists(st.integers(0, 9), min_size=1, max_size=4).filter(any),
)
@settings(max_examples=40)
def test_no_rule_overtakes_inside_a_class_or_leaves_a_counter_idle(
    seed: int, rule: str, counters: int, shares: list[int]
) -> None:
    model = QueueModel(counters, 0.95, shares=tuple(map(float, shares)), rule=rule)
    streams = drawn(model, 300, seed)

    found = waits(model, streams)

    called = [at + wait for at, wait in zip(streams.at, found, strict=True)]
    for line in range(len(shares)):
        mine = [begin for begin, each in zip(called, streams.line, strict=True) if each == line]
        assert mine == sorted(mine)
    assert all(busy_just_before(streams, called, number) == counters for number in late(found))


def late(found: list[int]) -> list[int]:
    """Who had to wait."""
    return [number for number, wait in enumerate(found) if wait]


def busy_just_before(streams: Streams, called: list[int], number: int) -> int:
    """How many are served in the last tick in which this customer waits."""
    moment = called[number] - 1
    ends = (begin + work for begin, work in zip(called, streams.work, strict=True))
    return sum(begin <= moment < end for begin, end in zip(called, ends, strict=True))


@pytest.mark.parametrize("ratios", [(6.0, 3.0, 1.0), (2.0, 2.0, 1.0), (9.0, 1.0, 1.0)])
def test_three_classes_divide_waiting_as_kleinrock_says(ratios: tuple[float, ...]) -> None:
    model = QueueModel(6, 0.9, shares=(10, 40, 50), rule="accumulating", ratios=ratios)
    outcome = simulate(model, 200_000, seed=8)

    residual = formulas.found_at_counters(6, 0.9, model.minutes)
    means = formulas.kleinrock(residual, [0.09, 0.36, 0.45], ratios)
    found = [each.mean for each in outcome.classes]
    # Standard deviations over ten seeds: up to 6 % of a mean, up to 1.5 % of its part.
    assert found == pytest.approx(means, rel=0.15)
    together = outcome.overall.mean / formulas.erlang_mean(6, 0.9, model.minutes)
    assert [each / together for each in found] == pytest.approx(means, rel=0.04)


@pytest.mark.parametrize("service", ["exponential", "deterministic", "lognormal:0.5"])
def test_a_rule_only_moves_waiting_from_one_to_another(service: str) -> None:
    """Kleinrock's conservation law: the work that waits is the same under every rule."""
    models = [QueueModel(2, 0.9, service=service, shares=(30, 70), rule=rule) for rule in RULES]

    together = [simulate(model, 80_000, seed=9).overall.mean for model in models]
    # The same people come; only who happens to be short is served at another moment.
    assert together[1:] == pytest.approx([together[0]] * 2, rel=0.015)


@pytest.mark.parametrize(
    ("service", "variation"),
    [("deterministic", 0.0), ("lognormal:0.5", 0.5), ("lognormal:1", 1.0), ("exponential", 1.0)],
)
def test_one_counter_waits_as_pollaczek_and_khinchine_say(service: str, variation: float) -> None:
    found = simulate(QueueModel(1, 0.7, 12, service), 200_000, seed=10).overall

    # Standard deviations over ten seeds: 0.7 to 1.8 %.
    assert found.mean == pytest.approx(formulas.pollaczek(0.7, 12, variation), rel=0.05)


def test_priority_with_even_services_at_one_counter_waits_as_cobham_says() -> None:
    model = QueueModel(1, 0.8, 10, "deterministic", (25, 75), "strict")
    outcome = simulate(model, 150_000, seed=11)

    means = formulas.cobham(0.8 * 10 / 2, [0.2, 0.6])
    assert [each.mean for each in outcome.classes] == pytest.approx(means, rel=0.05)


def test_even_services_halve_the_wait_at_many_counters_too() -> None:
    """M/D/c: nearly half of M/M/c (the usual approximation is off by a few percent only)."""
    even, uneven = (
        simulate(QueueModel(4, 0.9, service=service), 150_000, seed=12).overall.mean
        for service in ("deterministic", "exponential")
    )

    assert even / uneven == pytest.approx(0.51, rel=0.1)


def test_minutes_are_only_a_scale() -> None:
    short, long = (simulate(QueueModel(2, 0.8, minutes), 5000, seed=1) for minutes in (1, 60))

    assert long.overall.mean == pytest.approx(short.overall.mean * 60, abs=0.01)


def test_a_class_that_nobody_is_in_has_no_waits() -> None:
    outcome = simulate(QueueModel(2, 0.8, shares=(0, 100)), 2000)

    assert outcome.classes[0].count == outcome.classes[0].mean == 0
    assert outcome.classes[1] == outcome.overall


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("counters", value) for value in (0, -1, 100_000)),
        *(("load", value) for value in (0, -0.5, 1.0, 1.2, nan)),
        *(("minutes", value) for value in (0, -1, nan, float("inf"))),
        *(("service", value) for value in ("", "normal", "lognormal", "lognormal:", "lognormal:x")),
        *(("service", value) for value in ("lognormal:-1", "lognormal:nan", "exponential:2")),
        *(("shares", value) for value in ((), (0.0, 0.0), (1.0, -1.0), (1.0, nan))),
        ("shares", (1.0,) * (MOST_CLASSES + 1)),
        ("rule", "due_first"),
        *(("ratios", value) for value in ((1.0, 2.0), (0.0,), (-1.0,), (nan,))),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(BadRequest) as refusal:
        QueueModel(**{field: value})

    named = [error[0] for error in refusal.value.facts["errors"]]
    assert named in ([field], [field, "ratios"])


def test_a_queue_is_simulated_where_numpy_is_not_installed() -> None:
    works = "from queue_server.simulation.textbook_queue import QueueModel, simulate"
    code = f"import sys; sys.modules['numpy'] = None; {works}; print(simulate(QueueModel(), 100))"

    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("customers", [0, -5, 10**9])
def test_a_number_of_customers_that_cannot_be_simulated_is_refused(customers: int) -> None:
    with pytest.raises(BadRequest):
        simulate(QueueModel(), customers)
