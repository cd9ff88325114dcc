"""Were our forecasts kept? What holders were told, compared with when they were called.

A forecast is kept when the first call that was not a mistake came between low and high as they
were shown. Somebody who found a counter free was told "at once": that is nearly always kept and
would flatter the share, so it is counted apart. So are tickets that left before they were called
and those that a clerk moved: to another service or counter, with precedence, or set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple

from queue_server.domain import events as e
from queue_server.domain.site import Site
from queue_server.domain.timestamps import MINUTE_MS, moment
from queue_server.store.database import Reader
from queue_server.store.lives import Happening, Told, lives


class ForecastOutcome(StrEnum):
    """How a forecast ended; `open` while nobody knows."""

    KEPT = "kept"
    SOONER = "sooner"
    LATER = "later"
    LEFT = "left"
    MOVED = "moved"
    OPEN = "open"


class GivenForecast(NamedTuple):
    """A forecast that was told, and how it ended. `at_once`: a counter was free."""

    at: datetime
    low_minutes: int
    high_minutes: int
    likely_minutes: int
    outcome: ForecastOutcome

    @property
    def at_once(self) -> bool:
        return self.likely_minutes == 0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Forecasts that can be judged: `kept`, called `sooner` or `later`.

    Apart from them: `left` before a call, `moved` by a clerk, and `at_once`, where a counter was
    free when the number was drawn.
    """

    forecasts: int
    kept: int
    sooner: int
    later: int
    left: int
    moved: int = 0
    at_once: int = 0

    @property
    def share(self) -> float | None:
        """The share that was kept, 0 to 1; None when there is nothing to judge."""
        return self.kept / self.forecasts if self.forecasts else None


def accuracy(reader: Reader, site: Site, since: datetime, until: datetime) -> Accuracy:
    """The hit rate of the forecasts given in the half-open span."""
    return summed(given(reader, site, since, until))


def given(reader: Reader, site: Site, since: datetime, until: datetime) -> list[GivenForecast]:
    """Every forecast given in the half-open span, oldest first."""
    past = lives(reader, site.id, since, until, KINDS)
    found = [one for life in past for one in forecasts_of(life, since, until)]
    return sorted(found, key=lambda one: one.at)


def forecasts_of(
    life: Sequence[Happening], since: datetime, until: datetime
) -> Iterator[GivenForecast]:
    """What somebody was told in the half-open span, beside what happened to them."""
    for noted, each in enumerate(life):
        if isinstance(each.said, Told) and since <= (at := moment(each.at)) < until:
            # It was noted a second after it was told; by then they may have been called.
            deciding = [
                one
                for n, one in enumerate(life)
                if one.kind in _DECIDING and (n > noted or one.at >= each.at)
            ]
            yield GivenForecast(at, *each.said, _outcome(deciding, each.at, each.said))


_MOVES = (e.TicketTransferred, e.TicketServicesChanged, e.TicketPreferred, e.TicketParked)
_DECIDING = frozenset((e.TicketCalled, e.TicketReleased, e.TicketCancelled, *_MOVES))
KINDS: tuple[type[e.Event], ...] = (e.ForecastGiven, *_DECIDING)


def _outcome(deciding: Sequence[Happening], at: int, told: Told) -> ForecastOutcome:
    """The first call that stood decides; whoever left or was moved before it counts apart."""
    for each, after in zip_longest(deciding, deciding[1:]):
        if each.kind is e.TicketCancelled:
            return ForecastOutcome.LEFT
        if each.kind in _MOVES:
            return ForecastOutcome.MOVED
        if each.kind is e.TicketCalled and (after is None or after.kind is not e.TicketReleased):
            return _met((each.at - at) / MINUTE_MS, told)
    return ForecastOutcome.OPEN


def _met(minutes: float, told: Told) -> ForecastOutcome:
    if minutes < told.low_minutes:
        return ForecastOutcome.SOONER
    return ForecastOutcome.KEPT if minutes <= told.high_minutes else ForecastOutcome.LATER


def summed(forecasts: Iterable[GivenForecast]) -> Accuracy:
    """The counts of some forecasts."""
    found = list(forecasts)
    at_once = [each.outcome for each in found if each.at_once]
    rest = [each.outcome for each in found if not each.at_once]
    kept, sooner, later = (rest.count(ForecastOutcome(n)) for n in ("kept", "sooner", "later"))
    return Accuracy(
        forecasts=kept + sooner + later,
        kept=kept,
        sooner=sooner,
        later=later,
        left=rest.count(ForecastOutcome.LEFT) + at_once.count(ForecastOutcome.LEFT),
        moved=rest.count(ForecastOutcome.MOVED) + at_once.count(ForecastOutcome.MOVED),
        at_once=sum(each in _CALLED for each in at_once),
    )


_CALLED = (ForecastOutcome.KEPT, ForecastOutcome.SOONER, ForecastOutcome.LATER)
