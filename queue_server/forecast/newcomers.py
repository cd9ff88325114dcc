"""Who comes just after a forecast was made: one forecast serves them all, each with a true range.

Whoever comes without an appointment stands last, so that nobody before them waits longer for it.
In every future the counters have free time; newcomers take it up in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.forecast.future import FutureCounter, FutureResult
from queue_server.forecast.samples import Samples
from queue_server.forecast.snapshot import PreparedSnapshot


class Newcomers:
    """The futures of a forecast, and what of their free time newcomers have taken so far."""

    def __init__(
        self, prepared: PreparedSnapshot, samples: Samples, futures: Sequence[FutureResult]
    ) -> None:
        self._prepared, self._samples, self._futures = prepared, samples, futures
        # When each counter would call one more newcomer, in each future.
        self._next = [[_first(each) for each in told.counters] for told in futures]

    def waits(self, service: str) -> list[int] | None:
        """What the next newcomer for this service waits in each future; None: nobody serves it."""
        group = self._prepared.group_of.get(service)
        if group is None:
            return None
        counters, now = self._prepared.input.groups[group], self._prepared.input.now
        return [min(map(next_call.__getitem__, counters)) - now for next_call in self._next]

    def add(self, id: int, service: str, minutes: int) -> list[int] | None:
        """Somebody came for this service, with so many planned minutes; returns what they wait."""
        group = self._prepared.group_of.get(service)
        if group is None:
            return None
        counters, now = sorted(self._prepared.input.groups[group]), self._prepared.input.now
        lasts = self._samples.occupied(id, service, minutes)
        waits: list[int] = []
        for told, next_call, span in zip(self._futures, self._next, lasts, strict=True):
            counter = min(counters, key=next_call.__getitem__)
            at = next_call[counter]
            waits.append(at - now)
            next_call[counter] = _after(told.counters[counter], at, span)
        return waits


def _first(counter: FutureCounter) -> int:
    # A future ends when every counter has nobody to call: each would have called a newcomer.
    assert counter.calls_newcomer is not None
    return counter.calls_newcomer


def _after(counter: FutureCounter, at: int, span: int) -> int:
    """When a counter that calls at this moment has had so much time without anybody else."""
    for begin, end in counter.idle:
        free = end - max(begin, at)
        if free >= span:
            return max(begin, at) + span
        span -= max(0, free)
    assert counter.idle_from is not None
    return max(counter.idle_from, at) + span
