"""How many go first, by example; a property test beside the looks holds it to the real calls."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from queue_server.domain.people_ahead import Ahead, Standing, Tally, ahead_of
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import RankClass

TALLY = Tally(
    people=30,
    preferred=2,
    preferred_before=1,
    booked=9,
    booked_before=6,
    booked_due=8,
    booked_heavier=7,
    others_before=4,
    others_late=1,
    others_heavier=3,
    others_patient=5,
)
NOBODY = Tally(**dict.fromkeys((each.name for each in fields(Tally)), 0))
DUE = Standing(RankClass.APPOINTMENT, is_due=True, waits_long=False)
BOOKED = Standing(RankClass.APPOINTMENT, is_due=False, waits_long=False)
WALK_IN = Standing(RankClass.OTHERS, is_due=False, waits_long=False)
PATIENT = Standing(RankClass.OTHERS, is_due=False, waits_long=True)
PREFERRED = Standing(RankClass.PRECEDENCE, is_due=False, waits_long=False)


def ahead(standing, rule="due_first", busy=True, recent="", tally=TALLY, every=3):
    rules = PriorityRules(rule=rule, guard_every=every)
    return ahead_of(standing, tally, rules, busy, [sign == "g" for sign in recent])


@pytest.mark.parametrize("rule", ["due_first", "strict", "arrival", "accumulating"])
def test_before_somebody_with_precedence_stand_only_earlier_ones_of_their_kind(rule):
    assert ahead(PREFERRED, rule) == Ahead(preferred=1)


@pytest.mark.parametrize(
    ("rule", "standing", "expected"),
    [
        ("strict", DUE, Ahead(2, 6, 0)),
        ("strict", WALK_IN, Ahead(2, 9, 4)),
        ("accumulating", DUE, Ahead(2, 6, 3)),
        ("accumulating", WALK_IN, Ahead(2, 7, 4)),
        ("arrival", DUE, Ahead(2, 6, 4)),
        ("arrival", WALK_IN, Ahead(2, 6, 4)),
    ],
)
def test_each_rule_counts_those_whom_it_calls_first(rule, standing, expected):
    assert ahead(standing, rule) == expected


def test_in_a_calm_office_and_before_the_slot_the_earlier_ones_go_first():
    assert ahead(DUE, busy=False) == ahead(WALK_IN, busy=False) == Ahead(2, 6, 4)
    assert ahead(BOOKED) == Ahead(2, 6, 4)


def test_when_busy_all_that_are_due_go_before_a_walk_in_who_has_not_waited_long():
    assert ahead(WALK_IN) == Ahead(2, 8, 4, contested=True)


@pytest.mark.parametrize(("recent", "guard_calls"), [("", 3), (".", 3), ("..", 4), ("g", 3)])
def test_between_six_earlier_appointments_the_guard_calls_every_third(recent, guard_calls):
    assert ahead(DUE, recent=recent) == Ahead(2, 6, guard_calls, contested=True, guard=True)


def test_the_guard_calls_nobody_before_its_share_is_open_and_no_more_than_wait_for_it():
    alone, second = (
        replace(NOBODY, booked_before=1, others_patient=5),
        replace(NOBODY, booked_before=2, others_patient=1),
    )

    assert ahead(DUE, tally=alone) == Ahead(0, 1, 0, contested=True)
    assert ahead(DUE, tally=second) == Ahead(0, 2, 1, contested=True, guard=True)


@pytest.mark.parametrize(
    ("recent", "others_before", "appointments"),
    [("", 0, 2), (".", 0, 1), ("..", 0, 0), ("g..", 0, 2), (".g", 0, 1), ("", 1, 4), ("", 9, 8)],
)
def test_before_somebody_who_waits_too_long_go_only_the_appointments_until_their_turn(
    recent, others_before, appointments
):
    tally = replace(NOBODY, booked_due=8, others_before=others_before)

    found = ahead(PATIENT, recent=recent, tally=tally)

    assert found == Ahead(0, appointments, others_before, contested=True, guard=True)


def test_without_a_due_appointment_nothing_is_contested_and_there_is_no_guard():
    assert ahead(PATIENT, tally=replace(NOBODY, others_before=2)) == Ahead(0, 0, 2)


def test_where_nobody_waits_too_long_the_guard_calls_nobody_between_appointments():
    assert ahead(DUE, tally=replace(NOBODY, booked_before=6)) == Ahead(0, 6, 0, contested=True)


def test_everybody_ahead_is_counted_once():
    assert Ahead(1, 2, 3).people == 6
