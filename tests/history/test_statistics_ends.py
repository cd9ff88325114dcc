"""What became of people and of appointments, counted once and on the right day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.history.groups import EVERY
from queue_server.history.statistics import By
from tests.cast import MONDAY
from tests.history.past_days import figures_of, plain_morning, row
from tests.town import Town

# -- what became of them ---------------------------------------------------------------------------


def test_a_no_show_who_comes_back_and_is_served_is_no_no_show(town: Town) -> None:
    gone, back = town.draw(), town.draw()
    for _ in (gone, back):
        town.call_next()
        town.no_show()
    town.resume(back)
    town.call_next()
    town.finish()

    total = figures_of(town).total

    assert (total.served, total.no_show) == (1, 1)


def test_at_the_end_of_the_day_a_no_show_stays_one_and_who_still_waits_is_cancelled(
    town: Town,
) -> None:
    town.draw()
    town.draw()
    town.call_next()
    town.no_show()
    assert figures_of(town).total.open == 1

    town.pass_time(days=1, hours=-2)
    town.tidy()

    total = figures_of(town).total
    assert (total.no_show, total.cancelled, total.open) == (1, 1, 0)


def test_whoever_ends_after_midnight_belongs_to_the_day_of_the_ticket(town: Town) -> None:
    town.draw()
    town.pass_time(days=1)
    town.tidy()

    tomorrow = MONDAY + timedelta(days=1)
    assert figures_of(town).total.cancelled == 1
    assert figures_of(town, first=tomorrow).total.issued == 0


# -- appointments ----------------------------------------------------------------------------------


def test_appointments_are_counted_once_whatever_was_chosen_again(town: Town) -> None:
    town.set_clock("07:00")
    by_phone, gone, missed = (town.booked(at=at) for at in ("08:10", "08:30", "08:50"))
    confirmed = town.confirm(town.book(at="09:30"))
    town.move(confirmed, "10:30")
    town.book(at="11:30", email="other@example.org")
    town.cancel_booking(gone)
    town.set_clock("08:10")
    town.check_in(by_phone)
    town.set_clock("11:55")
    town.expire()
    town.tidy()

    counts = figures_of(town).appointments

    assert (counts.booked, counts.confirmed, counts.expired) == (5, 4, 1)
    assert (counts.checked_in, counts.missed, counts.cancelled) == (1, 1, 1)
    assert town.appointment(missed).state == "missed"


def test_a_time_that_was_only_chosen_is_no_booking(town: Town) -> None:
    held = town.reserve(at="10:30")
    town.cancel_booking(held)

    counts = figures_of(town).appointments

    assert (counts.booked, counts.cancelled) == (0, 0)


def test_appointments_count_on_the_day_on_which_it_happened(town: Town) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    booked = town.booked(at="08:10", day=tomorrow)
    town.set_clock("08:05", tomorrow)
    town.check_in(booked)

    today, then = figures_of(town).appointments, figures_of(town, first=tomorrow).appointments

    assert (today.booked, today.checked_in) == (1, 0)
    assert (then.booked, then.checked_in) == (0, 1)


@pytest.mark.parametrize("by", EVERY)
def test_the_total_is_the_same_however_it_is_grouped(town: Town, by: By) -> None:
    plain_morning(town)
    town.draw("Ausweise")

    found = figures_of(town, by)

    assert sum(each.figures.issued for each in found.rows) == found.total.issued == 4
    assert found.total == figures_of(town).total
    assert row(figures_of(town, By.DAY), "2026-03-02").figures == found.total
