"""Calling: who comes next in the living office, and what a clerk can do with a call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.actions import calling
from queue_server.domain.errors import (
    BusyWith,
    CounterNotOpen,
    NotFound,
)
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import TicketState
from tests.actions.booked_series import NO_SHARE_FOR_WALK_INS, booked_every_five_minutes

# -- who is next -----------------------------------------------------------------------------


def test_a_booked_person_is_called_before_walk_ins_once_the_time_has_come(town):
    town.draw("Meldewesen")
    booked = town.check_in(town.booked("Meldewesen", at="08:10"))
    town.pass_time(minutes=10)

    assert town.call_next("Schalter 1") == booked


def test_walk_ins_are_called_in_the_order_in_which_they_came(town):
    people = []
    for service in ("Kfz", "Meldewesen", "Ausweise"):
        people.append(town.draw(service))
        town.pass_time(seconds=1)

    assert [town.serve_next(minutes=5) for _ in range(4)] == [*people, None]


def test_when_the_office_is_calm_a_walk_in_who_came_first_is_called_first(town):
    town.change(priority=PriorityRules(busy_from_minutes=30))
    walk_in = town.draw("Meldewesen")
    town.check_in(town.booked("Meldewesen", at="08:10"))
    town.pass_time(minutes=10)

    assert town.call_next() == walk_in


def test_an_appointment_two_minutes_ahead_never_hides_a_walk_in_who_waits(town):
    town.check_in(town.booked("Meldewesen", at="08:10"))
    town.pass_time(minutes=8)
    walk_in = town.draw("Meldewesen")

    assert town.call_next() == walk_in


def test_never_is_nobody_called_while_somebody_suitable_waits(town):
    early = town.check_in(town.booked("Meldewesen", at="08:30"))

    assert town.call_next() == early


def test_only_people_who_are_present_can_be_called(town):
    town.booked("Meldewesen", at="08:10")
    town.pass_time(minutes=15)

    assert town.call_next() is None


def test_the_guard_gives_every_third_call_to_a_walk_in_who_waited_too_long(town):
    patient = [town.draw("Kfz") for _ in range(3)]
    town.set_clock("08:50")
    booked = booked_every_five_minutes(town, 4)
    town.set_clock("09:05")

    called = [town.serve_next(seconds=1) for _ in range(6)]

    assert called == [*booked[:2], patient[0], *booked[2:4], patient[1]]


def test_strict_and_arrival_are_rules_of_the_site(town):
    town.change(priority=PriorityRules(rule="strict"))
    walk_in, booked = town.draw(), town.check_in(town.booked(at="08:30"))
    assert town.call_next() == booked
    town.release()

    town.change(priority=PriorityRules(rule="arrival"))
    assert town.call_next() == walk_in


def test_whoever_is_late_is_called_like_a_walk_in_who_came_at_the_slot(town):
    appointment = town.booked("Kfz", at="08:10")
    before = town.draw("Kfz")
    town.set_clock("08:12")
    after = town.draw("Kfz")
    town.set_clock("08:25")
    late = town.check_in(appointment)

    assert [town.serve_next(seconds=1) for _ in range(3)] == [before, late, after]


def test_precedence_goes_before_all_and_is_logged_with_its_reason(town):
    town.draw()
    town.check_in(town.booked(at="08:05"))
    with_pram = town.draw()
    town.prefer(with_pram, "small_child")
    town.pass_time(minutes=5)

    called = town.call()

    assert (called.ticket.id, called.reason.code) == (with_pram.id, "precedence")
    preferred = next(e for e in town.journal() if e.name == "TicketPreferred")
    assert (preferred.precedence, preferred.clerk) == ("small_child", town.clerk("Aylin").id)


def test_a_counter_calls_only_for_its_services(town):
    town.draw("Meldewesen")
    passport = town.draw("Ausweise")

    assert town.call_next("Schalter 2") == passport
    town.finish("Schalter 2")
    assert town.call_next("Schalter 2") is None


def test_the_reason_of_a_call_stands_in_the_journal(town):
    town.draw()
    town.pass_time(minutes=7)

    called = town.call()

    event = town.journal()[-1]
    assert (event.name, event.reason, event.facts) == (
        "TicketCalled",
        "arrival",
        {"waited_minutes": 7},
    )
    assert (event.call, event.counter, event.chosen) == (called.call, "schalter-1", False)


def test_endless_appointments_never_keep_a_walk_in_beyond_the_guards_bound(town):
    town.change(booking=NO_SHARE_FOR_WALK_INS)
    walk_in, came_at = town.draw("Kfz"), town.now
    for _ in range(20):
        town.check_in(town.booked("Meldewesen", at=town.clock()))
        if town.serve_next(minutes=5) == walk_in:
            break

    assert town.now - came_at <= timedelta(minutes=45 + 3 * 5 + 5)
    assert town.ticket(walk_in).state is TicketState.SERVED


# -- the counter ----------------------------------------------------------------------------


def test_at_a_counter_there_is_one_person_at_a_time(town):
    here = town.draw()
    town.draw()
    town.call_next()

    with pytest.raises(BusyWith) as refusal:
        town.call_next()

    assert refusal.value.facts["number"] == here.number


def test_a_closed_counter_and_one_of_a_colleague_call_nobody(town):
    town.draw()
    town.open_counter("Schalter 1", "Aylin")

    with pytest.raises(CounterNotOpen):
        town.call_next("Schalter 1", clerk="Bernd")
    town.close_counter("Schalter 1")
    with pytest.raises(CounterNotOpen):
        calling.call_next(town.store, town.site(), "schalter-1", town.clerk("Aylin"), now=town.now)


def test_the_outsider_sees_and_calls_nobody_of_the_rathaus(town):
    who = town.draw()

    assert town.clerk("Clara").site == "nordend"
    assert town.call_next("Platz 1") is None
    with pytest.raises(NotFound):
        town.call_chosen(who, "Platz 1")
    with pytest.raises(NotFound):
        town.cancel(who, clerk="Clara")
    with pytest.raises(NotFound):
        town.prefer(who, clerk="Clara")
    assert town.queue("nordend").waiting == ()
