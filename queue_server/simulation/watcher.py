"""People on their way through a real day, as the journal tells it, and what cannot have been."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from queue_server.domain.site import PriorityRules
from queue_server.simulation.floor import ASIDE, AT_COUNTER, WAITING, Floor, Guest
from queue_server.simulation.happened import Happened
from queue_server.simulation.script import (
    Back,
    Correction,
    Later,
    Moment,
    Planned,
    Script,
    Wait,
    person_of,
)


class Fault(NamedTuple):
    """Why a replay cannot follow the journal here. `expected` is whom the rule would have called.

    `why`: `other_rule`, `counter_not_open`, `counter_busy`, `not_waiting`, `not_suitable`,
    `not_at_counter`, `unknown_ticket`, or `other_course` when only the replay noticed.
    """

    at: int
    counter: str
    ticket: int
    number: str
    why: str
    expected: str = ""


class Watcher(Floor, ABC):
    """Writes the scripts of people while they come, wait, change their minds and leave."""

    def __init__(
        self,
        events: Sequence[Happened],
        rules: PriorityRules,
        planned: Planned,
        suspicious: bool,
    ) -> None:
        super().__init__(rules, chosen_in(events))
        self.script = Script(rules, events[0].at, events[-1].at)
        self.faults: list[Fault] = []
        self._planned = planned
        self._suspicious = suspicious
        self._called_at: dict[int, int] = {}
        # Counters that are about to close although somebody waits whom only they may call.
        self._left_behind: set[str] = set()
        self._aside_at: dict[int, int] = {}

    def _issued(self, event: Happened) -> None:
        person = person_of(event, self._planned)
        self.script.has_old_minutes |= not event.data.get("minutes")
        self.script.persons.append(person)
        self._waits(self.guest(person), event.at)

    def _waits(self, guest: Guest, now: int, held: int = 0) -> None:
        guest.person.waits.append(Wait(now))
        self.wait(guest, now, held)

    def _known(self, event: Happened, *states: int) -> Guest | None:
        """The person of an event, in a state in which it can have happened."""
        guest = self.guests.get(event.ticket)
        return guest if guest is not None and guest.state in states else None

    def _resumed(self, event: Happened) -> None:
        guest = self._known(event, ASIDE)
        if guest is None:
            return
        held = event.data.get("held_until") or 0
        self._is_back(guest, event, "resumed", held)
        self._waits(guest, event.at, held)

    def _is_back(self, guest: Guest, event: Happened, kind: str, held: int = 0) -> None:
        aside_at = self._aside_at[guest.person.id]
        when = Moment(event.at - aside_at, event.seq)
        guest.person.stays[-1].back = Back(kind, when, held - aside_at if held else 0)

    def _cancelled(self, event: Happened) -> None:
        by_day_end = event.data.get("by") == "day_end"
        guest = self._known(event, WAITING, ASIDE, AT_COUNTER)
        if guest is None:
            return
        if guest.state == AT_COUNTER:
            self._end(event, "cancelled")
            return
        if guest.state == ASIDE:
            self._is_back(guest, event, "cancelled")
        else:
            self._stops_waiting(guest, event.at)
            what = "day_end" if by_day_end else "cancelled"
            guest.person.later.append(Later(event.at, event.seq, what))
        self.leave(guest, "day_end" if by_day_end else "cancelled", event.at)

    def _stops_waiting(self, guest: Guest, now: int) -> None:
        wait = guest.person.waits[-1]
        wait.lasted = now - wait.began

    def _preferred(self, event: Happened) -> None:
        guest = self._known(event, WAITING, ASIDE)
        if guest is not None:
            guest.person.later.append(Later(event.at, event.seq, "preferred"))
            self.prefer(guest, event.at)

    def _corrected(self, event: Happened) -> None:
        guest = self._known(event, WAITING, ASIDE, AT_COUNTER)
        if guest is None:
            return
        person, service = guest.person, event.data["services"][0]
        minutes = self._minutes_of(event, guest)
        if guest.state == AT_COUNTER:
            when = Moment(event.at - self._called_at[event.ticket], event.seq)
            person.stays[-1].corrections.append(Correction(when, service, minutes))
        else:
            person.later.append(Later(event.at, event.seq, "corrected", service, minutes))
        self.correct(guest, service, minutes, event.at)

    def _minutes_of(self, event: Happened, guest: Guest) -> int:
        minutes = event.data.get("minutes")
        if minutes:
            return int(minutes)
        self.script.has_old_minutes = True
        return self._planned(tuple(event.data["services"]), guest.person.persons)

    def _unbound(self, event: Happened) -> None:
        guest = self._known(event, WAITING, ASIDE)
        if guest is None:
            return
        # Who is freed because a counter closes will be when it closes in the replay.
        if self.is_open(guest.bound_to):
            self._left_behind.add(guest.bound_to or "")
        elif guest.state == WAITING:
            wait = guest.person.waits[-1]
            wait.freed = Moment(event.at - wait.began, event.seq)
        self.unbind(guest, event.at)

    def _fault(self, event: Happened, why: str, expected: str = "") -> None:
        guest = self.guests.get(event.ticket)
        number = guest.person.number if guest else ""
        at = event.at + event.skew
        self.faults.append(Fault(at, event.counter, event.ticket, number, why, expected))

    @abstractmethod
    def _end(self, event: Happened, kind: str) -> None:
        """Somebody leaves the counter; the recorder knows how."""


def chosen_in(events: Sequence[Happened]) -> dict[str, list[int]]:
    """Whom clerks chose at the n-th call of each counter; 0 where they took the next one."""
    chosen: dict[str, list[int]] = {}
    for event in events:
        if event.name == "TicketCalled":
            picked = event.ticket if event.data.get("chosen") else 0
            chosen.setdefault(event.counter, []).append(picked)
    return chosen
