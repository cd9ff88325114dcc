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

from queue_server.domain.moments import MINUTE_MS
from queue_server.domain.site import PriorityRules
from queue_server.simulation.floor import (
    ASIDE,
    AT_COUNTER,
    CLOSES,
    GONE,
    LINGERS,
    WAITING,
    Course,
    Desk,
    Floor,
    Guest,
    visitor,
)
from queue_server.simulation.room import Taken
from queue_server.simulation.script import (
    NOWHERE,
    Back,
    Later,
    Moment,
    Person,
    Plan,
    Script,
    Sitting,
    Stay,
    Wait,
)

EXTRA = "+1"
# Whoever was handed to a counter that does not open may go to any other after this time.
STRANDED_MS = 15 * MINUTE_MS
# What happened changes for no counter whom it could call.
NOTHING_MOVED = True


def replay(script: Script, midnights: Sequence[int] = (), extra: Sequence[str] = ()) -> Course:
    """What would have come of it. `midnights` are the local ones within the stretch.

    `extra` are the services of one more counter, which is open while any other is.
    """
    return _Replay(script, midnights, extra).run()


class _Replay(Floor):
    def __init__(self, script: Script, midnights: Sequence[int], extra: Sequence[str]) -> None:
        plans = script.plans
        chosen = {counter: [t.chosen for t in plan.turns] for counter, plan in plans.items()}
        super().__init__(script.rules, chosen)
        self._script, self._extra = script, extra
        self._after_all = {counter: plan.after_all() for counter, plan in plans.items()}
        every = [turn for plan in plans.values() for turn in plan.turns]
        self._after_all[EXTRA] = Plan(turns=every).after_all()
        self._count = count()
        self._due: list[tuple[int, int, int, Callable[..., bool | None], tuple[Any, ...]]] = []
        for person in script.persons:
            self._enter(person)
        for counter, plan in plans.items():
            for sitting in plan.sittings:
                self._at(sitting.at, sitting.seq, self._sit, counter, sitting)
        for one in script.decided:
            self._at(one.at, one.seq, self._decide, one.rules)
        for midnight in midnights:
            self._at(midnight, -1, self._new_day)
        heapify(self._due)

    def run(self) -> Course:
        due, until = self._due, self._script.ends_at
        while due:
            at, _, _, happen, facts = heappop(due)
            if until is not None and at > until:
                break
            if not happen(at, *facts):
                self.look(at)
        return self.course

    def _enter(self, person: Person) -> None:
        guest = self.guest(person)
        self._at(person.arrives, person.seq, self._arrive, guest)
        for later in person.later:
            self._at(later.at, later.seq, self._later, guest, later)

    def _at(self, at: int, seq: int, happen: Callable[..., bool | None], *facts: Any) -> None:
        self._due.append((at, 2 * seq, next(self._count), happen, facts))

    def _then(
        self, at: int, seq: int, happen: Callable[..., bool | None], *facts: Any, after: int = 0
    ) -> None:
        """Something that follows; with `after` just behind what stands at the same place."""
        heappush(self._due, (at, 2 * seq + after, next(self._count), happen, facts))

    # -- people --------------------------------------------------------------------------------

    def _arrive(self, now: int, guest: Guest) -> None:
        guest.comes = now
        self._wait_again(guest, now)

    def _wait_again(self, guest: Guest, now: int, held: int = 0) -> None:
        self.wait(guest, now, held)
        self._patience(guest, now)

    def _patience(self, guest: Guest, now: int) -> None:
        """Nobody waits for ever for the one counter that may call them, if it is closed."""
        if guest.bound_to is None:
            return
        waits = guest.person.waits
        real = waits[guest.waits - 1] if guest.waits <= len(waits) else Wait(now)
        # Who really endured longer would here, too: nobody may have looked after them.
        when = real.freed or Moment(max(STRANDED_MS, real.lasted + 1), NOWHERE)
        self._then(now + when.after, when.seq, self._lose_patience, guest, guest.waits)

    def _lose_patience(self, now: int, guest: Guest, wait: int) -> None:
        waits_on = guest.state == WAITING and guest.waits == wait
        if waits_on and guest.bound_to is not None and not self.is_open(guest.bound_to):
            self.unbind(guest, now)

    def _later(self, now: int, guest: Guest, later: Later) -> None:
        """What happened to somebody who waited, at its real time; too late for whoever is gone."""
        if guest.state == GONE:
            return
        if later.what == "preferred":
            self.prefer(guest, now)
        elif later.what == "corrected":
            self.correct(guest, later.service, later.minutes, now)
        elif guest.state in (WAITING, ASIDE):
            self.leave(guest, later.what, now)

    # -- calls ---------------------------------------------------------------------------------

    def is_ready(self, desk: Desk, now: int) -> None:
        plan = self._script.plans.get(desk.id)
        is_planned = plan is not None and desk.turn < len(plan.turns)
        turn = plan.turns[desk.turn] if plan and is_planned else self._after_all[desk.id]
        at = now + turn.pause_in(desk.spells)
        desk.spell = next(self._count)
        self._then(at, turn.seq, self._call_next, desk, desk.spell, at + turn.skew)

    def _call_next(self, now: int, desk: Desk, spell: int, at: int) -> bool | None:
        """The clerk presses the key, unless the moment has passed since."""
        if desk.since is None or desk.spell != spell or desk.seat is None:
            return NOTHING_MOVED
        picked = self.picked(desk)
        taken = Taken(visitor(picked), "chosen") if picked else self.room.next(desk.seat, at)
        if taken is None:
            return NOTHING_MOVED
        guest = self.call(desk, taken, at)
        stay = self._stay(guest)
        number = guest.calls
        if stay.arrived:
            self._follow(now, stay.arrived, self._begin, desk, guest, number)
        for one in stay.corrections:
            self._follow(now, one.when, self._correct, guest, number, one.service, one.minutes)
        if stay.kind:
            self._follow(now, stay.end, self._part, desk, guest, number, stay)
        return None

    def _follow(
        self, now: int, when: Moment, happen: Callable[..., bool | None], *facts: Any
    ) -> None:
        self._then(now + when.after, when.seq, happen, *facts)

    def _stay(self, guest: Guest) -> Stay:
        """What happens at this call; a usual visit for somebody who never got that far."""
        stays = guest.person.stays
        if guest.calls <= len(stays):
            return stays[guest.calls - 1]
        known = self._script.lengths.get(guest.service)
        walk = median_low([each[0] for each in known]) if known else 0
        length = median_low([each[1] for each in known]) if known else guest.minutes * MINUTE_MS
        return Stay("finished", Moment(walk + length, NOWHERE), Moment(walk, NOWHERE))

    def _begin(self, now: int, desk: Desk, guest: Guest, call: int) -> bool:
        if desk.guest is guest and guest.calls == call:
            self.begin(desk, now)
        return NOTHING_MOVED

    def _correct(self, now: int, guest: Guest, call: int, service: str, minutes: int) -> None:
        if guest.calls == call and guest.state == AT_COUNTER:
            self.correct(guest, service, minutes, now)

    def _part(self, now: int, desk: Desk, guest: Guest, call: int, stay: Stay) -> None:
        if desk.guest is not guest or guest.calls != call:
            return
        self.part(desk, stay, now)
        if guest.state == WAITING:
            self._patience(guest, now)
        elif guest.state == ASIDE and stay.back is not None:
            back = stay.back
            # Whoever a clerk fetched then is back by then, if nobody fetches them here.
            after = 1 if back.kind == "chosen" else 0
            facts = (guest, guest.calls, back, now)
            self._then(now + back.when.after, back.when.seq, self._return, *facts, after=after)

    def _return(self, now: int, guest: Guest, call: int, back: Back, aside_at: int) -> None:
        if guest.state != ASIDE or guest.calls != call:
            return
        if back.kind == "cancelled":
            self.leave(guest, "cancelled", now)
        else:
            self._wait_again(guest, now, aside_at + back.held if back.held else 0)

    # -- counters ------------------------------------------------------------------------------

    def _sit(self, now: int, counter: str, sitting: Sitting) -> None:
        if sitting.services is not None:
            self.open(counter, sitting.services)
        elif (desk := self.desks.get(counter)) is not None and desk.seat is not None:
            desk.closing = LINGERS if sitting.lingers else CLOSES
        self._sit_extra()

    def _sit_extra(self) -> None:
        """One counter more is open while any other is, and calls at the usual pace."""
        if not self._extra:
            return
        open_ = [desk for desk in self.desks.values() if desk.seat and desk.id != EXTRA]
        extra = self.desks.get(EXTRA)
        if not all(desk.closing for desk in open_):
            if extra is None or extra.seat is None or extra.closing:
                self.open(EXTRA, self._extra)
        elif extra is not None and extra.seat is not None and not extra.closing:
            lingers = any(desk.closing == LINGERS for desk in open_)
            extra.closing = LINGERS if lingers else CLOSES

    def _decide(self, now: int, rules: PriorityRules) -> None:
        self.room.set_rules(rules)

    def _new_day(self, now: int) -> None:
        self.room.new_day()
