"""What chance decides in the futures: how long visits last, who comes, and when.

Every person has numbers of their own, by their id: the same person samples the same in every
forecast, whoever else comes or goes. Over the futures a person's numbers are spread evenly
(one from each part of the distribution, in random order).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, log
from random import Random
from statistics import NormalDist
from zlib import crc32

from queue_server.domain.timestamps import MINUTE_MS
from queue_server.domain.waiting_room import BOOKED, OTHERS, StaffedCounter, Visitor
from queue_server.forecast.future import LAST_ID, ExpectedArrival, FutureCounter, LineEntry, negated
from queue_server.forecast.snapshot import (
    ExpectedVisitor,
    OfficeSnapshot,
    PreparedSnapshot,
)

NORMAL = NormalDist()
NEARLY_ONE, NEARLY_NEVER = 1 - 1e-9, 1e-3
# Some days all is slower than usual, on others quicker: the standard deviation of the logarithm.
DAY_SIGMA = 0.05
LEAST_VISIT_MS = 15_000
LONGEST_TIMES = 8.0
# What a number is for, so that nobody's show and visit come from the same number.
LASTS, MISSES, SHOWS, COMES, PACE = range(5)


@lru_cache(maxsize=8)
def evenly(futures: int) -> tuple[float, ...]:
    """The middles of equal parts from 0 to 1."""
    return tuple((part + 0.5) / futures for part in range(futures))


@lru_cache(maxsize=8)
def normals(futures: int) -> tuple[float, ...]:
    """The same parts of a standard normal distribution."""
    return tuple(NORMAL.inv_cdf(share) for share in evenly(futures))


@lru_cache(maxsize=8192)
def shuffled(id: int, purpose: int, futures: int) -> bytes:
    """The order in which this person takes the parts, each a byte: thousands are remembered."""
    order = list(range(futures))
    Random(f"{id}/{purpose}").shuffle(order)
    return bytes(order)


class Samples:
    """All numbers of a forecast, drawn once: `lasts`, `arrivals` and `counters` give a future's."""

    def __init__(self, office: OfficeSnapshot, prepared: PreparedSnapshot, futures: int) -> None:
        self.futures = futures
        self._office, self._prepared = office, prepared
        self._paces: dict[str, list[float]] = {}
        self._day = self._spread("", DAY_SIGMA)
        self._lasts = list(zip(*self._visits(), strict=True)) or [()] * futures
        self._arrivals = self._all_arrivals()
        self._here = [self._remaining(counter) for counter in office.counters]

    def lasts(self, run: int) -> Sequence[int]:
        """How long each visit lasts by index; negative: does not come when called."""
        return self._lasts[run]

    def arrivals(self, run: int) -> list[ExpectedArrival]:
        """The expected appointments that come in this future."""
        return self._arrivals[run]

    def counters(self, run: int) -> tuple[list[FutureCounter], list[int]]:
        """The counters as they stand, and when each may call next."""
        counters, free_at = [], []
        for counter, over in zip(self._office.counters, self._here, strict=True):
            counters.append(self._counter(counter, over[run]))
            pause = self._prepared.input.pause if counter.here else 0
            free_at.append(over[run] + pause)
        return counters, free_at

    def newcomer(self, service: str) -> list[int]:
        """How long the visit of one newcomer for this service lasts, walk and all."""
        visits = self._visit(crc32(service.encode()), service, self._office.walk_ins[service])
        return [visit + round(self._office.service_times.walk) for visit in visits]

    def occupied(self, id: int, service: str, minutes: int) -> list[int]:
        """How long somebody new keeps a counter from its next call, in each future."""
        visits = self._visit(id, service, minutes)
        self._miss(id, visits)
        way = self._prepared.input.walk + self._prepared.input.pause
        return [visit + way if visit >= 0 else -visit for visit in visits]

    # -- visits --------------------------------------------------------------------------------

    def _visits(self) -> list[list[int]]:
        wait = {visitor.id: visitor for visitor in self._office.waiting}
        known = [wait[id] for id in self._prepared.indexes]
        visits = [self._visit(each.id, each.service, each.minutes) for each in known]
        for some in self._office.expected:
            if some.id in self._prepared.expected:
                visits.append(self._visit(-some.id, some.service, some.minutes))
        ids = [*self._prepared.indexes, *self._prepared.expected]
        for id, visit in zip(ids, visits, strict=True):
            self._miss(id, visit)
        return visits

    def _visit(self, id: int, service: str, minutes: int) -> list[int]:
        table, paces = self._table_of(service), self._pace_of(service)
        planned, order = minutes * MINUTE_MS, shuffled(id, LASTS, self.futures)
        return [int(planned * table[part] * pace) for part, pace in zip(order, paces, strict=True)]

    def _miss(self, id: int, visits: list[int]) -> None:
        """Some do not come when they are called; the counter waits for them for nothing."""
        gone = self._office.service_times.misses * self.futures
        # A share of a part is one part of some people: whose, their number decides.
        parts = int(gone) + ((id * 0.618) % 1 < gone % 1)
        if parts:
            vain = -round(self._office.service_times.vain)
            for run in shuffled(id, MISSES, self.futures)[:parts]:
                visits[run] = vain

    def _table_of(self, service: str) -> tuple[float, ...]:
        return _factors(self._office.service_times.of(service).sigma, self.futures)

    def _pace_of(self, service: str) -> list[float]:
        """The median of this service's visits in each future, as a share of their plan."""
        if service not in self._paces:
            lasting = self._office.service_times.of(service)
            doubts = self._spread(service, lasting.doubt)
            self._paces[service] = [
                lasting.ratio * doubt * day for doubt, day in zip(doubts, self._day, strict=True)
            ]
        return self._paces[service]

    def _spread(self, name: str, sigma: float) -> list[float]:
        order = shuffled(crc32(name.encode()), PACE, self.futures)
        table = _factors(sigma, self.futures)
        return [table[part] for part in order]

    # -- who is expected -------------------------------------------------------------------------

    def _all_arrivals(self) -> list[list[ExpectedArrival]]:
        runs: list[list[ExpectedArrival]] = [[] for _ in range(self.futures)]
        for each in self._office.expected:
            if each.id in self._prepared.expected:
                self._expect(each, runs)
        return runs

    def _expect(self, each: ExpectedVisitor, runs: list[list[ExpectedArrival]]) -> None:
        """Whether and when somebody comes, given that they have not come yet."""
        pace, checkin = self._office.service_times, self._office.checkin
        gone = NORMAL.cdf((self._office.now - each.start - pace.early) / max(1.0, pace.spread))
        still = pace.shows * (1 - gone)
        shows = still / (still + 1 - pace.shows) if still else 0.0
        first = max(self._office.now, each.start - checkin.early_minutes * MINUTE_MS)
        late = each.start + checkin.grace_minutes * MINUTE_MS
        parts, times = evenly(self.futures), self._times(each, gone)
        on_time, too_late = (self._booked(each, each.start, line) for line in (BOOKED, OTHERS))
        counts_from_arrival = self._office.rules.rule == "arrival"
        for run, shown in enumerate(shuffled(-each.id, SHOWS, self.futures)):
            if parts[shown] < shows:
                at = max(first, times[run])
                who = too_late if at > late else on_time
                if counts_from_arrival and at > each.start:
                    who = self._booked(each, at, who.line)
                runs[run].append(ExpectedArrival(at, who))

    def _times(self, each: ExpectedVisitor, gone: float) -> list[int]:
        """When somebody comes, who would have come by now with the probability `gone`."""
        pace, order = self._office.service_times, shuffled(-each.id, COMES, self.futures)
        usual, spread = each.start + pace.early, max(1.0, pace.spread)
        if gone < NEARLY_NEVER:
            table = normals(self.futures)
        else:
            left = (gone + (1 - gone) * part for part in evenly(self.futures))
            table = tuple(NORMAL.inv_cdf(min(NEARLY_ONE, share)) for share in left)
        return [round(usual + spread * table[part]) for part in order]

    def _booked(self, each: ExpectedVisitor, since: int, line: int) -> LineEntry:
        rank = (since, since, LAST_ID - each.id)
        return LineEntry(
            negated(rank),
            rank,
            self._prepared.expected[each.id],
            line,
            self._prepared.group_of[each.service],
            each.minutes,
            each.service,
        )

    # -- who is at the counters ------------------------------------------------------------------

    def _remaining(self, counter: StaffedCounter) -> list[int]:
        """When the visit that stands now is over, in each future."""
        here, now = counter.here, self._office.now
        if here is None:
            return [now] * self.futures
        if counter.serving_since is not None:
            return self._over(here, max(0, now - counter.serving_since))
        return self._still_called(here, max(0, now - counter.called))

    def _over(self, here: Visitor, gone: int) -> list[int]:
        """Remaining times given what has passed: only the longer visits are left."""
        sigma = self._office.service_times.of(here.service).sigma
        parts, order = evenly(self.futures), shuffled(here.id, LASTS, self.futures)
        ends = []
        for part, pace in zip(order, self._pace_of(here.service), strict=True):
            median = here.minutes * MINUTE_MS * pace
            passed = NORMAL.cdf(log(gone / median) / sigma) if gone else 0.0
            share = min(NEARLY_ONE, passed + (1 - passed) * parts[part])
            lasts = median * exp(sigma * NORMAL.inv_cdf(max(1e-9, share)))
            ends.append(self._office.now + max(LEAST_VISIT_MS, int(lasts) - gone))
        return ends

    def _still_called(self, here: Visitor, gone: int) -> list[int]:
        """On the way to the counter; the longer it takes, the less likely do they come."""
        pace, now = self._office.service_times, self._office.now
        way = exp(-gone / max(1.0, pace.walk)) * (1 - pace.misses)
        misses = pace.misses / (pace.misses + way) if pace.misses else 0.0
        rest = max(LEAST_VISIT_MS, round(pace.walk) - gone)
        vain = max(LEAST_VISIT_MS, round(pace.vain) - gone)
        parts, order = evenly(self.futures), shuffled(here.id, MISSES, self.futures)
        visits = self._visit(here.id, here.service, here.minutes)
        return [
            now + (vain if parts[part] < misses else rest + visit)
            for part, visit in zip(order, visits, strict=True)
        ]

    def _counter(self, counter: StaffedCounter, over: int) -> FutureCounter:
        here = counter.here
        if here is None:
            return FutureCounter()
        begun = counter.serving_since if counter.serving_since is not None else over
        return FutureCounter(begun, here.minutes * MINUTE_MS, over, here.service)


@lru_cache(maxsize=512)
def _factors(sigma: float, futures: int) -> tuple[float, ...]:
    """What a log-normal visit is as a share of the median, part by part."""
    return tuple(min(LONGEST_TIMES, exp(sigma * part)) for part in normals(futures))
