"""The outbox: each letter once, in the right order, ended once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.site import BookingRules
from queue_server.store import letters, marks
from queue_server.store.letters import LetterKind, LetterState
from tests.town import MONDAY

A_MOMENT, A_DAY = timedelta(milliseconds=1), timedelta(days=1)
AN_HOUR = timedelta(hours=1)
EMAIL = "yilmaz@example.org"


@pytest.fixture
def appointment(town):
    return town.booked("Kfz", at="11:00", email=EMAIL)


def make(town, appointment, kind=LetterKind.BOOKED, cause=1, now=None):
    with town.store.transaction() as tx:
        made = letters.make(tx, "rathaus", appointment.id, kind, cause, now or town.now)
    return of(town, appointment)[0] if made else None


def of(town, appointment):
    with town.store.snapshot() as snapshot:
        return letters.of(snapshot, appointment.id)


def due(town, now=None, limit=10):
    with town.store.snapshot() as snapshot:
        return [letter.id for letter in letters.due(snapshot, now or town.now, limit)]


def change(town, action, *args):
    with town.store.transaction() as tx:
        return action(tx, *args)


# -- once ------------------------------------------------------------------------------------


def test_a_letter_is_made_once_for_its_cause_and_again_for_another(town, appointment):
    assert make(town, appointment) is not None
    assert make(town, appointment) is None
    assert make(town, appointment, cause=2) is not None
    assert make(town, appointment, LetterKind.MOVED) is not None
    assert len(of(town, appointment)) == 3


def test_a_letter_ends_once_and_is_not_tried_again_after_its_end(town, appointment):
    letter = make(town, appointment)

    assert change(town, letters.end, letter, LetterState.SENT, town.now, "")
    assert not change(town, letters.end, letter, LetterState.REFUSED, town.now, "refused")
    assert not change(town, letters.again, letter, town.now + AN_HOUR, "server busy")

    (ended,) = of(town, appointment)
    assert (ended.state, ended.tries, ended.trouble) == (LetterState.SENT, 1, "")
    assert ended.ended_at == town.now and due(town, town.now + A_DAY) == []


def test_a_letter_that_ends_or_waits_longer_leaves_its_neighbours_alone(town, appointment):
    letter, neighbour = make(town, appointment), make(town, appointment, cause=2)

    change(town, letters.again, letter, town.now + AN_HOUR, "server busy")
    assert due(town) == [neighbour.id]
    change(town, letters.end, letter, LetterState.SENT, town.now, "")

    assert of(town, appointment)[0] == neighbour


def test_dropping_a_letter_is_no_try(town, appointment):
    letter = make(town, appointment)
    assert change(town, letters.again, letter, town.now, "server busy")

    change(town, letters.end, letter, LetterState.DROPPED, town.now, "")

    assert of(town, appointment)[0].tries == 1


# -- the order -------------------------------------------------------------------------------


def test_confirmations_go_first_then_whoever_waits_longest_then_the_older_letter(town, appointment):
    later = make(town, appointment, cause=1, now=town.now + A_MOMENT)
    first, second = make(town, appointment, cause=2), make(town, appointment, cause=3)
    confirmation = make(town, appointment, LetterKind.CONFIRMATION, now=town.now + A_MOMENT)

    order = [confirmation.id, first.id, second.id, later.id]
    assert due(town, town.now + A_MOMENT) == order
    assert due(town, town.now + A_MOMENT, limit=2) == order[:2]
    assert due(town) == [first.id, second.id]


def test_a_letter_is_due_in_the_very_millisecond_of_its_next_try(town, appointment):
    letter, at = make(town, appointment), town.now + A_DAY
    change(town, letters.again, letter, at, "server busy")

    assert due(town, at - A_MOMENT) == []
    assert due(town, at) == [letter.id]


def test_only_what_the_server_could_not_take_is_hurried(town, appointment):
    unreachable, full, fresh = (make(town, appointment, cause=n) for n in (1, 2, 3))
    later = town.now + AN_HOUR
    change(town, letters.again, unreachable, later, "server unreachable")
    change(town, letters.again, full, later, "mailbox full")

    assert change(town, letters.hurry, town.now) == 1

    assert due(town) == [unreachable.id, fresh.id]


def test_letters_are_forgotten_once_they_ended_before_that_moment(town, appointment):
    letter, waiting = make(town, appointment), make(town, appointment, cause=2)
    change(town, letters.end, letter, LetterState.SENT, town.now, "")

    assert change(town, letters.sweep, town.now) == 0
    assert change(town, letters.sweep, town.now + A_MOMENT) == 1
    assert of(town, appointment) == [waiting]


# -- reminders -------------------------------------------------------------------------------


def to_remind(town, now, hours=24, told=12, site="rathaus"):
    with town.store.snapshot() as snapshot:
        found = letters.to_remind(
            snapshot, site, now, timedelta(hours=hours), timedelta(hours=told)
        )
    return [one.appointment for one in found]


def test_somebody_is_reminded_from_the_window_on_and_until_it_begins(town):
    soon = town.booked("Kfz", day=MONDAY + A_DAY, at="09:30", email=EMAIL)
    start, window = soon.start_at, timedelta(hours=24)

    assert to_remind(town, start - window - A_MOMENT) == []
    assert to_remind(town, start - window) == [soon.id]
    assert to_remind(town, start - A_MOMENT) == [soon.id]
    assert to_remind(town, start) == []
    assert to_remind(town, start - window, site="nordend") == []


def test_nobody_is_reminded_without_an_address_after_a_cancellation_or_when_just_told(town):
    tuesday = MONDAY + A_DAY
    town.booked("Kfz", day=tuesday, at="08:10")
    gone = town.booked("Kfz", day=tuesday, at="08:40", email="a@example.org")
    told = town.booked("Kfz", day=tuesday, at="09:10", email="b@example.org")
    town.cancel_booking(gone)
    now = told.start_at - timedelta(hours=12)
    assert to_remind(town, now) == [told.id]

    make(town, told, LetterKind.BOOKED, now=now)
    assert to_remind(town, now) == [told.id]
    make(town, told, LetterKind.MOVED, now=now + A_MOMENT)
    assert to_remind(town, now + A_MOMENT) == []


def test_whoever_books_half_a_day_before_needs_no_reminder(town):
    tuesday = MONDAY + A_DAY
    town.change(booking=BookingRules(walk_in_share=0))
    town.set_clock("20:30")
    on_the_edge = town.booked("Kfz", day=tuesday, at="08:30", email="a@example.org")
    town.now += A_MOMENT
    town.booked("Kfz", day=tuesday, at="08:30", email="b@example.org")

    assert to_remind(town, town.now) == [on_the_edge.id]


def test_a_reminder_of_this_very_date_is_not_written_twice(town):
    soon = town.booked("Kfz", day=MONDAY + A_DAY, at="09:30", email=EMAIL)
    now = soon.start_at - timedelta(hours=13)
    make(town, soon, LetterKind.REMINDER, cause=soon.sequence, now=now)

    assert to_remind(town, now) == []
    town.move(soon, at="10:00", day=MONDAY + A_DAY)
    assert to_remind(town, now) == [soon.id]


# -- causes ----------------------------------------------------------------------------------


def test_news_are_the_events_worth_a_letter_after_a_row_in_order(town):
    one = town.booked("Kfz", at="09:30", email=EMAIL)
    town.draw()
    town.cancel_booking(one)
    with town.store.snapshot() as snapshot:
        every = letters.news(snapshot, "rathaus", 0)
        later = letters.news(snapshot, "rathaus", every[0][0])
        assert letters.news(snapshot, "nordend", 0) == []

    assert [event.name for _, event in every] == ["AppointmentBooked", "AppointmentCancelled"]
    assert later == every[1:]


def test_every_site_has_a_mark_of_its_own_which_begins_where_all_of_them_stood(town):
    with town.store.transaction() as tx:
        marks.put(tx, letters.MADE_UP_TO, "3")
        letters.note_made(tx, "rathaus", 7)

    with town.store.snapshot() as snapshot:
        assert letters.made_up_to(snapshot, "rathaus") == 7
        assert letters.made_up_to(snapshot, "nordend") == 3
