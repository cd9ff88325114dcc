"""The queue against theory: Erlang C, Cobham, Kleinrock; and against tails simulated elsewhere.

Tolerances are relative and belong to fixed seeds. Theory gives the standard deviation over seeds:
with 200,000 customers at one counter and a load of 0.9, 4.7 % of the mean, with more counters or a
lower load less. About twice to three times that is allowed here. How waiting is divided between
classes is known much better than how much of it there is, so it is looked at apart.
"""

from __future__ import annotations

import pytest

from queue_server.simulation.textbook_queue import QueueModel, QueueResult, simulate
from tests.simulation import formulas

MINUTES = 12.0
# Counters, load, then mean, P90, P95 and P99 of the wait, first come first served.
ERLANG = [
    (1, 0.80, 48.000, 124.77, 166.36, 262.92),
    (1, 0.90, 108.000, 263.67, 346.85, 539.98),
    (2, 0.80, 21.333, 58.85, 79.64, 127.93),
    (2, 0.90, 51.158, 128.59, 170.18, 266.75),
    (3, 0.80, 12.944, 37.35, 51.21, 83.40),
    (3, 0.90, 32.682, 84.02, 111.75, 176.13),
    (4, 0.70, 4.287, 14.56, 21.49, 37.58),
    (4, 0.80, 8.946, 26.79, 37.18, 61.33),
    (4, 0.90, 23.633, 61.92, 82.72, 131.00),
    (4, 0.95, 53.485, 131.26, 172.85, 269.41),
    (6, 0.90, 14.803, 40.03, 53.90, 86.09),
    (8, 0.90, 10.523, 29.22, 39.62, 63.76),
]
# Counters, load, then the means of two equal classes: strict, and accumulating 2, 3, 5 and 10 to
# 1; and P90 and P95 of the first class under strict priority.
TWO_CLASSES = [
    (1, 0.80, [(16.000, 80.000), (36.000, 60.000), (30.545, 65.455), (25.412, 70.588),
               (21.000, 75.000)], (41.59, 55.45)),
    (1, 0.90, [(19.636, 196.364), (76.645, 139.355), (61.714, 154.286), (47.250, 168.750),
               (34.487, 181.513)], (47.94, 63.06)),
    (3, 0.90, [(5.942, 59.423), (23.194, 42.171), (18.676, 46.689), (14.299, 51.066),
               (10.436, 54.928)], (15.28, 20.32)),
    (4, 0.80, [(2.982, 14.911), (6.710, 11.183), (5.693, 12.200), (4.736, 13.157),
               (3.914, 13.979)], (8.93, 12.40)),
    (4, 0.90, [(4.297, 42.968), (16.772, 30.494), (13.504, 33.761), (10.339, 36.926),
               (7.547, 39.719)], (11.26, 15.04)),
    (4, 0.95, [(5.094, 101.876), (36.826, 70.144), (28.699, 78.271), (20.704, 86.266),
               (13.546, 93.424)], (12.50, 16.46)),
]  # fmt: skip
RATIOS = (None, 2, 3, 5, 10)
PAIRS = [
    (counters, load, ratio, means)
    for counters, load, rows, _ in TWO_CLASSES
    for ratio, means in zip(RATIOS, rows, strict=True)
]
FIRST_CLASSES = [(counters, load, *marks) for counters, load, _, marks in TWO_CLASSES]


# -- the formulas themselves -------------------------------------------------------------------


@pytest.mark.parametrize(("counters", "load", "mean", "p90", "p95", "p99"), ERLANG)
def test_the_oracle_gives_the_published_values_of_erlang_c(
    counters: int, load: float, mean: float, p90: float, p95: float, p99: float
) -> None:
    marks = [
        formulas.erlang_quantile(counters, load, MINUTES, share) for share in (0.9, 0.95, 0.99)
    ]

    assert formulas.erlang_mean(counters, load, MINUTES) == pytest.approx(mean, abs=0.001)
    assert marks == pytest.approx([p90, p95, p99], abs=0.01)


@pytest.mark.parametrize(("counters", "load", "ratio", "means"), PAIRS)
def test_the_oracle_gives_the_published_means_of_two_classes(
    counters: int, load: float, ratio: float | None, means: tuple[float, float]
) -> None:
    assert two_means(counters, load, ratio) == pytest.approx(means, abs=0.001)


