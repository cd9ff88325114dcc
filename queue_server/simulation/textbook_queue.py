"""A queue in the steady state: Poisson arrivals in classes, equal counters, one calling rule.

The simplest model of an office, and one whose answers are known from formulas (Erlang C, Cobham,
Kleinrock): whoever trusts neither can compare the two. Nobody is interrupted while served. Which
line goes first is decided by `domain.rule.leading`, as it is at a real counter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapreplace
from itertools import accumulate, chain
from math import exp, isfinite, log, sqrt
from random import Random
from statistics import fmean, stdev

from queue_server.domain.figures import Spread, spread
from queue_server.domain.rule import Rank, leading
from queue_server.domain.site import PriorityRules
from queue_server.simulation.checks import check, within

RULES = ("arrival", "strict", "accumulating")
EXPONENTIAL, DETERMINISTIC, LOGNORMAL = "exponential", "deterministic", "lognormal"
MOST_COUNTERS, MOST_CLASSES = 1000, 20
HIGHEST_LOAD, MOST_VARIATION = 0.999, 10
USUAL_RATIO = PriorityRules().ratio


@dataclass(frozen=True, slots=True)
class QueueModel:
    """What is simulated; raises `BadRequest` naming each field that makes no sense.

    `load` is the share of time that a counter serves, `minutes` the mean service. `shares` of the
    arrivals and `ratios` (credit per minute, for `accumulating`) stand highest class first;
    without ratios see `weights`. `service` is `exponential`, `deterministic` or `lognormal:CV`
    with the coefficient of variation.
    """

    counters: int = 1
    load: float = 0.9
    minutes: float = 12.0
    service: str = EXPONENTIAL
    shares: tuple[float, ...] = (1.0,)
    rule: str = "arrival"
    ratios: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        check(self._problems())

    @property
    def weights(self) -> tuple[float, ...]:
        """The ratios; without them each class earns three times as much as the one below."""
        lowest = len(self.shares) - 1
        return self.ratios or tuple(USUAL_RATIO ** (lowest - line) for line in range(lowest + 1))

    def _problems(self) -> list[tuple[str, str]]:
        return [
            within("counters", self.counters, 1, MOST_COUNTERS),
            ("load", _load_problem(self.load)),
            ("minutes", "" if _positive(self.minutes) else "must be more than 0"),
            ("service", _service_problem(self.service)),
            ("shares", _shares_problem(self.shares)),
            ("rule", "" if self.rule in RULES else f"must be one of {', '.join(RULES)}"),
            ("ratios", _ratios_problem(self.ratios, len(self.shares))),
        ]


def _positive(value: float) -> bool:
    return isfinite(value) and value > 0


def _load_problem(load: float) -> str:
    if _positive(load) and load <= HIGHEST_LOAD:
        return ""
    return f"must be above 0 and at most {HIGHEST_LOAD}: with 1 or more the queue never ends"


def _service_problem(service: str) -> str:
    if service in (EXPONENTIAL, DETERMINISTIC) or _is_lognormal(service):
        return ""
    return (
        f"must be {EXPONENTIAL}, {DETERMINISTIC} or {LOGNORMAL}:CV "
        f"with a coefficient of variation from 0 to {MOST_VARIATION}"
    )


def _is_lognormal(service: str) -> bool:
    kind, _, variation = service.partition(":")
    try:
        return kind == LOGNORMAL and 0 <= float(variation) <= MOST_VARIATION
    except ValueError:
        return False


def _shares_problem(shares: Sequence[float]) -> str:
    if not 1 <= len(shares) <= MOST_CLASSES:
        return f"must name 1 to {MOST_CLASSES} classes"
    if not all(isfinite(share) and share >= 0 for share in shares):
        return "must not be negative"
    return "" if sum(shares) > 0 else "must add up to more than 0, or nobody comes"


def _ratios_problem(ratios: Sequence[float], lines: int) -> str:
    if not ratios:
        return ""
    if len(ratios) != lines:
        return f"must name one ratio for each of the {lines} classes in shares"
    return "" if all(map(_positive, ratios)) else "must be more than 0"


MOST_CUSTOMERS = 10_000_000
# Times run in millionths of the mean service: whole numbers, as the rule wants them.
TICKS = 1_000_000
# Before anybody counts the queue must have forgotten that it began empty, and who counts must be
# overtaken by people who come after the last of them: five relaxation times, within reason.
RELAXATIONS, LEAST_WARM_UP, MOST_WARM_UP = 5, 2_000, 500_000
# Many customers are simulated in separate runs: that bounds the memory.
CUSTOMERS_A_RUN = 500_000
# Student's factor of a 95 % interval from twenty batches.
BATCHES, LEAST_BATCH, STUDENT = 20, 50, 2.093
DIGITS = 4


def ignored(done: int) -> None:
    """Nobody watches the progress."""


@dataclass(frozen=True, slots=True)
class QueueResult:
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
    model: QueueModel,
    customers: int = 500_000,
    seed: int = 1,
    progress: Callable[[int], None] = ignored,
) -> QueueResult:
    """Waiting times of so many customers in the steady state; the same seed, the same answer.

    `progress` hears how many more are done. Raises `BadRequest` for a number of customers that
    cannot be simulated.
    """
    check([within("customers", customers, 1, MOST_CUSTOMERS)])
    minutes: list[float] = []
    apart: list[list[float]] = [[] for _ in model.shares]
    for run, first in enumerate(range(0, customers, CUSTOMERS_A_RUN)):
        for line, wait in _run(model, min(CUSTOMERS_A_RUN, customers - first), seed, run):
            minutes.append(wait)
            apart[line].append(wait)
        progress(len(minutes) - first)
    everybody = [*apart, minutes]
    margins = tuple(map(_margin, everybody))
    *classes, overall = (spread(each, DIGITS) for each in everybody)
    return QueueResult(tuple(classes), overall, margins)


def _run(model: QueueModel, customers: int, seed: int, run: int) -> Iterator[tuple[int, float]]:
    """The class and the waiting minutes of everybody who counts in one stretch of time."""
    relaxation = model.load / (1 - sqrt(model.load)) ** 2
    apart = min(max(LEAST_WARM_UP, int(RELAXATIONS * relaxation)), MOST_WARM_UP)
    streams = drawn(model, customers + 2 * apart, seed, run)
    counted, scale = slice(apart, apart + customers), model.minutes / TICKS
    ticks = waits(model, streams)[counted]
    return ((line, wait * scale) for line, wait in zip(streams.line[counted], ticks, strict=True))


def _margin(minutes: Sequence[float]) -> float:
    """Neighbours wait alike, so means of long batches are compared instead of single waits."""
    count = len(minutes)
    if count < BATCHES * LEAST_BATCH:
        return 0.0
    ends = [count * batch // BATCHES for batch in range(BATCHES + 1)]
    means = [fmean(minutes[a:b]) for a, b in zip(ends, ends[1:], strict=False)]
    return round(STUDENT * stdev(means) / sqrt(BATCHES), DIGITS)


# -- who comes ---------------------------------------------------------------------------------


def drawn(model: QueueModel, customers: int, seed: int, run: int = 0) -> Streams:
    """The first so many customers.

    Each class has a stream of its own for arrivals and one for services, so that two rules with
    the same seed serve the very same people. Each stream is stretched to exactly its mean: the
    load is then what was asked for, and the answer steadier.
    """
    total = sum(model.shares)
    found: list[Iterator[tuple[int, int, int]]] = []
    for line, share in enumerate(model.shares):
        if share > 0:
            expected = customers * share / total
            count = int(expected + 8 * sqrt(expected) + 16)
            arrivals, services = (
                Random(f"{seed} {run} {line} {purpose}") for purpose in ("arrivals", "services")
            )
            gap = TICKS * total / (model.load * model.counters * share)
            at = map(round, accumulate(_stretched(_exponential(arrivals, count), gap)))
            work = map(round, _stretched(_services(services, model, count), TICKS))
            found.append(zip(at, [line] * count, work, strict=True))
    people = sorted(chain(*found))[:customers]
    return Streams(*([each[part] for each in people] for part in range(3)))


def _services(chance: Random, model: QueueModel, count: int) -> list[float]:
    """Services with a mean of one, but for what `_stretched` puts right."""
    if model.service == EXPONENTIAL:
        return _exponential(chance, count)
    if model.service == DETERMINISTIC:
        return [1.0] * count
    sigma, gauss = sqrt(log(1 + float(model.service.partition(":")[2]) ** 2)), chance.gauss
    return [exp(gauss(0.0, sigma)) for _ in range(count)]


def _exponential(chance: Random, count: int) -> list[float]:
    uniform = chance.random
    return [-log(1.0 - uniform()) for _ in range(count)]


def _stretched(values: list[float], mean: float) -> Iterator[float]:
    scale = mean / fmean(values)
    return (value * scale for value in values)


# -- who is served when ------------------------------------------------------------------------


def waits(model: QueueModel, streams: Streams) -> list[int]:
    """How long each customer waits, in ticks.

    Between two arrivals every counter that gets free takes the head of the leading line; those who
    are left when nobody comes any more are called at last.
    """
    queue = _Queue(model, streams.work)
    ends, works, lines, heads = queue.ends, queue.works, queue.lines, queue.heads
    for number, (now, line) in enumerate(zip(streams.at, streams.line, strict=True)):
        if queue.waiting and ends[0] <= now:
            queue.call_until(now)
        if ends[0] <= now:
            heapreplace(ends, now + works[number])
            continue
        place = (now, now, number)
        if heads[line] is None:
            heads[line] = place
        lines[line].append(place)
        queue.waiting += 1
    queue.call_until(None)
    return queue.waits


class _Queue:
    """The counters as a heap of the ticks at which they get free, and the lines before them."""

    __slots__ = ("rule", "weights", "works", "lines", "heads", "ends", "waits", "waiting")

    def __init__(self, model: QueueModel, works: list[int]) -> None:
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
