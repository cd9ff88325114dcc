"""The life of an appointment, and who may check in where and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from queue_server.domain.appointment import (
    MOVES,
    Appointment,
    AppointmentState,
    has_expired,
    is_late,
    is_open,
    may_check_in,
    opens_at,
)
from queue_server.domain.errors import (
    Cancelled,
    MoveRefused,
    NotConfirmed,
    OtherDay,
    OtherSite,
    TooEarly,
)
from queue_server.domain.site import CheckinRules
from tests.town import BERLIN, MONDAY, moment

RULES = CheckinRules(early_minutes=30, grace_minutes=10, late_until_minutes=120)
TUESDAY = date(2026, 3, 3)


def appointment(clock="10:00", day=MONDAY, state=AppointmentState.CONFIRMED, **more):
    start = moment(day, clock)
    return Appointment(
        id=1,
        site="rathaus",
        state=state,
        services=("meldewesen",),
        persons=1,
        start_at=start,
        end_at=start + timedelta(minutes=10),
        code="K7Q-M4T-XA9",
        token="t",
        **more,
    )


def check_in(some, clock, day=MONDAY, site="rathaus"):
    may_check_in(some, site, RULES, BERLIN, moment(day, clock))


@pytest.mark.parametrize("to", AppointmentState)
@pytest.mark.parametrize("state", AppointmentState)
def test_an_appointment_moves_only_as_the_table_says(state, to):
    some = appointment(state=state)

    if to in MOVES[state]:
        some.check_move(to)
    else:
        with pytest.raises(MoveRefused):
            some.check_move(to)


def test_an_unconfirmed_booking_is_open_until_the_very_millisecond_in_which_it_expires():
    ends = moment(MONDAY, "09:00")
    waiting = appointment(state=AppointmentState.PRECONFIRMED, expires_at=ends)

    before = ends - timedelta(milliseconds=1)
    assert (is_open(waiting, before), has_expired(waiting, before)) == (True, False)
    assert (is_open(waiting, ends), has_expired(waiting, ends)) == (False, True)


@pytest.mark.parametrize("state", AppointmentState)
def test_without_a_last_moment_only_what_is_to_come_is_open(state):
    still_to_come = {
        AppointmentState.RESERVED,
        AppointmentState.PRECONFIRMED,
        AppointmentState.CONFIRMED,
    }

    assert is_open(appointment(state=state), moment(MONDAY, "09:00")) == (state in still_to_come)


def test_only_the_e_mail_tells_the_key_so_no_log_shows_it():
    assert "geheim" not in repr(appointment(confirmation_key="geheim"))


def test_a_visit_keeps_its_length_over_the_night_when_the_clocks_change():
    wall_clock = datetime(2026, 3, 29, 1, 55, tzinfo=BERLIN)

    night = appointment("01:55", date(2026, 3, 28)).at(wall_clock)

    assert night.end_at - night.start_at == timedelta(minutes=10)
    assert night.end_at == moment(date(2026, 3, 29), "03:05")


@pytest.mark.parametrize("clock", ["09:30", "10:00", "10:10", "12:00"])
def test_check_in_is_open_from_early_until_late(clock):
    check_in(appointment(), clock)


def test_check_in_before_it_opens_is_too_early_and_says_when_it_opens():
    with pytest.raises(TooEarly) as refusal:
        check_in(appointment(), "09:29")

    assert refusal.value.facts["opens_at"] == moment(MONDAY, "09:30")


def test_check_in_after_the_last_minute_is_missed():
    with pytest.raises(Cancelled) as refusal:
        check_in(appointment(), "12:01")

    assert refusal.value.facts["state"] is AppointmentState.MISSED


@pytest.mark.parametrize("day", [date(2026, 3, 1), TUESDAY])
def test_check_in_on_another_day_names_the_day(day):
    with pytest.raises(OtherDay) as refusal:
        check_in(appointment(), "10:00", day)

    assert refusal.value.facts["due_at"] == moment(MONDAY, "10:00")


def test_check_in_at_another_site_names_the_site():
    with pytest.raises(OtherSite) as refusal:
        check_in(appointment(), "10:00", site="nordend")

    assert refusal.value.facts["site"] == "rathaus"


@pytest.mark.parametrize("state", [AppointmentState.RESERVED, AppointmentState.PRECONFIRMED])
def test_an_unconfirmed_appointment_cannot_check_in(state):
    with pytest.raises(NotConfirmed):
        check_in(appointment(state=state), "10:00")


@pytest.mark.parametrize(
    "state", [AppointmentState.CANCELLED, AppointmentState.EXPIRED, AppointmentState.CHECKED_IN]
)
def test_an_appointment_that_has_ended_cannot_check_in(state):
    with pytest.raises(Cancelled):
        check_in(appointment(state=state), "10:00")


def test_a_missed_appointment_may_still_check_in_while_the_window_is_open():
    check_in(appointment(state=AppointmentState.MISSED), "11:00")


def test_the_window_may_reach_over_midnight_into_the_next_day():
    night = appointment("23:45")

    check_in(night, "00:30", TUESDAY)
    with pytest.raises(OtherDay):
        check_in(night, "01:46", TUESDAY)


def test_the_window_may_open_on_the_evening_before():
    early_bird = appointment("00:10", TUESDAY)

    check_in(early_bird, "23:45", MONDAY)
    with pytest.raises(OtherDay):
        check_in(early_bird, "23:39", MONDAY)


def test_late_begins_when_the_grace_is_over():
    some = appointment()

    assert not is_late(some, RULES, moment(MONDAY, "10:10"))
    assert is_late(some, RULES, moment(MONDAY, "10:10") + timedelta(seconds=1))


def test_a_visit_moved_to_another_time_keeps_its_length():
    moved = appointment().at(moment(TUESDAY, "11:00"))

    assert moved.end_at == moment(TUESDAY, "11:10")
    assert opens_at(moved, RULES) == moment(TUESDAY, "10:30")


def test_rules_of_zero_minutes_mean_the_very_moment():
    strict = replace(RULES, early_minutes=0, late_until_minutes=0)

    may_check_in(appointment(), "rathaus", strict, BERLIN, moment(MONDAY, "10:00"))


def test_calendars_count_the_moves_of_an_appointment_from_none_on():
    assert appointment().sequence == 0
