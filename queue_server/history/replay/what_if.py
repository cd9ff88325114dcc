"""What would have happened: real days compared with the same days under other conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from queue_server.domain.office import rules_set
from queue_server.domain.site import Site
from queue_server.domain.timestamps import milliseconds, moment
from queue_server.history.replay.comparison import Comparison, Difference, MovedVisitor, Variation
from queue_server.history.replay.local_days import (
    PLAYED,
    local_days,
    steps,
    stretches,
    without_undone,
)
from queue_server.history.replay.world_figures import CLASSES, ClassFigures, WorldFigures
from queue_server.store import journal
from queue_server.store.database import Reader

LONGEST_DAYS = 400
# At an office that never closes people are there before the first day begins.
LEAD_DAYS = 2
Progress = Callable[[int, int], None]


def what_if(
    reader: Reader,
    site: Site,
    first: date,
    last: date,
    change: Variation,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> Comparison:
    """The local days from `first` to `last`, both included, as they were and would have been.

    `progress` hears how many of the days are done, and of how many.
    """
    lead = first - timedelta(days=LEAD_DAYS)
    total = (last - first).days + 1
    days = local_days(reader, site, lead, total + 2 * LEAD_DAYS)
    begin, end = moment(days.days[0].start), moment(days.days[-1].start)
    decided = journal.last_rules(reader, site.id, begin)
    comparison = Comparison(
        site,
        change,
        rules_set(decided) if decided else site.priority,
        days,
        (LEAD_DAYS, len(days.days) - 1 - LEAD_DAYS),
        milliseconds(now),
    )
    rows = journal.between(reader, site.id, begin, end, PLAYED)
    for stretch in stretches(steps(rows), days):
        comparison.play(without_undone(stretch))
        if progress is not None:
            done = days.number(stretch[-1].at) - LEAD_DAYS + 1
            progress(min(max(done, 0), total), total)
    return comparison


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
        "differences": [difference(one, site) for one in comparison.differences],
        "difference_count": comparison.difference_count,
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


def world(outcome: WorldFigures) -> dict[str, Any]:
    """The figures of one world: per class, and of the office."""
    classes = {kind: _class(outcome.figures(kind)) for kind in CLASSES}
    return classes | {
        "calls": outcome.calls,
        "unserved": outcome.unserved,
        "refused": outcome.refused,
        "overtime_minutes": outcome.overtime_minutes(),
    }


def difference(one: Difference, site: Site) -> dict[str, Any]:
    """A call at which journal and rule part; `expected` is whom the rule would have called."""
    return {
        "at": _local(one.at, site),
        "counter": one.counter,
        "ticket": str(one.ticket),
        "number": one.number or None,
        "why": one.why,
        "expected": one.expected or None,
    }


def moved(one: MovedVisitor, comparison: Comparison) -> dict[str, Any]:
    """Somebody with both waits, in minutes."""
    return {
        "day": comparison.calendar.days[one.day].day.isoformat(),
        "number": one.number,
        "kind": one.kind,
        "actual": _rounded(one.actual),
        "what_if": _rounded(one.what_if),
    }


def _class(figures: ClassFigures) -> dict[str, Any]:
    return {
        "people": figures.issued,
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
            "day": comparison.calendar.days[day].day.isoformat(),
            "people": people,
            "actual": mean,
            "what_if": means[1].get(day, (0, 0.0))[1],
        }
        for day, (people, mean) in sorted(means[0].items())
    ]


def _means(outcome: WorldFigures) -> dict[int, tuple[int, float]]:
    """People and mean wait by day."""
    waits: dict[int, list[float]] = {}
    people: dict[int, int] = {}
    for fate in outcome.outcomes.values():
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
