"""How fast an office works: what is planned, corrected by what was measured.

Pure. A service's visits are measured against their planned minutes, so that visits for several
services or persons count, too. Few measurements say little: the plan weighs as much as ten visits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, sqrt
from statistics import NormalDist, median

from queue_server.domain.timestamps import MINUTE_MS

# As many visits as the plan is worth, and the scatter of visits where none is measured: a
# coefficient of variation of one half.
PRIOR_VISITS = 10
PRIOR_SIGMA = 0.47
# A clerk who forgot to press "finish" does not work ten hours on a passport.
MOST_RATIO = 20.0
LEAST_SIGMA, MOST_SIGMA = 0.15, 0.9
# A tenth, a half and nine tenths of a normal distribution lie this far apart.
MIDDLE_80 = NormalDist().inv_cdf(0.9) - NormalDist().inv_cdf(0.1)

PRIOR_NO_SHOW, PRIOR_APPOINTMENTS = 0.18, 20
PRIOR_MISSED, PRIOR_CALLS = 0.02, 50
PRIOR_EARLY_MS, PRIOR_SPREAD_MS = -6 * MINUTE_MS, 7 * MINUTE_MS
PRIOR_WALK_MS, PRIOR_PAUSE_MS, PRIOR_VAIN_MS = 30_000, 10_000, 3 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class VisitLength:
    """How long visits for a service take: log-normal, the median as a share of the plan.

    `visits` were measured; `doubt` is the uncertainty of the median's logarithm.
    """

    ratio: float = 1.0
    sigma: float = PRIOR_SIGMA
    doubt: float = PRIOR_SIGMA / sqrt(PRIOR_VISITS)
    visits: int = 0


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """What the forecast believes of an office. Milliseconds, shares from 0 to 1.

    `early` is by how much people with an appointment come after its time (negative: before it),
    `spread` its standard deviation; `walk` is from the call to the counter, `pause` from the end
    of a visit to the next call while somebody waits, `vain` how long a counter waits for somebody
    who does not come.
    """

    lasting: Mapping[str, VisitLength] = field(default_factory=dict)
    shows: float = 1 - PRIOR_NO_SHOW
    early: float = PRIOR_EARLY_MS
    spread: float = PRIOR_SPREAD_MS
    misses: float = PRIOR_MISSED
    walk: float = PRIOR_WALK_MS
    pause: float = PRIOR_PAUSE_MS
    vain: float = PRIOR_VAIN_MS

    def of(self, service: str) -> VisitLength:
        """How long this service takes; as planned when nothing is known."""
        return self.lasting.get(service, PLANNED)


# A log-normal visit whose mean is as planned: its median is a little shorter.
PLANNED = VisitLength(ratio=exp(-(PRIOR_SIGMA**2) / 2))


def lasting(ratios: Sequence[float]) -> VisitLength:
    """The measured visits of a service, each as a share of its planned time, robustly.

    Median and the middle 80 % of the logarithms: neither a forgotten "finish" nor a visit that
    ended at once moves them. Shrunk to the plan by `PRIOR_VISITS`.
    """
    logs = sorted(log(ratio) for ratio in ratios if 1 / MOST_RATIO < ratio < MOST_RATIO)
    count = len(logs)
    if not count:
        return PLANNED
    weight = count / (count + PRIOR_VISITS)
    middle = weight * median(logs) + (1 - weight) * log(PLANNED.ratio)
    variance = weight * _scatter(logs, PRIOR_SIGMA) ** 2 + (1 - weight) * PRIOR_SIGMA**2
    sigma = min(MOST_SIGMA, max(LEAST_SIGMA, sqrt(variance)))
    return VisitLength(exp(middle), sigma, sigma / sqrt(count + PRIOR_VISITS), count)


def share(happened: int, of: int, prior: float, weight: int) -> float:
    """A share of counted cases, shrunk to what is usual elsewhere."""
    return (happened + prior * weight) / (of + weight)


def usual(values: Iterable[float], prior: float, weight: int = PRIOR_VISITS) -> float:
    """The mean without the tenth at either end, shrunk to what is usual elsewhere."""
    ordered = sorted(values)
    cut = len(ordered) // 10
    kept = ordered[cut : len(ordered) - cut]
    return (sum(kept) + prior * weight) / (len(kept) + weight)


def punctuality(offsets: Sequence[float]) -> tuple[float, float]:
    """Median and spread (as a standard deviation) of how late people come, milliseconds."""
    if not offsets:
        return PRIOR_EARLY_MS, PRIOR_SPREAD_MS
    ordered, weight = sorted(offsets), len(offsets) / (len(offsets) + PRIOR_VISITS)
    middle = weight * median(ordered) + (1 - weight) * PRIOR_EARLY_MS
    return middle, weight * _scatter(ordered, PRIOR_SPREAD_MS) + (1 - weight) * PRIOR_SPREAD_MS


def _scatter(ordered: Sequence[float], prior: float) -> float:
    """The standard deviation, from the middle 80 % alone; `prior` where one value says nothing."""
    last = len(ordered) - 1
    if last < 1:
        return prior
    return (ordered[round(0.9 * last)] - ordered[round(0.1 * last)]) / MIDDLE_80
