"""Whatever happens in a room in whatever order: its next is the rule's choice at any moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from queue_server.domain.counters import OpenCounter
from queue_server.domain.hours import local_day
from queue_server.domain.office import ContestedCall, Office
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.domain.timestamps import MINUTE_MS, milliseconds
from queue_server.domain.waiting_room import NextCall, StaffedCounter, WaitingRoom
from tests.domain.rooms_of_offices import visitor_of
from tests.domain.waiting_room import NINE, SERVICES, people, rules, walk_in
from tests.town import BERLIN, rathaus

MINUTES = {"meldewesen": 10, "ausweise": 15, "kfz": 20}
counters = st.sampled_from(["schalter-1", "schalter-2", "schalter-3"])
some_services = st.lists(st.sampled_from(SERVICES), min_size=1, unique=True).map(tuple)
anybody = st.integers(0, 30)


def test_work_that_is_left_at_a_counter_counts_until_it_is_done():
    room, begun = WaitingRoom(PriorityRules(busy_from_minutes=10)), milliseconds(NINE)
    counter = room.open(StaffedCounter("schalter-1"), SERVICES)
    counter.here = visitor_of(replace(walk_in(), state=TicketState.CALLED), 15)

    def is_busy_after(minutes: float) -> bool:
        return room.is_busy_for(counter, begun + round(minutes * MINUTE_MS))

    # Whoever is on the way needs all of their time yet.
    assert is_busy_after(6)
    counter.serving_since = begun
    assert is_busy_after(5) and not is_busy_after(5.1) and not is_busy_after(60)


class RoomLife(RuleBasedStateMachine):
    """The office is the plain bookkeeper: it keeps lists and asks the rule about all of them."""

    @initialize(rules=rules, crowd=st.lists(people(), min_size=2, max_size=6))
    def a_morning(self, rules: PriorityRules, crowd: list[Ticket]) -> None:
        self.now, self.calls, self.ids = NINE, 0, 0
        self.room, self.office = WaitingRoom(rules), Office(rules, rathaus().visit_minutes, BERLIN)
        self.visitors, self.standing = {}, {}
        self.open("schalter-1", SERVICES)
        for ticket in crowd:
            self.come(ticket)

    @property
    def at(self) -> int:
        return milliseconds(self.now)

    def somebody(self, n: int) -> Ticket | None:
        waiting = list(self.office.waiting.values())
        return waiting[n % len(waiting)] if waiting else None

    # -- people ------------------------------------------------------------------------------

    @rule(ticket=people())
    def come(self, ticket: Ticket) -> None:
        self.ids += 1
        ticket = replace(ticket, id=self.ids, state=TicketState.WAITING)
        self.office.minutes[ticket.id] = MINUTES[ticket.services[0]]
        self.office.waiting[ticket.id] = ticket
        self.visitors[ticket.id] = visitor_of(ticket, MINUTES[ticket.services[0]])
        self.room.add(self.visitors[ticket.id], self.at)

    @rule(n=anybody)
    def leave(self, n: int) -> None:
        if ticket := self.somebody(n):
            del self.office.waiting[ticket.id]
            self.room.remove(ticket.id)

    @rule(n=anybody, to=st.sampled_from(SERVICES), bound=st.none() | counters, anew=st.booleans())
    def stand_elsewhere(self, n: int, to: str, bound: str | None, anew: bool) -> None:
        """Another line, with a visitor made anew or the same one changed in place."""
        if ticket := self.somebody(n):
            self.room.remove(ticket.id)
            after = replace(ticket, services=(to,), bound_to=bound)
            self.stand(after, anew)

    @rule(n=anybody, anew=st.booleans())
    def prefer(self, n: int, anew: bool) -> None:
        if ticket := self.somebody(n):
            self.room.remove(ticket.id)
            self.stand(replace(ticket, precedence="mobility"), anew)

    def stand(self, ticket: Ticket, anew: bool) -> None:
        minutes = self.office.minutes[ticket.id] = MINUTES[ticket.services[0]]
        self.office.waiting[ticket.id] = ticket
        fresh, known = visitor_of(ticket, minutes), self.visitors[ticket.id]
        if anew:
            self.visitors[ticket.id] = known = fresh
        for name in ("service", "line", "minutes", "bound_to", "held_until"):
            setattr(known, name, getattr(fresh, name))
        self.room.add(known, self.at)

    # -- counters ----------------------------------------------------------------------------

    @rule(counter=counters, services=some_services)
    def open(self, counter: str, services: tuple[str, ...]) -> None:
        """Open, or serve other services from now on, also with somebody there."""
        self.room.open(self.room.counters.get(counter) or StaffedCounter(counter), services)
        self.office.counters[counter] = OpenCounter(counter, services, 1, self.now)

    @rule(counter=counters)
    def close(self, counter: str) -> None:
        if counter in self.room.counters and counter not in self.office.here:
            self.room.close(self.room.counters[counter])
            self.office.counters.pop(counter, None)

    @rule(counter=counters)
    def call(self, counter: str) -> None:
        if counter not in self.office.counters or counter in self.office.here:
            return
        self.calls += 1
        staffed, choice = self.room.counters[counter], self.office.choice(counter, self.now)
        taken = self.room.take(staffed, self.at, self.calls)
        if choice is not None:
            assert taken is not None and taken.visitor.id == choice.ticket.id
            self.be_called(counter, choice.ticket, choice.contested, choice.guard)

    @rule(counter=counters, n=anybody)
    def call_chosen(self, counter: str, n: int) -> None:
        ticket = self.somebody(n)
        if ticket and counter in self.office.counters and counter not in self.office.here:
            self.calls += 1
            staffed = self.room.counters[counter]
            self.room.call(
                staffed, NextCall(self.visitors[ticket.id], "chosen"), self.at, self.calls
            )
            self.be_called(counter, ticket, False, False)

    def be_called(self, counter: str, ticket: Ticket, contested: bool, guard: bool) -> None:
        called = replace(ticket, state=TicketState.CALLED, counter=counter, held_until=None)
        del self.office.waiting[ticket.id]
        self.office.here[counter] = called
        self.standing[counter] = self.calls
        if contested:
            share = ContestedCall(self.calls, self.now, guard)
            pool = self.office.counters[counter].pool
            self.office.contested.setdefault(pool, []).append(share)

    @rule(counter=counters)
    def arrive(self, counter: str) -> None:
        if counter in self.office.here:
            self.office.here[counter] = replace(self.office.here[counter], serving_at=self.now)
            self.room.counters[counter].serving_since = self.at

    @rule(counter=counters)
    def finish(self, counter: str) -> None:
        if self.office.here.pop(counter, None):
            self.room.counters[counter].here = None

    @rule(counter=counters, anew=st.booleans(), held=st.booleans())
    def come_back(self, counter: str, anew: bool, held: bool) -> None:
        """A no-show who returns, held for a minute, or somebody who is parked and resumed."""
        if ticket := self.office.here.pop(counter, None):
            self.room.counters[counter].here = None
            until = self.now + timedelta(minutes=1) if held else None
            waits = replace(ticket, state=TicketState.WAITING, counter=None, held_until=until)
            self.stand(replace(waits, serving_at=None), anew)

    @rule(counter=counters, anew=st.booleans())
    def release(self, counter: str, anew: bool) -> None:
        if counter in self.office.here:
            call = self.standing[counter]
            self.room.release(call)
            for shares in self.office.contested.values():
                shares[:] = [share for share in shares if share.call != call]
            self.come_back(counter, anew, False)

    # -- time and the server --------------------------------------------------------------------

    @rule(seconds=st.sampled_from([20, 60, 300, 1800]))
    def pass_time(self, seconds: int) -> None:
        today = local_day(self.now, BERLIN)
        self.now += timedelta(seconds=seconds)
        if local_day(self.now, BERLIN) != today:
            self.midnight()

    @rule(rules=rules)
    def decide(self, rules: PriorityRules) -> None:
        self.room.set_rules(rules)
        self.office.rules = rules

    @rule()
    def midnight(self) -> None:
        self.room.new_day()
        self.office.contested.clear()

    @invariant()
    def the_rooms_next_is_the_rules_choice_at_every_counter(self) -> None:
        for counter, staffed in self.room.counters.items():
            taken, choice = self.room.next(staffed, self.at), self.office.choice(counter, self.now)
            assert (taken is None) == (choice is None) == (not self.room.somebody_for(staffed))
            if taken and choice:
                assert (taken.visitor.id, taken.reason) == (choice.ticket.id, choice.reason.code)
                assert (taken.contested, taken.guard) == (choice.contested, choice.guard)


TestRoomLife = RoomLife.TestCase
TestRoomLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
