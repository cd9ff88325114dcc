"""A moment is whole milliseconds of UTC: what goes in comes out, in summer and in winter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.timestamps import MINUTE_MS, ClockWatch, milliseconds, moment
from tests.cast import BERLIN


@given(st.integers(0, 4_000_000_000_000))
def test_every_millisecond_comes_back_as_itself(value):
    assert milliseconds(moment(value)) == value
    assert moment(value).tzinfo is UTC


def test_a_minute_later_is_sixty_thousand_more():
    at = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)

    assert milliseconds(at + timedelta(minutes=1)) - milliseconds(at) == MINUTE_MS == 60_000


@pytest.mark.parametrize("fold", [0, 1])
def test_both_hours_of_the_long_night_are_different_moments(fold):
    local = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold)

    assert moment(milliseconds(local)) == local.astimezone(UTC)
    assert local.astimezone(UTC).hour == fold


@pytest.mark.parametrize(("late", "set_by"), [(60, 0), (61, 61), (-60, 0), (-61, -61)])
def test_a_clock_was_set_when_it_is_off_by_more_than_a_minute(late, set_by):
    watch, at = ClockWatch(), datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    watch.settle(at, 100.0)

    found = watch.was_set_by(at + timedelta(seconds=10 + late), 110.0)

    assert found == timedelta(seconds=set_by)


def test_a_clock_that_was_set_is_told_until_it_has_been_dealt_with():
    watch, at = ClockWatch(), datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    ahead = at + timedelta(hours=1)

    before = watch.was_set_by(ahead, 100.0)
    watch.settle(at, 100.0)
    told = [watch.was_set_by(ahead, 100.0), watch.was_set_by(ahead + timedelta(seconds=20), 120.0)]
    watch.settle(ahead, 100.0)

    assert before == timedelta() and told == [timedelta(hours=1)] * 2
    assert watch.was_set_by(ahead, 100.0) == timedelta()
