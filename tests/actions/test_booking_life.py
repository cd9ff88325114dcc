"""Any weeks of booking: whatever citizens, clerks and time do, the calendar is right."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import settings

from tests.actions.booking_weeks import SERVICES, TELLS, Weeks

TestAnyWeeks = Weeks.TestCase
TestAnyWeeks.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("seed", range(2))
def test_busy_weeks_end_with_a_calendar_that_is_right(seed):
    chance, weeks = Random(seed), Weeks()
    for step in range(300):
        a_random_moment(weeks, chance)
        if step % 20 == 0:
            check_everything(weeks)

    check_everything(weeks)
    told = set(weeks.town.happened())
    weeks.teardown()
    assert set(TELLS) - {"AppointmentCheckedIn", "AppointmentMissed"} <= told
    assert {"AppointmentMoved", "DayDecided", "ConfirmationAsked"} <= told


def a_random_moment(weeks: Weeks, chance: Random) -> None:
    n, day, wanted = chance.randrange(40), chance.randrange(4), chance.choice(SERVICES)
    at, email = f"{chance.randrange(8, 12):02d}:{chance.randrange(12) * 5:02d}", f"{n}@example.org"
    moments = [
        lambda: weeks.book(wanted, at, day, email),
        lambda: (weeks.book(wanted, at, day, email), weeks.by_letter(0, "confirm")),
        lambda: (weeks.book_by_clerk(wanted, at, day), weeks.move(0, "11:00", 3, "Aylin")),
        lambda: (weeks.reserve(wanted, at, day), weeks.go_on(0, email, ["fill_in", "send_off"])),
        lambda: (weeks.book(wanted, at, day, email), weeks.by_letter(0, "ask_again")),
        lambda: weeks.choose(wanted, at, day, "one form"),
        lambda: weeks.by_letter(n, "cancel_booking"),
        lambda: weeks.move(n, at, day, chance.choice(["", "Aylin"])),
        lambda: weeks.check_in(n),
        lambda: weeks.book_by_clerk(wanted, at, day),
        lambda: weeks.decide(day, chance.choice([[], ["09:00-12:00"], None, None, None])),
        lambda: weeks.change_rules(chance.choice([5, 10]), chance.choice([0, 0.4]), 30),
        lambda: weeks.pass_time(chance.choice([1, 10, 20])),
        lambda: chance.random() < 0.2 and weeks.next_morning(),
        lambda: weeks.tidy(),
    ]
    chance.choice(moments)()


def check_everything(weeks: Weeks) -> None:
    weeks.each_appointment_holds_exactly_its_cells_at_one_counter_that_serves_it()
    weeks.a_cell_is_held_or_rests_and_belongs_to_one_visit()
    weeks.nobody_unconfirmed_holds_anything_after_housekeeping()
    weeks.nobody_is_remembered_for_longer_than_was_said()
    weeks.nobody_is_forgotten_before_the_visit_has_ended()
    weeks.the_journal_tells_what_became_of_every_appointment()
    weeks.what_was_heard_is_what_is_written()
    weeks.nobody_to_come_is_booked_outside_of_decided_hours()
