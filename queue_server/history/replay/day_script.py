"""What a real day is made of, so that it can be played again under other rules.

Durations travel with the person, pauses with the counter. All times are UTC milliseconds, all
spans milliseconds; `seq` is the journal's order, which decides what comes first at one moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median_low
from typing import NamedTuple

from queue_server.domain import events as e
from queue_server.domain.office import Planned
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import Kind
from queue_server.domain.timestamps import milliseconds
from queue_server.domain.waiting_room import BOOKED, OTHERS
from queue_server.history.replay.local_days import LocalDays, Step

# A clerk who never had to call anybody takes this long.
USUAL_PAUSE_MS = 30_000
# Comes after everything in a journal, and after all times.
NOWHERE = 1 << 60
NEVER_MS = 1 << 60
DAY_END = "day_end"


class After(NamedTuple):
    """A span after the call (or the end of a stay), and its place in the journal."""

    after: int
    seq: int


class Return(NamedTuple):
    """How somebody set aside came back: `resumed`, `chosen` by a clerk, or `cancelled`.

    `held` is the span from having been set aside to the end of the lock-out.
    """

    kind: str
    when: After
    held: int = 0


class Correction(NamedTuple):
    """What a clerk changed: the first service and planned minutes."""

    when: After
    service: str
    minutes: int


class LaterChange(NamedTuple):
    """Something that happened to somebody who was not at a counter, at its real time.

    `held` is for how long (ms) others go first.
    """

    at: int
    seq: int
    what: str
    service: str = ""
    minutes: int = 0
    held: int = 0


@dataclass(slots=True)
class Stay:
    """A call and what became of it. `kind` is how it ended, empty while it has not."""

    kind: str = ""
    end: After = After(0, 0)
    arrived: After | None = None
    corrections: list[Correction] = field(default_factory=list)
    service: str = ""
    minutes: int = 0
    bound_to: str | None = None
    back: Return | None = None


@dataclass(slots=True)
class Wait:
    """A wait before a call. `freed` is when somebody bound to a closed counter became free."""

    began: int
    lasted: int = 0
    freed: After | None = None


@dataclass(slots=True)
class VisitorScript:
    """Who came, when and for what, and what happened at each of their calls.

    What it shares with `Visitor` of the waiting room, means the same: the place taken on arrival.
    """

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
    later: list[LaterChange] = field(default_factory=list)

    def stops_waiting(self, now: int) -> None:
        wait = self.waits[-1]
        wait.lasted = now - wait.began


class PlannedCall(NamedTuple):
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


class OpeningChange(NamedTuple):
    """A counter opens or changes its services, or closes (`services` is None).

    `lingers` says that nobody suitable was left behind, and that it did not open again that day:
    in another world it would have gone on while somebody waited.
    """

    at: int
    seq: int
    services: tuple[str, ...] | None
    lingers: bool = False


@dataclass(slots=True)
class CounterPlan:
    """A counter's day: its openings, and the rhythm of its calls.

    `endured` are the spells after its last call in which it could have called and did not.
    """

    openings: list[OpeningChange] = field(default_factory=list)
    planned_calls: list[PlannedCall] = field(default_factory=list)
    endured: list[int] = field(default_factory=list)

    def after_all(self) -> PlannedCall:
        """A call that the counter never made: at its usual pause, if not slower."""
        pause = usual([planned.pause for planned in self.planned_calls])
        return PlannedCall(pause, 0, NOWHERE, 0, tuple(self.endured))


class RuleChange(NamedTuple):
    """The rule from here on."""

    at: int
    seq: int
    rules: PriorityRules


class ReplayedCall(NamedTuple):
    """A call as it was or would have been."""

    at: int
    counter: str
    ticket: int


@dataclass(slots=True)
class DayScript:
    """A stretch of real days. `ends_at` is now when the day is not over.

    `rules` held at its beginning. `lengths` are the real spans from call to arrival and from
    arrival to end, by service.
    """

    rules: PriorityRules
    last_at: int
    persons: list[VisitorScript] = field(default_factory=list)
    plans: dict[str, CounterPlan] = field(default_factory=dict)
    rule_changes: list[RuleChange] = field(default_factory=list)
    calls: list[ReplayedCall] = field(default_factory=list)
    lengths: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    ends_at: int | None = None
    has_old_minutes: bool = False


def usual(spans: list[int]) -> int:
    """The median span; of none, a usual pause."""
    return median_low(spans) if spans else USUAL_PAUSE_MS


def person_of(step: Step, issued: e.TicketIssued, planned: Planned) -> VisitorScript:
    """Who drew this ticket; `planned` knows the minutes that old journals lack."""
    at = step.at + step.skew
    due = milliseconds(issued.due_at) if issued.due_at else None
    is_booked = issued.kind == Kind.APPOINTMENT
    return VisitorScript(
        id=issued.ticket or 0,
        number=issued.number,
        is_booked=is_booked,
        line=BOOKED if is_booked and not issued.is_late else OTHERS,
        came=due or at,
        since=max(due, at) if due else at,
        issued=at,
        service=issued.services[0],
        minutes=issued.minutes or planned(issued.services, issued.persons),
        persons=issued.persons,
        arrives=step.at,
        seq=step.seq,
    )


def chosen_in(steps: Sequence[Step]) -> dict[str, list[int]]:
    """Whom clerks chose at the n-th call of each counter; 0 where they took the next one."""
    chosen: dict[str, list[int]] = {}
    for step in steps:
        if isinstance(step.event, e.TicketCalled):
            picked = (step.event.ticket or 0) if step.event.chosen else 0
            chosen.setdefault(step.event.counter or "", []).append(picked)
    return chosen


def last_ones_linger(openings: list[OpeningChange], days: LocalDays) -> list[OpeningChange]:
    """Only a counter's last closing of a local day may be put off."""
    kept = list(openings)
    for number, one in enumerate(openings[:-1]):
        later = openings[number + 1]
        if one.lingers and days.number(one.at) == days.number(later.at):
            kept[number] = one._replace(lingers=False)
    return kept
