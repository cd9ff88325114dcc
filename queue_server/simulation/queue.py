"""A queue in the steady state: Poisson arrivals in classes, equal counters, one calling rule.

The simplest model of an office, and one whose answers are known from formulas (Erlang C, Cobham,
Kleinrock): whoever trusts neither can compare the two. Nobody is interrupted while served. Which
line goes first is decided by `domain.rule.leading`, as it is at a real counter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapreplace
from math import log, sqrt
from typing import TYPE_CHECKING

from queue_server.domain.rule import Rank, leading
from queue_server.simulation.figures import Spread, spread
from queue_server.simulation.model import DETERMINISTIC, EXPONENTIAL, Model, refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Lines = NDArray[np.int64]

MOST_CUSTOMERS = 10_000_000
# Times run in millionths of the mean service: whole numbers, as the rule wants them.
TICKS = 1_000_000
# Before anybody counts the queue must have forgotten that it began empty, and who counts must be
# overtaken by people who come after the last of them: five relaxation times, within reason.
RELAXATIONS, LEAST_WARM_UP, MOST_WARM_UP = 5, 2_000, 500_000
# Many customers are simulated in runs of their own: that bounds the memory.
CUSTOMERS_A_RUN = 500_000
# Student's factor of a 95 % interval from twenty batches.
BATCHES, LEAST_BATCH, STUDENT = 20, 50, 2.093
DIGITS = 4


def ignored(done: int) -> None:
    """Nobody watches the progress."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The waiting minutes of each class, highest first, and of everybody.

    `margins` are the half-widths of the 95 % confidence intervals of the classes' means, the last
    of everybody's; 0 where too few came to tell.
    """

    classes: tuple[Spread, ...]
    overall: Spread
    margins: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Streams:
    """Everybody who comes, in order: when (ticks), in which class, with how much work (ticks)."""

    at: list[int]
    line: list[int]
    work: list[int]


def simulate(
    model: Model, customers: int = 500_000, seed: int = 1, progress: Callable[[int], None] = ignored
) -> Outcome:
    """Waiting times of so many customers in the steady state; the same seed, the same answer.

    `progress` hears how many more are done. Raises `BadRequest` for a number of customers that
    cannot be simulated.
    """
    import numpy as np

    known = 1 <= customers <= MOST_CUSTOMERS
    refused([("customers", "" if known else f"must be from 1 to {MOST_CUSTOMERS}")])
    runs = []
    for run, first in enumerate(range(0, customers, CUSTOMERS_A_RUN)):
        runs.append(_run(model, min(CUSTOMERS_A_RUN, customers - first), seed, run))
        progress(len(runs[-1][0]))
    minutes, lines = (np.concatenate([each[part] for each in runs]) for part in (0, 1))
    apart = [minutes[lines == line] for line in range(len(model.shares))]
    everybody = [*apart, minutes]
    *classes, overall = (spread(each.tolist(), DIGITS) for each in everybody)
    return Outcome(tuple(classes), overall, tuple(map(_margin, everybody)))


def _run(model: Model, customers: int, seed: int, run: int) -> tuple[Floats, Lines]:
    """The waiting minutes of one stretch of time and the classes of those who waited."""
    import numpy as np

    relaxation = model.load / (1 - sqrt(model.load)) ** 2
    apart = min(max(LEAST_WARM_UP, int(RELAXATIONS * relaxation)), MOST_WARM_UP)
    streams = drawn(model, customers + 2 * apart, seed, run)
    counted = slice(apart, apart + customers)
    ticks = np.array(waits(model, streams)[counted], dtype=np.float64)
    return ticks * (model.minutes / TICKS), np.array(streams.line[counted])


def _margin(minutes: Floats) -> float:
    """Neighbours wait alike, so means of long batches are compared instead of single waits."""
    import numpy as np

    if len(minutes) < BATCHES * LEAST_BATCH:
        return 0.0
    means = [float(batch.mean()) for batch in np.array_split(minutes, BATCHES)]
    return round(STUDENT * float(np.std(means, ddof=1)) / sqrt(BATCHES), DIGITS)


# -- who comes ---------------------------------------------------------------------------------


def drawn(model: Model, customers: int, seed: int, run: int = 0) -> Streams:
    """The first so many customers.

    Each class has a stream of its own for arrivals and one for services, so that two rules with
    the same seed serve the very same people. Each stream is stretched to exactly its mean: the
    load is then what was asked for, and the answer steadier.
    """
    import numpy as np

    total = sum(model.shares)
    found: list[tuple[Floats, int, Floats]] = []
    for line, share in enumerate(model.shares):
        if share > 0:
            expected = customers * share / total
            count = int(expected + 8 * sqrt(expected) + 16)
            arrivals, services = (np.random.default_rng([seed, run, line, each]) for each in (0, 1))
            gaps = _stretched(arrivals.standard_exponential(count))
            at = np.cumsum(gaps) * (total / (model.load * model.counters * share))
            found.append((at, line, _stretched(_services(services, model, count))))
    at = np.concatenate([each[0] for each in found])
    order = np.argsort(at, kind="stable")[:customers]
    line_of = np.concatenate([np.full(len(each[0]), each[1]) for each in found])
    work_of = np.concatenate([each[2] for each in found])
    return Streams(_ticks(at[order]), line_of[order].tolist(), _ticks(work_of[order]))


def _services(generator: np.random.Generator, model: Model, count: int) -> Floats:
    """Services with a mean of one."""
    import numpy as np

    if model.service == EXPONENTIAL:
        return generator.standard_exponential(count)
    if model.service == DETERMINISTIC:
        return np.ones(count)
    sigma = sqrt(log(1 + float(model.service.partition(":")[2]) ** 2))
    return np.exp(sigma * generator.standard_normal(count))


def _stretched(values: Floats) -> Floats:
    scaled: Floats = values / values.mean()
    return scaled


def _ticks(values: Floats) -> list[int]:
    import numpy as np

    ticks: list[int] = np.rint(values * TICKS).astype(np.int64).tolist()
    return ticks


# -- who is served when ------------------------------------------------------------------------


def waits(model: Model, streams: Streams) -> list[int]:
    """How long each customer waits, in ticks.

    Between two arrivals every counter that gets free takes the head of the leading line; those who
    are left when nobody comes any more are called at last.
    """
    office = _Office(model, streams.work)
    ends, works, lines, heads = office.ends, office.works, office.lines, office.heads
    for number, (now, line) in enumerate(zip(streams.at, streams.line, strict=True)):
        if office.waiting and ends[0] <= now:
            office.call_until(now)
        if ends[0] <= now:
            heapreplace(ends, now + works[number])
            continue
        place = (now, now, number)
        if heads[line] is None:
            heads[line] = place
        lines[line].append(place)
        office.waiting += 1
    office.call_until(None)
    return office.waits


class _Office:
    """The counters as a heap of the ticks at which they get free, and the lines before them."""

    __slots__ = ("rule", "weights", "works", "lines", "heads", "ends", "waits", "waiting")

    def __init__(self, model: Model, works: list[int]) -> None:
        self.rule, self.weights, self.works = model.rule, model.weights, works
        self.lines: list[deque[Rank]] = [deque() for _ in model.shares]
        self.heads: list[Rank | None] = [None for _ in model.shares]
        self.ends = [0] * model.counters
        self.waits = [0] * len(works)
        self.waiting = 0

    def call_until(self, now: int | None) -> None:
        """All calls up to this moment; None: until nobody waits."""
        rule, weights, lines, heads = self.rule, self.weights, self.lines, self.heads
        ends, works, waits = self.ends, self.works, self.waits
        alone = 0 if len(lines) == 1 else None
        while self.waiting and (now is None or ends[0] <= now):
            free = ends[0]
            line = leading(rule, heads, weights, free) if alone is None else alone
            assert line is not None, "somebody waits"
            queue = lines[line]
            came, _, number = queue.popleft()
            heads[line] = queue[0] if queue else None
            waits[number] = free - came
            heapreplace(ends, free + works[number])
            self.waiting -= 1
