"""What an office would want to know of simulated days: the figures of all of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queue_server.domain.figures import (
    BOOKED_LIMITS,
    WALK_IN_LIMITS,
    Passage,
    Spread,
    WaitFigures,
    overtaken,
    spread,
    wait_figures,
)
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.simulation.office_day import SimulatedCall, SimulatedDay

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The figures of some days. Waits are of people, `overtime` of days (minutes each).

    `overtaken` counts for each walk-in those who came later and were called earlier by a counter
    that could have called the walk-in. `longest` is each day's longest walk-in wait.
    `idle_minutes` is counter time that passed unused while somebody waited for that counter.
    """

    days: int
    served: int
    appointments: WaitFigures
    walk_ins: WaitFigures
    longest: Spread
    overtaken: Spread
    overtime: Spread
    idle_minutes: float
    refused: int
    unserved: int
    vain_calls: int


def day_figures(days: Iterable[SimulatedDay]) -> DayFigures:
    """The figures of these days together."""
    parts = [_part(day) for day in days]
    walk_ins = [wait for part in parts for wait in part.walk_ins]
    booked = [wait for part in parts for wait in part.booked]
    return DayFigures(
        days=len(parts),
        served=sum(part.served for part in parts),
        appointments=wait_figures(len(booked), booked, BOOKED_LIMITS),
        walk_ins=wait_figures(len(walk_ins), walk_ins, WALK_IN_LIMITS),
        longest=spread(max(part.walk_ins) for part in parts if part.walk_ins),
        overtaken=spread(each for part in parts for each in part.overtaken),
        overtime=spread(part.overtime for part in parts),
        idle_minutes=round(sum(part.idle for part in parts), 2),
        refused=sum(part.refused for part in parts),
        unserved=sum(part.unserved for part in parts),
        vain_calls=sum(part.vain for part in parts),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What of one day goes into the figures; the day itself may be forgotten then."""

    booked: tuple[float, ...]
    walk_ins: tuple[float, ...]
    overtaken: tuple[int, ...]
    overtime: float
    idle: float
    served: int
    refused: int
    unserved: int
    vain: int


def _part(day: SimulatedDay) -> _Part:
    walk_in = [call for call in day.calls if call.person.due is None]
    vain = sum(1 for call in day.calls if call.arrived is None)
    return _Part(
        booked=tuple(call.waited_minutes for call in day.calls if call.person.due is not None),
        walk_ins=tuple(call.waited_minutes for call in walk_in),
        overtaken=tuple(overtakings(day)),
        overtime=overtime_minutes(day),
        idle=idle_minutes(day),
        served=len(day.calls) - vain,
        refused=len(day.refused),
        unserved=len(day.unserved),
        vain=vain,
    )


def overtakings(day: SimulatedDay) -> list[int]:
    """How often each walk-in was overtaken, in the order of calls."""
    passages = [
        Passage(call.came, call.called, call.person.service, call.services) for call in day.calls
    ]
    numbers = zip(overtaken(passages), day.calls, strict=True)
    return [number for number, call in numbers if call.person.due is None]


def overtime_minutes(day: SimulatedDay) -> float:
    """How long work went on after closing, added up over the opening spans of the day."""
    total = 0
    for start, end in day.spans:
        last = max((c.finished for c in day.calls if start <= c.person.comes <= end), default=0)
        total += max(0, last - end)
    return total / MINUTE_MS


def idle_minutes(day: SimulatedDay) -> float:
    """Counter minutes that passed unused while somebody waited whom that counter serves.

    Read from what happened, not from what the simulation believed.
    """
    stretches: dict[frozenset[str], list[Stretch]] = {}
    unused, until = 0, max((call.called for call in day.calls), default=0)
    calls = defaultdict[str, list[SimulatedCall]](list)
    for call in day.calls:
        calls[call.counter].append(call)
    for counter, services in day.counters:
        if services not in stretches:
            stretches[services] = somebody_waits(day.calls, services)
        unused += _overlap(_gaps(calls[counter], until), stretches[services])
    return unused / MINUTE_MS


def somebody_waits(calls: Iterable[SimulatedCall], services: frozenset[str]) -> list[Stretch]:
    """The stretches of time in which anybody waits for these services, in order."""
    found: list[Stretch] = []
    waits = sorted((c.person.comes, c.called) for c in calls if c.person.service in services)
    for start, end in waits:
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif start < end:
            found.append((start, end))
    return found


def _gaps(calls: Sequence[SimulatedCall], until: int) -> list[Stretch]:
    """When a counter with these calls had nobody, up to that moment."""
    ends = [0, *(call.finished for call in calls)]
    begins = [*(call.called for call in calls), max(until, ends[-1])]
    return list(zip(ends, begins, strict=True))


def _overlap(some: Sequence[Stretch], others: Sequence[Stretch]) -> int:
    """How long two ordered sequences of stretches have in common."""
    common = first = second = 0
    while first < len(some) and second < len(others):
        (start, end), (other_start, other_end) = some[first], others[second]
        common += max(0, min(end, other_end) - max(start, other_start))
        if end <= other_end:
            first += 1
        else:
            second += 1
    return common
