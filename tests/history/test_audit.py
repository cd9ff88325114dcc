"""The audit of real days: clean when nobody touched the journal, whichever days are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.actions import rules as decisions
from queue_server.domain.audit import Audit
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import BookingRules, PriorityRules
from queue_server.history.audit import audit
from tests.journal_and_tables import the_journal_is_the_tables
from tests.town import MONDAY

ONE_DAY = timedelta(days=1)
BUSY_AT_ONCE = PriorityRules(busy_from_minutes=0, guard_after_minutes=5)


@pytest.fixture
def town(town):
    town.change(priority=BUSY_AT_ONCE, booking=BookingRules(walk_in_share=0), hours=ALWAYS)
    return town


def audited(town, first=None, last=None) -> Audit:
    with town.store.snapshot() as snapshot:
        return audit(snapshot, town.site(), first, last)


def a_morning(town, people=6):
    """Walk-ins and appointments, one counter, ten minutes each."""
    for n in range(people // 2):
        town.check_in(town.booked(at=town.clock(ahead_minutes=5 * n)))
        town.draw()
    while town.serve_next(minutes=10):
        pass


def test_an_empty_journal_audits_to_nothing(town):
    assert audited(town) == Audit()


def test_a_morning_of_the_rules_calls_has_no_violation(town):
    a_morning(town)

    found = audited(town)

    assert (found.violations, found.calls, found.chosen, found.days) == ((), 6, 0, 1)
    assert "guard" in {event.reason for event in town.journal() if event.name == "TicketCalled"}


def test_clerks_own_choices_are_no_violations_and_counted_apart(town):
    town.draw()
    last = town.draw()

    town.call_chosen(last)

    assert (audited(town).calls, audited(town).chosen, audited(town).violations) == (0, 1, ())


def test_a_call_taken_back_is_counted_and_uses_up_nobodys_share(town):
    for at in ("08:00", "08:00", "08:10"):
        town.check_in(town.booked(at=at))
    town.draw()
    town.pass_time(minutes=10)
    for _ in range(4):
        town.call()
        town.release()
    for _ in range(3):
        town.serve_next()

    found = audited(town)

    assert (found.released, found.calls, found.violations) == (4, 7, ())
    reasons = [event.reason for event in town.journal() if event.name == "TicketCalled"]
    assert reasons == ["appointment_due"] * 6 + ["guard"]


def test_another_rule_counts_from_its_decision_on(town):
    decisions.note(town.store, town.site(), now=town.now)
    town.draw()
    town.pass_time(minutes=20)
    town.check_in(town.booked(at=town.clock(ahead_minutes=10)))
    lead = town.clerk("Aylin")
    strict = replace(BUSY_AT_ONCE, rule="strict")

    decisions.decide(town.store, town.site(), strict, lead, now=town.now)
    town.serve_next()
    decisions.as_configured(town.store, town.site(), lead, now=town.now)
    town.serve_next()

    reasons = [e.reason for e in town.journal() if e.name == "TicketCalled"]
    assert reasons == ["appointment_first", "arrival"]
    assert audited(town).violations == ()


def test_minutes_in_which_a_free_counter_could_have_called_somebody_are_a_figure(town):
    town.open_counter("Schalter 1")
    town.draw()
    town.pass_time(minutes=4)
    town.call()
    town.draw()
    town.pass_time(minutes=10)
    town.finish()

    found = audited(town)

    assert (found.idle_minutes, found.violations) == (4.0, ())


def test_a_counter_that_cannot_serve_whoever_waits_is_not_idle(town):
    town.open_counter("Schalter 2")
    town.draw("Kfz")
    town.pass_time(minutes=30)
    town.draw("Kfz")

    assert audited(town).idle_minutes == 0


def test_days_can_be_audited_one_by_one(town):
    for _ in range(3):
        a_morning(town)
        town.set_clock("08:00", town.today + ONE_DAY)
    days = [MONDAY + n * ONE_DAY for n in range(3)]

    one_by_one = [audited(town, day, day) for day in days]

    assert [found.calls for found in one_by_one] == [6, 6, 6]
    assert audited(town, days[1]).calls == audited(town, last=days[1]).calls == 12
    assert all(found.violations == () for found in one_by_one)
    assert audited(town, days[2] + ONE_DAY) == Audit()


def test_a_day_begins_right_when_people_and_counters_are_there_over_midnight(town):
    town.set_clock("23:50")
    town.open_counter("Schalter 3", "Aylin", ["Kfz", "Meldewesen"])
    for _ in range(3):
        town.draw()
    held = town.draw("Kfz")
    town.call("Schalter 3")
    town.arrive("Schalter 3")
    town.prefer(held)
    town.set_clock("00:05", MONDAY + ONE_DAY)
    town.check_in(town.booked(at="00:05"))
    town.finish("Schalter 3")
    for _ in range(4):
        town.serve_next("Schalter 3", minutes=3)

    found = audited(town, MONDAY + ONE_DAY)

    assert (found.calls, found.violations) == (4, ())
    assert audited(town, MONDAY, MONDAY).calls == 1
    the_journal_is_the_tables(town)


@pytest.mark.sqlite
def test_an_old_journal_without_planned_minutes_is_said_and_not_accused(town):
    forget_planned_minutes(town)
    town.change(priority=PriorityRules(busy_from_minutes=25, guard_after_minutes=60))
    town.draw()
    town.pass_time(minutes=20)
    town.check_in(town.booked(at=town.clock()))
    town.call()
    town.change_service("Meldewesen", minutes=2)

    found = audited(town)

    assert (found.violations, found.unsure, found.calls) == ((), 0, 1)
    town.change(priority=replace(town.site().priority, rule="strict"))
    found = audited(town)
    assert (found.violations, found.unsure, found.calls) == ((), 1, 0)


def forget_planned_minutes(town):
    """The journal as versions before wrote it."""
    with town.store.transaction() as tx:
        tx.write("DROP TRIGGER journal_refuses_update")
        tx.write(
            """CREATE TRIGGER forgets AFTER INSERT ON journal BEGIN
               UPDATE journal SET data = json_remove(data, '$.minutes') WHERE seq = NEW.seq; END"""
        )
