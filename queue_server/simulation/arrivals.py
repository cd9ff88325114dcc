"""Who comes to an office on a day: walk-ins, a crowd at the door, appointments, and no-shows.

A model, not a measurement: plausible figures of German offices for whoever has none of their own.
All times are milliseconds after local midnight. The people depend on the seed and the demand
alone, never on the rule, so that two rules can be compared on the very same day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import exp, log, sqrt
from random import Random

from queue_server.domain.hours import Span
from queue_server.domain.site import Site
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.forecast.snapshot import ExpectedVisitor
from queue_server.simulation.checks import check, within

HIGHEST_LOAD, MOST_VARIATION = 5.0, 3.0


@dataclass(frozen=True)
class Demand:
    """What comes to an office; raises `BadRequest` naming each field that makes no sense.

    `load` is the work that comes, as a share of the counters' opening time: 0.94 is an ordinary
    morning, 1.1 a busy one, 1.25 an ordinary one with one of four clerks ill. `booked_share` of it
    comes with appointments, spread evenly over times `slot_minutes` apart; `no_shows` of those who
    booked stay away, the others check in `early_minutes` before their time, give or take
    `spread_minutes` (standard deviation). Of the walk-ins, `door_share` wait when the doors open;
    in the first `peak_minutes` the others come `peak` times as often as later. A visit lasts as
    long as planned on average, log-normal with the coefficient of variation `variation`, after
    `walk_seconds` from the chair to the counter. `gone` of those who wait have left when they are
    called, which costs `vain_minutes`. `mix` weighs services by how many people come for them;
    without it every counter has equally much to do, and its time is shared by its services.
    """

    load: float = 0.94
    booked_share: float = 0.5
    slot_minutes: int = 15
    no_shows: float = 0.18
    early_minutes: float = 6
    spread_minutes: float = 7
    door_share: float = 0.2
    peak: float = 1.7
    peak_minutes: int = 90
    variation: float = 0.5
    walk_seconds: float = 30
    gone: float = 0
    vain_minutes: float = 3
    mix: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(
            [
                within("load", self.load, 0, HIGHEST_LOAD),
                within("booked_share", self.booked_share, 0, 1),
                within("slot_minutes", self.slot_minutes, 1, 1440),
                within("no_shows", self.no_shows, 0, 0.95),
                within("early_minutes", self.early_minutes, -60, 60),
                within("spread_minutes", self.spread_minutes, 0, 60),
                within("door_share", self.door_share, 0, 1),
                within("peak", self.peak, 1, 10),
                within("peak_minutes", self.peak_minutes, 0, 1440),
                within("variation", self.variation, 0, MOST_VARIATION),
                within("walk_seconds", self.walk_seconds, 0, 600),
                within("gone", self.gone, 0, 1),
                within("vain_minutes", self.vain_minutes, 0, 60),
            ]
        )


@dataclass(frozen=True, slots=True)
class SimulatedVisitor:
    """Somebody who comes. `due` is the slot of an appointment, `minutes` is planned, `work` real.

    `work` and `walk` are milliseconds; `gone` says that nobody answers the call.
    """

    id: int
    service: str
    comes: int
    due: int | None
    minutes: int
    work: int
    walk: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class SimulatedArrivals:
    """A day as it comes: opening spans, the calendar, and the people in the order of coming.

    `booked` are all times in the calendar, whether or not anybody comes for them.
    """

    spans: tuple[tuple[int, int], ...]
    booked: tuple[ExpectedVisitor, ...]
    people: tuple[SimulatedVisitor, ...]
    demand: Demand


def arrivals(
    site: Site, spans: Sequence[Span], demand: Demand, seed: int | str
) -> SimulatedArrivals:
    """One day of this site with these opening spans; the same seed, the same people.

    Raises `BadRequest` for a site where nobody can come.
    """
    opening = tuple(_joined(spans))
    check([("site", "" if opening and site.counters else "has no counter or is closed")])
    drawing = _Drawing(site, opening, demand, str(seed))
    booked = tuple(drawing.calendar())
    comers = [*drawing.booked_people(booked), *drawing.walk_ins()]
    comers.sort(key=lambda person: (person.comes, person.id))
    return SimulatedArrivals(opening, booked, tuple(comers), demand)


def _joined(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The opening spans in order; spans that meet are one."""
    ordered = sorted((span.start, span.end) for span in spans if span.start < span.end)
    while ordered:
        start, end = ordered.pop(0)
        while ordered and ordered[0][0] <= end:
            end = max(end, ordered.pop(0)[1])
        yield start * MINUTE_MS, end * MINUTE_MS


