"""Whether forecasts were kept, from the journal alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.actions import ticket_notes
from queue_server.domain.events import TicketIssued
from queue_server.domain.hours import ALWAYS
from queue_server.domain.waiting import AT_ONCE, Range
from queue_server.history.forecast_accuracy import Accuracy, accuracy

TEN_TO_20 = Range(10, 20, 14)


@pytest.fixture
def town(town):
    town.change(hours=ALWAYS)
    return town


def told(town, span=TEN_TO_20, service="Kfz"):
    who = town.draw(service)
    ticket_notes.record_forecasts(town.store, [(issued(town, who), span)])
    return who


def issued(town, who) -> TicketIssued:
    (found,) = [
        each for each in town.journal() if isinstance(each, TicketIssued) and each.ticket == who.id
    ]
    return found


def kept(town):
    with town.store.snapshot() as snapshot:
        since, until = town.now - timedelta(days=1), town.now + timedelta(seconds=1)
        return accuracy(snapshot, town.site(), since, until)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (9.99, Accuracy(1, 0, 1, 0, 0)),
        (10, Accuracy(1, 1, 0, 0, 0)),
        (20, Accuracy(1, 1, 0, 0, 0)),
        (20.01, Accuracy(1, 0, 0, 1, 0)),
    ],
)
def test_a_forecast_is_kept_when_the_call_comes_between_what_was_shown(town, minutes, expected):
    told(town)
    town.pass_time(minutes=minutes)
    town.call_next()

    assert kept(town) == expected


def test_whoever_was_called_before_it_was_noted_was_told_all_the_same(town):
    who = town.draw("Kfz")
    town.pass_time(seconds=1)
    town.call_next()
    ticket_notes.record_forecasts(town.store, [(issued(town, who), AT_ONCE)])

    assert kept(town) == Accuracy(0, 0, 0, 0, 0, at_once=1)


def test_a_call_that_was_a_mistake_is_none(town):
    told(town)
    town.pass_time(minutes=2)
    town.call_next()
    town.release()
    town.pass_time(minutes=10)
    town.call_next()

    assert kept(town) == Accuracy(1, 1, 0, 0, 0)


def test_a_no_show_was_called(town):
    told(town)
    town.pass_time(minutes=12)
    town.call_next()
    town.no_show()

    assert kept(town).kept == 1


def test_whoever_left_before_the_call_is_counted_apart(town):
    town.give_back(told(town))

    assert kept(town) == Accuracy(0, 0, 0, 0, left=1)


def test_whoever_a_clerk_moved_is_counted_apart(town):
    town.prefer(told(town))
    town.pass_time(minutes=1)
    town.call_next()

    assert kept(town) == Accuracy(0, 0, 0, 0, 0, moved=1)


def test_whoever_found_a_free_counter_is_counted_apart(town):
    told(town, AT_ONCE)
    town.pass_time(minutes=1)
    town.call_next()

    assert kept(town) == Accuracy(0, 0, 0, 0, 0, at_once=1)
    assert kept(town).share is None


def test_nobody_knows_yet_of_those_who_still_wait(town):
    told(town)

    assert kept(town) == Accuracy(0, 0, 0, 0, 0)


def test_the_share_is_of_those_that_can_be_judged(town):
    for _ in range(5):
        told(town)
    town.pass_time(minutes=15)
    for _ in range(4):
        town.serve_next(seconds=1)
    town.pass_time(minutes=15)
    town.serve_next()

    assert (kept(town).forecasts, kept(town).share) == (5, 0.8)


def test_only_forecasts_given_in_the_span_count(town):
    told(town)
    town.pass_time(minutes=15)
    town.call_next()
    since = town.now - timedelta(minutes=15)

    with town.store.snapshot() as snapshot:
        first = accuracy(snapshot, town.site(), since, since + timedelta(seconds=1))
        rest = accuracy(snapshot, town.site(), since + timedelta(seconds=1), town.now)
    assert (first.forecasts, rest.forecasts) == (1, 0)


def test_nothing_is_kept_of_a_forecast_that_said_nothing(town):
    told(town, None)

    assert "ForecastGiven" not in town.happened()
