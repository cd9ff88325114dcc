"""One possible future of an office: who is called when, if visits last as they are drawn.

Built for speed, for a forecast lives through dozens of futures while people wait for their
number: counters that can serve the same people share one line, and nothing is looked up twice.
It asks `domain.rule` who goes first; a property test holds it to `domain.waiting_room`.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from queue_server.domain.rule import Rank, between, is_busy
from queue_server.domain.site import PriorityRules
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.domain.waiting_room import PRECEDENCE

LAST_ID = 1 << 62


class LineEntry(NamedTuple):
    """Somebody in a line. `key` is the negated rank, so that the head of a sorted list is last.

    `visit` is the number of the visit in a future's samples.
    """

    key: Rank
    rank: Rank
    visit: int
    line: int
    group: int
    minutes: int
    service: str


class ExpectedArrival(NamedTuple):
    """Somebody joins a line; `counted` when their minutes already are (a lock-out that ends)."""

    at: int
    who: LineEntry
    counted: bool = False


@dataclass(frozen=True, slots=True)
class FutureInput:
    """What all futures share. `groups` are sets of counters that can serve the same people.

    `seen` are the groups that a counter may call from, `sharing` how many counters share its work.
    `since_guard` are each pool's contested calls since the last one of the guard.
    """

    now: int
    rules: PriorityRules
    groups: tuple[frozenset[int], ...]
    services: tuple[frozenset[str], ...]
    pools: tuple[int, ...]
    seen: tuple[tuple[int, ...], ...]
    sharing: tuple[int, ...]
    waiting: tuple[LineEntry, ...]
    held: tuple[ExpectedArrival, ...]
    since_guard: tuple[int, ...]
    walk: int
    pause: int


@dataclass(slots=True)
class FutureCounter:
    """A counter in a future: whom it has and until when; `idle` are spans without anybody.

    `begun` is when the present visit begins or began, `planned` its planned length, `over` its end.
    `calls_newcomer` is when it would first call somebody without appointment who came now.
    """

    begun: int = 0
    planned: int = 0
    over: int = 0
    service: str = ""
    idle: list[tuple[int, int]] = field(default_factory=list)
    idle_from: int | None = None
    calls_newcomer: int | None = None


@dataclass(slots=True)
class FutureResult:
    """What happened: call times by visit, and the counters at the end."""

    called: list[int]
    counters: list[FutureCounter] = field(default_factory=list)


class Future:
    """Lives through one future. `lasts` are visits by number (negative: does not come when called).

    `counters` are the counters as they stand, `free_at` when each may call next.
    """

    def __init__(
        self,
        input: FutureInput,
        lasts: Sequence[int],
        counters: list[FutureCounter],
        free_at: Sequence[int],
        arrivals: Sequence[ExpectedArrival],
    ) -> None:
        self.input, self.lasts, self.counters = input, lasts, counters
        self.told = FutureResult([0] * len(lasts), counters)
        self._free = [(at, counter) for counter, at in enumerate(free_at)]
        heapify(self._free)
        self._arrivals = sorted([*arrivals, *input.held], key=lambda each: each.at, reverse=True)
        self._held = {each.who.visit: each.who for each in input.held}
        groups = range(len(input.groups))
        self._lines: tuple[list[list[LineEntry]], ...] = tuple(
            [[] for _ in groups] for _ in range(3)
        )
        self._seen = [
            [[lines[group] for group in seen] for lines in self._lines] for seen in input.seen
        ]
        self._minutes = [0 for _ in groups]
        for who in input.waiting:
            self._lines[who.line][who.group].append(who)
            self._minutes[who.group] += who.minutes
        for who in self._held.values():
            self._minutes[who.group] += who.minutes
        self._preferred = any(self._lines[PRECEDENCE]) or bool(self._held)
        self._since_guard = list(input.since_guard)
        self._idle: set[int] = set()

    def live(self) -> FutureResult:
        """Until nobody waits, nobody is expected, and every counter is free."""
        free, arrivals = self._free, self._arrivals
        while free or arrivals:
            if arrivals and (not free or arrivals[-1].at <= free[0][0]):
                self._enter(arrivals.pop())
            else:
                now, counter = heappop(free)
                self._next(counter, now)
        return self.told

    # -- people come -------------------------------------------------------------------------

    def _enter(self, arrival: ExpectedArrival) -> None:
        at, who, counted = arrival
        if counted:
            # The lock-out is over, unless somebody was called in spite of it.
            if self._held.pop(who.visit, None) is None:
                return
        else:
            self._minutes[who.group] += who.minutes
        insort(self._lines[who.line][who.group], who)
        for counter in sorted(self._idle & self.input.groups[who.group]):
            self._idle.discard(counter)
            heappush(self._free, (at, counter))

    # -- a counter calls -----------------------------------------------------------------------

    def _next(self, counter: int, now: int) -> None:
        who = self._choose(counter, now)
        if who is None and self._held:
            who = self._choose_held(counter, now)
        state = self.counters[counter]
        if who is None:
            self._idle.add(counter)
            if state.idle_from is None:
                state.idle_from = now
            return
        if state.idle_from is not None:
            state.idle.append((state.idle_from, now))
            state.idle_from = None
        self._call(state, counter, who, now)

    def _call(self, state: FutureCounter, counter: int, who: LineEntry, now: int) -> None:
        input, lasts = self.input, self.lasts[who.visit]
        self.told.called[who.visit] = now
        self._minutes[who.group] -= who.minutes
        state.service, state.planned = who.service, who.minutes * MINUTE_MS
        if lasts < 0:
            state.begun = state.over = now - lasts
            heappush(self._free, (state.over, counter))
        else:
            state.begun = now + input.walk
            state.over = state.begun + lasts
            heappush(self._free, (state.over + input.pause, counter))

    def _choose(self, counter: int, now: int) -> LineEntry | None:
        """Whom the rule calls, taken out of the line."""
        preferred, appointments, others = self._seen[counter]
        if self._preferred and (first := _head(preferred)):
            return self._take(first)
        booked, other = _head(appointments), _head(others)
        if other is None and self.counters[counter].calls_newcomer is None:
            self._call_newcomer(counter, booked, now)
        if booked is None:
            return self._take(other) if other else None
        return self._take(self._between(counter, booked, other, now))

    def _between(
        self, counter: int, booked: LineEntry, other: LineEntry | None, now: int
    ) -> LineEntry:
        contested = self._is_contested(counter, booked, now)
        if other is None:
            if contested:
                self._count_contested(counter, False)
            return booked
        verdict = between(
            self.input.rules,
            booked.rank,
            other.rank,
            now,
            busy=contested,
            share=contested and self._share_is_open(counter),
        )
        if verdict.contested:
            self._count_contested(counter, verdict.guard)
        return booked if verdict.booked else other

    def _take(self, who: LineEntry) -> LineEntry:
        return self._lines[who.line][who.group].pop()

    def _is_contested(self, counter: int, booked: LineEntry, now: int) -> bool:
        """Whether the appointment is due and the office busy."""
        input = self.input
        if input.rules.rule != "due_first" or -booked.key[0] > now:
            return False
        waiting, sharing = self._minutes, input.sharing[counter]
        work = sum([waiting[group] for group in input.seen[counter]]) * MINUTE_MS
        return is_busy(input.rules, work, sharing) or is_busy(
            input.rules, work + self._serving(counter, now), sharing
        )

    def _serving(self, counter: int, now: int) -> int:
        """Planned milliseconds left of those called or served for this counter's services."""
        services, left = self.input.services[counter], 0
        for each in self.counters:
            if each.over > now and each.service in services:
                planned = each.begun + each.planned - now
                left += min(each.planned, planned) if planned > 0 else 0
        return left

    def _share_is_open(self, counter: int) -> bool:
        return self._since_guard[self.input.pools[counter]] >= self.input.rules.guard_every - 1

    def _count_contested(self, counter: int, guard: bool) -> None:
        pool = self.input.pools[counter]
        self._since_guard[pool] = 0 if guard else self._since_guard[pool] + 1

    # -- newcomers and people in their lock-out ------------------------------------------------

    def _call_newcomer(self, counter: int, booked: LineEntry | None, now: int) -> None:
        """A newcomer would be called now if nobody with an appointment goes before them."""
        if booked is not None:
            contested = self._is_contested(counter, booked, now)
            share = contested and self._share_is_open(counter)
            came = (self.input.now, self.input.now, LAST_ID)
            rules, rank = self.input.rules, booked.rank
            if between(rules, rank, came, now, busy=contested, share=share).booked:
                return
        self.counters[counter].calls_newcomer = now

    def _choose_held(self, counter: int, now: int) -> LineEntry | None:
        """Nobody else can be called: whoever is in the lock-out goes after all."""
        groups = self.input.seen[counter]
        heads: list[LineEntry | None] = [None, None, None]
        for who in self._held.values():
            best = heads[who.line]
            if who.group in groups and (best is None or who > best):
                heads[who.line] = who
        first, booked, other = heads
        chosen = first or (self._between(counter, booked, other, now) if booked else other)
        if chosen is not None:
            del self._held[chosen.visit]
        return chosen


def _head(lines: Sequence[list[LineEntry]]) -> LineEntry | None:
    """Who stands first in these lines."""
    if len(lines) == 1:
        return lines[0][-1] if lines[0] else None
    best: LineEntry | None = None
    for line in lines:
        if line and (best is None or line[-1][0] > best[0]):
            best = line[-1]
    return best


def negated(rank: Rank) -> Rank:
    """The key of this rank."""
    since, issued, id = rank
    return -since, -issued, -id
