"""The present state made ready for many futures: lines by counters instead of by services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from queue_server.domain.rule import Rank
from queue_server.simulation.futures import Arrival, Scene, Someone, negated
from queue_server.simulation.present import Present
from queue_server.simulation.room import Visitor


@dataclass(frozen=True, slots=True)
class Staged:
    """The scene, the group of each service that is served now, and the index of each ticket.

    `expected` are the indexes of the expected appointments that some counter serves, in the order
    of the present.
    """

    scene: Scene
    group_of: Mapping[str, int]
    indexes: Mapping[int, int]
    expected: Mapping[int, int]


def staged(present: Present) -> Staged:
    """The scene of a present state; who can be called by nobody is left out."""
    sets = _seats_by_service(present)
    seat_of = {counter.id: frozenset({seat}) for seat, counter in enumerate(present.counters)}
    bound = {seat_of[v.bound_to] for v in present.waiting if v.bound_to in seat_of}
    groups = tuple(sorted({*sets.values(), *bound}, key=sorted))
    number = {seats: group for group, seats in enumerate(groups)}
    group_of = {service: number[seats] for service, seats in sets.items()}
    called_by = {counter: number.get(seats, -1) for counter, seats in seat_of.items()}
    people = [v for v in present.waiting if _group(v, group_of, called_by) >= 0]
    people.sort(key=lambda visitor: _rank(present, visitor), reverse=True)
    some = [
        _someone(present, visitor, index, _group(visitor, group_of, called_by))
        for index, visitor in enumerate(people)
    ]
    expected = [each.id for each in present.expected if each.service in group_of]
    return Staged(
        scene=_scene(present, groups, group_of, people, some),
        group_of=group_of,
        indexes={visitor.id: index for index, visitor in enumerate(people)},
        expected={id: index for index, id in enumerate(expected, start=len(people))},
    )


def _scene(
    present: Present,
    groups: tuple[frozenset[int], ...],
    group_of: Mapping[str, int],
    people: Iterable[Visitor],
    some: Iterable[Someone],
) -> Scene:
    counters = present.counters
    pools = list(dict.fromkeys(counter.pool for counter in counters))
    stand = list(zip(people, some, strict=True))
    return Scene(
        now=present.now,
        rules=present.rules,
        groups=groups,
        services=tuple(counter.services for counter in counters),
        pools=tuple(pools.index(counter.pool) for counter in counters),
        seen=tuple(
            tuple(group for group, seats in enumerate(groups) if seat in seats)
            for seat in range(len(counters))
        ),
        sharing=tuple(sum(bool(a.services & b.services) for b in counters) for a in counters),
        waiting=tuple(who for visitor, who in stand if visitor.held_until <= present.now),
        held=tuple(
            Arrival(visitor.held_until, who, counted=True)
            for visitor, who in stand
            if visitor.held_until > present.now
        ),
        since_guard=tuple(_since_guard(present.shares.get(pool, ())) for pool in pools),
        ghosts=frozenset(group_of[service] for service in present.walk_ins if service in group_of),
        walk=round(present.pace.walk),
        pause=round(present.pace.pause),
    )


def _seats_by_service(present: Present) -> dict[str, frozenset[int]]:
    served = {service for counter in present.counters for service in counter.services}
    return {
        service: frozenset(
            seat for seat, counter in enumerate(present.counters) if service in counter.services
        )
        for service in served
    }


def _group(visitor: Visitor, group_of: Mapping[str, int], called_by: Mapping[str, int]) -> int:
    """The line that somebody stands in; -1 when no open counter may call them."""
    if visitor.bound_to is not None:
        return called_by.get(visitor.bound_to, -1)
    return group_of.get(visitor.service, -1)


def _someone(present: Present, visitor: Visitor, index: int, group: int) -> Someone:
    rank = _rank(present, visitor)
    return Someone(
        negated(rank), rank, index, visitor.line, group, visitor.minutes, visitor.service
    )


def _since_guard(calls: Sequence[bool]) -> int:
    """The contested calls at the end that were not the guard's."""
    return next((n for n, guard in enumerate(reversed(calls)) if guard), len(calls))


def _rank(present: Present, visitor: Visitor) -> Rank:
    first = visitor.since if present.rules.rule == "arrival" else visitor.came
    return first, visitor.issued, visitor.id
