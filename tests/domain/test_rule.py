"""The rule in plain numbers: its boundaries, to the millisecond and to the call."""

from __future__ import annotations

import pytest

from queue_server.domain.rule import (
    BOOKED,
    DUE_FIRST,
    GUARD,
    OTHER,
    between,
    is_busy,
    leading,
    share_is_open,
)
from queue_server.domain.site import PriorityRules
from queue_server.domain.timestamps import MINUTE_MS

NOW = 1_000 * MINUTE_MS


def place(minutes, more=0, id=1):
    """Somebody who came so many minutes ago, and some milliseconds more."""
    came = NOW - round(minutes * MINUTE_MS) - more
    return came, came, id


def verdict(booked, other, busy=True, share=True, **rules):
    return between(PriorityRules(**rules), booked, other, NOW, busy=busy, share=share)


def test_the_guard_begins_a_millisecond_after_the_configured_minutes():
    due = place(5)

    assert verdict(due, place(45)) == DUE_FIRST
    assert verdict(due, place(45, more=1)) == GUARD
    assert verdict(due, place(45, more=1), share=False) == DUE_FIRST


def test_an_appointment_is_due_in_the_very_millisecond_of_its_slot():
    longest = place(44)

    assert verdict(place(0), longest) == DUE_FIRST
    assert verdict(place(0, more=-1), longest) == OTHER


def test_in_a_calm_office_nothing_is_contested_and_the_earlier_place_goes_first():
    assert verdict(place(5), place(46), busy=False) == OTHER
    assert verdict(place(46), place(5), busy=False) == BOOKED
    assert verdict(place(5, id=1), place(5, id=2), busy=False) == BOOKED
    assert verdict(place(5, id=2), place(5, id=1), busy=False) == OTHER


@pytest.mark.parametrize("every", [2, 3, 4])
def test_the_share_is_open_after_one_call_less_than_every_nth(every):
    rules = PriorityRules(guard_every=every)

    assert share_is_open([False] * (every - 1), rules)
    assert not share_is_open([False] * (every - 2), rules)
    assert not share_is_open([False] * (every - 2) + [True], rules)
    assert share_is_open([False] * (every - 1) + [True], rules)


def test_busy_begins_at_the_configured_minutes_for_each_open_counter():
    rules = PriorityRules(busy_from_minutes=10)

    assert is_busy(rules, 20 * MINUTE_MS, 2)
    assert not is_busy(rules, 20 * MINUTE_MS - 1, 2)
    assert is_busy(rules, 0, 0)


def test_an_equal_credit_or_moment_goes_to_the_higher_line():
    ten, thirty = place(10), place(30)

    assert leading("accumulating", (ten, thirty), (3, 1), NOW) == 0
    assert leading("accumulating", (ten, place(30, more=1)), (3, 1), NOW) == 1
    assert leading("arrival", (ten, ten), (1, 1), NOW) == 0
    assert leading("strict", (place(0), thirty), (1, 1), NOW) == 0


@pytest.mark.parametrize("rule", ["strict", "arrival", "accumulating"])
def test_an_empty_line_stands_in_nobodys_way(rule):
    assert leading(rule, (None, place(1), None), (3, 2, 1), NOW) == 1
    assert leading(rule, (None, None), (3, 1), NOW) is None


def test_of_three_lines_the_last_one_leads_when_it_came_first():
    heads = place(5), place(6), place(7)

    assert leading("arrival", heads, (1, 1, 1), NOW) == 2
    assert leading("accumulating", heads, (1, 1, 1), NOW) == 2
    assert leading("strict", heads, (1, 1, 1), NOW) == 0
