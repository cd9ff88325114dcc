"""What theory says of queues: the oracle of the simulation's tests. Minutes throughout.

Notation: `counters` c, `load` ρ, `minutes` the mean service 1/μ; classes stand highest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import log


def erlang_c(counters: int, load: float) -> float:
    """The probability that somebody who comes must wait (M/M/c)."""
    offered, blocked = counters * load, 1.0
    for number in range(1, counters + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked / (1 - load * (1 - blocked))


def erlang_mean(counters: int, load: float, minutes: float) -> float:
    return erlang_c(counters, load) * minutes / (counters * (1 - load))


def erlang_quantile(counters: int, load: float, minutes: float, share: float) -> float:
    must_wait = erlang_c(counters, load)
    return max(0.0, log(must_wait / (1 - share)) * minutes / (counters * (1 - load)))


def first_class_quantile(
    counters: int, load: float, minutes: float, first: float, share: float
) -> float:
    """The quantile of the highest class under head-of-line priority; `first` its part of all."""
    must_wait = erlang_c(counters, load)
    return max(0.0, log(must_wait / (1 - share)) * minutes / (counters * (1 - load * first)))


def found_at_counters(counters: int, load: float, minutes: float) -> float:
    """The mean wait for the next counter to get free, W₀ of the priority formulas (M/M/c)."""
    return erlang_c(counters, load) * minutes / counters


def pollaczek(load: float, minutes: float, variation: float) -> float:
    """The mean wait at one counter with any service time (M/G/1), first come first served."""
    return load * minutes * (1 + variation**2) / (2 * (1 - load))


def cobham(residual: float, loads: Sequence[float]) -> list[float]:
    """Mean waits under head-of-line priority; `residual` is W₀, `loads` add up to ρ."""
    above = [0.0, *accumulate(loads)]
    return [
        residual / ((1 - before) * (1 - until))
        for before, until in zip(above, above[1:], strict=False)
    ]


def kleinrock(residual: float, loads: Sequence[float], ratios: Sequence[float]) -> list[float]:
    """Mean waits under accumulating priority, reckoned from the lowest class upward."""
    waits = [0.0] * len(loads)
    together = residual / (1 - sum(loads))
    for k in reversed(range(len(loads))):
        lower = sum(
            loads[i] * waits[i] * (1 - ratios[i] / ratios[k]) for i in range(k + 1, len(loads))
        )
        higher = sum(loads[i] * (1 - ratios[k] / ratios[i]) for i in range(k))
        waits[k] = (together - lower) / (1 - higher)
    return waits
