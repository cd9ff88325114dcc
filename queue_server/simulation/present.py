"""The state of an office at a moment, as the forecast needs it. Times are UTC milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from queue_server.domain.site import CheckinRules, PriorityRules
from queue_server.simulation.pace import Pace
from queue_server.simulation.room import Visitor


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody called or in service; `arrived` is None until they are at the counter."""

    id: int
    service: str
    minutes: int
    called: int
    arrived: int | None = None


@dataclass(frozen=True, slots=True)
class OpenCounter:
    """An open counter, what it serves, and who is there."""

    id: str
    services: frozenset[str]
    here: Here | None = None

    @property
    def pool(self) -> str:
        """The same text for counters that serve the same: they share the guard's share."""
        return ",".join(sorted(self.services))


@dataclass(frozen=True, slots=True)
class Expected:
    """An appointment of today that is not checked in yet."""

    id: int
    service: str
    minutes: int
    start: int


@dataclass(frozen=True, slots=True)
class Present:
    """Who waits, who is where, who is expected, and the rule.

    `shares` are the contested calls of each pool today, newest last, True where the call was the
    guard's. `walk_ins` are the planned minutes of every service that people may come for without
    an appointment.
    """

    now: int
    rules: PriorityRules
    waiting: tuple[Visitor, ...] = ()
    counters: tuple[OpenCounter, ...] = ()
    expected: tuple[Expected, ...] = ()
    shares: Mapping[str, tuple[bool, ...]] = field(default_factory=dict)
    walk_ins: Mapping[str, int] = field(default_factory=dict)
    checkin: CheckinRules = field(default_factory=CheckinRules)
    pace: Pace = field(default_factory=Pace)
