"""A wait as people read it: to the minute when it is short, to five when it is long."""

from __future__ import annotations

import pytest

from queue_server.domain.timestamps import MINUTE_MS
from queue_server.domain.waiting import AT_ONCE, Range, shown, widest


def in_minutes(low, likely, high):
    return shown(low * MINUTE_MS, likely * MINUTE_MS, high * MINUTE_MS)


@pytest.mark.parametrize(
    ("low", "likely", "high", "read"),
    [
        (3.4, 5.6, 9.2, Range(3, 9, 6)),
        (9.4, 12, 18, Range(9, 20, 10)),
        (10, 12.4, 17.6, Range(10, 20, 10)),
        (22, 28, 41, Range(20, 40, 30)),
    ],
)
def test_minutes_are_exact_below_ten_and_in_steps_of_five_from_there_on(low, likely, high, read):
    assert in_minutes(low, likely, high) == read


def test_whoever_most_likely_need_not_wait_is_told_at_once():
    assert in_minutes(0, 0, 30) == AT_ONCE
    assert shown(0, 1, 2) != AT_ONCE


def test_a_range_is_never_empty():
    assert in_minutes(4, 4, 4) == Range(4, 5, 4)
    assert in_minutes(0, 0.4, 3) == Range(0, 3, 1)
    assert in_minutes(9, 9, 9) == Range(9, 10, 9)
    assert in_minutes(10, 10, 10) == Range(10, 15, 10)
    assert in_minutes(20, 20, 20) == Range(20, 25, 20)


def test_the_likely_wait_lies_inside_its_range_and_is_at_least_a_minute():
    assert in_minutes(0, 0.2, 0.3).likely_minutes == 1
    assert in_minutes(8, 14, 14).likely_minutes <= in_minutes(8, 14, 14).high_minutes


def test_one_range_for_several_holds_for_all_that_are_known():
    several = [Range(5, 10, 7), None, Range(2, 6, 3), Range(8, 30, 20)]

    assert widest(several) == Range(2, 30, 7)
    assert widest([Range(5, 10, likely) for likely in (5, 6, 7, 8, 9)]) == Range(5, 10, 7)
    assert widest([None, None]) is None
