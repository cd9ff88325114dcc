"""Slowing down guessers and runaway clients: token buckets in memory, no address is stored.

A try is spent before the work and given back when its outcome says that it does not count, so
that many at the same moment do not all pass. Time is monotonic: a clock that is set back locks
nobody out.

Each entry (a key of `LIMITS`: what is tried) counts every client in a bucket of its own, and all
clients together in another. What all have spent must not be taken from those who spent nothing,
else one attacker could lock out everybody. So an empty total only takes the tries of clients that
are not quiet: whoever has left their own bucket alone has some tries an hour (`Limits.quiet`)
whatever others do. Known clients are in no total at all. The /56 and /48 around an IPv6 address
work the same way, and as one customer owns them, they end for everybody in them at MOST_OF_NETWORK
times their size.

Memory is bounded. When there are too many buckets, the emptiest are forgotten: a spray of new
addresses makes room for itself, and an attacker who has spent much is remembered longest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from queue_server.domain.errors import Refused, TooManyTries
from queue_server.web.limits import LIMITS, Client, Limit, Limits

EVERYBODY = "*"
MOST_BUCKETS = 10_000
# A quarter goes at once, so that a spray does not sort the buckets again for each address.
KEPT_BUCKETS = 7_500
MOST_OF_NETWORK = 4
# So many hours after it was loud, a client is quiet again.
MOST_LATELY = 4
ROUNDING = 1e-6


@dataclass(slots=True)
class Bucket:
    """What was spent, and at which second; it runs empty at the rate of its limit."""

    limit: Limit
    at: float
    spent: float = 0.0

    def level(self, now: float) -> float:
        return max(0.0, self.spent - (now - self.at) / 60 * self.limit.per_minute)

    def seconds_to(self, level: float, now: float) -> int:
        """Until no more than this is spent."""
        over = self.level(now) - level
        return self.limit.seconds_for(over) if over > ROUNDING else 0

    def add(self, tries: float, now: float) -> None:
        self.spent, self.at = max(0.0, self.level(now) + tries), now

    def fullness(self, now: float) -> float:
        return self.level(now) / max(self.limit.burst, 1)


@dataclass(slots=True)
class OwnBucket(Bucket):
    """That of a client. `lately` is what was spent in the last hours, refilled much slower."""

    quiet: Limit = field(kw_only=True)
    lately: Bucket = field(init=False)

    def __post_init__(self) -> None:
        self.lately = Bucket(self.quiet, self.at)

    def seconds_to_quiet(self, now: float) -> int:
        """Until it may try once more though everybody together have tried too often."""
        return self.lately.seconds_to(self.quiet.burst - 1, now)

    def add(self, tries: float, now: float) -> None:
        Bucket.add(self, tries, now)
        self.lately.add(min(tries, self.quiet.burst * MOST_LATELY - self.lately.level(now)), now)


class Throttle:
    """Counts tries by entry and client. `clock` is monotonic, in seconds."""

    def __init__(
        self, limits: Mapping[str, Limits] = LIMITS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._turn = Lock()

    def use(self, limits: Mapping[str, Limits]) -> None:
        """Other limits from now on. A bucket that is half empty stays as it is until it is full."""
        self._limits = limits

    @contextmanager
    def one(self, entry: str, client: Client) -> Iterator[None]:
        """Spend a try on what is done inside; a refusal gives it back. Raises `TooManyTries`."""
        self.spend(entry, client)
        try:
            yield
        except Refused:
            self._give_back(entry, client)
            raise

    @contextmanager
    def guess(self, entry: str, client: Client, wrong: type[Refused]) -> Iterator[None]:
        """Spend a try on a guess; only a `wrong` one counts, and a fault of ours.

        Raises `TooManyTries`.
        """
        self.spend(entry, client)
        try:
            yield
        except wrong:
            raise
        except Refused:
            self._give_back(entry, client)
            raise
        else:
            self._give_back(entry, client)

    def spend(self, entry: str, client: Client) -> None:
        """One try that counts, whatever becomes of it. Raises `TooManyTries` (with `seconds`)."""
        now = self._clock()
        with self._turn:
            seconds = self._seconds(entry, client, now)
            if seconds:
                raise TooManyTries(seconds=seconds)
            self._add(entry, client, 1, now)

    def note(self, entry: str, client: Client) -> float:
        """Count a try that nobody refuses; how much too often the entry was tried, from 0 on.

        1 is twice as often as the limit allows, by this client or by all; quiet clients and known
        ones do not suffer from all.
        """
        now = self._clock()
        with self._turn:
            overload = max(self._overload(entry, client, now))
            self._add(entry, client, 1, now)
            return max(0.0, overload - 1)

    # -- what is left -----------------------------------------------------------------------

    def _seconds(self, entry: str, client: Client, now: float) -> int:
        """How long the client has to wait for its next try; 0 for not at all."""
        own, wider, total = self._buckets_of(entry, client)
        waits = [own.seconds_to(own.limit.burst - 1, now)]
        waits += [b.seconds_to(b.limit.burst * MOST_OF_NETWORK - 1, now) for b in wider]
        until_quiet = own.seconds_to_quiet(now)
        crowded = [b.seconds_to(b.limit.burst - 1, now) for b in wider]
        waits += [min(wait, until_quiet) for wait in crowded]
        if total is not None:
            until_quiet = max(until_quiet, *crowded, 0)
            waits.append(min(total.seconds_to(total.limit.burst - 1, now), until_quiet))
        return max(waits)

    def _overload(self, entry: str, client: Client, now: float) -> Iterator[float]:
        own, wider, total = self._buckets_of(entry, client)
        yield own.fullness(now)
        yield from (bucket.fullness(now) for bucket in wider)
        if total is not None and own.seconds_to_quiet(now):
            yield total.fullness(now)

    # -- the buckets ------------------------------------------------------------------------

    def _add(self, entry: str, client: Client, tries: float, now: float) -> None:
        own, wider, total = self._buckets_of(entry, client)
        keys = [client.name, *(name for name, _ in client.networks), EVERYBODY]
        for key, bucket in zip(keys, (own, *wider, total), strict=True):
            if bucket is not None:
                # What quiet clients have beyond the total is not taken from those who come later.
                room = bucket.limit.burst - bucket.level(now) if bucket is total else tries
                bucket.add(min(tries, room), now)
                self._buckets[entry, key] = bucket
        if len(self._buckets) > MOST_BUCKETS:
            self._forget(now)

    def _give_back(self, entry: str, client: Client) -> None:
        with self._turn:
            self._add(entry, client, -1, self._clock())

    def _buckets_of(
        self, entry: str, client: Client
    ) -> tuple[OwnBucket, list[Bucket], Bucket | None]:
        """Its own, those of its networks, and that of everybody if it counts among them."""
        limits = self._limits[entry]
        own = self._buckets.get((entry, client.name))
        if not isinstance(own, OwnBucket):
            quiet = Limit(limits.quiet, limits.quiet / 60)
            own = OwnBucket(limits.client, self._clock(), quiet=quiet)
        wider = [self._bucket(entry, n, limits.client.times(f)) for n, f in client.networks]
        total = None if client.is_known else self._bucket(entry, EVERYBODY, limits.total)
        return own, wider, total

    def _bucket(self, entry: str, name: str, limit: Limit) -> Bucket:
        return self._buckets.get((entry, name)) or Bucket(limit, self._clock())

    def _forget(self, now: float) -> None:
        """What has refilled goes, and of the rest what is fullest stays."""
        fullness = {key: bucket.fullness(now) for key, bucket in self._buckets.items()}
        spent = [key for key, full in fullness.items() if full > 0]
        # Everybody's bucket is only a few: those stay in any case.
        spent.sort(key=lambda key: (key[1] == EVERYBODY, fullness[key]), reverse=True)
        self._buckets = {key: self._buckets[key] for key in spent[:KEPT_BUCKETS]}
