"""Were our forecasts kept? What holders were told, compared with when they were called.

A forecast is kept when the first call that was not a mistake came between low and high as they
were shown. Somebody who found a counter free was told "at once": that is nearly always kept and
would flatter the share, so it is counted apart. So are tickets that left before they were called
and those that a clerk moved: to another service or counter, with precedence, or set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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
            yield GivenForecast(at, *each.said, _outcome(life, noted, each.said))


_MOVES = (e.TicketTransferred, e.TicketServicesChanged, e.TicketPreferred, e.TicketParked)
_DECIDING = frozenset((e.TicketCalled, e.TicketReleased, e.TicketCancelled, *_MOVES))
_UNCALLED: Mapping[type[e.Event], ForecastOutcome] = {
    e.TicketCancelled: ForecastOutcome.LEFT,
    **dict.fromkeys(_MOVES, ForecastOutcome.MOVED),
}
KINDS: tuple[type[e.Event], ...] = (e.ForecastGiven, *_DECIDING)


def _outcome(life: Sequence[Happening], noted: int, told: Told) -> ForecastOutcome:
    """The first call that stood decides; whoever left or was moved before it counts apart."""
    at, call = life[noted].at, None
    for number, each in enumerate(life):
        # It was noted a second after it was told; by then they may have been called.
        if each.kind not in _DECIDING or (number < noted and each.at < at):
            continue
        if each.kind is e.TicketReleased:
            call = None
        elif call is not None:
            break
        elif each.kind is e.TicketCalled:
            call = each
        else:
            return _UNCALLED[each.kind]
    return ForecastOutcome.OPEN if call is None else _met((call.at - at) / MINUTE_MS, told)


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
