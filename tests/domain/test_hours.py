"""Opening hours over a week, over holidays and over both nights when the clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.hours import (
    ALWAYS,
    Hours,
    Span,
    SpecialDay,
    at_wall_clock,
    day_start,
    local_day,
    next_opening,
    open_until,
    opening_spans,
)
from queue_server.opening import holidays_of, planned_days
from queue_server.settings.schema_site import LANDS
from tests.town import BERLIN, MONDAY, moment, office_hours, rathaus

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
HOUR = timedelta(hours=1)

days = st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.sampled_from([SPRING, AUTUMN])
minutes_of_day = st.integers(0, 1440)


@st.composite
def spans_of_a_day(draw):
    """Up to three spans that neither touch nor overlap."""
    edges = sorted(draw(st.sets(minutes_of_day, min_size=2, max_size=6)))
    return tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))


def on(*spans: tuple[int, int]) -> Hours:
    """The same hours of the clock every day."""
    return Hours((tuple(Span(start * 60, end * 60) for start, end in spans),) * 7)


# -- the wall clock ------------------------------------------------------------------------


@given(days, minutes_of_day, minutes_of_day)
def test_the_wall_clock_never_runs_backwards(day, one, other):
    earlier, later = sorted((one, other))

    assert at_wall_clock(day, earlier, BERLIN) <= at_wall_clock(day, later, BERLIN)


@given(days, st.integers(0, 1439))
def test_a_clock_time_that_exists_is_shown_by_the_clock(day, minutes):
    shown = at_wall_clock(day, minutes, BERLIN).astimezone(BERLIN)

    in_the_gap = day == SPRING and 120 <= minutes < 180 or day == date(2027, 3, 28)
    assert in_the_gap or (shown.date(), shown.hour * 60 + shown.minute) == (day, minutes)


@pytest.mark.parametrize("minutes", [120, 121, 150, 179, 180])
def test_a_time_that_the_spring_night_skips_is_the_moment_after_the_gap(minutes):
    assert at_wall_clock(SPRING, minutes, BERLIN) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_of_a_time_that_the_autumn_night_shows_twice_the_first_is_meant():
    assert at_wall_clock(AUTUMN, 150, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(MONDAY, 24), (SPRING, 23), (AUTUMN, 25)])
def test_a_local_day_has_as_many_hours_as_the_clocks_give_it(day, hours):
    length = at_wall_clock(day, 1440, BERLIN) - at_wall_clock(day, 0, BERLIN)

    assert length == hours * HOUR


def test_the_day_changes_at_local_midnight():
    before, after = moment(MONDAY, "23:59"), moment(MONDAY, "23:59") + timedelta(minutes=1)

    assert (local_day(before, BERLIN), local_day(after, BERLIN)) == (MONDAY, date(2026, 3, 3))
    assert day_start(before, BERLIN) == moment(MONDAY, "00:00")
    assert day_start(after, BERLIN) == after


# -- opening hours --------------------------------------------------------------------------


@given(days, spans_of_a_day())
def test_opening_spans_are_in_order_and_never_overlap(day, spans):
    edges = [edge for span in opening_spans(lambda _: spans, day, BERLIN) for edge in span]

    assert edges == sorted(set(edges))


@given(days, st.integers(0, 1439), spans_of_a_day())
def test_open_means_inside_a_span(day, minutes, spans):
    hours, now = Hours((spans,) * 7).spans, at_wall_clock(day, minutes, BERLIN)

    inside = any(start <= now < end for start, end in opening_spans(hours, day, BERLIN))

    assert (open_until(hours, BERLIN, now) is not None) == inside


@given(days, st.integers(0, 1439), spans_of_a_day())
def test_the_next_opening_is_ahead_and_opens(day, minutes, spans):
    hours, now = Hours((spans,) * 7).spans, at_wall_clock(day, minutes, BERLIN)
    opens = next_opening(hours, BERLIN, now)

    assert (opens is None) == (not spans)
    assert opens is None or opens > now and open_until(hours, BERLIN, opens)


def test_an_office_is_closed_on_the_minute_it_closes():
    hours = office_hours().spans

    assert open_until(hours, BERLIN, moment(MONDAY, "11:59")) == moment(MONDAY, "12:00")
    assert open_until(hours, BERLIN, moment(MONDAY, "12:00")) is None
    assert open_until(hours, BERLIN, moment(MONDAY, "07:59")) is None


def test_after_friday_noon_the_next_opening_is_monday():
    friday_noon = moment(date(2026, 3, 6), "12:00")

    assert next_opening(office_hours().spans, BERLIN, friday_noon) == moment(
        date(2026, 3, 9), "08:00"
    )


def test_spans_that_meet_at_midnight_are_one():
    late_shift = on((0, 2), (20, 24))

    assert open_until(late_shift.spans, BERLIN, moment(MONDAY, "21:00")) == moment(
        date(2026, 3, 3), "02:00"
    )


@pytest.mark.parametrize("day", [MONDAY, SPRING, AUTUMN])
def test_an_office_that_never_closes_is_open_all_night(day):
    for hours in range(26):
        assert open_until(ALWAYS.spans, BERLIN, at_wall_clock(day, 0, BERLIN) + hours * HOUR)


def test_an_office_that_never_opens_says_so():
    never = Hours(((),) * 7)

    assert next_opening(never.spans, BERLIN, moment(MONDAY, "08:00")) is None


# -- holidays and special days ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("land", "day"),
    [
        ("SH", date(2026, 4, 3)),  # Karfreitag
        ("SH", date(2026, 10, 31)),  # Reformationstag: in the north, not in Bavaria
        ("BY", date(2026, 1, 6)),  # Heilige Drei Könige: in Bavaria, not in the north
    ],
)
def test_a_public_holiday_of_the_land_closes(land, day):
    other = {"SH": "BY", "BY": "SH"}[land]

    assert holidays_of(land)(day)
    assert holidays_of(other)(day) == (day == date(2026, 4, 3))


@pytest.mark.parametrize("land", LANDS)
def test_every_land_has_the_holidays_of_all_of_germany(land):
    is_holiday = holidays_of(land)

    assert all(is_holiday(day) for day in (date(2026, 1, 1), date(2026, 10, 3), date(2026, 12, 25)))
    assert not is_holiday(date(2026, 12, 24))


def test_a_site_without_a_land_has_no_holidays():
    assert not holidays_of("")(date(2026, 12, 25))


def test_on_a_holiday_nothing_opens_and_the_next_opening_is_after_it():
    days, good_friday = planned_days(rathaus()), date(2026, 4, 3)
    thursday_evening = moment(date(2026, 4, 2), "18:00")

    assert opening_spans(days, good_friday, BERLIN) == []
    # Karfreitag, the weekend and Ostermontag.
    assert next_opening(days, BERLIN, thursday_evening) == moment(date(2026, 4, 7), "08:00")


def test_hours_joined_over_midnight_end_where_a_holiday_begins():
    days = planned_days(replace(rathaus(), hours=ALWAYS))
    new_years_eve = moment(date(2026, 12, 31), "23:00")

    assert open_until(days, BERLIN, new_years_eve) == moment(date(2027, 1, 1), "00:00")


def test_a_special_day_goes_before_the_week_and_before_a_holiday_both_ways():
    good_friday, holy_saturday, tuesday = date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 7)
    morning = (Span(9 * 60, 11 * 60),)
    site = replace(
        rathaus(),
        special_days=(
            SpecialDay(good_friday, morning),
            SpecialDay(holy_saturday, morning),
            SpecialDay(tuesday),
        ),
    )

    days = planned_days(site)

    assert (days(good_friday), days(holy_saturday), days(tuesday)) == (morning, morning, ())
    assert days(date(2026, 4, 6)) == ()  # Ostermontag stays a holiday
    assert days(date(2026, 4, 8)) == site.hours.spans(date(2026, 4, 8))


def test_spans_that_meet_are_one_and_the_order_in_which_they_are_written_does_not_matter():
    days = on((12, 14), (8, 12), (15, 16)).spans

    assert opening_spans(days, MONDAY, BERLIN) == [
        (moment(MONDAY, "08:00"), moment(MONDAY, "14:00")),
        (moment(MONDAY, "15:00"), moment(MONDAY, "16:00")),
    ]


def test_a_span_that_the_spring_night_skips_is_none():
    assert opening_spans(lambda _: (Span(125, 175),), SPRING, BERLIN) == []
    assert opening_spans(lambda _: (Span(60, 130), Span(170, 240)), SPRING, BERLIN) == [
        (datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC))
    ]
