"""The state of an office at a moment, and the same made ready for many futures.

For the futures there are lines by groups of counters instead of by services. Times are UTC
milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from queue_server.domain.rule import Rank
from queue_server.domain.site import CheckinRules, PriorityRules
from queue_server.domain.waiting_room import StaffedCounter, Visitor
from queue_server.forecast.future import ExpectedArrival, FutureInput, LineEntry, negated
from queue_server.forecast.service_times import ServiceTimes


@dataclass(frozen=True, slots=True)
class ExpectedVisitor:
    """An appointment of today that is not checked in yet."""

    id: int
    service: str
    minutes: int
    start: int


@dataclass(frozen=True, slots=True)
class OfficeSnapshot:
    """Who waits, which counters are open, who is there, who is expected, and the rule.

    `shares` are the contested calls of each pool today, newest last, True where the call was the
    guard's. `walk_ins` are the planned minutes of every service that people may come for without
    an appointment.
    """

    now: int
    rules: PriorityRules
    waiting: tuple[Visitor, ...] = ()
    counters: tuple[StaffedCounter, ...] = ()
    expected: tuple[ExpectedVisitor, ...] = ()
    shares: Mapping[str, tuple[bool, ...]] = field(default_factory=dict)
    walk_ins: Mapping[str, int] = field(default_factory=dict)
    checkin: CheckinRules = field(default_factory=CheckinRules)
    service_times: ServiceTimes = field(default_factory=ServiceTimes)


@dataclass(frozen=True, slots=True)
class PreparedSnapshot:
    """The input, the group of each service that is served now, and the index of each ticket.

    `expected` are the indexes of the expected appointments that some counter serves, in the order
    of the present.
    """

    input: FutureInput
    group_of: Mapping[str, int]
    indexes: Mapping[int, int]
    expected: Mapping[int, int]


def prepare(office: OfficeSnapshot) -> PreparedSnapshot:
    """The input of a present state; who can be called by nobody is left out."""
    sets = _counters_by_service(office)
    alone = {each.id: frozenset({index}) for index, each in enumerate(office.counters)}
    bound = {alone[v.bound_to] for v in office.waiting if v.bound_to in alone}
    groups = tuple(sorted({*sets.values(), *bound}, key=sorted))
    number = {counters: group for group, counters in enumerate(groups)}
    group_of = {service: number[counters] for service, counters in sets.items()}
    called_by = {id: number.get(counters, -1) for id, counters in alone.items()}
    people = [v for v in office.waiting if _group(v, group_of, called_by) >= 0]
    people.sort(key=lambda visitor: _rank(office, visitor), reverse=True)
    some = [
        _entry(office, visitor, index, _group(visitor, group_of, called_by))
        for index, visitor in enumerate(people)
    ]
    expected = [each.id for each in office.expected if each.service in group_of]
    return PreparedSnapshot(
        input=_input(office, groups, group_of, people, some),
        group_of=group_of,
        indexes={visitor.id: index for index, visitor in enumerate(people)},
        expected={id: index for index, id in enumerate(expected, start=len(people))},
    )


def _input(
    office: OfficeSnapshot,
    groups: tuple[frozenset[int], ...],
    group_of: Mapping[str, int],
    people: Iterable[Visitor],
    some: Iterable[LineEntry],
) -> FutureInput:
    counters = office.counters
    pools = list(dict.fromkeys(counter.pool for counter in counters))
    stand = list(zip(people, some, strict=True))
    return FutureInput(
        now=office.now,
        rules=office.rules,
        groups=groups,
        services=tuple(counter.services for counter in counters),
        pools=tuple(pools.index(counter.pool) for counter in counters),
        seen=tuple(
            tuple(group for group, members in enumerate(groups) if index in members)
            for index in range(len(counters))
        ),
        sharing=tuple(sum(bool(a.services & b.services) for b in counters) for a in counters),
        waiting=tuple(who for visitor, who in stand if visitor.held_until <= office.now),
        held=tuple(
            ExpectedArrival(visitor.held_until, who, counted=True)
            for visitor, who in stand
            if visitor.held_until > office.now
        ),
        since_guard=tuple(_since_guard(office.shares.get(pool, ())) for pool in pools),
        walk=round(office.service_times.walk),
        pause=round(office.service_times.pause),
    )


def _counters_by_service(office: OfficeSnapshot) -> dict[str, frozenset[int]]:
    served = {service for counter in office.counters for service in counter.services}
    return {
        service: frozenset(
            index for index, each in enumerate(office.counters) if service in each.services
        )
        for service in served
    }


def _group(visitor: Visitor, group_of: Mapping[str, int], called_by: Mapping[str, int]) -> int:
    """The line that somebody is in; -1 when no open counter may call them."""
    if visitor.bound_to is not None:
        return called_by.get(visitor.bound_to, -1)
    return group_of.get(visitor.service, -1)


def _entry(office: OfficeSnapshot, visitor: Visitor, index: int, group: int) -> LineEntry:
    rank = _rank(office, visitor)
    return LineEntry(
        negated(rank), rank, index, visitor.line, group, visitor.minutes, visitor.service
    )


def _since_guard(calls: Sequence[bool]) -> int:
    """The contested calls at the end that were not the guard's."""
    return next((n for n, guard in enumerate(reversed(calls)) if guard), len(calls))


def _rank(office: OfficeSnapshot, visitor: Visitor) -> Rank:
    first = visitor.since if office.rules.rule == "arrival" else visitor.came
    return first, visitor.issued, visitor.id
