"""Watches a real stretch of days go by and writes its script: scripts of people, plans of counters.

It moves the same people through the same rooms as a replay does, so that both mean the same by
"this counter could have called". What the journal tells that cannot be is noted as a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from queue_server.domain.site import PriorityRules
from queue_server.simulation.floor import ASIDE, AT_COUNTER, WAITING, Desk, Floor, Guest, visitor
from queue_server.simulation.happened import Almanac, Happened
from queue_server.simulation.room import Taken
from queue_server.simulation.script import (
    NEVER_MS,
    Decided,
    Moment,
    Plan,
    Planned,
    Script,
    Sitting,
    Stay,
    Turn,
    Wait,
    rules_from,
)
from queue_server.simulation.watcher import Fault, Watcher


class Recording(NamedTuple):
    """The script of a stretch, what really came of it, and what cannot have been."""

    script: Script
    actual: Floor
    faults: list[Fault]


def record(
    events: Sequence[Happened],
    rules: PriorityRules,
    planned: Planned,
    almanac: Almanac,
    now: int,
    *,
    suspicious: bool = False,
) -> Recording:
    """The script of a stretch that begins under `rules`.

    `planned` gives the minutes of a visit where an old journal does not. A `suspicious` recorder
    asks the rule at every call whether it would have called the same person: that takes time, and
    tells where a replay went another way.
    """
    recorder = _Recorder(events, rules, planned, suspicious)
    midnights = almanac.midnights(events[0].at, events[-1].at)
    for event in events:
        while midnights and midnights[0] <= event.at:
            midnights.pop(0)
            recorder.room.new_day()
        recorder.see(event)
    recorder.finish(almanac, now)
    return Recording(recorder.script, recorder, recorder.faults)


class _Recorder(Watcher):
    def see(self, event: Happened) -> None:
        _SEEN[event.name](self, event)
        if event.name != "TicketArrived":
            self.look(event.at)

    def finish(self, almanac: Almanac, now: int) -> None:
        """When all is seen. A day that is not over yet is played as far as it has come."""
        present = any(guest.state in (WAITING, AT_COUNTER) for guest in self.guests.values())
        if present and almanac.number(self.script.last_at) >= almanac.number(now):
            self.script.ends_at = max(now, self.script.last_at)
        for desk in self.desks.values():
            if desk.since is not None:
                self.script.plans[desk.id].endured.append(NEVER_MS)
        for guest in self.guests.values():
            if guest.state == WAITING:
                wait = guest.person.waits[-1]
                wait.lasted = self.script.last_at - wait.began
        for plan in self.script.plans.values():
            plan.sittings = _last_ones_linger(plan.sittings, almanac)

    def was_ready(self, desk: Desk, now: int) -> None:
        if desk.since is not None:
            self.script.plans[desk.id].endured.append(now - desk.since)

    # -- calls ---------------------------------------------------------------------------------

    def _called(self, event: Happened) -> None:
        at = event.at + event.skew
        guest = self.guests.get(event.ticket)
        desk = self._ready_desk(event)
        if guest is None or guest.state not in (WAITING, ASIDE):
            self._fault(event, "not_waiting" if guest else "unknown_ticket")
            desk.turn += 1
            return
        chosen = bool(event.data.get("chosen"))
        if self._suspicious and not chosen:
            self._ask_the_rule(event, desk, at)
        pause = event.at - (event.at if desk.since is None else desk.since)
        plan = self.script.plans[desk.id]
        picked = event.ticket if chosen else 0
        plan.turns.append(Turn(pause, picked, event.seq, event.skew, tuple(plan.endured)))
        plan.endured.clear()
        if guest.state == WAITING:
            self._stops_waiting(guest, event.at)
        else:
            self._is_back(guest, event, "chosen")
        guest.person.stays.append(Stay())
        self._called_at[event.ticket] = event.at
        self.call(desk, Taken(visitor(guest), event.data.get("reason", ""), *_share(event)), at)
        self.script.calls.append(self.course.calls[-1])

    def _ready_desk(self, event: Happened) -> Desk:
        """The counter that called, made ready when the journal left out how it became so."""
        desk = self.desks.get(event.counter)
        if desk is None or desk.seat is None:
            self._fault(event, "counter_not_open")
            services = tuple(filter(None, str(event.data.get("pool", "")).split(",")))
            self._open(event, services)
            desk = self.desks[event.counter]
        if desk.guest is not None:
            self._fault(event, "counter_busy")
            self._end(event._replace(ticket=desk.guest.person.id), "finished")
        self.look(event.at)
        return desk

    def _ask_the_rule(self, event: Happened, desk: Desk, at: int) -> None:
        assert desk.seat is not None
        wanted = self.room.next(desk.seat, at)
        if wanted is None:
            self._fault(event, "not_suitable")
        elif wanted.visitor.id != event.ticket:
            self._fault(event, "other_rule", self.guests[wanted.visitor.id].person.number)

    def _arrived(self, event: Happened) -> None:
        guest = self._known(event, AT_COUNTER)
        desk = self._desk_of(guest)
        if guest is not None and desk is not None:
            when = Moment(event.at - self._called_at[event.ticket], event.seq)
            guest.person.stays[-1].arrived = when
            self.begin(desk, event.at)

    def _end(self, event: Happened, kind: str) -> None:
        guest = self._known(event, AT_COUNTER)
        desk = self._desk_of(guest)
        if guest is None or desk is None:
            if event.ticket in self.guests:
                self._fault(event, "not_at_counter")
            return
        stay = guest.person.stays[-1]
        stay.kind = kind
        stay.end = Moment(event.at - self._called_at[event.ticket], event.seq)
        if kind == "transferred":
            stay.service = event.data["services"][0]
            stay.minutes = self._minutes_of(event, guest)
            stay.bound_to = event.data.get("bound_to")
        if kind == "finished" and stay.arrived is not None:
            lengths = self.script.lengths.setdefault(guest.service, [])
            lengths.append((stay.arrived.after, stay.end.after - stay.arrived.after))
        self.part(desk, stay, event.at)
        if guest.state == WAITING:
            guest.person.waits.append(Wait(event.at))
        self._aside_at[event.ticket] = event.at

    def _desk_of(self, guest: Guest | None) -> Desk | None:
        return next((d for d in self.desks.values() if guest and d.guest is guest), None)

    # -- counters ------------------------------------------------------------------------------

    def _opened(self, event: Happened) -> None:
        self._open(event, tuple(event.data["services"]))

    def _open(self, event: Happened, services: tuple[str, ...]) -> None:
        plan = self.script.plans.setdefault(event.counter, Plan())
        plan.sittings.append(Sitting(event.at, event.seq, services))
        self.open(event.counter, services)

    def _closed(self, event: Happened) -> None:
        desk = self.desks.get(event.counter)
        if desk is None or desk.seat is None:
            return
        left_nobody = not self.room.somebody_for(desk.seat) and desk.id not in self._left_behind
        self._left_behind.discard(desk.id)
        plan = self.script.plans[event.counter]
        plan.sittings.append(Sitting(event.at, event.seq, None, left_nobody))
        self.close(desk, event.at)

    def _decided(self, event: Happened) -> None:
        rules = rules_from(event.data)
        self.script.decided.append(Decided(event.at, event.seq, rules))
        self.room.set_rules(rules)


def _ended(kind: str) -> Callable[[_Recorder, Happened], None]:
    return lambda recorder, event: recorder._end(event, kind)


# Beside the class: a recorder that held its own methods would outlive its day.
_SEEN: Mapping[str, Callable[[_Recorder, Happened], None]] = {
    "TicketIssued": _Recorder._issued,
    "TicketCalled": _Recorder._called,
    "TicketArrived": _Recorder._arrived,
    "TicketFinished": _ended("finished"),
    "TicketMissed": _ended("missed"),
    "TicketParked": _ended("parked"),
    "TicketReleased": _ended("released"),
    "TicketTransferred": _ended("transferred"),
    "TicketResumed": _Recorder._resumed,
    "TicketCancelled": _Recorder._cancelled,
    "TicketPreferred": _Recorder._preferred,
    "TicketServicesChanged": _Recorder._corrected,
    "TicketUnbound": _Recorder._unbound,
    "CounterOpened": _Recorder._opened,
    "CounterClosed": _Recorder._closed,
    "RulesSet": _Recorder._decided,
}


def _share(event: Happened) -> tuple[bool, bool]:
    return bool(event.data.get("contested")), bool(event.data.get("guard"))


def _last_ones_linger(sittings: list[Sitting], almanac: Almanac) -> list[Sitting]:
    """Only a counter's last closing of a local day may be put off."""
    kept = list(sittings)
    for number, one in enumerate(sittings[:-1]):
        later = sittings[number + 1]
        if one.lingers and almanac.number(one.at) == almanac.number(later.at):
            kept[number] = one._replace(lingers=False)
    return kept
