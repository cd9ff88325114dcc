"""Time that became free: it rests before citizens see it again, and clerks need not wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.appointment import AppointmentState
from queue_server.domain.errors import SlotTaken
from queue_server.domain.site import BookingRules
from queue_server.store import cells
from tests.citizens import moment_of
from tests.spared import REFUSED_BY_KEY
from tests.town import MONDAY

TUESDAY = MONDAY + timedelta(days=1)
A_MOMENT = timedelta(milliseconds=1)
# Long enough that no rest ends in the very moment in which it begins.
LONG_PAUSE = BookingRules(lead_minutes=0, release_pause_minutes=1440, open_per_address=20)
NO_PAUSE = BookingRules(lead_minutes=0, release_pause_minutes=0)


@pytest.fixture
def patient(town):
    town.change(booking=LONG_PAUSE)
    return town


def rests(town):
    """Until when the freed cells rest, in the order of the clock."""
    with town.store.snapshot() as snapshot:
        rows = snapshot.rows(
            "SELECT free_at FROM cells WHERE free_at IS NOT NULL ORDER BY start_at"
        )
    return [moment_of(row["free_at"]) for row in rows]


def cancelled(town):
    appointment = town.confirm(town.book("Kfz", at="09:30", day=TUESDAY))
    town.pass_time(days=0.5)
    town.cancel_booking(appointment)
    return appointment


def expired(town):
    asked = town.book("Kfz", at="09:30", day=TUESDAY)
    town.now = asked.expires_at
    town.expire()


def moved(town):
    appointment = town.confirm(town.book("Kfz", at="09:30", day=TUESDAY))
    town.pass_time(days=0.5)
    town.move(appointment, "11:00", TUESDAY)


@pytest.mark.parametrize("free", [cancelled, expired, moved])
def test_a_freed_time_rests_for_citizens_and_is_there_at_once_for_clerks(patient, free):
    free(patient)

    assert "09:30" not in patient.free(day=TUESDAY)
    assert "09:30" in patient.free(day=TUESDAY, for_clerk=True)
    with pytest.raises(SlotTaken):
        patient.book("Kfz", at="09:30", day=TUESDAY)
    assert patient.booked("Kfz", at="09:30", day=TUESDAY)


@pytest.mark.parametrize("free", [cancelled, expired, moved])
def test_citizens_see_it_again_in_the_very_millisecond_in_which_its_rest_ends(patient, free):
    free(patient)
    (ends,) = set(rests(patient))

    patient.now = ends - A_MOMENT
    assert "09:30" not in patient.free(day=TUESDAY)

    patient.now = ends
    assert "09:30" in patient.free(day=TUESDAY)
    assert patient.book("Kfz", at="09:30", day=TUESDAY)


def test_the_rest_is_a_random_part_of_the_pause(patient):
    patient.change(booking=replace(LONG_PAUSE, release_pause_minutes=30))
    clocks = [f"{8 + n // 6:02d}:{n % 6 * 10:02d}" for n in range(12)]
    booked = [patient.confirm(patient.book("Meldewesen", at=at, day=TUESDAY)) for at in clocks]
    patient.pass_time(minutes=40)
    for appointment in booked:
        patient.cancel_booking(appointment)

    found = rests(patient)
    assert len(set(found)) > 2
    assert patient.now <= min(found) and max(found) <= patient.now + timedelta(minutes=30)


def test_without_a_pause_a_freed_time_is_there_at_once_for_everybody(town):
    town.change(booking=NO_PAUSE)
    town.cancel_booking(town.book("Kfz", at="09:30"))

    assert "09:30" in town.free()
    assert town.book("Kfz", at="09:30")


def test_what_was_held_for_a_moment_is_there_at_once_for_everybody(patient):
    appointment = patient.book("Kfz", at="09:30", day=TUESDAY)
    patient.pass_time(minutes=1)
    patient.cancel_booking(appointment)

    assert "09:30" in patient.free(day=TUESDAY)
    assert patient.book("Kfz", at="09:30", day=TUESDAY)


def test_a_time_rests_no_longer_than_it_was_held(patient):
    for minutes in (3, 10):
        appointment = patient.book("Kfz", at="09:30", day=TUESDAY)
        patient.pass_time(minutes=minutes)
        patient.cancel_booking(appointment)

        assert max(rests(patient)) <= patient.now + timedelta(minutes=minutes)
        patient.pass_time(minutes=minutes)


def test_the_house_forgets_rests_that_are_over_and_no_others(patient):
    cancelled(patient)
    ends = rests(patient)[0]

    patient.now = ends - A_MOMENT
    patient.tidy_records()
    assert len(rests(patient)) == 4

    patient.now = ends
    patient.tidy_records()
    assert rests(patient) == []


def test_a_resting_time_counts_as_taken_for_the_share_of_the_walk_ins(patient):
    """Else a program could watch the neighbour counter to learn what became free."""
    cancelled(patient)

    # Two counters serve Kfz, one of them is kept for walk-ins, and the other one rests.
    assert patient.free(day=TUESDAY)[:3] == ["08:00", "08:05", "08:10"]
    assert {"09:15", "09:30", "09:45"}.isdisjoint(patient.free(day=TUESDAY))


# -- moving and cancelling -----------------------------------------------------------------------


def test_a_moved_appointment_may_overlap_its_own_old_time(patient):
    appointment = patient.confirm(patient.book("Kfz", at="09:30"))

    for at in ("09:40", "09:45"):
        assert patient.move(appointment, at)
    assert patient.held(appointment) == {
        ("schalter-1", clock) for clock in ("09:45", "09:50", "09:55", "10:00")
    }
    assert len(patient.held()) == 4


def test_of_an_overlapping_move_only_what_is_left_behind_rests(patient):
    appointment = patient.confirm(patient.book("Kfz", at="09:30"))
    patient.pass_time(minutes=30)
    patient.move(appointment, "09:40")

    assert len(rests(patient)) == 2
    assert {"09:30", "09:40", "09:55"}.isdisjoint(patient.free())
    assert patient.free(for_clerk=True).count("09:20") == 1


def test_a_refused_move_leaves_everything_as_it_was(patient):
    appointment = patient.confirm(patient.book("Kfz", at="09:30"))
    patient.booked("Kfz", at="10:00")
    held = patient.held()

    with pytest.raises(SlotTaken):
        patient.move(appointment, "09:45")

    assert (patient.held(), rests(patient)) == (held, [])
    assert patient.appointment(appointment).sequence == 0


def test_a_clerk_moves_into_a_resting_time_and_the_holder_does_not(patient):
    given_back = patient.book("Kfz", at="09:30")
    patient.pass_time(minutes=30)
    patient.cancel_booking(given_back)
    appointment = patient.booked("Kfz", at="11:00")

    with pytest.raises(SlotTaken):
        patient.move(appointment, "09:30")

    assert patient.move(appointment, "09:30", clerk="Bernd")


def test_what_others_let_rest_is_not_prolonged_by_a_move_of_the_same_moment(patient):
    cancelled(patient)
    before = rests(patient)
    appointment = patient.confirm(patient.book("Kfz", at="10:30", day=TUESDAY))
    patient.pass_time(minutes=5)

    patient.move(appointment, "11:00", TUESDAY)

    assert rests(patient)[:4] == before


def test_a_missed_appointment_keeps_its_time(town):
    appointment = town.confirm(town.book("Kfz", at="09:30"))
    town.set_clock("11:31")
    town.tidy()

    assert town.appointment(appointment).state is AppointmentState.MISSED
    assert len(town.held(appointment)) == 4 and rests(town) == []


def test_whoever_checked_in_keeps_the_time(town):
    appointment = town.confirm(town.book("Kfz", at="09:30"))
    town.set_clock("09:30")
    town.check_in(appointment)
    town.tidy()

    assert len(town.held(appointment)) == 4


# -- the cells -----------------------------------------------------------------------------------


def test_the_constraint_refuses_a_cell_that_somebody_holds_whatever_an_action_thinks(town):
    one, other = town.booked("Kfz", at="09:30"), town.booked("Kfz", at="10:30")
    cell = int(one.start_at.timestamp()) // 300

    with pytest.raises(SlotTaken), town.store.transaction() as tx:
        cells.take(tx, "rathaus", "schalter-1", [cell + 4, cell + 3], other.id, None)

    assert len(town.held()) == 8


def test_steps_that_were_changed_between_two_bookings_cannot_double_book(town):
    town.change(booking=BookingRules(step_minutes=15))
    town.booked("Kfz", at="09:30")
    town.change(booking=BookingRules(step_minutes=7))

    for at in ("09:17", "09:24", "09:31", "09:38", "09:45"):
        with pytest.raises(SlotTaken):
            town.booked("Kfz", at=at)
    assert town.booked("Kfz", at="09:52") and town.booked("Kfz", at="09:10")


def test_a_cell_can_only_begin_at_a_multiple_of_five_minutes(town):
    with pytest.raises(REFUSED_BY_KEY), town.store.transaction() as tx:
        tx.write(
            """INSERT INTO cells (counter, start_at, site, free_at)
               VALUES ('schalter-1', 60000, 'rathaus', 0)"""
        )
