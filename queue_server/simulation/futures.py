"""One possible future of an office: who is called when, if visits last as they are drawn.

Built for speed, for a forecast lives through dozens of futures while people wait for their
number: counters that can serve the same people share one line, and nothing is looked up twice.
It asks `domain.rule` who goes first; a property test holds it to `simulation.room`.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from queue_server.domain.moments import MINUTE_MS
from queue_server.domain.rule import Rank, between, is_busy
from queue_server.domain.site import PriorityRules
from queue_server.simulation.room import PRECEDENCE

LAST_ID = 1 << 62


class Someone(NamedTuple):
    """Somebody in a line. `key` is the negated rank, so that the head of a sorted list is last.

    `visit` is the number of the visit in a future's draws.
    """

    key: Rank
    rank: Rank
    visit: int
    line: int
    group: int
    minutes: int
    service: str


class Arrival(NamedTuple):
    """Somebody joins a line; `counted` when their minutes already are (a lock-out that ends)."""

    at: int
    who: Someone
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What all futures share. `groups` are sets of seats that can serve the same people.

    `seen` are the groups that a seat may call from, `sharing` how many seats share its work, and
    `ghosts` the groups in which a newcomer without weight stands last. `since_guard` are each
    pool's contested calls since the last one of the guard.
    """

    now: int
    rules: PriorityRules
    groups: tuple[frozenset[int], ...]
    services: tuple[frozenset[str], ...]
    pools: tuple[int, ...]
    seen: tuple[tuple[int, ...], ...]
    sharing: tuple[int, ...]
    waiting: tuple[Someone, ...]
    held: tuple[Arrival, ...]
    since_guard: tuple[int, ...]
    ghosts: frozenset[int]
    walk: int
    pause: int


@dataclass(slots=True)
class Seat:
    """A counter in a future: whom it has and until when; `idle` are milliseconds without anybody.

    `begun` is when the present visit begins or began, `planned` its planned length, `over` its end.
    """

    begun: int = 0
    planned: int = 0
    over: int = 0
    service: str = ""
    idle: int = 0
    idle_from: int | None = None


@dataclass(slots=True)
class Told:
    """What happened: call times by visit, the newcomers' by group, and the seats at the end."""

    called: list[int]
    newcomers: dict[int, int]
    seats: list[Seat] = field(default_factory=list)


