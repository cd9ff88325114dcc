"""Turns a stretch of real days into a script: what each person needs, what each counter does.

It moves people as a replay does, so that both mean the same by "this counter could have called".
What the journal tells that cannot be is passed over and noted; what is wrong with it, audits say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from queue_server.domain import events as e
from queue_server.domain.office import Planned, rules_set
from queue_server.domain.site import PriorityRules
from queue_server.domain.timestamps import milliseconds
from queue_server.domain.waiting_room import NextCall
from queue_server.history.replay import day_script as script
from queue_server.history.replay.day_script import After, DayScript, Stay, Wait
from queue_server.history.replay.local_days import LocalDays, Step
from queue_server.history.replay.played_office import (
    ASIDE,
    AT_COUNTER,
    WAITING,
    PlayedOffice,
    ReplayedCounter,
    ReplayedVisitor,
)


class Recording(NamedTuple):
    """The script of a stretch, what really came of it, and when the journal told what cannot be."""

    script: DayScript
    actual: PlayedOffice
    impossible: list[int]


def record(
    steps: Sequence[Step], rules: PriorityRules, planned: Planned, days: LocalDays, now: int
) -> Recording:
    """The script of a stretch that begins under `rules`.

    `planned` gives the minutes of a visit where an old journal does not.
    """
    recorder = _Recorder(steps, rules, planned)
    midnights = days.midnights(steps[0].at, steps[-1].at)
    for step in steps:
        while midnights and midnights[0] <= step.at:
            midnights.pop(0)
            recorder.room.new_day()
        recorder.see(step)
    recorder.finish(days, now)
    return Recording(recorder.script, recorder, recorder.impossible)


class _Recorder(PlayedOffice):
    """Writes the scripts of people while they come, wait, change their minds and leave."""

    def __init__(self, steps: Sequence[Step], rules: PriorityRules, planned: Planned) -> None:
        super().__init__(rules, script.chosen_in(steps))
        self.script = DayScript(rules, steps[-1].at)
        self.impossible: list[int] = []
        self._planned = planned
        self._called_at: dict[int, int] = {}
        # Counters that are about to close although somebody waits whom only they may call.
        self._left_behind: set[str] = set()
        self._aside_at: dict[int, int] = {}

    def see(self, step: Step) -> None:
        event = step.event
        _SEEN[type(event)](self, step, event)
        if not isinstance(event, e.TicketArrived):
            self.look(step.at)

    def finish(self, days: LocalDays, now: int) -> None:
        """When all is seen. A day that is not over yet is played as far as it has come."""
        present = any(visitor.state in (WAITING, AT_COUNTER) for visitor in self.visitors.values())
        if present and days.number(self.script.last_at) >= days.number(now):
            self.script.ends_at = max(now, self.script.last_at)
        for counter in self.counters.values():
            if counter.since is not None:
                self.script.plans[counter.id].endured.append(script.NEVER_MS)
        for visitor in self.visitors.values():
            if visitor.state == WAITING:
                visitor.person.stops_waiting(self.script.last_at)
        for plan in self.script.plans.values():
            plan.openings = script.last_ones_linger(plan.openings, days)

    def was_ready(self, counter: ReplayedCounter, spell: int) -> None:
        self.script.plans[counter.id].endured.append(spell)

    # -- people come, wait and leave -------------------------------------------------------------

    def _issued(self, step: Step, event: e.TicketIssued) -> None:
        person = script.person_of(step, event, self._planned)
        self.script.has_old_minutes |= not event.minutes
        self.script.persons.append(person)
        self._waits(self.admit(person), step.at)

    def _waits(self, visitor: ReplayedVisitor, now: int, held: int = 0) -> None:
        visitor.person.waits.append(Wait(now))
        self.wait(visitor, now, held)

    def _known(self, event: e.Event, *states: int) -> ReplayedVisitor | None:
        """The person of an event, in a state in which it can have happened."""
        visitor = self.visitors.get(event.ticket or 0)
        return visitor if visitor is not None and visitor.state in states else None

    def _resumed(self, step: Step, event: e.TicketResumed) -> None:
        visitor = self._known(event, ASIDE)
        if visitor is not None:
            held = milliseconds(event.held_until) if event.held_until else 0
            self._is_back(visitor, step, "resumed", held)
            self._waits(visitor, step.at, held)

    def _is_back(self, visitor: ReplayedVisitor, step: Step, kind: str, held: int = 0) -> None:
        aside_at = self._aside_at[visitor.id]
        back = script.Return(
            kind, After(step.at - aside_at, step.seq), held - aside_at if held else 0
        )
        visitor.person.stays[-1].back = back

    def _cancelled(self, step: Step, event: e.TicketCancelled) -> None:
        visitor = self._known(event, WAITING, ASIDE, AT_COUNTER)
        if visitor is None:
            return
        if visitor.state == AT_COUNTER:
            self._end(step, event, "cancelled")
            return
        what = script.DAY_END if event.by == script.DAY_END else "cancelled"
        if visitor.state == ASIDE:
            self._is_back(visitor, step, "cancelled")
        else:
            visitor.person.stops_waiting(step.at)
            visitor.person.later.append(script.LaterChange(step.at, step.seq, what))
        self.leave(visitor, what, step.at)

    def _preferred(self, step: Step, event: e.TicketPreferred) -> None:
        visitor = self._known(event, WAITING, ASIDE)
        if visitor is not None:
            visitor.person.later.append(script.LaterChange(step.at, step.seq, "preferred"))
            self.prefer(visitor, step.at)

    def _postponed(self, step: Step, event: e.TicketPostponed) -> None:
        visitor = self._known(event, WAITING)
        if visitor is not None:
            held = milliseconds(event.held_until) - step.at
            later = script.LaterChange(step.at, step.seq, "postponed", held=held)
            visitor.person.later.append(later)
            self.hold(visitor, step.at + held, step.at)

    def _corrected(self, step: Step, event: e.TicketServicesChanged) -> None:
        visitor = self._known(event, WAITING, ASIDE, AT_COUNTER)
        if visitor is None:
            return
        person, service = visitor.person, event.services[0]
        minutes = self._minutes_of(event, visitor)
        if visitor.state == AT_COUNTER:
            when = After(step.at - self._called_at[person.id], step.seq)
            person.stays[-1].corrections.append(script.Correction(when, service, minutes))
        else:
            person.later.append(
                script.LaterChange(step.at, step.seq, "corrected", service, minutes)
            )
        self.correct(visitor, service, minutes, step.at)

    def _minutes_of(
        self, event: e.TicketServicesChanged | e.TicketTransferred, visitor: ReplayedVisitor
    ) -> int:
        self.script.has_old_minutes |= not event.minutes
        return event.minutes or self._planned(event.services, visitor.person.persons)

    def _unbound(self, step: Step, event: e.TicketUnbound) -> None:
        visitor = self._known(event, WAITING, ASIDE)
        if visitor is None:
            return
        # Who is freed because a counter closes will be when it closes in the replay.
        if self.is_open(visitor.bound_to):
            self._left_behind.add(visitor.bound_to or "")
        elif visitor.state == WAITING:
            wait = visitor.person.waits[-1]
            wait.freed = After(step.at - wait.began, step.seq)
        self.unbind(visitor, step.at)

    # -- calls -----------------------------------------------------------------------------------

    def _called(self, step: Step, event: e.TicketCalled) -> None:
        visitor = self._known(event, WAITING, ASIDE)
        counter = self._ready_counter(step, event)
        if visitor is None:
            self.impossible.append(step.at)
            counter.calls_made += 1
            return
        pause = step.at - (step.at if counter.since is None else counter.since)
        plan = self.script.plans[counter.id]
        picked = visitor.id if event.chosen else 0
        plan.planned_calls.append(
            script.PlannedCall(pause, picked, step.seq, step.skew, tuple(plan.endured))
        )
        plan.endured.clear()
        if visitor.state == WAITING:
            visitor.person.stops_waiting(step.at)
        else:
            self._is_back(visitor, step, "chosen")
        visitor.person.stays.append(Stay())
        self._called_at[visitor.id] = step.at
        taken = NextCall(visitor, event.reason, event.contested, event.guard)
        self.call(counter, taken, step.at + step.skew)
        self.script.calls.append(self.course.calls[-1])

    def _ready_counter(self, step: Step, event: e.TicketCalled) -> ReplayedCounter:
        """The counter that called, made ready when the journal left out how it became so."""
        counter = self.counters.get(event.counter or "")
        if counter is None or not counter.is_open:
            self.impossible.append(step.at)
            self._open(step, event, tuple(filter(None, event.pool.split(","))))
            counter = self.counters[event.counter or ""]
        if counter.visitor is not None:
            self.impossible.append(step.at)
            self._end_stay(step, event, counter.visitor, counter, "finished")
        self.look(step.at)
        return counter

    def _arrived(self, step: Step, event: e.TicketArrived) -> None:
        visitor = self._known(event, AT_COUNTER)
        counter = self.counter_of(visitor)
        if visitor is not None and counter is not None:
            when = After(step.at - self._called_at[visitor.id], step.seq)
            visitor.person.stays[-1].arrived = when
            self.begin(counter, step.at)

    def _end(self, step: Step, event: e.Event, kind: str) -> None:
        visitor = self._known(event, AT_COUNTER)
        counter = self.counter_of(visitor)
        if visitor is not None and counter is not None:
            self._end_stay(step, event, visitor, counter, kind)
        elif event.ticket in self.visitors:
            self.impossible.append(step.at)

    def _end_stay(
        self,
        step: Step,
        event: e.Event,
        visitor: ReplayedVisitor,
        counter: ReplayedCounter,
        kind: str,
    ) -> None:
        person, stay = visitor.person, visitor.person.stays[-1]
        stay.kind = kind
        stay.end = After(step.at - self._called_at[person.id], step.seq)
        if isinstance(event, e.TicketTransferred):
            stay.service, stay.bound_to = event.services[0], event.bound_to
            stay.minutes = self._minutes_of(event, visitor)
        if kind == "finished" and stay.arrived is not None:
            lengths = self.script.lengths.setdefault(visitor.service, [])
            lengths.append((stay.arrived.after, stay.end.after - stay.arrived.after))
        self.part(counter, stay, step.at)
        if visitor.state == WAITING:
            person.waits.append(Wait(step.at))
        self._aside_at[person.id] = step.at

    def _open(self, step: Step, event: e.Event, services: tuple[str, ...]) -> None:
        id = event.counter or ""
        plan = self.script.plans.setdefault(id, script.CounterPlan())
        plan.openings.append(script.OpeningChange(step.at, step.seq, services))
        self.open(id, services)

    def _closed(self, step: Step, event: e.CounterClosed) -> None:
        counter = self.counters.get(event.counter or "")
        if counter is None or not counter.is_open:
            return
        left_nobody = not self.room.somebody_for(counter) and counter.id not in self._left_behind
        self._left_behind.discard(counter.id)
        plan = self.script.plans[counter.id]
        plan.openings.append(script.OpeningChange(step.at, step.seq, None, left_nobody))
        self.close(counter, step.at)

    def _decided(self, step: Step, event: e.RulesSet) -> None:
        rules = rules_set(event)
        self.script.rule_changes.append(script.RuleChange(step.at, step.seq, rules))
        self.room.set_rules(rules)


def _ended(kind: str) -> Callable[[_Recorder, Step, e.Event], None]:
    return lambda recorder, step, event: recorder._end(step, event, kind)


# Beside the class: a recorder that held its own methods would outlive its day.
_SEEN: Mapping[type[e.Event], Callable[[_Recorder, Step, Any], None]] = {
    e.TicketIssued: _Recorder._issued, e.TicketCalled: _Recorder._called,
    e.TicketArrived: _Recorder._arrived, e.TicketFinished: _ended("finished"),
    e.TicketMissed: _ended("missed"), e.TicketParked: _ended("parked"),
    e.TicketReleased: _ended("released"), e.TicketTransferred: _ended("transferred"),
    e.TicketResumed: _Recorder._resumed, e.TicketCancelled: _Recorder._cancelled,
    e.TicketPreferred: _Recorder._preferred, e.TicketPostponed: _Recorder._postponed,
    e.TicketServicesChanged: _Recorder._corrected, e.TicketUnbound: _Recorder._unbound,
    e.CounterOpened: lambda recorder, step, event: recorder._open(step, event, event.services),
    e.CounterClosed: _Recorder._closed, e.RulesSet: _Recorder._decided,
}  # fmt: skip
