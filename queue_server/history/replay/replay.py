"""Plays a script again: the same people, counters and rhythms, perhaps under another rule.

A counter that is free calls after its next pause whomever the rule gives, or whom its clerk chose
then if that person can still be called. Under the same rule and staffing this reproduces every
call of the real day to the millisecond; that is checked before anything else is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from itertools import count
from statistics import median_low
from typing import Any

from queue_server.domain.site import PriorityRules
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.domain.waiting_room import NextCall
from queue_server.history.replay.day_script import (
    NOWHERE,
    After,
    CounterPlan,
    DayScript,
    LaterChange,
    OpeningChange,
    Return,
    Stay,
    VisitorScript,
    Wait,
)
from queue_server.history.replay.played_office import (
    ASIDE,
    AT_COUNTER,
    CLOSES,
    GONE,
    LINGERS,
    WAITING,
    PlayedCourse,
    PlayedOffice,
    ReplayedCounter,
    ReplayedVisitor,
)

EXTRA = "+1"
# Whoever was handed to a counter that does not open may go to any other after this time.
STRANDED_MS = 15 * MINUTE_MS
# What happened changes for no counter whom it could call.
NOTHING_MOVED = True


def replay(
    script: DayScript, midnights: Sequence[int] = (), extra: Sequence[str] = ()
) -> PlayedCourse:
    """What would have come of it. `midnights` are the local ones within the stretch.

    `extra` are the services of one more counter, which is open while any other is.
    """
    return _Replay(script, midnights, extra).run()


class _Replay(PlayedOffice):
    def __init__(self, script: DayScript, midnights: Sequence[int], extra: Sequence[str]) -> None:
        plans = script.plans
        chosen = {
            counter: [t.chosen for t in plan.planned_calls] for counter, plan in plans.items()
        }
        super().__init__(script.rules, chosen)
        self._script, self._extra = script, extra
        self._after_all = {counter: plan.after_all() for counter, plan in plans.items()}
        every = [planned for plan in plans.values() for planned in plan.planned_calls]
        self._after_all[EXTRA] = CounterPlan(planned_calls=every).after_all()
        self._count = count()
        self._due: list[tuple[int, int, int, Callable[..., bool | None], tuple[Any, ...]]] = []
        for person in script.persons:
            self._enter(person)
        for counter, plan in plans.items():
            for opening in plan.openings:
                self._at(opening.at, opening.seq, self._open_or_close, counter, opening)
        for one in script.rule_changes:
            self._at(one.at, one.seq, self._decide, one.rules)
        for midnight in midnights:
            self._at(midnight, -1, self._new_day)
        heapify(self._due)

    def run(self) -> PlayedCourse:
        due, until = self._due, self._script.ends_at
        while due:
            at, _, _, happen, facts = heappop(due)
            if until is not None and at > until:
                break
            if not happen(at, *facts):
                self.look(at)
        return self.course

    def _enter(self, person: VisitorScript) -> None:
        visitor = self.admit(person)
        self._at(person.arrives, person.seq, self._arrive, visitor)
        for later in person.later:
            self._at(later.at, later.seq, self._later, visitor, later)

    def _at(self, at: int, seq: int, happen: Callable[..., bool | None], *facts: Any) -> None:
        self._due.append((at, 2 * seq, next(self._count), happen, facts))

    def _then(
        self, at: int, seq: int, happen: Callable[..., bool | None], *facts: Any, after: int = 0
    ) -> None:
        """Something that follows; with `after` just behind what stands at the same place."""
        heappush(self._due, (at, 2 * seq + after, next(self._count), happen, facts))

    # -- people --------------------------------------------------------------------------------

    def _arrive(self, now: int, visitor: ReplayedVisitor) -> None:
        self._wait_again(visitor, now)

    def _wait_again(self, visitor: ReplayedVisitor, now: int, held: int = 0) -> None:
        self.wait(visitor, now, held)
        self._patience(visitor, now)

    def _patience(self, visitor: ReplayedVisitor, now: int) -> None:
        """Nobody waits for ever for the one counter that may call them, if it is closed."""
        if visitor.bound_to is None:
            return
        waits = visitor.person.waits
        real = waits[visitor.waits - 1] if visitor.waits <= len(waits) else Wait(now)
        # Who really endured longer would here, too: nobody may have looked after them.
        when = real.freed or After(max(STRANDED_MS, real.lasted + 1), NOWHERE)
        self._then(now + when.after, when.seq, self._lose_patience, visitor, visitor.waits)

    def _lose_patience(self, now: int, visitor: ReplayedVisitor, wait: int) -> None:
        waits_on = visitor.state == WAITING and visitor.waits == wait
        if waits_on and visitor.bound_to is not None and not self.is_open(visitor.bound_to):
            self.unbind(visitor, now)

    def _later(self, now: int, visitor: ReplayedVisitor, later: LaterChange) -> None:
        """What happened to somebody who waited, at its real time; too late for whoever is gone."""
        if visitor.state == GONE:
            return
        if later.what == "preferred":
            self.prefer(visitor, now)
        elif later.what == "postponed":
            self.hold(visitor, now + later.held, now)
        elif later.what == "corrected":
            self.correct(visitor, later.service, later.minutes, now)
        elif visitor.state in (WAITING, ASIDE):
            self.leave(visitor, later.what, now)

    # -- calls ---------------------------------------------------------------------------------

    def is_ready(self, counter: ReplayedCounter, now: int) -> None:
        plan = self._script.plans.get(counter.id)
        calls, number = plan.planned_calls if plan else [], counter.calls_made
        planned = calls[number] if number < len(calls) else self._after_all[counter.id]
        at = now + planned.pause_in(counter.spells)
        counter.spell = next(self._count)
        self._then(at, planned.seq, self._call_next, counter, counter.spell, at + planned.skew)

    def _call_next(self, now: int, counter: ReplayedCounter, spell: int, at: int) -> bool | None:
        """The clerk presses the key, unless the moment has passed since."""
        if counter.since is None or counter.spell != spell or not counter.is_open:
            return NOTHING_MOVED
        picked = self.picked(counter)
        taken = NextCall(picked, "chosen") if picked else self.room.next(counter, at)
        if taken is None:
            return NOTHING_MOVED
        visitor = self.call(counter, taken, at)
        stay = self._stay(visitor)
        number = visitor.calls
        if stay.arrived:
            self._follow(now, stay.arrived, self._begin, counter, visitor, number)
        for one in stay.corrections:
            self._follow(now, one.when, self._correct, visitor, number, one.service, one.minutes)
        if stay.kind:
            self._follow(now, stay.end, self._part, counter, visitor, number, stay)
        return None

    def _follow(
        self, now: int, when: After, happen: Callable[..., bool | None], *facts: Any
    ) -> None:
        self._then(now + when.after, when.seq, happen, *facts)

    def _stay(self, visitor: ReplayedVisitor) -> Stay:
        """What happens at this call; a usual visit for somebody who never got that far."""
        stays = visitor.person.stays
        if visitor.calls <= len(stays):
            return stays[visitor.calls - 1]
        known = self._script.lengths.get(visitor.service)
        walk = median_low([each[0] for each in known]) if known else 0
        length = median_low([each[1] for each in known]) if known else visitor.minutes * MINUTE_MS
        return Stay("finished", After(walk + length, NOWHERE), After(walk, NOWHERE))

    def _begin(
        self, now: int, counter: ReplayedCounter, visitor: ReplayedVisitor, call: int
    ) -> bool:
        if counter.visitor is visitor and visitor.calls == call:
            self.begin(counter, now)
        return NOTHING_MOVED

    def _correct(
        self, now: int, visitor: ReplayedVisitor, call: int, service: str, minutes: int
    ) -> None:
        if visitor.calls == call and visitor.state == AT_COUNTER:
            self.correct(visitor, service, minutes, now)

    def _part(
        self,
        now: int,
        counter: ReplayedCounter,
        visitor: ReplayedVisitor,
        call: int,
        stay: Stay,
    ) -> None:
        if counter.visitor is not visitor or visitor.calls != call:
            return
        self.part(counter, stay, now)
        if visitor.state == WAITING:
            self._patience(visitor, now)
        elif visitor.state == ASIDE and stay.back is not None:
            back = stay.back
            # Whoever a clerk fetched then is back by then, if nobody fetches them here.
            after = 1 if back.kind == "chosen" else 0
            facts = (visitor, visitor.calls, back, now)
            self._then(now + back.when.after, back.when.seq, self._return, *facts, after=after)

    def _return(
        self, now: int, visitor: ReplayedVisitor, call: int, back: Return, aside_at: int
    ) -> None:
        if visitor.state != ASIDE or visitor.calls != call:
            return
        if back.kind == "cancelled":
            self.leave(visitor, "cancelled", now)
        else:
            self._wait_again(visitor, now, aside_at + back.held if back.held else 0)

    # -- counters ------------------------------------------------------------------------------

    def _open_or_close(self, now: int, id: str, opening: OpeningChange) -> None:
        if opening.services is not None:
            self.open(id, opening.services)
        elif (counter := self.counters.get(id)) is not None and counter.is_open:
            counter.closing = LINGERS if opening.lingers else CLOSES
        self._open_or_close_extra()

    def _open_or_close_extra(self) -> None:
        """One counter more is open while any other is, and calls at the usual pace."""
        if not self._extra:
            return
        open_ = [
            counter for counter in self.counters.values() if counter.is_open and counter.id != EXTRA
        ]
        extra = self.counters.get(EXTRA)
        if not all(counter.closing for counter in open_):
            if extra is None or not extra.is_open or extra.closing:
                self.open(EXTRA, self._extra)
        elif extra is not None and extra.is_open and not extra.closing:
            lingers = any(counter.closing == LINGERS for counter in open_)
            extra.closing = LINGERS if lingers else CLOSES

    def _decide(self, now: int, rules: PriorityRules) -> None:
        self.room.set_rules(rules)

    def _new_day(self, now: int) -> None:
        self.room.new_day()
