"""How long people still wait: the present office, simulated many times with the rule in force.

Pure Python, for it runs beside the serving of people. Samples belong to the person (common random
numbers), so that the answer does not flicker, and are spread evenly over the futures, so that a
few dozen are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from queue_server.domain.timestamps import moment
from queue_server.domain.waiting import Range, shown
from queue_server.forecast.future import Future, FutureResult
from queue_server.forecast.newcomers import Newcomers
from queue_server.forecast.samples import Samples
from queue_server.forecast.snapshot import OfficeSnapshot, PreparedSnapshot, prepare

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

    places: dict[int, Range | None] = field(default_factory=dict)
    ends: Mapping[str, datetime | None] = field(default_factory=dict)
    _line: Newcomers | None = field(default=None, repr=False, compare=False)
    _newcomers: dict[str, Range | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def newcomers(self) -> Mapping[str, Range | None]:
        """The next newcomer waits behind those who were added."""
        if self._line is not None and not self._newcomers:
            self._newcomers.update({each: _range(self._line.waits(each)) for each in self.ends})
        return self._newcomers

    def add(self, id: int, service: str, minutes: int) -> None:
        """Somebody came without an appointment, after the forecast was made and all before.

        They have a place from now on, and whoever comes next waits for them, too. What the
        others were told stays.
        """
        if self._line is not None:
            self.places[id] = _range(self._line.add(id, service, minutes))
            self._newcomers.clear()


def forecast(
    office: OfficeSnapshot, futures: int = 0, pause: Callable[[], None] | None = None
) -> Forecast:
    """The ranges of everybody who waits or might come, from so many `futures` (0: as fits).

    `pause` is called between futures, where a server lets others work.
    """
    prepared = prepare(office)
    samples = Samples(office, prepared, futures or _how_many(office))
    told = []
    for run in range(samples.futures):
        told.append(_lived(prepared, samples, run))
        if pause is not None:
            pause()
    line = Newcomers(prepared, samples, told)
    return Forecast(
        places=_places(office, prepared, told),
        ends=_ends(office, prepared, samples, told, line),
        _line=line,
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share lies, between the neighbours of an ordered sample."""
    place = min(max(share * (len(ordered) + 1) - 1, 0), len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _how_many(office: OfficeSnapshot) -> int:
    visits = len(office.waiting) + len(office.expected) + len(office.counters)
    return min(MOST_FUTURES, max(FEWEST_FUTURES, VISITS // max(1, visits)))


def _lived(prepared: PreparedSnapshot, samples: Samples, run: int) -> FutureResult:
    counters, free_at = samples.counters(run)
    return Future(
        prepared.input, samples.lasts(run), counters, free_at, samples.arrivals(run)
    ).live()


def _places(
    office: OfficeSnapshot, prepared: PreparedSnapshot, told: Sequence[FutureResult]
) -> dict[int, Range | None]:
    places: dict[int, Range | None] = {visitor.id: None for visitor in office.waiting}
    for id, index in prepared.indexes.items():
        places[id] = _range([each.called[index] - office.now for each in told])
    return places


def _range(waits: list[int] | None) -> Range | None:
    if waits is None:
        return None
    waits.sort()
    return shown(*(quantile(waits, share) for share in (LOW, LIKELY, HIGH)))


def _ends(
    office: OfficeSnapshot,
    prepared: PreparedSnapshot,
    samples: Samples,
    told: Sequence[FutureResult],
    line: Newcomers,
) -> dict[str, datetime | None]:
    return {
        service: _end(prepared, samples.newcomer(service), prepared.group_of[service], told, waits)
        if (waits := line.waits(service)) is not None
        else None
        for service in office.walk_ins
    }


def _end(
    prepared: PreparedSnapshot,
    lasts: Sequence[int],
    group: int,
    told: Sequence[FutureResult],
    waits: Sequence[int],
) -> datetime:
    """The median end of work with one newcomer more."""
    now = prepared.input.now
    ends = sorted(
        _work_ends(prepared, each, group, now + wait, visit)
        for each, wait, visit in zip(told, waits, lasts, strict=True)
    )
    return moment(round(quantile(ends, LIKELY)))


def _work_ends(
    prepared: PreparedSnapshot, told: FutureResult, group: int, called: int, visit: int
) -> int:
    """When the counters of this group would be done with everybody and one visit more.

    The visit is begun when the newcomer is called; what it takes is gained back from the time in
    which these counters would have had nobody, and the rest falls to the one that is done first.
    """
    counters = [told.counters[counter] for counter in prepared.input.groups[group]]
    done = [max(counter.over, prepared.input.now) for counter in counters]
    idle = sum(end - begin for counter in counters for begin, end in counter.idle)
    return max(*done, called + visit, min(done) + max(0, visit - idle))
