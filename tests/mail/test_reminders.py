"""One reminder before an appointment, at an hour at which one may write."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from queue_server.domain.site import BookingRules
from queue_server.mail.letter_rules import is_time_to_remind
from tests.cast import BERLIN, moment
from tests.mail.conftest import Mailroom
from tests.town import Town

EMAIL = "yilmaz@example.org"
THURSDAY, WEDNESDAY = date(2026, 3, 5), date(2026, 3, 4)


def booked_on_monday(town: Town, mailroom: Mailroom, at: str = "09:00") -> None:
    town.confirm(town.book(day=THURSDAY, at=at, email=EMAIL))
    mailroom.collect()


def reminders(mailroom: Mailroom) -> int:
    return mailroom.kinds().count("reminder")


def test_somebody_is_reminded_a_day_before_and_only_once(town: Town, mailroom: Mailroom) -> None:
    booked_on_monday(town, mailroom)

    town.set_clock("08:59", WEDNESDAY)
    assert mailroom.remind() == 0
    town.set_clock("09:00", WEDNESDAY)
    assert mailroom.remind() == 1
    town.set_clock("12:00", WEDNESDAY)
    assert mailroom.remind() == 0


def test_whoever_books_for_tomorrow_is_not_reminded_of_it(town: Town, mailroom: Mailroom) -> None:
    town.set_clock("10:00", WEDNESDAY)
    town.confirm(town.book(day=THURSDAY, at="09:00"))
    mailroom.collect()

    town.set_clock("18:00", WEDNESDAY)
    assert mailroom.remind() == 0


@pytest.mark.parametrize(("booked", "count"), [("20:59", 1), ("21:01", 0)])
def test_nobody_is_reminded_of_what_they_were_told_half_a_day_ago(
    town: Town, mailroom: Mailroom, booked: str, count: int
) -> None:
    town.set_clock(booked, WEDNESDAY - timedelta(days=1))
    town.confirm(town.book(day=THURSDAY, at="09:00"))
    mailroom.collect()

    town.set_clock("09:00", WEDNESDAY)
    assert mailroom.remind() == count


def test_whoever_moved_within_the_last_day_has_just_been_told(
    town: Town, mailroom: Mailroom
) -> None:
    held = town.confirm(town.book(day=THURSDAY, at="09:00"))
    mailroom.collect()
    town.set_clock("10:00", WEDNESDAY)
    town.move(held, at="09:30", day=THURSDAY)
    mailroom.collect()

    town.set_clock("18:00", WEDNESDAY)
    assert mailroom.remind() == 0


def test_whoever_moves_away_from_a_reminded_day_is_reminded_of_the_new_one(
    town: Town, mailroom: Mailroom
) -> None:
    held = town.confirm(town.book(day=THURSDAY, at="09:00"))
    mailroom.collect()
    town.set_clock("09:30", WEDNESDAY)
    mailroom.remind()
    town.move(held, at="09:00", day=THURSDAY + timedelta(days=5))
    mailroom.collect()

    town.set_clock("10:00", THURSDAY + timedelta(days=4))
    assert mailroom.remind() == 1
    assert reminders(mailroom) == 2


def test_nobody_is_reminded_of_what_is_cancelled_or_unconfirmed(
    town: Town, mailroom: Mailroom
) -> None:
    town.cancel_booking(town.confirm(town.book(day=THURSDAY, at="09:00")))
    town.change(booking=BookingRules(hold_minutes=7 * 24 * 60))
    town.book(day=THURSDAY, at="10:00", email="other@example.org")

    town.set_clock("12:00", WEDNESDAY)
    assert mailroom.remind() == 0


def test_with_0_hours_nobody_is_reminded(town: Town, mailroom: Mailroom) -> None:
    booked_on_monday(town, mailroom)
    mailroom.use("", reminder_hours=0)

    town.set_clock("12:00", WEDNESDAY)
    assert mailroom.remind() == 0


def test_a_reminder_waits_for_the_morning(town: Town, mailroom: Mailroom) -> None:
    booked_on_monday(town, mailroom, at="11:00")
    mailroom.use("", reminder_hours=36)

    town.set_clock("23:30", date(2026, 3, 3))
    assert mailroom.remind() == 0
    town.set_clock("08:00", WEDNESDAY)
    assert mailroom.remind() == 1


@pytest.mark.parametrize(
    ("clock", "start", "may"),
    [
        ("07:59", "12:00", False),
        ("08:00", "12:00", True),
        ("19:59", "23:00", True),
        # The morning would be too late: better at night than never.
        ("06:30", "08:30", True),
        ("20:00", "23:00", True),
    ],
)
def test_reminders_are_written_by_day_unless_the_morning_would_be_too_late(
    clock: str, start: str, may: bool
) -> None:
    now, starts = moment(WEDNESDAY, clock), moment(WEDNESDAY, start)

    assert is_time_to_remind(starts, BERLIN, now) is may


def test_the_night_before_an_early_appointment_is_asked_about_the_next_morning() -> None:
    late_evening = moment(WEDNESDAY, "21:00")

    assert not is_time_to_remind(moment(THURSDAY, "10:00"), BERLIN, late_evening)
    assert is_time_to_remind(moment(THURSDAY, "08:30"), BERLIN, late_evening)


def test_the_hours_are_those_of_the_clock_on_the_wall_in_summer_and_winter() -> None:
    """08:00 is 07:00 UTC in winter and 06:00 UTC in summer."""
    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)):
        eight, noon = moment(day, "08:00"), moment(day, "12:00")

        assert is_time_to_remind(noon, BERLIN, eight)
        assert not is_time_to_remind(noon, BERLIN, eight - timedelta(minutes=1))
