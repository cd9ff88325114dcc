"""Counting who goes first says the same as walking the whole queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.site import BookingRules, PriorityRules
from queue_server.store import people_ahead

SERVICES, COUNTERS = ("meldewesen", "kfz"), ("schalter-1",)


def tally(town, who, rule="due_first", services=SERVICES, counters=COUNTERS, **more):
    rules = PriorityRules(rule=rule, guard_after_minutes=20, ratio=3)
    with town.store.snapshot() as snapshot:
        return people_ahead.tally(
            snapshot, town.ticket(who), services, counters, rules, town.now, **more
        )


@pytest.fixture
def morning(town):
    """At 08:30: walk-ins of 08:00, 08:10 and 08:30, booked for 08:20 and 08:40, one preferred."""
    town.change(booking=BookingRules(walk_in_share=0))
    bookings = [town.booked(at=at) for at in ("08:20", "08:40")]
    town.first = town.draw()
    town.pass_time(minutes=10)
    town.second = town.draw("Kfz")
    town.pass_time(minutes=20)
    town.due, town.early = (town.check_in(booking) for booking in bookings)
    town.preferred = town.draw()
    town.prefer(town.preferred)
    town.last = town.draw()
    return town


def test_everybody_else_is_counted_by_line_and_by_who_stands_before(morning):
    found = tally(morning, morning.last)

    assert (found.people, found.preferred, found.booked, found.booked_due) == (5, 1, 2, 1)
    assert (found.preferred_before, found.booked_before, found.others_before) == (1, 1, 2)


def test_too_long_has_waited_who_waits_longer_than_the_guard_asks_not_as_long(morning):
    assert tally(morning, morning.last).others_patient == 1
    morning.now += timedelta(milliseconds=1)
    assert tally(morning, morning.last).others_patient == 2


def test_an_appointment_is_due_in_the_very_millisecond_of_its_slot(morning):
    morning.set_clock("08:40")
    assert tally(morning, morning.last).booked_due == 2
    morning.now -= timedelta(milliseconds=1)
    assert tally(morning, morning.last).booked_due == 1


def test_credit_weighs_appointments_by_the_ratio_and_a_tie_is_theirs(morning):
    # 10 minutes by 3 weigh as much as 30: the one who is due goes before the walk-in of 08:00.
    assert tally(morning, morning.first, "accumulating").booked_heavier == 1
    assert tally(morning, morning.due, "accumulating").others_heavier == 0
    morning.now -= timedelta(milliseconds=1)
    assert tally(morning, morning.first, "accumulating").booked_heavier == 0
    assert tally(morning, morning.due, "accumulating").others_heavier == 1


def test_by_arrival_the_later_of_slot_and_check_in_counts(morning):
    # Booked for 08:20, but here since 08:30 only.
    assert tally(morning, morning.second, "arrival").booked_before == 0
    assert tally(morning, morning.last, "arrival").booked_before == 1


def test_only_who_could_be_called_at_these_counters_is_counted(morning):
    assert tally(morning, morning.last, services=("kfz",)).people == 1
    morning.hire("Dora")
    morning.open_counter("Schalter 3", "Dora")
    morning.call_chosen(morning.first)
    morning.transfer(to="Schalter 3")
    morning.draw(site="nordend")

    assert tally(morning, morning.last).others_before == 1
    both = tally(morning, morning.last, counters=("schalter-1", "schalter-3"))
    assert both.others_before == 2


def test_who_missed_the_slot_stands_with_the_others_and_is_counted_apart(morning):
    late = morning.booked(at="08:45")
    morning.set_clock("09:10")
    morning.check_in(late)
    morning.pass_time(minutes=1)
    last = morning.draw()

    assert tally(morning, last).others_late == 1
    assert tally(morning, morning.first).others_late == 0


def test_somebody_in_the_lock_out_is_counted_apart_until_its_very_end(morning):
    morning.call_chosen(morning.first)
    morning.no_show()
    back = morning.resume(morning.first)
    assert back.held_until is not None and back.held_until > morning.now

    assert tally(morning, morning.last).others_before == 1
    assert tally(morning, morning.last, held=True).others_before == 1
    morning.now = back.held_until
    assert tally(morning, morning.last).others_before == 2
    assert tally(morning, morning.last, held=True).people == 0


def test_between_slot_and_check_in_it_is_the_rule_who_stands_before(town):
    town.change(booking=BookingRules(walk_in_share=0))
    booking = town.booked(at="08:20")
    town.set_clock("08:25")
    between = town.draw()
    town.set_clock("08:30")
    town.check_in(booking)

    assert tally(town, between).booked_before == 1
    assert tally(town, between, "arrival").booked_before == 0
