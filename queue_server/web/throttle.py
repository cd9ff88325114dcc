"""Slowing down guessers and runaway clients: token buckets in memory, no address is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address
from math import ceil
from threading import Lock
from types import MappingProxyType

from queue_server.domain.errors import Refused, TooManyTries
from queue_server.domain.site import Site

EVERYBODY = "*"
MOST_BUCKETS = 10_000
# What is switched off by a limit of nothing is still off after this long.
HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` tries at once, refilled at `per_minute`. With none of either nobody may try."""

    burst: int
    per_minute: float

    def seconds_for(self, tries: float) -> int:
        """How long it takes until so many tries are refilled."""
        return ceil(tries * 60 / self.per_minute) if self.per_minute else HOUR_SECONDS


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
        # Frames that a kiosk's camera could not read: each costs the server a tenth of a second.
        "picture": Limits(Limit(60, 60), Limit(600, 600)),
        "pairing": Limits(Limit(10, 4), Limit(50, 20)),
        # Taken at a kiosk, where nobody is known: a busy morning of it, and no calendar emptied.
        "appointment": Limits(Limit(60, 1), Limit(200, 4)),
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


def _seconds(over: float, limit: Limit) -> int:
    """Until one more try is allowed; where none ever is, an hour says enough."""
    return ceil(over * 60 / limit.per_minute) if limit.per_minute else 3600


def _hourly(client: int, total: int) -> Limits:
    return Limits(Limit(client, client / 60), Limit(total, total / 60))


class Throttle:
    """Counts per purpose and client. Clients are only in memory and forgotten when refilled."""

    def __init__(self, limits: Mapping[str, Limits] = LIMITS) -> None:
        self._limits = limits
        self._spent: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._turn = Lock()

    @contextmanager
    def one(self, purpose: str, client: str, now: datetime) -> Iterator[None]:
        """Spend a try on what is done inside; a refusal gives it back.

        It is spent first, so that many at the same moment do not all pass. Raises `TooManyTries`.
        """
        with self._turn:
            self.check(purpose, client, now)
            self.count(purpose, client, now)
        try:
            yield
        except Refused:
            self._add(purpose, client, now, -1)
            raise

    def check(self, purpose: str, client: str, now: datetime) -> None:
        """Raise `TooManyTries` (with `seconds`) when a bucket is empty."""
        for limit, who in self._buckets(purpose, client):
            over = self._level(purpose, who, limit, now) + 1 - limit.burst
            if over > 0:
                raise TooManyTries(seconds=_seconds(over, limit))

    def count(self, purpose: str, client: str, now: datetime) -> None:
        """One try was spent."""
        if len(self._spent) > MOST_BUCKETS:
            self._forget_refilled(now)
        self._add(purpose, client, now, 1)

    def _add(self, purpose: str, client: str, now: datetime, tries: int) -> None:
        for limit, who in self._buckets(purpose, client):
            self._spent[purpose, who] = (self._level(purpose, who, limit, now) + tries, now)

    def _buckets(self, purpose: str, client: str) -> tuple[tuple[Limit, str], ...]:
        limits = self._limits[purpose]
        return (limits.client, _household(client)), (limits.total, EVERYBODY)

    def _level(self, purpose: str, who: str, limit: Limit, now: datetime) -> float:
        spent, at = self._spent.get((purpose, who), (0.0, now))
        return max(0.0, spent - (now - at).total_seconds() / 60 * limit.per_minute)

    def _forget_refilled(self, now: datetime) -> None:
        for purpose, who in list(self._spent):
            limits = self._limits[purpose]
            limit = limits.total if who == EVERYBODY else limits.client
            if self._level(purpose, who, limit, now) == 0:
                del self._spent[purpose, who]


def _household(client: str) -> str:
    """The network of an IPv6 address: a household has more addresses than anybody can count."""
    if ":" not in client:
        return client
    try:
        address = IPv6Address(client)
    except ValueError:
        return client
    return str(address.ipv4_mapped or int(address) >> 64)
