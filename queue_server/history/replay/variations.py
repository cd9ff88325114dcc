"""The same day under another rule, with other counters or opening hours: a script rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from queue_server.domain.timestamps import MINUTE_MS
from queue_server.history.replay.day_script import (
    CounterPlan,
    DayScript,
    OpeningChange,
    VisitorScript,
)
from queue_server.history.replay.local_days import LocalDay, LocalDays

# A counter that opens or closes within this time of the office does so because the office does.
WITH_THE_HOUSE_MS = 30 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class OtherHours:
    """How many minutes the office opens earlier and closes later; negative: later and earlier."""

    opens_earlier: int = 0
    closes_later: int = 0


def least_used(script: DayScript) -> str | None:
    """The counter that would be missed least: the fewest calls, if the others can do its work.

    When no counter's services are covered by the others, the one with the fewest calls.
    """
    served = {counter: _services(plan.openings) for counter, plan in script.plans.items()}
    order = sorted(served, key=lambda counter: (len(script.plans[counter].planned_calls), counter))
    for counter in order:
        others = (services for other, services in served.items() if other != counter)
        if served[counter] <= frozenset().union(*others):
            return counter
    return order[0] if order else None


def ruled_otherwise(script: DayScript, given: Mapping[str, Any]) -> DayScript:
    """The script with these fields of its rules changed, whatever rule was in force when."""
    rules = replace(script.rules, **given)
    changes = [one._replace(rules=replace(one.rules, **given)) for one in script.rule_changes]
    return replace(script, rules=rules, rule_changes=changes)


def without(script: DayScript, counter: str | None) -> DayScript:
    """The script with this counter closed all the time."""
    plans = {name: plan for name, plan in script.plans.items() if name != counter}
    return replace(script, plans=plans)


def every_service(script: DayScript) -> tuple[str, ...]:
    """All that counters offered or people came for."""
    offered = (_services(plan.openings) for plan in script.plans.values())
    stays = (stay.service for person in script.persons for stay in person.stays if stay.service)
    wanted = {person.service for person in script.persons}
    return tuple(sorted(frozenset().union(*offered, stays, wanted)))


def opened_otherwise(
    script: DayScript, hours: OtherHours, days: LocalDays
) -> tuple[DayScript, frozenset[int]]:
    """The script under other opening hours, and the tickets of those who find the doors closed.

    First openings and last closings move with the office. Whoever came before a later opening waits
    at the door until then, and has waited since they came. A day without opening and closing
    stays as it was.
    """
    plans = {
        counter: CounterPlan(_moved(plan.openings, hours, days), plan.planned_calls)
        for counter, plan in script.plans.items()
    }
    persons = [_at_the_door(person, hours, days) for person in script.persons]
    refused = frozenset(p.id for p in persons if _is_too_late(p, hours, days))
    admitted = [person for person in persons if person.id not in refused]
    return replace(script, plans=plans, persons=admitted), refused


def _services(openings: Iterable[OpeningChange]) -> frozenset[str]:
    return frozenset(service for one in openings for service in one.services or ())


def _moved(
    openings: list[OpeningChange], hours: OtherHours, days: LocalDays
) -> list[OpeningChange]:
    by_day: dict[int, list[OpeningChange]] = {}
    for one in openings:
        by_day.setdefault(days.number(one.at), []).append(one)
    moved = [_moved_day(day, hours, days.of(day[0].at)) for day in by_day.values()]
    return [one for day in moved for one in day]


def _moved_day(
    openings: list[OpeningChange], hours: OtherHours, day: LocalDay
) -> list[OpeningChange]:
    """A counter's openings of one day, moved with the office and kept inside its hours."""
    opens, closes = new_hours(day, hours)
    moved = list(openings)
    first, last = moved[0], moved[-1]
    if first.services is not None and opens is not None and day.opens is not None:
        if first.at <= day.opens + WITH_THE_HOUSE_MS:
            first = first._replace(at=first.at + opens - day.opens)
        moved[0] = first._replace(at=max(first.at, opens) if hours.opens_earlier < 0 else first.at)
    if last.services is None and closes is not None and day.closes is not None:
        if last.at >= day.closes - WITH_THE_HOUSE_MS:
            last = last._replace(at=last.at + closes - day.closes)
        moved[-1] = last._replace(at=min(last.at, closes) if hours.closes_later < 0 else last.at)
    return _inside(moved)


def _inside(openings: list[OpeningChange]) -> list[OpeningChange]:
    """What lies before the first opening happens at it, what lies after the last closing never."""
    begin, end = openings[0].at, openings[-1].at
    if openings[0].services is None or openings[-1].services is not None:
        return openings
    if begin >= end:
        return []
    between = [one for one in openings[1:-1] if one.at < end]
    return [openings[0], *(one._replace(at=max(one.at, begin)) for one in between), openings[-1]]


def new_hours(day: LocalDay, hours: OtherHours) -> tuple[int | None, int | None]:
    """When the office would open and close on this day."""
    opens = None if day.opens is None else day.opens - hours.opens_earlier * MINUTE_MS
    closes = None if day.closes is None else day.closes + hours.closes_later * MINUTE_MS
    return opens, closes


def _at_the_door(person: VisitorScript, hours: OtherHours, days: LocalDays) -> VisitorScript:
    opens, _ = new_hours(days.of(person.arrives), hours)
    if opens is None or hours.opens_earlier >= 0 or person.arrives >= opens:
        return person
    return replace(person, arrives=opens)


def _is_too_late(person: VisitorScript, hours: OtherHours, days: LocalDays) -> bool:
    """Came after an earlier closing, in the real order of time."""
    _, closes = new_hours(days.of(person.arrives), hours)
    return hours.closes_later < 0 and closes is not None and person.arrives >= closes
