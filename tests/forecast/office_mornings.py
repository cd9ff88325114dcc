"""Mornings of an invented office, simulated person by person, with what people were told.

Four hours, four counters. Visits really last longer or shorter than planned, by service; the
office learns that from mornings before. The forecast sees only what an office sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import exp, log, sqrt
from random import Random

from queue_server.domain.site import CheckinRules, PriorityRules
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.domain.waiting import Range
from queue_server.domain.waiting_room import BOOKED, OTHERS, StaffedCounter, Visitor, WaitingRoom
from queue_server.forecast import service_times as measuring
from queue_server.forecast.forecast import Forecast, forecast
from queue_server.forecast.service_times import ServiceTimes
from queue_server.forecast.snapshot import (
    ExpectedVisitor,
    OfficeSnapshot,
)

OPENS = 1_780_293_600_000
HOURS = 4
# Planned minutes of each service, how long it really takes as a share of them, and how often.
PLANNED = {"abholung": 5, "melden": 10, "ausweis": 15, "pass": 20, "kfz": 30}
REALLY = {"abholung": 1.35, "melden": 0.85, "ausweis": 1.2, "pass": 0.8, "kfz": 1.1}
OFTEN = {"abholung": 15, "melden": 30, "ausweis": 30, "pass": 15, "kfz": 10}
SIGMA = sqrt(log(1 + 0.5**2))
NO_SHOW, EARLY, SPREAD, MISSES = 0.18, -6, 7, 0.03
WALK_MS, PAUSE_MS, VAIN_MS = 30_000, 15_000, 3 * MINUTE_MS
ALL = frozenset(PLANNED)
GENERALISTS = (ALL, ALL, ALL, ALL)
SPECIALISTS = (
    frozenset({"melden", "ausweis"}),
    frozenset({"abholung", "ausweis", "pass"}),
    frozenset({"kfz", "pass"}),
    ALL,
)
EVERYBODY = "everybody"


@dataclass
class Told:
    """What somebody was told, and after how many milliseconds they were called.

    `behind` so many came in the same moment before them and were told by the same forecast.
    """

    at: int
    line: int
    range: Range | None
    waited: int | None = None
    behind: int = 0

    @property
    def is_kept(self) -> bool:
        assert self.range is not None and self.waited is not None
        low, high = self.range.low_minutes, self.range.high_minutes
        return low * MINUTE_MS <= self.waited <= high * MINUTE_MS


@dataclass
class Notes:
    """What an office writes down, to learn from."""

    ratios: dict[str, list[float]] = field(default_factory=dict)
    offsets: list[float] = field(default_factory=list)
    ways: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    booked: int = 0
    missed: int = 0
    calls: int = 0
    vain: int = 0

    def pace(self) -> ServiceTimes:
        """What the office believes after these mornings."""
        early, spread = measuring.punctuality(self.offsets)
        prior = measuring.PRIOR_NO_SHOW, measuring.PRIOR_APPOINTMENTS
        return ServiceTimes(
            {service: measuring.lasting(each[-200:]) for service, each in self.ratios.items()},
            shows=1 - measuring.share(self.missed, self.booked, *prior),
            early=early,
            spread=spread,
            misses=measuring.share(self.vain, self.calls, 0.02, 50),
            walk=measuring.usual(self.ways, measuring.PRIOR_WALK_MS),
            pause=measuring.usual(self.pauses, measuring.PRIOR_PAUSE_MS),
        )


class Morning:
    """One morning. `load` is the offered work per counter; `told` fills as it is lived.

    With `together` people without appointment come so many at once, and one forecast, made before
    the first of them, tells them all.
    """

    def __init__(
        self,
        seed: int,
        load: float,
        counters: Sequence[frozenset[str]],
        notes: Notes,
        rules: PriorityRules | None = None,
        *,
        telling: int = 0,
        futures: int = 24,
        together: int = 1,
    ) -> None:
        self.chance, self.notes = Random(seed), notes
        self.room = WaitingRoom(rules or PriorityRules())
        self.telling, self.futures, self.together = telling, futures, together
        self.shared: Forecast | None = None
        self.shared_at, self.behind = 0, 0
        self.told: dict[int, Told] = {}
        self.pace = notes.pace()
        self.checkin = CheckinRules()
        self.expected: dict[int, ExpectedVisitor] = {}
        self.events: list[tuple[int, int, str, object]] = []
        self._count = 0
        self._over: dict[str, int] = {}
        self._day = exp(0.05 * self.chance.gauss(0, 1))
        for number, services in enumerate(counters):
            self.room.open(StaffedCounter(f"{number}"), services)
        self._invite(load)

    # -- who comes -----------------------------------------------------------------------------

    def _invite(self, load: float) -> None:
        mean = sum(PLANNED[s] * REALLY[s] * OFTEN[s] for s in PLANNED) / sum(OFTEN.values())
        mean = mean * exp(SIGMA**2 / 2) / exp(SIGMA**2 / 2) + 0.75
        people = load * len(self.room.counters) * HOURS * 60 / mean
        booked = round(people * 0.55 / (1 - NO_SHOW))
        for number in range(booked):
            self._book(OPENS + round(number / booked * HOURS * 60) // 5 * 5 * MINUTE_MS)
        self.walk_ins = people * 0.45
        at_door = min(6, round(self.walk_ins / 5))
        for _ in range(at_door):
            self._at(OPENS, "come", None)
        at = 0.0
        while (at := at + self._gap(at, at_door)) < HOURS * 60 - 15:
            for _ in range(self.together):
                self._at(OPENS + round(at * MINUTE_MS), "come", None)

    def _gap(self, at: float, at_door: int) -> float:
        return self.chance.expovariate(self._rate(at, at_door) / self.together)

    def _rate(self, at: float, at_door: int) -> float:
        """Walk-ins a minute: half as many again in the first ninety minutes."""
        usual = (self.walk_ins - at_door) / (90 * 1.5 + HOURS * 60 - 90 - 15)
        return usual * (1.5 if at < 90 else 1)

    def _book(self, start: int) -> None:
        service = self._wish()
        self._count += 1
        booked = ExpectedVisitor(self._count, service, PLANNED[service], start)
        self.expected[booked.id] = booked
        self.notes.booked += 1
        if self.chance.random() < NO_SHOW:
            self.notes.missed += 1
            return
        late = self.chance.gauss(EARLY, SPREAD) * MINUTE_MS
        at = max(OPENS, start - 30 * MINUTE_MS, start + round(late))
        self.notes.offsets.append(at - start)
        self._at(at, "check in", booked)

    def _wish(self) -> str:
        return self.chance.choices(list(OFTEN), list(OFTEN.values()))[0]

    def _at(self, at: int, what: str, whom: object) -> None:
        heappush(self.events, (at, len(self.events) + self.chance.randrange(1 << 40), what, whom))

    # -- what happens --------------------------------------------------------------------------

    def live(self) -> Morning:
        while self.events:
            now, _, what, whom = heappop(self.events)
            if what == "come":
                self._count += 1
                self._come(self._count, self._wish(), now)
            elif what == "check in":
                assert isinstance(whom, ExpectedVisitor)
                del self.expected[whom.id]
                late = now > whom.start + self.checkin.grace_minutes * MINUTE_MS
                self._arrive(whom.id, whom.service, OTHERS if late else BOOKED, whom.start, now)
            elif what == "arrived":
                assert isinstance(whom, StaffedCounter)
                whom.serving_since = now
            elif what == "left":
                assert isinstance(whom, StaffedCounter)
                whom.here = whom.serving_since = None
            else:
                assert isinstance(whom, StaffedCounter)
                self._over.pop(whom.id, None)
            self._call(now)
        return self

    def _come(self, id: int, service: str, now: int) -> None:
        if self.together > 1:
            self._tell_together(id, service, now)
        self._arrive(id, service, OTHERS, now, now)

    def _tell_together(self, id: int, service: str, now: int) -> None:
        if self.shared is None or self.shared_at != now:
            self.shared = forecast(self.present(now), self.futures)
            self.shared_at, self.behind = now, 0
        self.shared.add(id, service, PLANNED[service])
        self.told[id] = Told(now, OTHERS, self.shared.places[id], behind=self.behind)
        self.behind += 1

    def _arrive(self, id: int, service: str, line: int, came: int, now: int) -> None:
        planned = PLANNED[service]
        visitor = Visitor(id, service, line, came, max(came, now), now, planned)
        self.room.add(visitor, now)
        if self.telling and id % self.telling == 0:
            found = forecast(self.present(now), self.futures)
            self.told[id] = Told(now, line, found.places[id])

    def _call(self, now: int) -> None:
        for counter in self.room.counters.values():
            if counter.here is None and counter.id not in self._over:
                taken = self.room.take(counter, now)
                if taken is not None:
                    self._serve(counter, taken.visitor, now)

    def _serve(self, counter: StaffedCounter, who: Visitor, now: int) -> None:
        self.notes.calls += 1
        if who.id in self.told:
            self.told[who.id].waited = now - self.told[who.id].at
        self._over[counter.id] = now
        if self.chance.random() < MISSES:
            self.notes.vain += 1
            over = now + VAIN_MS
        else:
            way = round(self.chance.uniform(0.5, 1.5) * WALK_MS)
            median = who.minutes * MINUTE_MS * REALLY[who.service] / exp(SIGMA**2 / 2)
            lasts = round(median * self._day * exp(SIGMA * self.chance.gauss(0, 1)))
            self._at(now + way, "arrived", counter)
            over = now + way + lasts
            self.notes.ways.append(way)
            ratio = lasts / (who.minutes * MINUTE_MS)
            self.notes.ratios.setdefault(who.service, []).append(ratio)
        pause = round(self.chance.expovariate(1 / PAUSE_MS))
        self.notes.pauses.append(pause)
        self._at(over, "left", counter)
        self._at(over + pause, "free", counter)

    def present(self, now: int) -> OfficeSnapshot:
        """What the office knows now."""
        counters = self.room.counters.values()
        return OfficeSnapshot(
            now=now,
            rules=self.room.rules,
            waiting=tuple(self.room.waiting.values()),
            counters=tuple(counters),
            expected=tuple(
                each
                for each in self.expected.values()
                if each.start > now - self.checkin.late_until_minutes * MINUTE_MS
            ),
            shares={
                counter.pool: tuple(guard for _, guard in counter.share) for counter in counters
            },
            walk_ins=PLANNED,
            checkin=self.checkin,
            service_times=self.pace,
        )


def learned(seed: int, load: float, counters: Sequence[frozenset[str]], mornings: int = 8) -> Notes:
    """What an office has written down in some mornings."""
    notes = Notes()
    for number in range(mornings):
        Morning(seed * 1000 + number, load, counters, notes).live()
    return notes
