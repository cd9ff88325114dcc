"""What a real day is made of, so that it can be played again under other rules.

Durations travel with the person, pauses with the counter. All times are UTC milliseconds, all
spans milliseconds; `seq` is the journal's order, which decides what comes first at one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median_low
from typing import Any, NamedTuple

from queue_server.domain.site import PriorityRules
from queue_server.simulation.happened import Happened

# A clerk who never had to call anybody takes this long.
USUAL_PAUSE_MS = 30_000
# Comes after everything that stands in a journal, and after all time.
NOWHERE = 1 << 60
NEVER_MS = 1 << 60

Planned = Callable[[tuple[str, ...], int], int]


class Moment(NamedTuple):
    """A span after the call (or the end of a stay), and its place in the journal."""

    after: int
    seq: int


class Back(NamedTuple):
    """How somebody set aside came back: `resumed`, `chosen` by a clerk, or `cancelled`.

    `held` is the span from having been set aside to the end of the lock-out.
    """

    kind: str
    when: Moment
    held: int = 0


class Correction(NamedTuple):
    """What a clerk changed: the first service and planned minutes."""

    when: Moment
    service: str
    minutes: int


class Later(NamedTuple):
    """Something that happened to somebody who was not at a counter, at its real time."""

    at: int
    seq: int
    what: str
    service: str = ""
    minutes: int = 0


@dataclass(slots=True)
class Stay:
    """A call and what became of it. `kind` is how it ended, empty while it has not."""

    kind: str = ""
    end: Moment = Moment(0, 0)
    arrived: Moment | None = None
    corrections: list[Correction] = field(default_factory=list)
    service: str = ""
    minutes: int = 0
    bound_to: str | None = None
    back: Back | None = None


@dataclass(slots=True)
class Wait:
    """A wait before a call. `freed` is when somebody bound to a closed counter became free."""

    began: int
    lasted: int = 0
    freed: Moment | None = None


@dataclass(slots=True)
class Person:
    """Who came, when and for what, and what happened at each of their calls."""

    id: int
    number: str
    is_booked: bool
    line: int
    came: int
    since: int
    issued: int
    service: str
    minutes: int
    persons: int
    arrives: int
    seq: int
    stays: list[Stay] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)


class Turn(NamedTuple):
    """A call of a counter: the pause before it, and whom a clerk chose, or 0.

    `endured` are earlier spells in which the counter could have called and did not, until a
    colleague took the last person or it closed.
    """

    pause: int
    chosen: int
    seq: int
    skew: int = 0
    endured: tuple[int, ...] = ()

    def pause_in(self, spell: int) -> int:
        """The pause before this call, in the n-th spell in which it could be made."""
        if spell < len(self.endured):
            return max(self.pause, self.endured[spell] + 1)
        return self.pause


class Sitting(NamedTuple):
    """A counter opens or changes its services, or closes (`services` is None).

    `lingers` says that nobody suitable was left behind, and that it did not open again that day:
    in another world it would have gone on while somebody waited.
    """

    at: int
    seq: int
    services: tuple[str, ...] | None
    lingers: bool = False


@dataclass(slots=True)
class Plan:
    """A counter's day: its sittings, and the rhythm of its calls.

    `endured` are the spells after its last call in which it could have called and did not.
    """

    sittings: list[Sitting] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    endured: list[int] = field(default_factory=list)

    def after_all(self) -> Turn:
        """A call that the counter never made: at its usual pause, if not slower."""
        pause = usual([turn.pause for turn in self.turns])
        return Turn(pause, 0, NOWHERE, 0, tuple(self.endured))


class Decided(NamedTuple):
    """The rule from here on."""

    at: int
    seq: int
    rules: PriorityRules


class Call(NamedTuple):
    """A call as it was or would have been."""

    at: int
    counter: str
    ticket: int


@dataclass(slots=True)
class Script:
    """A stretch of real days. `ends_at` is now when the day is not over.

    `rules` held at its beginning. `lengths` are the real spans from call to arrival and from
    arrival to end, by service.
    """

    rules: PriorityRules
    starts_at: int
    last_at: int
    persons: list[Person] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)
    decided: list[Decided] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    lengths: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    ends_at: int | None = None
    has_old_minutes: bool = False


def usual(spans: list[int]) -> int:
    """The median span; of none, a usual pause."""
    return median_low(spans) if spans else USUAL_PAUSE_MS


def rules_from(data: Mapping[str, Any]) -> PriorityRules:
    """The rule of a `RulesSet` event."""
    return PriorityRules(
        rule=data["rule"],
        busy_from_minutes=data["busy_from_minutes"],
        guard_after_minutes=data["guard_after_minutes"],
        guard_every=data["guard_every"],
        ratio=data["ratio"],
    )


def person_of(event: Happened, planned: Planned) -> Person:
    """The person of a `TicketIssued`; `planned` knows the minutes that old journals lack."""
    data, at = event.data, event.at + event.skew
    due = data.get("due_at")
    is_booked = data["kind"] == "appointment"
    services, persons = tuple(data["services"]), data.get("persons", 1)
    return Person(
        id=event.ticket,
        number=data["number"],
        is_booked=is_booked,
        line=1 if is_booked and not data.get("is_late") else 2,
        came=due or at,
        since=max(due, at) if due else at,
        issued=at,
        service=services[0],
        minutes=data.get("minutes") or planned(services, persons),
        persons=persons,
        arrives=event.at,
        seq=event.seq,
    )
