"""A person is forgotten some days after the visit has ended, early or late, and never before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.store import letters
from tests.mail.conftest import Mailroom
from tests.town import MONDAY, moment

TUESDAY = MONDAY + timedelta(days=1)
A_MOMENT = timedelta(milliseconds=1)
A_DAY = timedelta(days=1)


@pytest.fixture
def mailroom(town, tmp_path):
    return Mailroom(town, tmp_path)


def arrives(town):
    """Somebody with an appointment now, whose name the office knows."""
    return town.booked("Meldewesen", at="08:10", name="Frau Yilmaz")


def make_letters(mailroom):
    """What the postman writes down before he tries to send anything; returns what waits."""
    mailroom.postman.collect(mailroom.town.now)
    with mailroom.town.store.snapshot() as snapshot:
        return letters.due(snapshot, mailroom.town.now, 10)


def test_an_office_that_runs_late_knows_the_name_of_whoever_still_waits(town):
    booked = arrives(town)
    visitor = town.check_in(booked)
    town.pass_time(hours=3)
    assert (town.tidy_records(), town.person(booked).name) == (0, "Frau Yilmaz")

    town.call_next()
    town.arrive()
    town.pass_time(hours=2)
    assert (town.tidy_records(), town.person(booked).name) == (0, "Frau Yilmaz")

    town.finish()
    assert town.ticket(visitor).state == "served"
    assert town.forgotten_at(booked) == town.now + A_DAY


def test_whoever_is_served_early_is_forgotten_early(town):
    booked = town.booked("Meldewesen", at="09:30", name="Frau Yilmaz")
    town.set_clock("09:20")
    town.check_in(booked)

    town.serve_next(minutes=4)

    assert town.forgotten_at(booked) == moment(MONDAY, "09:24") + A_DAY < booked.end_at + A_DAY


def test_a_no_show_is_known_until_the_day_is_closed_and_may_be_called_again(town):
    booked = arrives(town)
    town.check_in(booked)
    called = town.call_next()
    town.no_show()
    town.pass_time(hours=2)
    assert town.tidy_records() == 0

    town.resume(called)
    assert town.forgotten_at(booked) is None
    town.call_next()
    town.no_show()
    town.now = moment(TUESDAY, "05:00")
    town.tidy()

    assert town.forgotten_at(booked) == town.now + A_DAY


def test_whoever_gives_the_number_back_is_forgotten_from_then_on(town):
    booked = arrives(town)
    town.give_back(town.check_in(booked))

    assert town.forgotten_at(booked) == town.now + A_DAY


def test_whoever_does_not_come_is_forgotten_from_the_last_moment_for_coming(town):
    booked = arrives(town)
    town.pass_time(hours=4)
    town.tidy()

    assert town.appointment(booked).state == "missed"
    assert town.forgotten_at(booked) == town.now + A_DAY


def test_a_move_changes_nothing_about_the_days_after_the_visit(town):
    booked = town.booked("Meldewesen", at="09:30", day=TUESDAY, name="Frau Yilmaz")
    town.move(booked, "08:10", clerk="Aylin")
    town.check_in(booked)

    town.serve_next(minutes=5)

    assert town.forgotten_at(booked) == town.now + A_DAY


def test_whoever_cancels_is_forgotten_from_then_on_however_far_ahead_the_visit_was(town):
    booked = town.booked("Kfz", day=MONDAY + timedelta(days=30), name="Frau Yilmaz")
    town.cancel_booking(booked)

    assert town.forgotten_at(booked) == town.now + A_DAY


def test_nobody_is_forgotten_before_the_letter_about_the_cancellation_has_left(town, mailroom):
    confirmed = town.confirm(town.book("Kfz", day=MONDAY + timedelta(days=9)))
    town.cancel_booking(confirmed)
    assert town.forgotten_at(confirmed) is None, "nobody has made the letter yet"

    told = make_letters(mailroom)
    assert town.forgotten_at(confirmed) is None, "the letter waits"

    with town.store.transaction() as tx:
        for letter in told:
            letters.end(tx, letter, letters.SENT, town.now, "")
    assert town.forgotten_at(confirmed) == town.now + A_DAY


def test_a_letter_that_never_leaves_keeps_nobody_for_long(town, mailroom):
    confirmed = town.confirm(town.book("Kfz", day=MONDAY + timedelta(days=9)))
    town.cancel_booking(confirmed)
    make_letters(mailroom)

    town.pass_time(days=4)

    assert town.tidy_records() == 1


def test_whom_the_office_has_to_call_is_known_until_the_visit_would_have_begun(town):
    booked = town.booked("Kfz", day=TUESDAY, at="09:00", name="Frau Yilmaz", phone="030 1")
    town.decide_day(TUESDAY)
    assert town.appointment(booked).state == "cancelled"
    cancelled_at = town.now

    town.now = booked.end_at - A_MOMENT
    assert town.forgotten_at(booked) is None

    town.now = booked.end_at
    assert town.forgotten_at(booked) == cancelled_at + A_DAY


def test_a_site_that_is_gone_keeps_nobody(town):
    """Nobody marks its appointments as missed any more."""
    booked = arrives(town)

    town.now = booked.end_at + timedelta(days=3) - A_MOMENT
    assert town.tidy_records() == 0

    town.pass_time(milliseconds=1)
    assert town.tidy_records() == 1
