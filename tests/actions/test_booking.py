"""A citizen chooses a time, fills in the form, and proves the address by a link in an e-mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.appointment import AppointmentState
from queue_server.domain.errors import (
    BadRequest,
    Expired,
    MoveRefused,
    NotBookable,
    SlotTaken,
    TooManyPersons,
    UnknownService,
)
from queue_server.domain.site import BookingRules
from tests.town import MONDAY, moment

A_MOMENT = timedelta(milliseconds=1)
RESERVED, PRECONFIRMED = AppointmentState.RESERVED, AppointmentState.PRECONFIRMED
CONFIRMED, EXPIRED = AppointmentState.CONFIRMED, AppointmentState.EXPIRED


def until_just_before(town, moment):
    town.now = moment - A_MOMENT


# -- the whole way -------------------------------------------------------------------------


def test_a_citizen_books_in_four_steps_and_the_journal_tells_them(town):
    held = town.reserve("Kfz", at="09:30")
    town.fill_in(held)
    asked = town.send_off(held)
    confirmed = town.confirm(asked)

    assert [some.state for some in (held, asked, confirmed)] == [RESERVED, PRECONFIRMED, CONFIRMED]
    assert town.appointment(held) == confirmed
    assert (confirmed.code, confirmed.start_at) == (held.code, moment(MONDAY, "09:30"))
    assert town.happened() == [
        "AppointmentReserved",
        "AppointmentPreconfirmed",
        "AppointmentConfirmed",
    ]


def test_a_program_books_in_one_step_and_the_same_is_told(town):
    asked = town.book("Kfz", at="09:30", name="Frau Yilmaz")

    assert asked.state is PRECONFIRMED and town.appointment(asked) == asked
    assert town.person(asked).name == "Frau Yilmaz"
    assert town.happened() == ["AppointmentReserved", "AppointmentPreconfirmed"]


def test_a_time_is_held_at_one_counter_from_the_first_step_on(town):
    held = town.reserve("Kfz", at="09:30")

    assert town.held(held) == {("schalter-1", f"09:{m}") for m in (30, 35, 40, 45)}
    with pytest.raises(SlotTaken):
        town.reserve("Kfz", at="09:45")


def test_several_persons_and_concerns_add_up_and_stand_in_the_journal(town):
    town.change_service("Ausweise", max_persons=3)

    held = town.reserve("Meldewesen", "Ausweise", persons=2, at="09:30", language="en")

    assert held.end_at - held.start_at == timedelta(minutes=50)
    assert (held.services, held.persons, held.language) == (("meldewesen", "ausweise"), 2, "en")
    (told,) = town.journal()
    assert (told.services, told.persons, told.start_at) == (held.services, 2, held.start_at)


@pytest.mark.parametrize("at", ["08:55", "09:02", "11:45", "13:00"])
def test_what_the_calendar_does_not_offer_cannot_be_reserved(town, at):
    with pytest.raises(SlotTaken):
        town.reserve("Kfz", at=at)


def test_lead_time_and_horizon_are_kept_to_the_minute(town):
    town.change(booking=BookingRules(lead_minutes=90, horizon_days=7))
    next_monday, tuesday = MONDAY + timedelta(days=7), MONDAY + timedelta(days=8)

    assert town.reserve("Kfz", at="09:30")
    assert town.reserve("Kfz", at="08:00", day=next_monday)
    for at, day in (("09:25", MONDAY), ("08:05", next_monday), ("08:00", tuesday)):
        with pytest.raises(SlotTaken):
            town.reserve("Kfz", at=at, day=day)


def test_a_time_that_was_just_shown_can_be_taken_though_the_lead_time_has_gone_by(town):
    town.change(booking=BookingRules(lead_minutes=60))
    shown = town.free("Kfz")[0]
    town.pass_time(minutes=2)
    assert town.free("Kfz")[0] > shown

    assert town.reserve("Kfz", at=shown)


def test_nobody_takes_a_time_that_has_passed(town):
    town.change(booking=BookingRules(lead_minutes=1))
    shown = town.free("Kfz")[0]
    town.set_clock(shown)
    town.pass_time(seconds=1)

    with pytest.raises(SlotTaken):
        town.reserve("Kfz", at=shown)


def test_a_wrong_wish_is_refused_by_name_and_holds_nothing(town):
    town.change_service("Ausweise", bookable=False)

    with pytest.raises(UnknownService):
        town.reserve("Fischerei")
    with pytest.raises(TooManyPersons):
        town.reserve("Kfz", persons=2)
    with pytest.raises(NotBookable) as refusal:
        town.reserve("Kfz", "Ausweise")
    assert refusal.value.facts == {"service": "Ausweise"}
    assert (town.held(), town.happened()) == (set(), [])


@pytest.mark.parametrize("wrong", [{"email": "nobody"}, {"email": ""}, {"name": "x" * 201}])
def test_a_program_with_a_wrong_address_or_name_holds_nothing(town, wrong):
    with pytest.raises(BadRequest):
        town.book("Kfz", **wrong)

    assert (town.held(), town.happened()) == (set(), [])


# -- three times, apart from each other ------------------------------------------------------


def test_form_and_link_have_times_of_their_own(town):
    town.change(booking=BookingRules(form_minutes=7, hold_minutes=45, lead_minutes=0))
    held = town.reserve("Kfz", at="09:30")
    town.fill_in(held)
    town.pass_time(minutes=6)

    asked = town.send_off(held)

    assert held.expires_at == moment(MONDAY, "08:07")
    assert asked.expires_at == moment(MONDAY, "08:51")


def test_a_link_never_outlives_the_moment_from_which_one_is_late(town):
    town.change(booking=BookingRules(hold_minutes=60, lead_minutes=0, step_minutes=15))

    asked = town.book("Kfz", at="08:30")

    assert asked.expires_at == moment(MONDAY, "08:40")


def test_the_form_can_be_sent_off_until_the_very_millisecond_in_which_it_ends(town):
    one, other = town.reserve("Kfz", at="09:30"), town.reserve("Kfz", at="10:00")
    until_just_before(town, one.expires_at)
    town.fill_in(one)
    town.fill_in(other, email="other@example.org")
    assert town.send_off(one).state is PRECONFIRMED

    town.pass_time(milliseconds=1)

    for step in (town.fill_in, town.send_off):
        with pytest.raises(Expired):
            step(other)


def test_the_link_works_until_the_very_millisecond_in_which_it_expires(town):
    one = town.book("Kfz", at="10:00")
    other = town.book("Kfz", at="10:30", email="other@example.org")
    until_just_before(town, one.expires_at)
    assert town.confirm(one).state is CONFIRMED

    town.pass_time(milliseconds=1)

    with pytest.raises(Expired) as refusal:
        town.confirm(other)
    assert refusal.value.facts["expires_at"] == other.expires_at


def test_the_house_ends_a_booking_in_the_same_millisecond_and_not_before(town, asked):
    until_just_before(town, asked.expires_at)
    assert town.expire() == 0

    town.pass_time(milliseconds=1)

    assert (town.expire(), town.expire()) == (1, 0)
    assert town.appointment(asked).state is EXPIRED
    assert town.held() == set()
    assert town.happened()[-1] == "AppointmentExpired"


def test_after_its_time_a_booking_gives_the_same_answers_whether_the_house_has_tidied_or_not(town):
    asked = town.book("Kfz", at="10:00")
    town.pass_time(minutes=60)

    for _ in ("before", "after"):
        for step in (town.fill_in, town.send_off, town.confirm, town.ask_again):
            with pytest.raises(Expired):
                step(asked)
        town.expire()


def test_what_is_confirmed_never_ends_by_itself(town, asked):
    town.confirm(asked)
    town.pass_time(hours=2)

    assert town.expire() == 0
    assert town.appointment(asked).state is CONFIRMED


def test_the_other_site_is_tidied_by_itself(town, asked):
    town.pass_time(hours=2)

    assert town.expire("nordend") == 0
    assert town.expire() == 1


# -- the form ----------------------------------------------------------------------------------


def test_the_form_may_be_corrected_until_it_is_sent_off(town):
    held = town.reserve("Kfz")
    town.fill_in(held, "wrong@example.org", "Frau Ylmaz")
    town.fill_in(held, " yilmaz@example.org ", " Frau  Yilmaz ")

    assert (town.person(held).email, town.person(held).name) == (
        "yilmaz@example.org",
        "Frau Yilmaz",
    )
    town.send_off(held)
    with pytest.raises(MoveRefused):
        town.fill_in(held, "other@example.org")


def test_sending_off_twice_is_once(town):
    held = town.reserve("Kfz")
    town.fill_in(held)
    asked = town.send_off(held)
    town.pass_time(minutes=10)

    assert town.send_off(held) == asked
    assert town.happened().count("AppointmentPreconfirmed") == 1


def test_without_an_address_nothing_is_sent_off(town):
    held = town.reserve("Kfz")

    with pytest.raises(BadRequest) as refusal:
        town.send_off(held)

    assert refusal.value.facts["errors"] == [("email", "missing", "")]
    assert town.appointment(held) == held


def test_what_is_confirmed_or_cancelled_is_not_sent_off_again(town, asked):
    town.confirm(asked)
    with pytest.raises(MoveRefused):
        town.send_off(asked)

    town.cancel_booking(asked)

    with pytest.raises(MoveRefused):
        town.send_off(asked)


# -- the link ------------------------------------------------------------------------------------


# -- once more ---------------------------------------------------------------------------------
