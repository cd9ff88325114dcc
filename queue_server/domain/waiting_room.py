"""The waiting room of a simulation: lines, open counters, and the rule that takes the next one.

It answers what `actions.calling` would answer for the same people and counters; a property test
and every replayed day hold the two together. All times are UTC milliseconds. A call costs the same
however many people wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple

from queue_server.domain.counters import pool_of
from queue_server.domain.rule import Rank, between, is_busy
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import RankClass
from queue_server.domain.timestamps import MINUTE_MS

PRECEDENCE, BOOKED, OTHERS = int(RankClass.PRECEDENCE), int(RankClass.APPOINTMENT), 2


@dataclass(slots=True, eq=False)
class Visitor:
    """Somebody who waits or is served. `minutes` are planned, for the rule's question of load.

    `came` orders the line (slot or arrival), `since` is where waiting starts (max of slot and
    check-in), `issued` the arrival. `bound_to` is the only counter that may call them.
    """

    id: int
    service: str
    line: int
    came: int
    since: int
    issued: int
    minutes: int
    bound_to: str | None = None
    held_until: int = 0
    # The heap where they stand now: places that they left behind elsewhere count no more.
    stands_in: Heap | None = field(default=None, repr=False)

    def __lt__(self, other: Visitor) -> bool:
        """Equal in rank is only somebody's own old place in a line; either may go first."""
        return False


class NextCall(NamedTuple):
    """Who is called, with the reason code of `domain.priority` and what feeds the guard."""

    visitor: Visitor
    reason: str
    contested: bool = False
    guard: bool = False


