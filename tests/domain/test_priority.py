"""Who is next, by example: the rules as the clerks would tell them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.priority import (
    CallingCounter,
    Load,
    Reason,
    asks_for_load,
    choose,
    rank,
    standing_reason,
)
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import TicketState
from tests.domain.waiting_room import BUSY, CALM, COUNTER, NINE, after, booked, recent, walk_in

DUE_FIRST = PriorityRules()
STRICT = PriorityRules(rule="strict")
ARRIVAL = PriorityRules(rule="arrival")
ACCUMULATING = PriorityRules(rule="accumulating", ratio=3)


def next_of(*waiting, rules=DUE_FIRST, load=BUSY, history="", now=NINE, counter=COUNTER):
    return choose(waiting, counter, rules, recent(history), load, now)


# -- due first (the default) ---------------------------------------------------------------


def test_only_an_appointment_that_is_due_asks_how_busy_the_office_is():
    assert asks_for_load([walk_in(-30), booked(0)], DUE_FIRST, NINE)
    assert not asks_for_load([walk_in(-30), booked(2)], DUE_FIRST, NINE)
    assert not asks_for_load([walk_in(-30), booked(0)], STRICT, NINE)


def test_when_busy_an_appointment_that_is_due_goes_first():
    early_bird, due = walk_in(-30), booked(-5)

    choice = next_of(early_bird, due)

    assert (choice.ticket, choice.reason.code, choice.contested) == (due, "appointment_due", True)


def test_when_calm_everybody_is_called_by_slot_or_arrival():
    first, second = walk_in(-30), booked(-5)

    choice = next_of(first, second, load=CALM)

    assert (choice.ticket, choice.reason.code, choice.contested) == (first, "arrival", False)
    assert next_of(second, walk_in(-2), load=CALM).ticket == second


def test_busy_begins_when_a_new_walk_in_would_wait_the_configured_minutes():
    person, due = walk_in(-30), booked(-5)

    assert next_of(person, due, load=Load(20, 0, 2)).ticket == due
    assert next_of(person, due, load=Load(10, 9, 2)).ticket == person
    assert next_of(person, due, load=Load(0, 0, 0)).ticket == due


def test_an_appointment_that_is_not_due_yet_waits_its_turn():
    person, early = walk_in(-1), booked(due=2)

    choice = next_of(person, early)

    assert (choice.ticket, choice.reason.code) == (person, "arrival")


def test_an_early_appointment_is_called_when_nobody_else_is_there():
    early = booked(due=20)

    choice = next_of(early)

    assert (choice.ticket, choice.reason.code, choice.contested) == (
        early,
        "appointment_early",
        False,
    )


def test_an_appointment_is_due_on_the_very_minute():
    due = booked(due=0)

    assert next_of(walk_in(-30), due).ticket == due


def test_among_appointments_the_earlier_slot_goes_first_whoever_came_first():
    nine, half_past = booked(due=-30, came=-25), booked(due=-20, came=-40)

    assert next_of(half_past, nine).ticket == nine


def test_whoever_is_late_ranks_like_a_walk_in_who_came_at_the_slot():
    late = booked(due=-30, came=-10, is_late=True)

    assert next_of(late, walk_in(-29)).ticket == late
    assert next_of(late, walk_in(-31)).ticket != late
    assert next_of(late, booked(due=-1)).ticket != late


# -- the guard -----------------------------------------------------------------------------


def test_after_two_appointments_the_third_call_is_for_a_walk_in_who_waited_too_long():
    patient, due = walk_in(-46), booked(-5)

    choice = next_of(patient, due, history="..")

    assert (choice.ticket, choice.guard, choice.contested) == (patient, True, True)
    assert choice.reason.facts == {"waited_minutes": 46, "every": 3}


@pytest.mark.parametrize("history", ["", ".", "g.", ".g", "g..", ".g."])
def test_the_guard_keeps_its_share(history):
    due = booked(-5)

    assert next_of(walk_in(-46), due, history=history).ticket == due


def test_the_guard_begins_after_the_configured_minutes_not_at_them():
    due = booked(-5)

    assert next_of(walk_in(-45), due, history="..").ticket == due


def test_older_calls_do_not_count_for_the_share():
    assert next_of(walk_in(-46), booked(-5), history="..g").guard


def test_an_appointment_called_alone_uses_up_a_turn_of_its_share():
    assert next_of(booked(-5)).contested
    assert not next_of(booked(-5), load=CALM).contested
    assert not next_of(walk_in(-5)).contested


@pytest.mark.parametrize("every", [2, 3, 5])
def test_exactly_the_nth_contested_call_in_a_row_is_the_walk_ins(every):
    rules = PriorityRules(guard_every=every)
    history, guards = "", []
    for _ in range(3 * every):
        choice = next_of(walk_in(-46), booked(-5), rules=rules, history=history)
        guards.append(choice.guard)
        history = ("g" if choice.guard else ".") + history

    assert guards == ([False] * (every - 1) + [True]) * 3


def test_forty_five_minutes_are_not_yet_too_long_and_a_second_more_is():
    came, due = walk_in(-45), booked(-5)
    a_second = timedelta(seconds=1)

    assert next_of(came, due, history="..").ticket == due
    assert next_of(came, due, history="..", now=NINE + a_second).ticket == came


def test_somebody_late_waits_too_long_from_their_slot_not_from_their_arrival():
    late, due = booked(due=-46, came=-10, is_late=True), booked(-5)

    assert next_of(late, due, history="..").guard


# -- places in a line ------------------------------------------------------------------------


def test_the_slot_or_arrival_counts_before_the_moment_of_checking_in():
    earlier_slot, earlier_here = booked(due=-20, came=-25), booked(due=-19, came=-60)

    assert next_of(earlier_here, earlier_slot, load=CALM).ticket == earlier_slot


def test_of_the_same_slot_whoever_checked_in_first_goes_first_whatever_the_ticket():
    later, first = booked(due=-5, came=-10), booked(due=-5, came=-11)
    assert later.id < first.id

    assert next_of(later, first).ticket == first


def test_of_the_same_slot_and_check_in_the_lower_ticket_goes_first():
    one, other = walk_in(-5), walk_in(-5)

    assert next_of(other, one).ticket == one
    assert rank(one, DUE_FIRST) < rank(other, DUE_FIRST)


@pytest.mark.parametrize("rules", [DUE_FIRST, STRICT, ACCUMULATING])
def test_but_for_arrival_a_late_comer_keeps_the_place_of_the_slot(rules):
    came_late, waited = booked(due=-20, came=-5), booked(due=-19, came=-19)

    assert next_of(waited, came_late, rules=rules, load=CALM).ticket == came_late
    assert next_of(waited, came_late, rules=ARRIVAL, load=CALM).ticket == waited


# -- the other rules -----------------------------------------------------------------------


def test_strict_calls_every_appointment_before_every_walk_in():
    early = booked(due=20)

    choice = next_of(walk_in(-300), early, rules=STRICT, load=CALM, history="..")

    assert (choice.ticket, choice.reason.code) == (early, "appointment_first")


def test_arrival_is_first_in_first_out_from_the_later_of_slot_and_check_in():
    sat_down_at_slot = booked(due=-20, came=-30)
    came_after_slot = booked(due=-20, came=-15)

    assert next_of(walk_in(-19), sat_down_at_slot, rules=ARRIVAL).ticket == sat_down_at_slot
    assert next_of(walk_in(-18), came_after_slot, rules=ARRIVAL).ticket != came_after_slot
    assert next_of(came_after_slot, sat_down_at_slot, rules=ARRIVAL).ticket == sat_down_at_slot


def test_thirty_minutes_of_a_walk_in_weigh_like_ten_of_an_appointment_at_ratio_three():
    appointment = booked(due=-10)

    assert next_of(walk_in(-31), appointment, rules=ACCUMULATING).ticket != appointment
    assert next_of(walk_in(-30), appointment, rules=ACCUMULATING).ticket == appointment
    assert next_of(walk_in(-29), appointment, rules=ACCUMULATING).ticket == appointment


def test_credit_begins_at_the_slot_so_an_early_appointment_has_none():
    assert next_of(walk_in(0), booked(due=5), rules=ACCUMULATING).reason.code == "arrival"


# -- precedence, lock-out, suitable counters -------------------------------------------------


@pytest.mark.parametrize("rules", [DUE_FIRST, STRICT, ARRIVAL, ACCUMULATING])
def test_precedence_by_a_clerk_goes_before_all(rules):
    preferred = walk_in(-1, precedence="small_child")

    choice = next_of(walk_in(-60), booked(-30), preferred, rules=rules, history="..")

    assert (choice.ticket, choice.reason.code) == (preferred, "precedence")
    assert choice.reason.facts == {"precedence": "small_child"}
    assert not choice.contested


def test_a_returning_no_show_is_passed_over_only_while_somebody_else_can_be_called():
    returned, other = walk_in(-60, held_until=after(1)), walk_in(-5)

    assert next_of(returned, other).ticket == other
    assert next_of(returned, other, now=after(1)).ticket == returned
    assert next_of(returned).ticket == returned


@pytest.mark.parametrize("state", sorted(set(TicketState) - {TicketState.WAITING}))
def test_only_people_who_wait_can_be_called(state):
    assert next_of(walk_in(-60, state=state)) is None


def test_a_counter_calls_only_for_the_services_it_serves():
    only_kfz = CallingCounter("schalter-2", frozenset({"kfz"}))
    two_concerns = walk_in(-60, services=("meldewesen", "kfz"))

    assert next_of(two_concerns, counter=only_kfz) is None
    assert next_of(replace(two_concerns, services=("kfz", "meldewesen")), counter=only_kfz)


def test_a_ticket_bound_to_a_counter_is_called_there_and_only_there_whatever_it_serves():
    handed_over = walk_in(-60, bound_to="schalter-2")

    assert next_of(handed_over) is None
    assert next_of(handed_over, counter=CallingCounter("schalter-2", frozenset()))
    assert next_of(handed_over, counter=CallingCounter(None)).ticket == handed_over


def test_where_nobody_waits_nobody_is_chosen():
    assert next_of() is None


# -- what their holder is told -----------------------------------------------------------------


def test_a_holder_is_told_why_they_stand_in_their_line():
    preferred = booked(5, precedence="mobility")

    assert standing_reason(preferred, NINE) == Reason("precedence", {"precedence": "mobility"})
    assert standing_reason(booked(5), NINE) == Reason("appointment_early", {"due_at": after(5)})
    assert standing_reason(booked(0), NINE) == Reason("appointment_due", {"due_at": after(0)})
    assert standing_reason(walk_in(-7), NINE) == Reason("arrival", {"waited_minutes": 7})
