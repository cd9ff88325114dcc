"""Were our forecasts kept? What holders were told, beside when they were really called.

A forecast is kept when the first call that was not a mistake came between low and high as they
were shown. Somebody who found a counter free was told "at once": that is nearly always kept and
would flatter the share, so it is counted apart. So are tickets that left before they were called
and those that a clerk moved: to another service or counter, with precedence, or set aside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import TypeVar

from queue_server.domain.hours import local_day
from queue_server.domain.moments import MINUTE_MS, milliseconds, moment
from queue_server.domain.site import Site
from queue_server.store.database import Reader, Row

K = TypeVar("K", bound=Hashable)

# Expected waits in minutes up to which an office counts as quiet or as lively.
QUIET_BELOW, LIVELY_BELOW = 15, 45


class Outcome(StrEnum):
    """How a forecast ended; `open` while nobody knows."""

    KEPT = "kept"
    SOONER = "sooner"
    LATER = "later"
    LEFT = "left"
    MOVED = "moved"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Given:
    """A forecast that was told, and how it ended. `at_once`: a counter was free."""

    at: datetime
    kind: str
    low_minutes: int
    high_minutes: int
    likely_minutes: int
    outcome: Outcome

    @property
    def at_once(self) -> bool:
        return self.likely_minutes == 0

    @property
    def load(self) -> str:
        """How full the office was: `quiet`, `lively` or `crowded`, by the expected wait."""
        if self.likely_minutes < QUIET_BELOW:
            return "quiet"
        return "lively" if self.likely_minutes < LIVELY_BELOW else "crowded"


@dataclass(frozen=True, slots=True)
class Kept:
    """Forecasts that can be judged: `kept`, called `sooner` or `later`.

    Apart from them: `left` before a call, `moved` by a clerk, and `at_once`, where a counter was
    free when the number was drawn (`at_once_kept` of them were called in the time told).
    """

    forecasts: int
    kept: int
    sooner: int
    later: int
    left: int
    moved: int = 0
    at_once: int = 0
    at_once_kept: int = 0

    @property
    def share(self) -> float | None:
        """The share that was kept, 0 to 1; None when there is nothing to judge."""
        return self.kept / self.forecasts if self.forecasts else None


def kept(reader: Reader, site: Site, since: datetime, until: datetime) -> Kept:
    """The hit rate of the forecasts given in the half-open span."""
    return summed(given(reader, site, since, until))


def by_day(reader: Reader, site: Site, since: datetime, until: datetime) -> Mapping[date, Kept]:
    """The same for each local day that has any."""
    return _by(given(reader, site, since, until), lambda each: local_day(each.at, site.zone))


def by_kind(reader: Reader, site: Site, since: datetime, until: datetime) -> Mapping[str, Kept]:
    """The same for people with (`appointment`) and without an appointment (`walk_in`)."""
    return _by(given(reader, site, since, until), lambda each: each.kind)


def by_load(reader: Reader, site: Site, since: datetime, until: datetime) -> Mapping[str, Kept]:
    """The same by how full the office was."""
    return _by(given(reader, site, since, until), lambda each: each.load)


def given(reader: Reader, site: Site, since: datetime, until: datetime) -> list[Given]:
    """Every forecast given in the half-open span, oldest first."""
    params = {"site": site.id, "since": milliseconds(since), "until": milliseconds(until)}
    rows = reader.rows(_GIVEN, params)
    return [_judged(list(group)) for _, group in groupby(rows, key=lambda row: int(row["seq"]))]


# Each forecast with what happened to its ticket afterwards, up to the first call or the end.
_GIVEN = """SELECT given.seq, given.at, given.data, tickets.kind,
        later.name AS then_name, later.at AS then_at
    FROM journal AS given
    JOIN tickets ON tickets.id = given.ticket
    LEFT JOIN journal AS later ON later.ticket = given.ticket AND later.seq > given.seq
        AND later.name IN ('TicketCalled', 'TicketReleased', 'TicketCancelled', 'TicketParked',
            'TicketTransferred', 'TicketServicesChanged', 'TicketPreferred')
    WHERE given.site = :site AND given.name = 'ForecastGiven'
        AND given.at >= :since AND given.at < :until
    ORDER BY given.seq, later.seq"""
_MOVES = ("TicketTransferred", "TicketServicesChanged", "TicketPreferred", "TicketParked")


def _judged(rows: list[Row]) -> Given:
    first = rows[0]
    said = json.loads(first["data"])
    low, high = said["low_minutes"], said["high_minutes"]
    return Given(
        at=moment(first["at"]),
        kind=first["kind"],
        low_minutes=low,
        high_minutes=high,
        likely_minutes=said["likely_minutes"],
        outcome=_outcome(rows, first["at"], low, high),
    )


def _outcome(rows: list[Row], at: int, low: int, high: int) -> Outcome:
    """The first call that stood decides; whoever left or was moved before it counts apart."""
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        name = row["then_name"]
        if name == "TicketCancelled":
            return Outcome.LEFT
        if name in _MOVES:
            return Outcome.MOVED
        if name == "TicketCalled" and (after is None or after["then_name"] != "TicketReleased"):
            return _met(row["then_at"] - at, low, high)
    return Outcome.OPEN


def _met(wait: int, low: int, high: int) -> Outcome:
    if wait < low * MINUTE_MS:
        return Outcome.SOONER
    return Outcome.KEPT if wait <= high * MINUTE_MS else Outcome.LATER


def summed(forecasts: Iterable[Given]) -> Kept:
    """The counts of some forecasts."""
    found = list(forecasts)
    at_once = [each.outcome for each in found if each.at_once]
    rest = [each.outcome for each in found if not each.at_once]
    kept, sooner, later = (rest.count(Outcome(n)) for n in ("kept", "sooner", "later"))
    return Kept(
        forecasts=kept + sooner + later,
        kept=kept,
        sooner=sooner,
        later=later,
        left=rest.count(Outcome.LEFT) + at_once.count(Outcome.LEFT),
        moved=rest.count(Outcome.MOVED) + at_once.count(Outcome.MOVED),
        at_once=sum(each in _CALLED for each in at_once),
        at_once_kept=at_once.count(Outcome.KEPT),
    )


_CALLED = (Outcome.KEPT, Outcome.SOONER, Outcome.LATER)


def _by(forecasts: Iterable[Given], key: Callable[[Given], K]) -> dict[K, Kept]:
    found: dict[K, list[Given]] = {}
    for each in forecasts:
        found.setdefault(key(each), []).append(each)
    return {value: summed(some) for value, some in found.items()}
