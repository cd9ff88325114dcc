"""One journal row after another, judged: what could not be, and what the rule did not give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from queue_server.domain import events as e
from queue_server.domain.audit import Auditor, bounds
from queue_server.domain.call_checks import against_the_rule, impossible
from queue_server.domain.office import Office
from tests.cast import BERLIN, moment
from tests.domain.test_office import EIGHT, at, called, came, opened, row
from tests.town import MONDAY, rathaus

TUESDAY = MONDAY + timedelta(days=1)


def audited(*journal, first=None, last=None):
    return Auditor(Office.of(rathaus()), first, last).hear_all(enumerate(journal, start=1))


def faults(*journal, **days):
    return [(one.seq, one.why) for one in audited(*journal, **days).violations]


def test_a_call_of_the_first_in_line_is_the_rules():
    found = audited(opened(), came(1), came(2, 1), called(1, 2))

    assert (found.calls, found.chosen, found.days, found.violations) == (1, 0, 1, ())


def test_whoever_is_called_before_somebody_further_in_front_overtakes():
    assert faults(opened(), came(1), came(2, 1), called(2, 2)) == [(4, "overtaken")]


def test_a_clerks_own_choice_is_no_fault_as_long_as_it_was_possible():
    chosen = audited(opened(), came(1), came(2, 1), called(2, 2, chosen=True))
    assert (chosen.calls, chosen.chosen, chosen.violations) == (0, 1, ())

    assert faults(came(1), called(1, 1, chosen=True)) == [(2, "closed_counter")]


@pytest.mark.parametrize(
    ("journal", "why"),
    [
        ([came(1), called(1, 1)], "closed_counter"),
        ([opened(), came(1), came(2, 1), called(1, 2), called(2, 3)], "busy_counter"),
        ([opened(), called(1, 1)], "unknown_ticket"),
        ([opened(), came(1), row(e.TicketArrived, 1, ticket=1)], "impossible_move"),
        ([opened(services=("kfz",)), came(1), called(1, 1)], "not_suitable"),
    ],
)
def test_what_could_not_happen_is_found_in_its_row(journal, why):
    assert faults(*journal) == [(len(journal), why)]


def test_somebody_parked_may_be_chosen_and_is_not_the_rules_to_call():
    journal = [opened(), came(1), row(e.TicketParked, 1, ticket=1)]

    assert faults(*journal, called(1, 2, chosen=True)) == []
    assert faults(*journal, called(1, 2)) == [(4, "not_waiting")]


def test_a_call_names_who_was_expected_and_why():
    (fault,) = audited(opened(), came(1), came(2, 1), called(2, 2)).violations

    assert (fault.number, fault.expected, fault.counter) == ("M 002", "M 001", "schalter-1")
    assert (fault.reason, fault.expected_reason, fault.at) == ("arrival", "arrival", at(2))


def test_free_counters_beside_waiting_people_are_idle_until_the_call():
    idle = audited(opened(), opened("schalter-3"), came(1, 5), called(1, 8), came(2, 8))

    assert idle.idle_minutes == 2 * 3
    assert audited(opened(), came(1), called(1, 0.5)).idle_minutes == 0.5


def test_idle_minutes_count_from_the_first_day_asked_for():
    midnight = (moment(TUESDAY, "00:00") - EIGHT) / timedelta(minutes=1)
    journal = [opened(), came(1), came(2, 60), called(1, midnight + 5)]

    assert audited(*journal, first=TUESDAY).idle_minutes == 5
    assert audited(*journal, last=MONDAY).idle_minutes == midnight


def test_a_clock_that_was_put_back_takes_no_idle_minutes_away():
    journal = [opened(), came(1), came(2, 10), came(3, 4), called(1, 12)]

    assert audited(*journal).idle_minutes == 12


def test_calls_taken_back_are_counted():
    back = row(e.TicketReleased, 2, ticket=1, call=1)

    assert audited(opened(), came(1), called(1, 1), back).released == 1


def test_only_the_days_asked_for_are_judged_from_midnight_to_midnight():
    midnight = (moment(TUESDAY, "00:00") - EIGHT) / timedelta(minutes=1)
    a_moment = 1 / 60_000
    journal = [
        opened(),
        came(1),
        came(2, 1),
        called(2, midnight - a_moment),
        row(e.TicketFinished, midnight - a_moment, ticket=2, outcome="done"),
        came(3, 2),
        called(3, midnight),
    ]

    assert faults(*journal) == [(4, "overtaken"), (5, "impossible_move"), (7, "overtaken")]
    assert faults(*journal, last=MONDAY) == [(4, "overtaken"), (5, "impossible_move")]
    assert faults(*journal, first=TUESDAY) == [(7, "overtaken")]


def test_before_the_first_day_people_who_are_not_known_are_passed_over():
    gone = row(e.TicketFinished, 1, ticket=77, outcome="done")

    assert faults(gone, first=TUESDAY) == []
    assert faults(gone) == [(1, "unknown_ticket")]


def test_an_old_journal_whose_minutes_are_guessed_accuses_nobody():
    found = audited(opened(), came(1), came(2, 1, planned=0), called(2, 2))

    assert (found.unsure, found.calls, found.violations) == (1, 0, ())


def test_a_local_day_lasts_as_long_as_the_clocks_say():
    long_sunday = date(2026, 10, 25)

    start, end = bounds(BERLIN, long_sunday, long_sunday)

    assert end - start == timedelta(hours=25)
    assert bounds(BERLIN, None, None)[0] < EIGHT < bounds(BERLIN, None, None)[1]


def test_a_judged_call_is_compared_with_the_heads_of_the_counters_own_lines():
    book = Office.of(rathaus()).fold([opened(), came(1), came(2, 1)])
    right, wrong = called(1, 2), called(2, 2)

    assert impossible(book, right, book.tickets[1]) is None
    assert against_the_rule(book, right, book.tickets[1])[0] is None
    assert against_the_rule(book, wrong, book.tickets[2])[0] == "overtaken"
    other = replace(right, reason="guard", guard=True)
    assert against_the_rule(book, other, book.tickets[1])[0] == "other_reason"
    assert against_the_rule(book, replace(right, pool="kfz"), book.tickets[1])[0] == "other_pool"


def test_people_of_days_gone_by_are_not_kept():
    next_day = (moment(TUESDAY, "08:00") - EIGHT) / timedelta(minutes=1)
    done = row(e.TicketFinished, 2, ticket=1, outcome="done")
    office = Office.of(rathaus())

    Auditor(office).hear_all(
        enumerate([opened(), came(1), came(2, 1), called(1, 1), done, called(2, next_day)])
    )

    assert list(office.tickets) == [2]