# -- the simulation ----------------------------------------------------------------------------


@pytest.mark.parametrize(("counters", "load", "mean", "p90", "p95", "p99"), ERLANG)
def test_first_come_first_served_waits_as_erlang_says(
    counters: int, load: float, mean: float, p90: float, p95: float, p99: float
) -> None:
    found = simulate(QueueModel(counters, load, MINUTES), 200_000, seed=3).overall

    # At a load of 0.95 what one saw in an hour says even less about the next.
    wider = 1.5 if load > 0.9 else 1.0
    assert found.mean == pytest.approx(mean, rel=0.09 * wider)
    assert found.p90 == pytest.approx(p90, rel=0.10 * wider)
    assert found.p95 == pytest.approx(p95, rel=0.12 * wider)


@pytest.mark.parametrize(("counters", "load", "ratio", "means"), PAIRS)
def test_two_classes_divide_waiting_as_cobham_and_kleinrock_say(
    counters: int, load: float, ratio: float | None, means: tuple[float, float]
) -> None:
    outcome = simulate(two_classes(counters, load, ratio), 150_000, seed=5)

    first, second = (found.mean for found in outcome.classes)
    assert first / second == pytest.approx(means[0] / means[1], rel=0.09)
    assert (first, second) == pytest.approx(means, rel=0.17)


@pytest.mark.parametrize(("counters", "load", "p90", "p95"), FIRST_CLASSES)
def test_the_first_class_under_strict_priority_has_the_known_quantiles(
    counters: int, load: float, p90: float, p95: float
) -> None:
    found = simulate(two_classes(counters, load, None), 200_000, seed=7).classes[0]

    published = [
        formulas.first_class_quantile(counters, load, MINUTES, 0.5, share) for share in (0.9, 0.95)
    ]
    assert published == pytest.approx([p90, p95], abs=0.01)
    assert (found.p90, found.p95) == pytest.approx((p90, p95), rel=0.03)


# P90 and P95 of the classes, from 4 × 1.5 million customers of another program.
TAILS = [
    (4, 0.90, None, [(11.26, 15.04), (116.2, 158.0)]),
    (4, 0.90, 3, [(33.6, 44.1), (89.8, 121.2)]),
    (1, 0.80, None, [(41.59, 55.45), (219.2, 300.6)]),
    (1, 0.80, 3, [(75.8, 97.8), (175.8, 237.8)]),
]


@pytest.mark.parametrize(("counters", "load", "ratio", "tails"), TAILS)
def test_many_customers_meet_the_means_of_theory_and_the_tails_of_another_simulation(
    counters: int, load: float, ratio: float | None, tails: list[tuple[float, float]]
) -> None:
    outcome = simulate(two_classes(counters, load, ratio), 750_000, seed=2)

    means = two_means(counters, load, ratio)
    assert [found.mean for found in outcome.classes] == pytest.approx(means, rel=0.05)
    assert_covered(outcome, means)
    for found, (p90, p95) in zip(outcome.classes, tails, strict=True):
        assert (found.p90, found.p95) == pytest.approx((p90, p95), rel=0.06)


def assert_covered(outcome: QueueResult, means: list[float]) -> None:
    """Each mean lies in the interval that the simulation itself gives (95 %, widened to 99 %)."""
    for found, margin, mean in zip(outcome.classes, outcome.margins, means, strict=False):
        assert abs(found.mean - mean) <= 1.4 * margin
        assert margin < 0.1 * mean


def two_classes(counters: int, load: float, ratio: float | None) -> QueueModel:
    rule, ratios = ("accumulating", (float(ratio), 1.0)) if ratio else ("strict", ())
    return QueueModel(counters, load, MINUTES, shares=(50, 50), rule=rule, ratios=ratios)


def two_means(counters: int, load: float, ratio: float | None) -> list[float]:
    residual = formulas.found_at_counters(counters, load, MINUTES)
    loads = [load / 2, load / 2]
    if ratio is None:
        return formulas.cobham(residual, loads)
    return formulas.kleinrock(residual, loads, [ratio, 1])
