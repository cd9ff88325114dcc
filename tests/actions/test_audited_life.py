"""Any day at the office, audited: every call was the rule's, and table and room agree with it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from queue_server.actions import rules as decisions
from queue_server.domain.audit import Auditor
from queue_server.domain.errors import Refused
from queue_server.domain.office import Office
from queue_server.domain.site import PriorityRules
from queue_server.domain.timestamps import milliseconds
from queue_server.history.audit import audit
from tests.actions.test_life import Day, a_random_moment
from tests.domain.rooms_of_offices import room_of
from tests.journal_and_tables import told
from tests.town import BERLIN

SEATS = {"Schalter 1": "Aylin", "Schalter 2": "Bernd", "Schalter 3": "Dora"}
counters = st.sampled_from(sorted(SEATS))
# Quickly busy and quickly too long, so that few people make all that can happen happen.
any_rules = st.builds(
    PriorityRules,
    rule=st.sampled_from(["due_first", "due_first", "strict", "arrival", "accumulating"]),
    busy_from_minutes=st.sampled_from([0, 5, 10]),
    guard_after_minutes=st.sampled_from([0, 5, 20]),
    guard_every=st.integers(2, 4),
    ratio=st.sampled_from([1.0, 1.5, 3.0]),
)


class AuditedDay(Day):
    """The same day with a third counter, other services and other rules while it runs."""

    @initialize()
    def the_rule_is_noted(self):
        self.town.hire("Dora")
        decisions.note(self.town.store, self.town.site(), now=self.town.now)

    @rule(rules=any_rules)
    def decide(self, rules):
        lead = self.town.clerk("Aylin")
        with suppress(Refused):
            decisions.decide(self.town.store, self.town.site(), rules, lead, now=self.town.now)

    @rule()
    def decide_as_configured(self):
        lead = self.town.clerk("Aylin")
        decisions.as_configured(self.town.store, self.town.site(), lead, now=self.town.now)

    @rule(
        counter=counters,
        wanted=st.lists(st.sampled_from(["Meldewesen", "Ausweise", "Kfz"]), max_size=2),
    )
    def serve_other_services(self, counter, wanted):
        with suppress(Refused):
            self.town.open_counter(counter, SEATS[counter], wanted)

    @rule(minutes=st.integers(0, 3))
    def somebody_with_an_appointment_comes(self, minutes):
        with suppress(Refused):
            at = self.town.clock(ahead_minutes=5 * minutes)
            self.codes.append(self.town.booked("Meldewesen", at=at).code)
            self.check_in(-1)

    @rule(counter=counters, times=st.integers(1, 4))
    def serve(self, counter, times):
        for _ in range(times):
            self.work(counter, ["arrive", "finish"])

    @invariant()
    def the_audit_finds_nothing(self):
        with self.town.store.snapshot() as snapshot:
            found = audit(snapshot, self.town.site())

        assert found.violations == () and found.unsure == 0
        called = self.town.happened().count("TicketCalled")
        assert found.calls + found.chosen == called
        assert found.released == self.town.happened().count("TicketReleased")

    @invariant()
    def an_audit_of_today_alone_finds_what_an_audit_of_all_days_finds(self):
        today = self.town.today
        with self.town.store.snapshot() as snapshot:
            alone = audit(snapshot, self.town.site(), today, today)
        whole = Auditor(Office.of(self.town.site()), today, today)

        assert alone == whole.hear_all(enumerate(self.town.journal(), start=1))

    @invariant()
    def the_rule_would_call_the_same_person_in_a_simulation(self):
        office = told(self.town)
        room = room_of(office, self.town.now, BERLIN)
        for counter, staffed in room.counters.items():
            taken = room.next(staffed, milliseconds(self.town.now))
            choice = office.choice(counter, self.town.now)
            said = choice and (choice.ticket.id, choice.reason.code, choice.contested, choice.guard)
            assert said == (taken and (taken.visitor.id, taken.reason, *taken[2:]))


TestAnyAuditedDay = AuditedDay.TestCase
TestAnyAuditedDay.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("seed", range(4))
def test_a_long_and_busy_day_with_changing_rules_audits_clean(seed):
    chance, day = Random(seed), AuditedDay()
    day.the_rule_is_noted()
    day.a_morning([["Kfz"], ["Meldewesen"], ["Ausweise"]])
    for _ in range(200):
        a_random_moment_or_rule(day, chance)

    day.the_audit_finds_nothing()
    day.an_audit_of_today_alone_finds_what_an_audit_of_all_days_finds()
    day.the_journal_tells_what_the_tables_say()
    reasons = {event.reason for event in day.town.journal() if event.name == "TicketCalled"}
    day.teardown()
    assert {"arrival", "appointment_due"} <= reasons


def a_random_moment_or_rule(day: AuditedDay, chance: Random) -> None:
    counter = chance.choice(sorted(SEATS))
    moments = [
        lambda: a_random_moment(day, chance),
        lambda: a_random_moment(day, chance),
        lambda: day.somebody_with_an_appointment_comes(chance.randrange(3)),
        lambda: day.serve(counter, 2),
        lambda: day.serve_other_services(counter, chance.sample(["Kfz", "Ausweise"], 1)),
        lambda: day.serve_other_services(counter, []),
        lambda: day.decide(quick_rules(chance)),
        lambda: day.pass_time(5),
    ]
    chance.choice(moments)()


def quick_rules(chance: Random) -> PriorityRules:
    every = PriorityRules(busy_from_minutes=5, guard_after_minutes=5)
    return replace(every, guard_every=chance.randint(2, 4))
