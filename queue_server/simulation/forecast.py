"""How long still: the present state of an office, lived through many times with the same rule.

Pure Python, for it runs beside the serving of people. Draws belong to the person (common random
numbers), so that the answer does not flicker, and are spread evenly over the futures, so that a
few dozen are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from queue_server.domain.moments import moment
from queue_server.domain.waiting import Range, shown
from queue_server.simulation.draws import Draws
from queue_server.simulation.futures import Future, Told
from queue_server.simulation.present import Present
from queue_server.simulation.scene import Staged, staged

# So many futures as fit into some tens of milliseconds, never too few to see one of ten.
MOST_FUTURES, FEWEST_FUTURES, VISITS = 40, 20, 6_000
AS_FITS = 0
# People who come later and make the office busy are not foreseen, so reality is a little slower:
# the 92 % point of the futures is the ninetieth percentile of what happens.
LOW, LIKELY, HIGH = 0.1, 0.5, 0.92


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the simulated futures say.

    `places` are the ranges of those who wait, by ticket; `newcomers` of somebody who came now
    without an appointment, by service; `ends` is when the last of those who wait, are expected,
    and one newcomer more would be served, by walk-in service. None: no counter serves it now.
    """

    places: Mapping[int, Range | None] = field(default_factory=dict)
    newcomers: Mapping[str, Range | None] = field(default_factory=dict)
    ends: Mapping[str, datetime | None] = field(default_factory=dict)


def forecast(
    present: Present, futures: int = 0, breathe: Callable[[], None] | None = None
) -> Forecast:
    """The ranges of everybody who waits or might come, from so many `futures` (0: as fits).

    `breathe` is called between futures, where a server lets others work.
    """
    stage = staged(present)
    draws = Draws(present, stage, futures or _how_many(present))
    told = []
    for run in range(draws.futures):
        told.append(_lived(stage, draws, run))
        if breathe is not None:
            breathe()
    return Forecast(
        places=_places(present, stage, told),
        newcomers=_newcomers(present, stage, told),
        ends=_ends(present, stage, draws, told),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share lies, between the neighbours of an ordered sample."""
    place = min(max(share * (len(ordered) + 1) - 1, 0), len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _how_many(present: Present) -> int:
    visits = len(present.waiting) + len(present.expected) + len(present.counters)
    return min(MOST_FUTURES, max(FEWEST_FUTURES, VISITS // max(1, visits)))


def _lived(stage: Staged, draws: Draws, run: int) -> Told:
    seats, free_at = draws.seats(run)
    return Future(stage.scene, draws.lasts(run), seats, free_at, draws.arrivals(run)).live()


def _places(present: Present, stage: Staged, told: Sequence[Told]) -> dict[int, Range | None]:
    places: dict[int, Range | None] = {visitor.id: None for visitor in present.waiting}
    for id, index in stage.indexes.items():
        places[id] = _range([each.called[index] - present.now for each in told])
    return places


def _newcomers(present: Present, stage: Staged, told: Sequence[Told]) -> dict[str, Range | None]:
    ranges = {
        group: _range([each.newcomers[group] - present.now for each in told])
        for group in stage.scene.ghosts
    }
    return {service: ranges.get(stage.group_of.get(service, -1)) for service in present.walk_ins}


def _range(waits: list[int]) -> Range:
    waits.sort()
    return shown(*(quantile(waits, share) for share in (LOW, LIKELY, HIGH)))


def _ends(
    present: Present, stage: Staged, draws: Draws, told: Sequence[Told]
) -> dict[str, datetime | None]:
    return {
        service: _end(stage, draws.newcomer(service), stage.group_of[service], told)
        if service in stage.group_of
        else None
        for service in present.walk_ins
    }


def _end(stage: Staged, lasts: Sequence[int], group: int, told: Sequence[Told]) -> datetime:
    """The median end of work with one newcomer more."""
    ends = sorted(
        _work_ends(stage, each, group, visit) for each, visit in zip(told, lasts, strict=True)
    )
    return moment(round(quantile(ends, LIKELY)))


def _work_ends(stage: Staged, told: Told, group: int, visit: int) -> int:
    """When the counters of this group would be done with everybody and one visit more.

    The visit is begun when the newcomer is called; what it takes is gained back from the time in
    which these counters would have had nobody, and the rest falls to the one that is done first.
    """
    seats = [told.seats[seat] for seat in stage.scene.groups[group]]
    done = [max(seat.over, stage.scene.now) for seat in seats]
    rest = max(0, visit - sum(seat.idle for seat in seats))
    return max(*done, told.newcomers[group] + visit, min(done) + rest)
