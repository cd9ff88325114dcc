"""A comparison of two worlds as plain values, the same for the API and the command."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from queue_server.domain.moments import moment
from queue_server.domain.site import Site
from queue_server.simulation.compare import Comparison, Moved
from queue_server.simulation.outcome import CLASSES, Figures, Outcome
from queue_server.simulation.watcher import Fault


def told(comparison: Comparison, site: Site, first: date, last: date) -> dict[str, Any]:
    """Everything that the API promises, and who, when and why beside it.

    `differences` names the first calls at which a replay of the unchanged days left the journal.
    """
    moves = comparison.moves()
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "identical": comparison.identical,
        "days": comparison.days,
        "actual": world(comparison.actual),
        "what_if": world(comparison.what_if),
        "differences": [difference(fault, site) for fault in comparison.faults],
        "difference_count": comparison.fault_count,
        "counters_closed": [
            {"counter": counter, "name": site.counter_name(counter), "days": days}
            for counter, days in comparison.closed.most_common()
        ],
        "moved": {
            "sooner": moves.sooner,
            "later": moves.later,
            "same": moves.same,
            "only_in_what_if": moves.only_now,
            "only_in_actual": moves.no_longer,
            "most": [moved(one, comparison) for one in moves.most],
        },
        "per_day": _per_day(comparison),
    }


def world(outcome: Outcome) -> dict[str, Any]:
    """The figures of one world: per class, and of the house."""
    classes = {kind: _class(outcome.figures(kind)) for kind in CLASSES}
    return classes | {
        "calls": outcome.calls,
        "unserved": outcome.unserved,
        "refused": outcome.refused,
        "overtime_minutes": outcome.overtime_minutes(),
    }


def difference(fault: Fault, site: Site) -> dict[str, Any]:
    """A call at which journal and rule part; `expected` is whom the rule would have called."""
    return {
        "at": _local(fault.at, site),
        "counter": fault.counter,
        "ticket": str(fault.ticket),
        "number": fault.number or None,
        "why": fault.why,
        "expected": fault.expected or None,
    }


def moved(one: Moved, comparison: Comparison) -> dict[str, Any]:
    """Somebody with both waits, in minutes."""
    return {
        "day": comparison.almanac.days[one.day].day.isoformat(),
        "number": one.number,
        "kind": one.kind,
        "actual": _rounded(one.actual),
        "what_if": _rounded(one.what_if),
    }


def _class(figures: Figures) -> dict[str, Any]:
    return {
        "people": figures.people,
        "called": figures.called,
        "wait": asdict(figures.wait),
        "within": {str(limit): share for limit, share in figures.within.items()},
        "overtaken": asdict(figures.overtaken),
    }


def _per_day(comparison: Comparison) -> list[dict[str, Any]]:
    """The mean wait of each day in both worlds."""
    means = [_means(outcome) for outcome in (comparison.actual, comparison.what_if)]
    return [
        {
            "day": comparison.almanac.days[day].day.isoformat(),
            "people": people,
            "actual": mean,
            "what_if": means[1].get(day, (0, 0.0))[1],
        }
        for day, (people, mean) in sorted(means[0].items())
    ]


def _means(outcome: Outcome) -> dict[int, tuple[int, float]]:
    """People and mean wait by day."""
    waits: dict[int, list[float]] = {}
    people: dict[int, int] = {}
    for fate in outcome.fates.values():
        people[fate.day] = people.get(fate.day, 0) + 1
        waits.setdefault(fate.day, [])
        if fate.minutes is not None:
            waits[fate.day].append(fate.minutes)
    return {
        day: (people[day], round(sum(some) / len(some), 2) if some else 0.0)
        for day, some in waits.items()
    }


def _rounded(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)


def _local(at: int, site: Site) -> datetime:
    return moment(at).astimezone(site.zone)
