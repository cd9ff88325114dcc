"""A day is cancelled while others still book on it: nobody keeps a time that does not exist."""

from __future__ import annotations

from datetime import timedelta

from queue_server.actions import appointments, booking, confirming, days
from queue_server.domain.appointment import AppointmentState
from queue_server.domain.errors import SlotTaken
from queue_server.store import appointments as rows
from tests.races.all_at_once import all_at_once, answers, refusals
from tests.town import BERLIN, MONDAY, PEOPLE_DAYS, moment

TUESDAY = MONDAY + timedelta(days=1)
CANCELLED = AppointmentState.CANCELLED


def of_tuesday(town):
    with town.store.snapshot() as snapshot:
        start, end = moment(TUESDAY, "00:00"), moment(TUESDAY, "23:59")
        return rows.between(snapshot, "rathaus", start, end)


def close(town, day=TUESDAY):
    clerk = town.clerk("Aylin").id
    return days.decide_day(town.store, town.site(), day, (), clerk=clerk, now=town.now)


def test_whoever_books_while_the_day_is_closed_is_cancelled_or_refused(town):
    before = [town.booked("Kfz", at=clock, day=TUESDAY) for clock in ("08:00", "09:00")]

    def act(n):
        if n == 0:
            return close(town)
        return town.booked("Meldewesen", at=f"{10 + n % 2}:{n % 6}0", day=TUESDAY)

    futures = all_at_once(act, range(12))

    assert set(refusals(futures)) <= {SlotTaken}
    found = of_tuesday(town)
    assert [one.state for one in found] == [CANCELLED] * len(found)
    # Everybody who had booked by then was counted, everybody later was refused.
    [gone] = [answer for answer in answers(futures) if isinstance(answer, int)]
    booked = [answer for answer in answers(futures) if not isinstance(answer, int)]
    assert gone == len(found) == len(before) + len(booked)
    by_office = [e for e in town.journal() if e.name == "AppointmentCancelled"]
    assert [event.by for event in by_office] == ["office"] * gone


def test_confirming_while_the_day_is_closed_ends_in_a_cancelled_appointment(town):
    held = booking.book(
        town.store, town.site(), ("kfz",), moment(TUESDAY, "09:00"),
        email="erika@beispiel.example", now=town.now,
    )  # fmt: skip

    def act(n):
        if n == 0:
            return close(town)
        key = held.confirmation_key
        return confirming.confirm(
            town.store, held.token, key, people_days=PEOPLE_DAYS, now=town.now
        )

    all_at_once(act, range(2))

    assert [one.state for one in of_tuesday(town)] == [CANCELLED]


def test_two_who_close_the_same_day_cancel_everybody_once(town):
    for clock in ("08:00", "09:00", "10:00"):
        town.booked("Kfz", at=clock, day=TUESDAY)

    gone = answers(all_at_once(lambda _: close(town), range(4)))

    assert sorted(gone) == [0, 0, 0, 3]
    assert town.happened().count("AppointmentCancelled") == 3


def test_the_same_form_sent_by_many_at_once_is_one_appointment(town):
    def book(_):
        return appointments.book_by_clerk(
            town.store, town.site(), ("kfz",), moment(TUESDAY, "09:00", BERLIN), token="x" * 22,
            clerk=town.clerk("Aylin").id, people_days=PEOPLE_DAYS, now=town.now,
        ).id  # fmt: skip

    booked = answers(all_at_once(book, range(8)))

    assert len(booked) == 8 and len(set(booked)) == 1
    assert town.happened() == ["AppointmentBooked"]
