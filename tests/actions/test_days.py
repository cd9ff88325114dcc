"""The office decides about a day: closed, open at other hours, or as ever again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from queue_server.actions.days import decide_day, falling_out
from queue_server.domain.appointment import AppointmentState
from queue_server.domain.errors import BadRequest, Cancelled, SlotTaken
from queue_server.domain.hours import Span, SpecialDay
from queue_server.domain.site import BookingRules
from queue_server.opening import days_of
from tests.citizens import spans_of
from tests.town import MONDAY, moment

TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
GOOD_FRIDAY = date(2026, 4, 3)
CANCELLED = AppointmentState.CANCELLED


def spans(town, day):
    with town.store.snapshot() as snapshot:
        return days_of(snapshot, town.site())(day)


def falls_out(town, *hours, day=TUESDAY):
    with town.store.snapshot() as snapshot:
        found = falling_out(snapshot, town.site(), day, spans_of(*hours), town.now)
    return [appointment.id for appointment in found]


@pytest.fixture
def full_tuesday(town):
    """Appointments on Tuesday from 08:00 to 10:00, each of twenty minutes."""
    town.change(booking=BookingRules(walk_in_share=0))
    return [
        town.booked("Kfz", at=f"{8 + n // 3:02d}:{n % 3 * 20:02d}", day=TUESDAY) for n in range(6)
    ]


# -- what counts -------------------------------------------------------------------------------


def test_the_desk_goes_before_the_file_the_file_before_a_holiday_and_a_holiday_before_the_week(
    town,
):
    week = town.site().hours.spans(GOOD_FRIDAY)
    written, decided = spans_of("10:00-11:00"), spans_of("09:00-10:00", "15:00-16:00")
    town.change(land="")
    assert spans(town, GOOD_FRIDAY) == week

    town.change(land="SH")
    assert spans(town, GOOD_FRIDAY) == ()

    town.change(special_days=(SpecialDay(GOOD_FRIDAY, written),))
    assert spans(town, GOOD_FRIDAY) == written

    town.decide_day(GOOD_FRIDAY, "15:00-16:00", "09:00-10:00")
    assert spans(town, GOOD_FRIDAY) == decided

    town.decide_day(GOOD_FRIDAY)
    assert spans(town, GOOD_FRIDAY) == ()

    town.undecide_day(GOOD_FRIDAY)
    assert spans(town, GOOD_FRIDAY) == written


def test_another_day_and_another_site_stay_as_they_are(town):
    town.decide_day(TUESDAY)

    assert spans(town, MONDAY) == town.site().hours.spans(MONDAY)
    assert town.special_days("nordend") == {}
    assert town.free(day=TUESDAY) == []
    assert town.book("Kfz", site="nordend", day=TUESDAY)


def test_an_extra_saturday_can_be_booked_and_a_closed_tuesday_cannot(town):
    town.decide_day(SATURDAY, "09:00-10:00")
    town.decide_day(TUESDAY)

    assert (town.free(day=SATURDAY)[0], town.free(day=SATURDAY)[-1]) == ("09:00", "09:40")
    assert town.book("Kfz", at="09:40", day=SATURDAY)
    with pytest.raises(SlotTaken):
        town.book("Kfz", at="09:30", day=TUESDAY, email="other@example.org")


def test_walk_ins_draw_numbers_by_the_decided_hours(town):
    town.decide_day(MONDAY, "14:00-16:00")
    town.set_clock("14:30")

    assert town.draw()


def test_a_decision_is_told_with_its_clerk_and_its_hours(town):
    town.decide_day(TUESDAY, "08:00-10:00", "14:00-16:00", notice=" Betriebsausflug ")

    (told,) = town.journal()
    assert (told.name, told.day, told.is_special) == ("DayDecided", "2026-03-03", True)
    assert told.spans == ((480, 600), (840, 960))
    assert told.clerk == town.clerk("Aylin").id


def test_a_day_is_made_like_others_once(town):
    town.decide_day(TUESDAY)
    town.undecide_day(TUESDAY)
    town.undecide_day(TUESDAY)

    assert [told.is_special for told in town.journal()] == [True, False]
    assert town.special_days() == {}


# -- who falls out -----------------------------------------------------------------------------


def test_who_booked_a_day_that_is_closed_is_cancelled_by_the_office(town, full_tuesday):
    monday = town.booked("Kfz", at="09:00")

    assert town.decide_day(TUESDAY) == 6

    assert {town.appointment(some).state for some in full_tuesday} == {CANCELLED}
    assert town.appointment(monday).state is AppointmentState.CONFIRMED
    told = [event for event in town.journal() if event.name == "AppointmentCancelled"]
    assert [event.appointment for event in told] == [some.id for some in full_tuesday]
    assert {(event.by, event.clerk) for event in told} == {("office", town.clerk("Aylin").id)}
    assert town.held() == town.held(monday)


@pytest.mark.parametrize(
    ("hours", "gone"),
    [
        (["08:00-12:00"], []),
        (["08:00-10:00"], []),
        (["08:00-09:59"], [5]),
        (["08:01-12:00"], [0]),
        (["09:00-12:00"], [0, 1, 2]),
        (["08:00-08:40", "09:20-12:00"], [2, 3]),
        (["08:00-08:50", "08:50-12:00"], []),
        (["08:50-12:00", "08:00-08:49"], [2]),
        (["13:00-18:00"], [0, 1, 2, 3, 4, 5]),
        ([], [0, 1, 2, 3, 4, 5]),
    ],
)
def test_only_who_no_longer_fits_into_the_day_falls_out(town, full_tuesday, hours, gone):
    wanted = [full_tuesday[n].id for n in gone]
    assert falls_out(town, *hours) == wanted

    assert town.decide_day(TUESDAY, *hours) == len(wanted)

    states = {some.id: town.appointment(some).state for some in full_tuesday}
    assert [id for id, state in states.items() if state is CANCELLED] == wanted


def test_looking_who_would_fall_out_changes_nothing(town, full_tuesday):
    told = town.happened()

    falls_out(town)

    assert town.happened() == told and town.special_days() == {}


def test_deciding_the_same_again_cancels_nobody_twice(town, full_tuesday):
    assert [town.decide_day(TUESDAY), town.decide_day(TUESDAY)] == [6, 0]


def test_bookings_that_wait_for_their_link_fall_out_and_those_that_expired_do_not(town):
    town.change(booking=BookingRules(walk_in_share=0, open_per_address=3))
    late = town.book("Kfz", at="09:00", day=TUESDAY)
    town.pass_time(minutes=60)
    waiting = town.book("Kfz", at="10:00", day=TUESDAY)
    filling_in = town.reserve("Kfz", at="11:00", day=TUESDAY)

    assert town.decide_day(TUESDAY) == 2

    assert [town.appointment(some).state for some in (late, waiting, filling_in)] == [
        AppointmentState.PRECONFIRMED,
        CANCELLED,
        CANCELLED,
    ]
    with pytest.raises(Cancelled):
        town.confirm(waiting)


def test_who_is_here_already_stays(town):
    appointment = town.booked(at="08:10")
    who = town.check_in(appointment)

    assert town.decide_day(MONDAY) == 0
    assert town.ticket(who)


def test_who_fell_out_is_not_taken_back_when_the_day_is_like_others_again(town, full_tuesday):
    town.decide_day(TUESDAY)
    town.undecide_day(TUESDAY)

    assert town.appointment(full_tuesday[0]).state is CANCELLED
    assert town.free(day=TUESDAY, for_clerk=True)


def test_an_early_visit_of_the_night_when_the_clocks_change_falls_out_with_its_hour(town):
    night = date(2026, 3, 29)
    town.decide_day(night, "01:00-05:00")
    stays, goes = (town.booked("Kfz", at=at, day=night) for at in ("01:30", "03:00"))

    # 01:00 to 03:00 on the wall is one hour.
    assert falls_out(town, "01:00-03:00", day=night) == [goes.id]
    assert stays.id != goes.id


# -- what cannot be decided ----------------------------------------------------------------------


def decide(town, day=TUESDAY, hours=(), notice=""):
    clerk = town.clerk("Aylin").id
    decide_day(town.store, town.site(), day, hours, notice=notice, clerk=clerk, now=town.now)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": MONDAY - timedelta(days=1)}, "day"),
        ({"day": MONDAY + timedelta(days=733)}, "day"),
        ({"day": date.max}, "day"),
        ({"hours": (Span(480, 600), Span(599, 700))}, "spans"),
        ({"hours": (Span(600, 480),)}, "spans"),
        ({"hours": (Span(480, 480),)}, "spans"),
        ({"hours": (Span(-1, 480),)}, "spans"),
        ({"hours": (Span(480, 1441),)}, "spans"),
        ({"notice": "x" * 201}, "notice"),
    ],
)
def test_a_wrong_decision_is_refused_by_its_field_and_nothing_changes(town, wrong, field):
    with pytest.raises(BadRequest) as refusal:
        decide(town, **wrong)

    assert [name for name, _, _ in refusal.value.facts["errors"]] == [field]
    assert (town.special_days(), town.happened()) == ({}, [])


def test_today_and_spans_that_meet_can_be_decided(town):
    decide(town, MONDAY, (Span(600, 700), Span(480, 600)))

    assert town.special_days() == {MONDAY: (Span(480, 600), Span(600, 700))}
    assert "09:50" in town.free()


def test_today_begins_at_local_midnight(town):
    town.now = moment(TUESDAY, "00:00")
    with pytest.raises(BadRequest):
        decide(town, MONDAY)

    town.change(booking=replace(town.site().booking, lead_minutes=0))
    decide(town, TUESDAY)

    assert town.free() == []
