"""Any day at the office: whatever people and clerks do, table and journal tell the same story."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from queue_server.actions.desks import leave
from queue_server.domain.errors import Refused
from queue_server.domain.hours import Hours, Span
from queue_server.domain.site import BookingRules
from queue_server.domain.ticket import ALIVE, AT_COUNTER, TicketState
from queue_server.store.tickets import from_row
from tests.journal_and_tables import the_journal_is_the_tables
from tests.town import Town, Visitor

ALL_DAY = Hours(((Span(8 * 60, 20 * 60),),) * 7)
counters = st.sampled_from(["Schalter 1", "Schalter 2"])
services = st.lists(st.sampled_from(["Meldewesen", "Ausweise", "Kfz"]), min_size=1, max_size=2)
anybody = st.integers(0, 30)
PAPERS = ("Fahrzeugschein", "Ausweis")
AT_THE_COUNTER = ["recall", "release", "no_show", "wrong_no_show", "arrive", "finish", "park"]


class Day(RuleBasedStateMachine):
    """Refusals are part of life: a refused verb must leave no trace, and the invariants see it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.town = Town(self.folder / "day.db")
        self.town.change(hours=ALL_DAY, booking=BookingRules(walk_in_share=0))
        self.town.change_service("Kfz", documents=PAPERS)
        self.people: list[Visitor] = []
        self.codes: list[str] = []

    def teardown(self) -> None:
        self.town.store.close()
        shutil.rmtree(self.folder)

    def somebody(self, n: int) -> Visitor:
        return self.people[n % len(self.people)] if self.people else Visitor(99, "", "nobody")

    def came(self, who: Visitor) -> None:
        if who not in self.people:
            self.people.append(who)

    @initialize(crowd=st.lists(services, min_size=2, max_size=6))
    def a_morning(self, crowd):
        for wanted in crowd:
            self.draw(wanted, None)
        for n in range(2):
            self.book(["Meldewesen"], n)
            self.check_in(n)

    # -- what people do --------------------------------------------------------------------

    @rule(wanted=services, key=st.none() | st.sampled_from("ab"))
    def draw(self, wanted, key):
        with suppress(Refused):
            self.came(self.town.draw(*wanted, key=key))

    @rule(wanted=services, minutes=st.integers(0, 8))
    def book(self, wanted, minutes):
        at = self.town.clock(ahead_minutes=5 * minutes)
        with suppress(Refused):
            self.codes.append(self.town.booked(*wanted, at=at).code)

    @rule(n=anybody)
    def check_in(self, n):
        with suppress(Refused):
            self.came(self.town.check_in(self.codes[n % len(self.codes)] if self.codes else ""))

    @rule(n=anybody)
    def give_back(self, n):
        with suppress(Refused):
            self.town.give_back(self.somebody(n))

    @rule(n=anybody, missing=st.sets(st.sampled_from([*PAPERS, "Regenschirm"])))
    def say_what_is_missing(self, n, missing):
        with suppress(Refused):
            self.town.declare_missing(self.somebody(n), *missing)

    @rule(n=anybody, verb=st.sampled_from(["come", "postpone"]))
    def answer(self, n, verb):
        with suppress(Refused):
            getattr(self.town, verb)(self.somebody(n))

    # -- what clerks do --------------------------------------------------------------------

    @rule(counter=counters, verbs=st.lists(st.sampled_from(AT_THE_COUNTER), min_size=1, max_size=3))
    def work(self, counter, verbs):
        for verb in ["call_next", *verbs]:
            with suppress(Refused):
                getattr(self.town, verb)(counter)

    @rule(n=anybody, counter=counters)
    def call_chosen(self, n, counter):
        with suppress(Refused):
            self.town.call_chosen(self.somebody(n), counter)

    @rule(counter=counters, wanted=services, to=st.none() | counters)
    def transfer(self, counter, wanted, to):
        with suppress(Refused):
            self.town.transfer(counter, services=wanted, to=to)

    @rule(n=anybody, verb=st.sampled_from(["resume", "prefer", "cancel", "set_services"]))
    def at_the_desk(self, n, verb):
        more = {"set_services": ["Ausweise", "Kfz"], "prefer": ["mobility"]}.get(verb, [])
        with suppress(Refused):
            getattr(self.town, verb)(self.somebody(n), *more)

    @rule(name=st.sampled_from(["Aylin", "Bernd"]), politely=st.booleans())
    def leave(self, name, politely):
        counter = {"Aylin": "Schalter 1", "Bernd": "Schalter 2"}[name]
        with suppress(Refused):
            if politely:
                self.town.close_counter(counter)
            else:
                leave(self.town.store, self.town.site(), self.town.clerk(name), now=self.town.now)

    # -- what time and the server do --------------------------------------------------------

    @rule(minutes=st.sampled_from([0.5, 5, 5, 10, 35]))
    def pass_time(self, minutes):
        self.town.pass_time(minutes=minutes)

    @rule(night=st.integers(0, 5))
    def tidy(self, night):
        if night == 0:
            self.town.set_clock("08:00", self.town.today + timedelta(days=1))
        self.town.tidy()

    # -- what holds at any moment ------------------------------------------------------------

    def table(self):
        with self.town.store.snapshot() as snapshot:
            return [from_row(row) for row in snapshot.rows("SELECT * FROM tickets ORDER BY id")]

    @invariant()
    def the_journal_tells_what_the_tables_say(self):
        the_journal_is_the_tables(self.town)

    @invariant()
    def what_was_heard_is_what_is_written(self):
        heard = [event for batch in self.town.heard for event in batch]

        assert [e.name for e in heard if e.site == "rathaus"] == self.town.happened()

    @invariant()
    def each_living_number_is_held_once(self):
        alive = Counter(ticket.number for ticket in self.table() if ticket.state in ALIVE)

        assert set(alive.values()) <= {1}

    @invariant()
    def at_a_counter_that_is_open_there_is_one_person_at_most(self):
        here = [ticket.counter for ticket in self.table() if ticket.state in AT_COUNTER]

        assert len(here) == len(set(here))
        assert all(self.town.session(counter) for counter in here)

    @invariant()
    def the_wall_shows_whoever_is_called_and_nobody_else(self):
        called = {t.number for t in self.table() if t.state is TicketState.CALLED}
        waiting = {t.number for t in self.table() if t.state is TicketState.WAITING}
        board = self.town.board()

        assert {call.number for call in board.calls} == called
        assert len(board.calls) == len(called)
        assert set(board.next) <= waiting

    @invariant()
    def everybody_who_waits_has_a_place(self):
        waiting = [t.id for t in self.table() if t.state is TicketState.WAITING]

        assert sorted(entry.ticket.id for entry in self.town.queue().waiting) == waiting

    @invariant()
    def nobody_is_bound_to_a_counter_that_closed_behind_them(self):
        closed = {event.counter for event in self.town.journal() if event.name == "CounterClosed"}
        for ticket in self.table():
            if ticket.bound_to in closed and ticket.state is TicketState.WAITING:
                assert self.town.session(ticket.bound_to) or transferred_later(self.town, ticket)