class Future:
    """Lives through one future. `lasts` are visits by number (negative: does not come when called).

    `seats` are the counters as they stand, `free_at` when each may call next.
    """

    def __init__(
        self,
        scene: Scene,
        lasts: Sequence[int],
        seats: list[Seat],
        free_at: Sequence[int],
        arrivals: Sequence[Arrival],
    ) -> None:
        self.scene, self.lasts, self.seats = scene, lasts, seats
        self.told = Told([0] * len(lasts), {}, seats)
        self._free = [(at, seat) for seat, at in enumerate(free_at)]
        heapify(self._free)
        self._arrivals = sorted([*arrivals, *scene.held], key=lambda each: each.at, reverse=True)
        self._held = {each.who.visit: each.who for each in scene.held}
        groups = range(len(scene.groups))
        self._lines: tuple[list[list[Someone]], ...] = tuple([[] for _ in groups] for _ in range(3))
        self._seen = [
            [[lines[group] for group in seen] for lines in self._lines] for seen in scene.seen
        ]
        self._minutes = [0 for _ in groups]
        for who in scene.waiting:
            self._lines[who.line][who.group].append(who)
            self._minutes[who.group] += who.minutes
        for who in self._held.values():
            self._minutes[who.group] += who.minutes
        self._preferred = any(self._lines[PRECEDENCE]) or bool(self._held)
        self._ghosts = set(scene.ghosts)
        self._since_guard = list(scene.since_guard)
        self._idle: set[int] = set()

    def live(self) -> Told:
        """Until nobody waits, nobody is expected, and every counter is free."""
        free, arrivals = self._free, self._arrivals
        while free or arrivals:
            if arrivals and (not free or arrivals[-1].at <= free[0][0]):
                self._enter(arrivals.pop())
            else:
                now, seat = heappop(free)
                self._next(seat, now)
        return self.told

    # -- people come -------------------------------------------------------------------------

    def _enter(self, arrival: Arrival) -> None:
        at, who, counted = arrival
        if counted:
            # The lock-out is over, unless somebody was called in spite of it.
            if self._held.pop(who.visit, None) is None:
                return
        else:
            self._minutes[who.group] += who.minutes
        insort(self._lines[who.line][who.group], who)
        for seat in sorted(self._idle & self.scene.groups[who.group]):
            self._idle.discard(seat)
            heappush(self._free, (at, seat))

    # -- a counter calls -----------------------------------------------------------------------

    def _next(self, seat: int, now: int) -> None:
        who = self._choose(seat, now)
        if who is None and self._held:
            who = self._choose_held(seat, now)
        state = self.seats[seat]
        if who is None:
            self._idle.add(seat)
            if state.idle_from is None:
                state.idle_from = now
            return
        if state.idle_from is not None:
            state.idle += now - state.idle_from
            state.idle_from = None
        self._call(state, seat, who, now)

    def _call(self, state: Seat, seat: int, who: Someone, now: int) -> None:
        scene, lasts = self.scene, self.lasts[who.visit]
        self.told.called[who.visit] = now
        self._minutes[who.group] -= who.minutes
        state.service, state.planned = who.service, who.minutes * MINUTE_MS
        if lasts < 0:
            state.begun = state.over = now - lasts
            heappush(self._free, (state.over, seat))
        else:
            state.begun = now + scene.walk
            state.over = state.begun + lasts
            heappush(self._free, (state.over + scene.pause, seat))

    def _choose(self, seat: int, now: int) -> Someone | None:
        """Whom the rule calls, taken out of the line."""
        preferred, appointments, others = self._seen[seat]
        if self._preferred and (first := _head(preferred)):
            return self._take(first)
        booked, other = _head(appointments), _head(others)
        if other is None and self._ghosts:
            self._call_ghosts(seat, booked, now)
        if booked is None:
            return self._take(other) if other else None
        return self._take(self._between(seat, booked, other, now))

    def _between(self, seat: int, booked: Someone, other: Someone | None, now: int) -> Someone:
        contested = self._is_contested(seat, booked, now)
        if other is None:
            if contested:
                self._count_contested(seat, False)
            return booked
        verdict = between(
            self.scene.rules,
            booked.rank,
            other.rank,
            now,
            busy=contested,
            share=contested and self._share_is_open(seat),
        )
        if verdict.contested:
            self._count_contested(seat, verdict.guard)
        return booked if verdict.booked else other

    def _take(self, who: Someone) -> Someone:
        return self._lines[who.line][who.group].pop()

    def _is_contested(self, seat: int, booked: Someone, now: int) -> bool:
        """Whether the appointment is due and the office busy."""
        scene = self.scene
        if scene.rules.rule != "due_first" or -booked.key[0] > now:
            return False
        waiting, sharing = self._minutes, scene.sharing[seat]
        work = sum([waiting[group] for group in scene.seen[seat]]) * MINUTE_MS
        return is_busy(scene.rules, work, sharing) or is_busy(
            scene.rules, work + self._serving(seat, now), sharing
        )

    def _serving(self, seat: int, now: int) -> int:
        """Planned milliseconds left of those called or served for this counter's services."""
        services, left = self.scene.services[seat], 0
        for each in self.seats:
            if each.over > now and each.service in services:
                planned = each.begun + each.planned - now
                left += min(each.planned, planned) if planned > 0 else 0
        return left

    def _share_is_open(self, seat: int) -> bool:
        return self._since_guard[self.scene.pools[seat]] >= self.scene.rules.guard_every - 1

    def _count_contested(self, seat: int, guard: bool) -> None:
        pool = self.scene.pools[seat]
        self._since_guard[pool] = 0 if guard else self._since_guard[pool] + 1

    # -- newcomers and people in their lock-out ------------------------------------------------

    def _call_ghosts(self, seat: int, booked: Someone | None, now: int) -> None:
        """Newcomers would be called now if nobody with an appointment goes before them."""
        mine = self._ghosts.intersection(self.scene.seen[seat])
        if not mine:
            return
        if booked is not None:
            contested = self._is_contested(seat, booked, now)
            share = contested and self._share_is_open(seat)
            came = (self.scene.now, self.scene.now, LAST_ID)
            rules, rank = self.scene.rules, booked.rank
            if between(rules, rank, came, now, busy=contested, share=share).booked:
                return
        self._ghosts -= mine
        for group in mine:
            self.told.newcomers[group] = now

    def _choose_held(self, seat: int, now: int) -> Someone | None:
        """Nobody else can be called: whoever is in the lock-out goes after all."""
        groups = self.scene.seen[seat]
        heads: list[Someone | None] = [None, None, None]
        for who in self._held.values():
            best = heads[who.line]
            if who.group in groups and (best is None or who > best):
                heads[who.line] = who
        first, booked, other = heads
        chosen = first or (self._between(seat, booked, other, now) if booked else other)
        if chosen is not None:
            del self._held[chosen.visit]
        return chosen


def _head(lines: Sequence[list[Someone]]) -> Someone | None:
    """Who stands first in these lines."""
    if len(lines) == 1:
        return lines[0][-1] if lines[0] else None
    best: Someone | None = None
    for line in lines:
        if line and (best is None or line[-1][0] > best[0]):
            best = line[-1]
    return best


def negated(rank: Rank) -> Rank:
    """The key of this rank."""
    since, issued, id = rank
    return -since, -issued, -id
