"""Rows of appointments: guarded by the state they were read in, expired to the millisecond."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.actions.appointments import cancel_by_token
from queue_server.actions.booking import reserved
from queue_server.domain.appointment import CONFIRMED, AppointmentState
from queue_server.domain.errors import MoveRefused, NotFound
from queue_server.domain.events import (
    AppointmentCancelled,
    AppointmentMoved,
    ConfirmationAsked,
)
from queue_server.store import appointments

A_MOMENT = timedelta(milliseconds=1)


def read(town, look, *args):
    with town.store.snapshot() as snapshot:
        return look(snapshot, *args)


def test_of_two_who_read_the_same_booking_the_second_is_refused_and_changes_nothing(town):
    both_read = town.book(at="09:30")
    confirmed = town.confirm(both_read)

    with pytest.raises(MoveRefused), town.store.transaction() as tx:
        cancelled = AppointmentCancelled(at=town.now, site="rathaus", by="holder")
        tx.apply(cancelled, both_read)

    assert town.appointment(both_read) == confirmed


def test_a_move_ends_no_neighbour(town):
    one, other = town.book(at="09:30"), town.book(at="11:00", email="b@example.org")

    town.confirm(one)

    assert town.appointment(one).state is CONFIRMED
    assert town.appointment(other) == other


@pytest.mark.parametrize("asked", [ConfirmationAsked, AppointmentMoved])
def test_a_booking_that_is_gone_meanwhile_is_neither_moved_nor_given_another_key(town, asked):
    both_read = town.book(at="09:30")
    cancel_by_token(town.store, town.site(), both_read.token, now=town.now)
    gone = town.appointment(both_read)
    said = {"start_at": both_read.end_at} if asked is AppointmentMoved else {}

    with pytest.raises(MoveRefused), town.store.transaction() as tx:
        tx.apply(asked(at=town.now, site="rathaus", **said), both_read)

    assert town.appointment(both_read) == gone


def test_a_choice_that_was_sent_off_is_not_chosen_again(town):
    held = town.reserve(at="09:30")
    asked = town.send_off(town.fill_in(held))

    with pytest.raises(MoveRefused), town.store.transaction() as tx:
        tx.apply(reserved(held, town.now), replace(held, persons=1, language="en"))

    assert town.appointment(held) == asked


def test_another_choice_changes_one_reservation(town):
    held, other = town.reserve(at="09:30"), town.reserve(at="11:00")
    chosen = replace(held, services=("ausweise",), language="en", expires_at=town.now)

    with town.store.transaction() as tx:
        tx.apply(reserved(chosen, town.now), chosen)

    assert town.appointment(held) == chosen and town.appointment(other) == other


def test_a_booking_has_expired_in_the_very_millisecond_and_at_its_own_site(town):
    asked, confirmed = town.book(at="09:30"), town.booked(at="11:00")
    ends = asked.expires_at

    assert read(town, appointments.expired, "rathaus", ends - A_MOMENT) == []
    assert read(town, appointments.expired, "rathaus", ends) == [asked]
    assert read(town, appointments.expired, "nordend", ends) == []
    assert confirmed.state is AppointmentState.CONFIRMED


def test_a_day_holds_what_begins_in_it_earliest_first(town):
    later, first = town.booked(at="10:30"), town.booked(at="09:30")
    town.booked(at="09:30", site="nordend", clerk="Clara")

    def between(start, end):
        return [one.id for one in read(town, appointments.between, "rathaus", start, end)]

    assert between(first.start_at, later.start_at + A_MOMENT) == [first.id, later.id]
    assert between(first.start_at, later.start_at) == [first.id]
    assert between(first.start_at + A_MOMENT, later.start_at) == []


def test_another_time_is_counted_for_calendars_and_for_this_appointment_only(town):
    one, other = town.booked(at="09:30"), town.booked(at="10:30")
    later = AppointmentMoved(at=town.now, site="rathaus", start_at=one.start_at + A_MOMENT)

    with town.store.transaction() as tx:
        moved = tx.apply(later, one)

    assert town.appointment(one) == moved == replace(one.at(later.start_at), sequence=1)
    assert town.appointment(other) == other


def test_an_appointment_is_found_by_its_code_its_token_and_at_its_site_only(town):
    one, other = town.booked(at="09:30"), town.booked(at="10:30")

    assert read(town, appointments.by_code, one.code) == one
    assert read(town, appointments.by_token, other.token) == other
    with pytest.raises(NotFound):
        read(town, appointments.get, "nordend", one.id)
    with pytest.raises(NotFound):
        read(town, appointments.by_token, "guessed")