def transferred_later(town, ticket):
    """Whether the ticket was handed to the counter after it had closed."""
    about = [e for e in town.journal() if e.counter == ticket.bound_to or e.ticket == ticket.id]
    names = [e.name for e in about if e.name in ("TicketTransferred", "CounterClosed")]
    return names[-1] == "TicketTransferred"


TestAnyDay = Day.TestCase
TestAnyDay.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("seed", range(4))
def test_a_long_and_busy_day_ends_with_table_and_journal_in_step(seed):
    chance, day = Random(seed), Day()
    day.a_morning([["Kfz"], ["Meldewesen"], ["Ausweise"]])
    for step in range(240):
        a_random_moment(day, chance)
        if step % 20 == 0:
            check_everything(day)

    check_everything(day)
    told = set(day.town.happened())
    day.teardown()
    assert {"TicketFinished", "TicketParked", "TicketTransferred"} <= told


def a_random_moment(day: Day, chance: Random) -> None:
    counter = chance.choice(["Schalter 1", "Schalter 2"])
    wanted = [chance.choice(["Meldewesen", "Ausweise", "Kfz"])]
    n = chance.randrange(300)
    moments = [
        lambda: day.draw(wanted, None),
        lambda: (day.book(wanted, n % 6), day.check_in(-1)),
        lambda: day.give_back(n),
        lambda: day.say_what_is_missing(n, chance.sample(PAPERS, n % 3)),
        lambda: day.work(counter, chance.choices(AT_THE_COUNTER, k=2)),
        lambda: day.work(counter, ["arrive", "finish"]),
        lambda: (day.work(counter, []), day.transfer(counter, wanted, "Schalter 2")),
        lambda: (day.work(counter, ["park"]), day.at_the_desk(n, "resume")),
        lambda: day.call_chosen(n, counter),
        lambda: day.at_the_desk(n, chance.choice(["prefer", "cancel", "set_services"])),
        lambda: day.leave(chance.choice(["Aylin", "Bernd"]), n % 2 == 0),
        lambda: (day.pass_time(chance.choice([0.5, 5])), day.tidy(n)),
    ]
    chance.choice(moments)()


def check_everything(day: Day) -> None:
    day.the_journal_tells_what_the_tables_say()
    day.what_was_heard_is_what_is_written()
    day.each_living_number_is_held_once()
    day.at_a_counter_that_is_open_there_is_one_person_at_most()
    day.the_wall_shows_whoever_is_called_and_nobody_else()
    day.everybody_who_waits_has_a_place()
    day.nobody_is_bound_to_a_counter_that_closed_behind_them()
