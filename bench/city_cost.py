"""What a city costs in processor time: while nobody comes, and for each visit, with its spread."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot, sqrt
from pathlib import Path
from typing import NamedTuple

from bench.city_offices import COUNTERS, Servers
from bench.city_people import Seen
from bench.house import family
from bench.table import Line, milliseconds, p50_p99

# So long is a part of a day of which the cost of a visit is looked at by itself.
PART_SECONDS = 10
FLAT = 1.25


class Rate(NamedTuple):
    """Seconds of processor time: in each second, or of each visit."""

    servers: float
    postgres: float


class Sample(NamedTuple):
    """All that was spent until a moment, and how many visits were done by then, in quarters."""

    at: float
    servers: float
    postgres: float
    visits: float


@dataclass
class Meter:
    servers: Servers
    postgres: int
    seen: Seen
    samples: list[Sample] = field(default_factory=list)

    def sample(self) -> Sample:
        """Of both servers, and of PostgreSQL with what has ended of it."""
        servers = sum(map(_whole, self.servers.pids))
        return Sample(time.perf_counter(), servers, _whole(self.postgres), self.seen.visits)

    async def idle(self, seconds: float) -> Rate:
        """What is spent in each second while nobody comes."""
        before = self.sample()
        await asyncio.sleep(seconds)
        after = self.sample()
        lasted = after.at - before.at
        return Rate(
            (after.servers - before.servers) / lasted, (after.postgres - before.postgres) / lasted
        )

    async def follow(self) -> None:
        """Look again and again, until it is cancelled."""
        while True:
            self.look()
            await asyncio.sleep(PART_SECONDS)

    def look(self) -> None:
        self.samples.append(self.sample())


def _whole(pid: int) -> float:
    ticks = 0
    for one in family(pid):
        # Whoever ends meanwhile is counted by its parent.
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class Played:
    """One city's part of a day."""

    offices: int
    speed: float
    idle: Rate
    samples: list[Sample]
    seen: Seen

    @property
    def seconds(self) -> float:
        return self.samples[-1].at - self.samples[0].at

    @property
    def visit(self) -> Rate:
        """Of each visit, with what would have been spent without any."""
        first, last, served = self.samples[0], self.samples[-1], max(1, self.seen.served)
        return Rate(
            (last.servers - first.servers) / served, (last.postgres - first.postgres) / served
        )

    @property
    def bare(self) -> float:
        """Of each visit, without what would have been spent without any."""
        return sum(self.visit) - sum(self.idle) * self.seconds / max(1, self.seen.served)

    @property
    def spread(self) -> float:
        """Twice the standard error of `bare`, from the parts of the day."""
        rests = [
            _between(a, b) - sum(self.idle) * (b.at - a.at) - self.bare * (b.visits - a.visits)
            for a, b in pairwise(self.samples)
        ]
        many = len(rests)
        return (
            2
            * sqrt(many / max(1, many - 1) * sum(rest**2 for rest in rests))
            / max(1, self.seen.served)
        )


def _between(before: Sample, after: Sample) -> float:
    return after.servers - before.servers + after.postgres - before.postgres


def lines(played: list[Played]) -> Iterator[Line]:
    for each in played:
        yield from _of_city(each)
    first, last = played[0], played[-1]
    if first is not last:
        ratio, bare = sum(last.visit) / sum(first.visit), last.bare / first.bare
        spread = bare * hypot(last.spread / last.bare, first.spread / first.bare)
        said = f"{ratio:.2f}; {bare:.2f} ± {spread:.2f} less the idle cost"
        yield Line(f"a visit with {last.offices} offices ÷ with {first.offices}", said,
                   f"≤ {FLAT}", ratio <= FLAT and bare <= FLAT)  # fmt: skip


def _of_city(each: Played) -> Iterator[Line]:
    seen, counters = each.seen, each.offices * COUNTERS
    pace = f"{seen.served} of {len(seen.drawn)} served, {seen.served / each.seconds:.1f}/s"
    name = f"{each.offices} offices, {counters} counters at {each.speed:g} ×"
    yield Line(f"{name}: visits", f"{pace}; the kiosks were {p50_p99(seen.behind)} behind")
    cost = f"{_all_of(each.visit)}; less the idle cost {milliseconds(each.bare)} "
    yield Line("… processor time of a visit", cost + f"± {milliseconds(each.spread)}")
    yield Line("… of a second without visitors", _all_of(each.idle))
    opened = f"{len(seen.opened)} of {counters}, {p50_p99(seen.opened)}, the last "
    yield Line("… counters opened", opened + milliseconds(max(seen.opened, default=0)))
    yield Line("… number, P50 / P99", p50_p99(seen.draws))
    yield Line("… call, P50 / P99", p50_p99(seen.calls))
    yield Line("… call → wall of the other server, P50 / P99", p50_p99(seen.shown))
    twice = len(seen.called) - len(set(seen.called))
    lost = len(set(seen.drawn) - set(seen.called))
    yield Line("… called twice, lost, wrong", f"{twice}, {lost}, {len(seen.wrong)}", "0, 0, 0",
               not (twice or lost or seen.wrong))  # fmt: skip


def _all_of(rate: Rate) -> str:
    servers, postgres = map(milliseconds, rate)
    return f"{milliseconds(sum(rate))} (servers {servers}, PostgreSQL {postgres})"