class _Drawing:
    """Draws a day; every purpose has its own random numbers, so that one does not shift another."""

    def __init__(
        self, site: Site, spans: tuple[tuple[int, int], ...], demand: Demand, seed: str
    ) -> None:
        self.site, self.spans, self.demand, self.seed = site, spans, demand, seed
        weights = {**counter_shares(site), **demand.mix}
        walk_in, bookable = (
            {s.id: weights.get(s.id, 0) for s in site.services if getattr(s, kind)}
            for kind in ("walk_in", "bookable")
        )
        self.walk_in, self.bookable = walk_in, bookable
        booked_share = demand.booked_share if any(bookable.values()) else 0
        self.booked_share = booked_share if any(walk_in.values()) else 1
        self._lengths = (demand.variation, *_log_normal(demand.variation))
        self._ids = 0

    def chance(self, purpose: str) -> Random:
        return Random(f"{self.seed} {purpose}")

    def expected(self, mix: Mapping[str, float], share: float, span: tuple[int, int]) -> float:
        """How many people bring this share of the span's work."""
        weight = sum(mix.values())
        if not weight:
            return 0
        minutes = sum(self.site.service(id).minutes * each for id, each in mix.items()) / weight
        visit = minutes * MINUTE_MS + self.demand.walk_seconds * 1000
        work = self.demand.load * len(self.site.counters) * (span[1] - span[0])
        return work * share / visit

    # -- appointments --

    def calendar(self) -> Iterator[ExpectedVisitor]:
        chance, step = self.chance("calendar"), self.demand.slot_minutes * MINUTE_MS
        ids = count(1)
        for start, end in self.spans:
            come = self.expected(self.bookable, self.booked_share, (start, end))
            people = int(come / (1 - self.demand.no_shows) + chance.random())
            slots, offset = max(1, (end - start) // step), chance.random()
            for number in range(people):
                due = start + int((number + offset) * slots / people) * step
                service = _one_of(chance, self.bookable)
                minutes = self.site.service(service).minutes
                yield ExpectedVisitor(next(ids), service, minutes, due)

    def booked_people(self, booked: Sequence[ExpectedVisitor]) -> Iterator[SimulatedVisitor]:
        """Those who keep their appointment; check-in opens when the doors do, or later."""
        chance, come, rules = self.chance("booked"), self.chance("punctual"), self.site.checkin
        for each in booked:
            shows = come.random() >= self.demand.no_shows
            late = come.gauss(-self.demand.early_minutes, self.demand.spread_minutes)
            late = min(max(late, -rules.early_minutes), rules.late_until_minutes)
            opens = max(start for start, _ in self.spans if start <= each.start)
            comes = max(opens, each.start + int(late * MINUTE_MS))
            person = self.person(chance, each.service, comes, each.start)
            if shows:
                yield person

    # -- walk-ins --

    def walk_ins(self) -> Iterator[SimulatedVisitor]:
        chance, arrivals = self.chance("walk-ins"), self.chance("arrivals")
        stop = self.site.tickets.stop_before_close_minutes * MINUTE_MS
        for start, end in self.spans:
            people = self.expected(self.walk_in, 1 - self.booked_share, (start, end))
            at_door = int(people * self.demand.door_share + arrivals.random())
            later = people * (1 - self.demand.door_share)
            moments = [start] * at_door
            moments += self._moments(arrivals, later, start, max(start + 1, end - stop))
            for comes in moments:
                yield self.person(chance, _one_of(chance, self.walk_in), comes, None)

    def _moments(self, chance: Random, people: float, start: int, end: int) -> Iterator[int]:
        """A Poisson stream that is denser in the first part of the span."""
        if people <= 0:
            return
        peak_end = min(end, start + self.demand.peak_minutes * MINUTE_MS)
        dense = (peak_end - start) * self.demand.peak
        total = dense + end - peak_end
        gap = total / people
        passed = gap * chance.expovariate(1)
        while passed < total:
            if passed < dense:
                yield start + int(passed / self.demand.peak)
            else:
                yield peak_end + int(passed - dense)
            passed += gap * chance.expovariate(1)

    def person(self, chance: Random, service: str, comes: int, due: int | None) -> SimulatedVisitor:
        self._ids += 1
        variation, mu, sigma = self._lengths
        minutes = self.site.service(service).minutes
        length = exp(chance.gauss(mu, sigma)) if variation else 1.0
        gone = chance.random() < self.demand.gone
        work, walk = int(minutes * MINUTE_MS * length), int(self.demand.walk_seconds * 1000)
        return SimulatedVisitor(self._ids, service, comes, due, minutes, work, walk, gone)


def counter_shares(site: Site) -> dict[str, float]:
    """How often people come for each service if all counters have equally much to do."""
    weights = dict.fromkeys((service.id for service in site.services), 0.0)
    for counter in site.counters:
        served = site.served_by(counter.services)
        for id in served:
            weights[id] += 1 / (len(served) * site.service(id).minutes)
    return weights


def _log_normal(variation: float) -> tuple[float, float]:
    """Mean and deviation of the logarithm for a mean of one."""
    sigma = sqrt(log(1 + variation**2))
    return -(sigma**2) / 2, sigma


def _one_of(chance: Random, mix: Mapping[str, float]) -> str:
    return chance.choices(list(mix), list(mix.values()))[0]