@dataclass(slots=True, eq=False)
class StaffedCounter:
    """A counter and whom it has: `called` there then, and there since `serving_since`.

    `share` are the contested calls so far of its `pool`, newest last.
    """

    id: str
    services: frozenset[str] = frozenset()
    here: Visitor | None = None
    called: int = 0
    serving_since: int | None = None
    is_open: bool = False
    pool: str = field(init=False)
    share: list[tuple[int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pool = pool_of(self.services)


Heap = list[tuple[Rank, Visitor]]


class WaitingRoom:
    """Who waits where. `shares` outlives counters that close: a pool's history is the day's."""

    def __init__(self, rules: PriorityRules) -> None:
        self.rules = rules
        self.counters: dict[str, StaffedCounter] = {}
        self.waiting: dict[int, Visitor] = {}
        self.shares: dict[str, list[tuple[int, bool]]] = {}
        self._lines: tuple[dict[str, Heap], ...] = ({}, {}, {})
        self._bound: tuple[dict[str, Heap], ...] = ({}, {}, {})
        self._held: dict[int, Visitor] = {}
        # Planned minutes that wait for a service at any counter, or for one counter only.
        self._minutes: dict[str, int] = {}
        self._bound_minutes: dict[str, int] = {}

    # -- people ----------------------------------------------------------------------------

    def add(self, visitor: Visitor, now: int) -> None:
        """Somebody waits from now on, at the place that their times give."""
        self.waiting[visitor.id] = visitor
        self._count(visitor, visitor.minutes)
        if visitor.held_until > now:
            self._held[visitor.id] = visitor
        else:
            self._stand(visitor)

    def remove(self, id: int) -> Visitor | None:
        """Somebody left, was called, or changes their line; None when they did not wait."""
        visitor = self.waiting.pop(id, None)
        if visitor is not None:
            self._held.pop(id, None)
            self._count(visitor, -visitor.minutes)
        return visitor

    def somebody_for(self, counter: StaffedCounter) -> bool:
        """Whether anybody waits whom this counter may call, in the lock-out or not."""
        # Every visit is planned with a minute at least, so minutes tell that somebody is there.
        if not self.waiting:
            return False
        minutes = self._minutes
        for service in counter.services:
            if minutes.get(service):
                return True
        return bool(self._bound_minutes.get(counter.id))

    def set_rules(self, rules: PriorityRules) -> None:
        """Another rule from now on: everybody takes the place in line that it gives."""
        self.rules = rules
        self._lines, self._bound = ({}, {}, {}), ({}, {}, {})
        for visitor in self.waiting.values():
            if visitor.id not in self._held:
                self._stand(visitor)

    def _stand(self, visitor: Visitor) -> None:
        by_since = self.rules.rule == "arrival"
        rank = (visitor.since if by_since else visitor.came, visitor.issued, visitor.id)
        lines = self._bound if visitor.bound_to else self._lines
        heap = lines[visitor.line].setdefault(visitor.bound_to or visitor.service, [])
        visitor.stands_in = heap
        heappush(heap, (rank, visitor))

    def _count(self, visitor: Visitor, minutes: int) -> None:
        sums = self._bound_minutes if visitor.bound_to else self._minutes
        key = visitor.bound_to or visitor.service
        sums[key] = sums.get(key, 0) + minutes

    # -- counters --------------------------------------------------------------------------

    def open(self, counter: StaffedCounter, services: Iterable[str]) -> StaffedCounter:
        """A counter opens, or serves other services from now on; whoever is there stays."""
        counter.is_open, counter.services = True, frozenset(services)
        counter.pool = pool_of(counter.services)
        counter.share = self.shares.setdefault(counter.pool, [])
        self.counters[counter.id] = counter
        return counter

    def close(self, counter: StaffedCounter) -> None:
        self.counters.pop(counter.id, None)
        counter.is_open, counter.here, counter.serving_since = False, None, None

    def new_day(self) -> None:
        """The guard's share restarts with the local day."""
        for share in self.shares.values():
            share.clear()

    # -- the rule --------------------------------------------------------------------------

    def take(self, counter: StaffedCounter, now: int, call: int = 0) -> NextCall | None:
        """Call the next one to this counter; None when nobody suitable waits.

        `call` names the call, so that `release` can give the guard's share back.
        """
        called = self.next(counter, now)
        if called is None:
            return None
        self.call(counter, called, now, call)
        return called

    def call(self, counter: StaffedCounter, called: NextCall, now: int, call: int = 0) -> None:
        """This one is called to the counter, by the rule or by a clerk's choice."""
        self.remove(called.visitor.id)
        counter.here, counter.called, counter.serving_since = called.visitor, now, None
        if called.contested:
            counter.share.append((call, called.guard))

    def release(self, call: int) -> None:
        """A call was a mistake and uses up nobody's share, whatever its counter serves by now."""
        for share in self.shares.values():
            if any(each[0] == call for each in share):
                share[:] = [each for each in share if each[0] != call]

    def next(self, counter: StaffedCounter, now: int) -> NextCall | None:
        """Whom the rule would call to this counter now."""
        if self._held:
            self._let_in(now)
        heads = [self._head(line, counter) for line in (PRECEDENCE, BOOKED, OTHERS)]
        if heads == _NOBODY:
            if not self._held:
                return None
            heads = self._held_heads(counter)
        return self._between(counter, heads, now)

    def _between(
        self, counter: StaffedCounter, heads: list[tuple[Rank, Visitor] | None], now: int
    ) -> NextCall | None:
        first, booked, other = heads
        if first is not None:
            return NextCall(first[1], "precedence")
        if booked is None:
            return NextCall(other[1], "arrival") if other else None
        contested = self._is_contested(counter, booked[1], now)
        if other is None:
            return NextCall(booked[1], _booked_reason(booked[1], now), contested)
        share = contested and self._share_is_open(counter)
        verdict = between(self.rules, booked[0], other[0], now, busy=contested, share=share)
        if not verdict.booked:
            return NextCall(other[1], "guard" if verdict.guard else "arrival", *verdict[1:])
        strict = self.rules.rule == "strict"
        reason = "appointment_first" if strict else _booked_reason(booked[1], now)
        return NextCall(booked[1], reason, *verdict[1:])

    def _is_contested(self, counter: StaffedCounter, booked: Visitor, now: int) -> bool:
        return (
            self.rules.rule == "due_first" and booked.came <= now and self.is_busy_for(counter, now)
        )

    def _share_is_open(self, counter: StaffedCounter) -> bool:
        needed = self.rules.guard_every - 1
        last = counter.share[-needed:] if needed else []
        return len(last) == needed and not any(guard for _, guard in last)

    def is_busy_for(self, counter: StaffedCounter, now: int) -> bool:
        """Whether the work that this counter shares makes the office busy."""
        sharing = sum(1 for each in self.counters.values() if each.services & counter.services)
        minutes = self._bound_minutes.get(counter.id, 0)
        minutes += sum(self._minutes.get(service, 0) for service in counter.services)
        work = minutes * MINUTE_MS
        return is_busy(self.rules, work, sharing) or is_busy(
            self.rules, work + self._serving(counter.services, now), sharing
        )

    def _serving(self, services: frozenset[str], now: int) -> int:
        """Planned milliseconds left of those called or served for these services."""
        left = 0
        for counter in self.counters.values():
            here = counter.here
            if here is None or here.service not in services:
                continue
            planned = here.minutes * MINUTE_MS
            begun = counter.serving_since
            left += planned if begun is None else max(0, begun + planned - now)
        return left

    # -- heads of lines --------------------------------------------------------------------

    def _head(self, line: int, counter: StaffedCounter) -> tuple[Rank, Visitor] | None:
        lines = self._lines[line]
        best = self._top(self._bound[line].get(counter.id))
        for service in counter.services & lines.keys() if lines else ():
            top = self._top(lines[service])
            if top is not None and (best is None or top[0] < best[0]):
                best = top
        return best

    def _top(self, heap: Heap | None) -> tuple[Rank, Visitor] | None:
        while heap:
            visitor = heap[0][1]
            waits = self.waiting.get(visitor.id) is visitor and visitor.id not in self._held
            if waits and visitor.stands_in is heap:
                return heap[0]
            heappop(heap)
        return None

    def _let_in(self, now: int) -> None:
        """People whose lock-out has ended are back in line."""
        for visitor in [each for each in self._held.values() if each.held_until <= now]:
            del self._held[visitor.id]
            self._stand(visitor)

    def _held_heads(self, counter: StaffedCounter) -> list[tuple[Rank, Visitor] | None]:
        """Nobody else can be called: whoever is in the lock-out goes after all."""
        by_since = self.rules.rule == "arrival"
        heads: list[tuple[Rank, Visitor] | None] = [None, None, None]
        for visitor in self._held.values():
            suits = visitor.bound_to == counter.id or (
                visitor.bound_to is None and visitor.service in counter.services
            )
            rank = (visitor.since if by_since else visitor.came, visitor.issued, visitor.id)
            best = heads[visitor.line]
            if suits and (best is None or rank < best[0]):
                heads[visitor.line] = (rank, visitor)
        return heads


_NOBODY: list[tuple[Rank, Visitor] | None] = [None, None, None]


def _booked_reason(visitor: Visitor, now: int) -> str:
    return "appointment_due" if visitor.came <= now else "appointment_early"
