"""The link in the e-mail proves the address; it can be asked for once more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.appointment import AppointmentState
from queue_server.domain.errors import (
    BadKey,
    Cancelled,
    MoveRefused,
    NotFound,
)


def test_confirming_twice_is_no_mistake_and_happens_once(town, asked):
    first = town.confirm(asked)
    town.pass_time(hours=1)

    assert town.confirm(asked) == first
    assert town.happened().count("AppointmentConfirmed") == 1


def test_whoever_has_checked_in_may_open_the_link_once_more(town, asked):
    town.confirm(asked)
    town.set_clock("09:25")
    town.check_in(asked)

    assert town.confirm(asked).state is AppointmentState.CHECKED_IN


@pytest.mark.parametrize("key", ["", "x", "ä"])
def test_a_wrong_key_confirms_nothing_and_tells_nothing_of_the_booking(town, asked, key):
    with pytest.raises(BadKey):
        town.confirm(asked, key)
    town.confirm(asked)
    with pytest.raises(BadKey):
        town.confirm(asked, key)


def test_the_key_of_another_booking_is_wrong(town, asked):
    other = town.book("Kfz", at="10:30", email="other@example.org")

    with pytest.raises(BadKey):
        town.confirm(asked, other.confirmation_key)


@pytest.mark.parametrize("key", ["", "x"])
def test_a_booking_that_was_never_sent_off_has_no_key_at_all(town, key):
    held = town.reserve("Kfz")

    with pytest.raises(BadKey):
        town.confirm(held, key)
    with pytest.raises(BadKey):
        town.confirm(town.booked("Kfz", at="11:00"), key)


def test_a_cancelled_booking_cannot_be_confirmed(town, asked):
    town.cancel_booking(asked)

    with pytest.raises(Cancelled):
        town.confirm(asked)


def test_a_missed_appointment_is_not_confirmed_again(town, asked):
    town.confirm(asked)
    town.set_clock("12:00")
    town.tidy()

    with pytest.raises(Cancelled) as refusal:
        town.confirm(asked)
    assert refusal.value.facts["state"] is AppointmentState.MISSED


def test_a_token_that_nobody_holds_is_not_found(town, asked):
    stranger = replace(asked, token="nobody")

    for step in (town.fill_in, town.send_off, town.confirm, town.ask_again, town.cancel_booking):
        with pytest.raises(NotFound):
            step(stranger)


def test_an_unconfirmed_booking_can_be_cancelled_by_its_holder(town, asked):
    held = town.reserve("Kfz", at="10:30")

    for some in (asked, held):
        assert town.cancel_booking(some).state is AppointmentState.CANCELLED
    assert town.held() == set()
    assert town.expire() == 0


def test_the_letter_is_sent_three_times_at_most_and_the_time_held_stays_the_same(town, asked):
    town.pass_time(minutes=5)

    assert [town.ask_again(asked) for _ in range(4)] == [True, True, False, False]
    assert town.happened().count("ConfirmationAsked") == 2
    assert town.appointment(asked).expires_at == asked.expires_at
    assert town.appointment(asked).confirmation_key == asked.confirmation_key


def test_a_letter_is_sent_once_more_only_while_its_link_is_waited_for(town, asked):
    held = town.reserve("Kfz", at="10:30")
    with pytest.raises(MoveRefused):
        town.ask_again(held)

    town.confirm(asked)

    with pytest.raises(MoveRefused):
        town.ask_again(asked)
