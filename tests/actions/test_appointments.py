"""A clerk books, moves and cancels; the slot is held by a constraint."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.actions import appointments as booking
from queue_server.domain.appointment import AppointmentState
from queue_server.domain.codes import parse_code
from queue_server.domain.errors import (
    MoveRefused,
    NotFound,
    SlotTaken,
    TooManyPersons,
    UnknownService,
)
from queue_server.domain.site import BookingRules
from tests.town import MONDAY, moment, nordend

TUESDAY = MONDAY + timedelta(days=1)


def people(town):
    with town.store.snapshot() as snapshot:
        return [dict(row) for row in snapshot.rows("SELECT * FROM people")]


def test_a_clerks_booking_is_confirmed_at_once_and_has_its_termincode(town):
    appointment = town.booked("Kfz", at="09:00")

    assert appointment.state is AppointmentState.CONFIRMED
    assert parse_code(appointment.code) == appointment.code
    assert appointment.end_at == moment(MONDAY, "09:20")
    assert [event.name for event in town.journal()] == ["AppointmentBooked"]


def test_a_booking_holds_its_cells_at_one_counter(town):
    town.booked("Ausweise", at="09:00")

    assert town.held() == {("schalter-1", clock) for clock in ("09:00", "09:05", "09:10")}


def test_a_taken_slot_is_refused_and_leaves_no_trace(town):
    town.booked("Kfz", at="09:00")
    told, held = town.happened(), town.held()

    with pytest.raises(SlotTaken):
        town.booked("Kfz", at="09:10", name="Frau Yilmaz")

    assert (town.happened(), town.held(), people(town)) == (told, held, [])


@pytest.mark.parametrize("at", ["07:55", "09:02", "11:55", "13:00"])
def test_a_start_off_the_grid_or_outside_opening_hours_is_no_slot(town, at):
    with pytest.raises(SlotTaken):
        town.booked("Kfz", at=at)


@pytest.mark.parametrize("days", [-3, 32, 373])
def test_the_past_a_holiday_and_the_far_future_are_no_slots(town, days):
    with pytest.raises(SlotTaken):
        town.booked(at="09:00", day=MONDAY + timedelta(days=days))


def test_a_clerk_may_book_for_this_very_minute(town):
    assert town.booked(at="08:00")


def test_several_persons_add_up_their_minutes(town):
    appointment = town.booked("Meldewesen", at="09:00", persons=3)

    assert appointment.end_at == moment(MONDAY, "09:30")
    assert len(town.held()) == 6


def test_a_wrong_wish_is_refused_by_name(town):
    with pytest.raises(UnknownService):
        town.booked("Fischerei")
    with pytest.raises(TooManyPersons):
        town.booked("Kfz", persons=2)


# -- people -------------------------------------------------------------------------------


def test_name_and_address_stand_in_one_table_only_and_never_in_the_journal(town):
    town.booked(name="Frau Yilmaz", email="yilmaz@example.org", phone="0431 1234")

    (person,) = people(town)
    assert person["name"] == "Frau Yilmaz"
    with town.store.snapshot() as snapshot:
        told = [tuple(row) for row in snapshot.rows("SELECT * FROM journal")]
    assert "ilmaz" not in str(told) and "0431" not in str(told)


def test_a_booking_without_a_name_keeps_nobody(town):
    town.booked()

    assert people(town) == []


# -- moving and cancelling -----------------------------------------------------------------


def test_a_moved_appointment_keeps_its_code_and_frees_the_old_slot(town):
    appointment = town.booked("Kfz", at="09:00")

    moved = town.move(appointment, "10:00")

    assert (moved.code, moved.end_at) == (appointment.code, moment(MONDAY, "10:20"))
    assert town.booked("Kfz", at="09:00")
    with pytest.raises(SlotTaken):
        town.booked("Kfz", at="10:00")


def test_an_appointment_may_move_into_a_part_of_its_own_slot(town):
    appointment = town.booked("Kfz", at="09:00")

    assert town.move(appointment, "09:05").start_at == moment(MONDAY, "09:05")


def test_a_move_into_a_taken_slot_leaves_the_appointment_where_it_was(town):
    appointment = town.booked("Kfz", at="09:00")
    town.booked("Kfz", at="10:00")
    held = town.held()

    with pytest.raises(SlotTaken):
        town.move(appointment, "10:00")

    assert town.held() == held


def test_a_move_to_where_it_is_already_changes_nothing_and_is_told_to_nobody(town):
    appointment = town.booked("Kfz", at="09:00")

    town.move(appointment, "10:00")
    twice = town.move(appointment, "10:00")

    assert twice.sequence == 1
    assert town.happened() == ["AppointmentBooked", "AppointmentMoved"]


def test_every_move_counts_for_the_calendars_of_the_people(town):
    appointment = town.booked("Kfz", at="09:00")

    assert appointment.sequence == 0
    assert [town.move(appointment, at).sequence for at in ("10:00", "11:00", "11:30")] == [1, 2, 3]


def test_what_a_clerk_books_is_nothing_that_ends_by_itself(town):
    appointment = town.booked("Kfz", at="09:00")

    assert (appointment.expires_at, appointment.confirmation_key) == (None, "")


def test_a_service_that_is_not_booked_online_is_booked_by_a_clerk(town):
    town.change_service("Kfz", bookable=False)

    assert town.booked("Kfz", at="09:00")


def test_a_counter_that_takes_no_appointments_takes_none_from_clerks_either(town):
    closed = [replace(counter, bookable=False) for counter in town.site().counters]
    town.change(counters=tuple(closed))

    with pytest.raises(SlotTaken):
        town.booked("Kfz", at="09:00")


def test_a_cancelled_appointment_frees_its_slot_and_twice_is_once(town):
    appointment = town.booked("Kfz", at="09:00")

    town.cancel_booking(appointment)
    again = town.cancel_booking(appointment)

    assert again.state is AppointmentState.CANCELLED
    assert town.happened() == ["AppointmentBooked", "AppointmentCancelled"]
    assert town.held() == set() and town.booked("Kfz", at="09:00")


def test_whoever_has_checked_in_neither_moves_nor_cancels(town):
    appointment = town.booked(at="08:10")
    town.check_in(appointment)

    with pytest.raises(MoveRefused):
        town.cancel_booking(appointment)
    with pytest.raises(MoveRefused):
        town.move(appointment, "10:00")


def test_a_clerk_moves_and_cancels_only_at_the_own_site(town):
    appointment, clerk = town.booked(at="09:00"), town.clerk("Clara").id
    start = moment(MONDAY, "10:00")

    with pytest.raises(NotFound):
        booking.cancel_by_clerk(town.store, nordend(), appointment.id, clerk=clerk, now=town.now)
    with pytest.raises(NotFound):
        booking.move_by_clerk(
            town.store, nordend(), appointment.id, start, clerk=clerk, now=town.now
        )


def test_a_clerk_who_moves_or_cancels_stands_in_the_journal(town):
    appointment, aylin = town.booked(at="09:00"), town.clerk("Aylin").id
    start = moment(MONDAY, "10:00")

    town.move(appointment, "10:00", clerk="Aylin")
    booking.cancel_by_clerk(town.store, town.site(), appointment.id, clerk=aylin, now=town.now)

    moved, cancelled = town.journal()[-2:]
    assert (moved.name, moved.clerk, moved.start_at) == ("AppointmentMoved", aylin, start)
    assert (cancelled.name, cancelled.by) == ("AppointmentCancelled", "clerk")


def test_an_appointment_is_missed_when_its_last_check_in_has_passed(town):
    appointment = town.booked(at="08:10")
    town.set_clock("10:10")
    town.tidy()
    assert "AppointmentMissed" not in town.happened()

    town.pass_time(minutes=1)
    town.tidy()
    town.tidy()

    assert town.happened().count("AppointmentMissed") == 1
    with pytest.raises(MoveRefused):
        town.cancel_booking(appointment)


def test_a_share_of_the_counters_stays_with_the_walk_ins(town):
    town.change(booking=BookingRules(walk_in_share=0.4))
    town.booked("Kfz", at="09:00")

    with pytest.raises(SlotTaken):
        town.booked("Kfz", at="09:00")


def test_all_counters_can_be_booked_when_nothing_is_kept_for_walk_ins(town):
    town.change(booking=BookingRules(walk_in_share=0))
    for _ in range(3):
        town.booked("Ausweise", at="09:00")

    with pytest.raises(SlotTaken):
        town.booked("Ausweise", at="09:00")
