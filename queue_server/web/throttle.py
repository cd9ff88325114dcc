"""Slowing down guessers and runaway clients: token buckets in memory, no address is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from types import MappingProxyType

from queue_server.domain.errors import TooManyTries
from queue_server.domain.site import Site

EVERYBODY = "*"
MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` tries at once, refilled at `per_minute`."""

    burst: int
    per_minute: float


@dataclass(frozen=True, slots=True)
class Limits:
    """For one client and for all clients together."""

    client: Limit
    total: Limit


# Only failed attempts of passwords, codes and pairings are counted, so a busy kiosk never waits.
LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "password": Limits(Limit(10, 4), Limit(100, 60)),
        "code": Limits(Limit(20, 10), Limit(200, 60)),
        "pairing": Limits(Limit(10, 4), Limit(50, 20)),
        "ticket": Limits(Limit(20_000, 6_000), Limit(50_000, 20_000)),
    }
)


def limits_for(sites: Iterable[Site]) -> Mapping[str, Limits]:
    """The fixed limits, and each site's own for bookings with and without a proof of work."""
    own: dict[str, Limits] = {}
    for site in sites:
        rules = site.booking
        own[booking(site)] = _hourly(rules.per_client_hour, rules.per_hour)
        own[booking(site, proven=False)] = _hourly(
            rules.unproven_per_client_hour, rules.unproven_per_hour
        )
    return {**LIMITS, **own}


def booking(site: Site, *, proven: bool = True) -> str:
    """The purpose under which a site's bookings are counted."""
    return f"{'booking' if proven else 'unproven'} {site.id}"


def _hourly(client: int, total: int) -> Limits:
    return Limits(Limit(client, client / 60), Limit(total, total / 60))


class Throttle:
    """Counts per purpose and client. Clients are only in memory and forgotten when refilled."""

    def __init__(self, limits: Mapping[str, Limits] = LIMITS) -> None:
        self._limits = limits
        self._spent: dict[tuple[str, str], tuple[float, datetime]] = {}

    def check(self, purpose: str, client: str, now: datetime) -> None:
        """Raise `TooManyTries` (with `seconds`) when a bucket is empty."""
        for limit, who in self._buckets(purpose, client):
            over = self._level(purpose, who, limit, now) + 1 - limit.burst
            if over > 0:
                raise TooManyTries(seconds=ceil(over * 60 / limit.per_minute))

    def count(self, purpose: str, client: str, now: datetime) -> None:
        """One try was spent."""
        if len(self._spent) > MOST_BUCKETS:
            self._forget_refilled(now)
        for limit, who in self._buckets(purpose, client):
            self._spent[purpose, who] = (self._level(purpose, who, limit, now) + 1, now)

    def _buckets(self, purpose: str, client: str) -> tuple[tuple[Limit, str], ...]:
        limits = self._limits[purpose]
        return (limits.client, client), (limits.total, EVERYBODY)

    def _level(self, purpose: str, who: str, limit: Limit, now: datetime) -> float:
        spent, at = self._spent.get((purpose, who), (0.0, now))
        return max(0.0, spent - (now - at).total_seconds() / 60 * limit.per_minute)

    def _forget_refilled(self, now: datetime) -> None:
        for purpose, who in list(self._spent):
            limits = self._limits[purpose]
            limit = limits.total if who == EVERYBODY else limits.client
            if self._level(purpose, who, limit, now) == 0:
                del self._spent[purpose, who]
