"""What `simulation.queue` simulates, and what makes no sense."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from queue_server.domain.errors import BadRequest
from queue_server.domain.site import PriorityRules

RULES = ("arrival", "strict", "accumulating")
EXPONENTIAL, DETERMINISTIC, LOGNORMAL = "exponential", "deterministic", "lognormal"
MOST_COUNTERS, MOST_CLASSES = 1000, 20
HIGHEST_LOAD, MOST_VARIATION = 0.999, 10
USUAL_RATIO = PriorityRules().ratio


@dataclass(frozen=True, slots=True)
class Model:
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
        refused(self._problems())

    @property
    def weights(self) -> tuple[float, ...]:
        """The ratios; without them each class earns three times as much as the one below."""
        lowest = len(self.shares) - 1
        return self.ratios or tuple(USUAL_RATIO ** (lowest - line) for line in range(lowest + 1))

    def _problems(self) -> list[tuple[str, str]]:
        return [
            ("counters", _whole_problem(self.counters, MOST_COUNTERS)),
            ("load", _load_problem(self.load)),
            ("minutes", "" if _positive(self.minutes) else "must be more than 0"),
            ("service", _service_problem(self.service)),
            ("shares", _shares_problem(self.shares)),
            ("rule", "" if self.rule in RULES else f"must be one of {', '.join(RULES)}"),
            ("ratios", _ratios_problem(self.ratios, len(self.shares))),
        ]


def refused(problems: Iterable[tuple[str, str]]) -> None:
    """Raises `BadRequest` with a sentence for each field that has a problem, if any has one."""
    errors = [(field, problem, "") for field, problem in problems if problem]
    if errors:
        raise BadRequest(errors=errors)


def _positive(value: float) -> bool:
    return isfinite(value) and value > 0


def _whole_problem(value: int, most: int) -> str:
    return "" if 1 <= value <= most else f"must be from 1 to {most}"


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
