"""Many citizens at once: one gets what only one can have, and the calendar agrees with the rest."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from queue_server.actions import appointments, confirming, housekeeping
from queue_server.actions.arrivals import check_in
from queue_server.domain.appointment import AppointmentState
from queue_server.domain.errors import BadProof, Expired, SlotTaken
from queue_server.domain.site import BookingRules
from queue_server.store.request_limits import Proof
from tests.races.all_at_once import all_at_once, answers, refusals
from tests.town import MONDAY, PEOPLE_DAYS, moment

CROWD = 50
ROUNDS = 40
A_MOMENT = timedelta(milliseconds=1)
CONFIRMED, EXPIRED = AppointmentState.CONFIRMED, AppointmentState.EXPIRED


def rows(town, table):
    with town.store.snapshot() as snapshot:
        return snapshot.rows(f"SELECT * FROM {table}")


def proof(n):
    return Proof(f"proof {n}", moment(MONDAY, "08:10"))


def test_fifty_people_take_the_last_time_and_one_gets_it_and_nothing_is_half_done(town):
    def book(n):
        return town.book("Kfz", at="11:40", email=f"{n}@example.org", proof=proof(n))

    futures = all_at_once(book, range(CROWD))

    (winner,) = answers(futures)
    assert Counter(refusals(futures)) == {SlotTaken: CROWD - 1}
    assert [row["id"] for row in rows(town, "appointments")] == [winner.id]
    assert [row["appointment"] for row in rows(town, "people")] == [winner.id]
    assert town.held() == town.held(winner) and len(town.held()) == 4
    assert len(rows(town, "proofs")) == 1
    assert town.happened() == ["AppointmentReserved", "AppointmentPreconfirmed"]


def test_fifty_people_take_the_last_three_times_and_three_get_them(town):
    town.change(booking=BookingRules(walk_in_share=0))

    futures = all_at_once(lambda n: town.reserve("Ausweise", at="11:45"), range(CROWD))

    assert len(answers(futures)) == 3
    assert Counter(refusals(futures)) == {SlotTaken: CROWD - 3}
    assert {counter for counter, _ in town.held()} == {"schalter-1", "schalter-2", "schalter-3"}


def test_visits_that_overlap_in_any_way_never_share_a_cell(town):
    clocks = [f"10:{minute:02d}" for minute in range(0, 50, 5)] * 5

    futures = all_at_once(lambda at: town.reserve("Kfz", at=at), clocks)

    starts = sorted(appointment.start_at for appointment in answers(futures))
    assert all(b - a >= timedelta(minutes=20) for a, b in zip(starts, starts[1:], strict=False))
    assert len(town.held()) == 4 * len(starts) and set(refusals(futures)) == {SlotTaken}


def test_confirming_and_expiring_at_once_end_in_one_of_the_two_and_the_cells_agree(town):
    town.change(booking=BookingRules(release_pause_minutes=0))
    ends = Counter()
    for n in range(ROUNDS):
        asked = town.book("Meldewesen", at="11:00", email=f"{n}@example.org")

        def confirm(asked=asked):
            now = asked.expires_at - A_MOMENT
            key, days = asked.confirmation_key, PEOPLE_DAYS
            return confirming.confirm(town.store, asked.token, key, people_days=days, now=now)

        def expire(asked=asked):
            return confirming.expire(town.store, town.site(), now=asked.expires_at)

        confirmed, expired = all_at_once(lambda verb: verb(), [confirm, expire])

        state = town.appointment(asked).state
        ends[state] += 1
        assert expired.result() == (state is EXPIRED)
        assert (confirmed.exception() is None) == (state is CONFIRMED)
        assert state is CONFIRMED or isinstance(confirmed.exception(), Expired)
        assert len(town.held(asked)) == (2 if state is CONFIRMED else 0)
        assert bool(town.person(asked)) == (state is CONFIRMED)
        if state is CONFIRMED:
            town.cancel_booking(asked)
        # The rest that begins when the link expires is over, so the next round finds the time free.
        housekeeping.tidy_records(town.store, now=asked.expires_at)

    assert sum(ends.values()) == ROUNDS and set(ends) <= {CONFIRMED, EXPIRED}


def test_confirming_five_times_at_once_is_once(town):
    asked = town.book("Kfz")

    confirmed = answers(all_at_once(lambda _: town.confirm(asked), range(5)))

    assert len(confirmed) == 5 and len(set(confirmed)) == 1
    assert town.happened().count("AppointmentConfirmed") == 1


def test_sending_a_form_off_five_times_at_once_is_once(town):
    held = town.reserve("Kfz")
    town.fill_in(held)

    asked = answers(all_at_once(lambda _: town.send_off(held), range(5)))

    assert len({some.confirmation_key for some in asked}) == 1 and len(asked) == 5
    assert town.happened().count("AppointmentPreconfirmed") == 1


def test_asking_for_the_letter_ten_times_at_once_sends_three_at_most(town):
    asked = town.book("Kfz")

    sent = answers(all_at_once(lambda _: town.ask_again(asked), range(10)))

    assert (sent.count(True), sent.count(False)) == (2, 8)


def test_two_people_use_the_same_proof_and_one_is_refused(town):
    futures = all_at_once(
        lambda at: town.reserve("Kfz", at=at, proof=proof(1)), ["09:30", "10:30", "11:00"]
    )

    assert len(answers(futures)) == 1 and len(town.held()) == 4
    assert refusals(futures) == [BadProof] * 2


def test_the_same_address_books_twice_at_once_and_once_it_works(town):
    clocks = ["09:30", "10:00", "10:30", "11:00"]

    futures = all_at_once(lambda at: town.book("Kfz", at=at), clocks)

    keys = [asked.confirmation_key for asked in answers(futures)]
    assert sorted(map(bool, keys)) == [False] * 3 + [True], "and nobody who books sees which"


def test_two_appointments_move_into_the_same_time_and_the_other_one_stays(town):
    one, other = town.booked("Kfz", at="09:30"), town.booked("Kfz", at="10:30")

    futures = all_at_once(lambda some: town.move(some, "11:00"), [one, other])

    assert len(answers(futures)) == 1 and refusals(futures) == [SlotTaken]
    starts = {town.appointment(some).start_at for some in (one, other)}
    assert moment(MONDAY, "11:00") in starts and len(starts) == 2
    assert [len(town.held(some)) for some in (one, other)] == [4, 4]


def test_two_appointments_change_places_or_stay_but_never_meet(town):
    town.change(booking=BookingRules(release_pause_minutes=0))
    one, other = town.booked("Kfz", at="09:30"), town.booked("Kfz", at="10:30")

    all_at_once(lambda wish: town.move(*wish), [(one, "10:30"), (other, "09:30")])

    assert {town.appointment(some).start_at for some in (one, other)} == {
        moment(MONDAY, "09:30"),
        moment(MONDAY, "10:30"),
    }
    assert len(town.held()) == 8


def test_a_move_and_a_cancellation_at_once_leave_no_cell_behind(town):
    for n in range(10):
        appointment = town.booked("Kfz", at="09:30", day=MONDAY + timedelta(days=7))

        def move(some=appointment):
            return town.move(some, "10:30", MONDAY + timedelta(days=7))

        def cancel(some=appointment):
            return town.cancel_booking(some)

        all_at_once(lambda verb: verb(), [move, cancel])

        assert town.appointment(appointment).state is AppointmentState.CANCELLED, n
        assert town.held() == set()


@pytest.mark.parametrize("turn", range(10))
def test_checking_in_at_the_last_moment_and_being_missed_at_once_is_a_ticket(town, turn):
    """Who stood at the kiosk in time is not sent away because the server looked at the clock."""
    appointment = town.booked("Kfz", at="08:10")
    last = moment(MONDAY, "10:10")

    def arrive():
        return check_in(town.store, town.site(), appointment.code, now=last)

    def miss():
        return appointments.mark_missed(town.store, town.site(), now=last + A_MOMENT)

    arrived, missed = all_at_once(lambda verb: verb(), [arrive, miss])

    assert arrived.exception() is None
    assert town.appointment(appointment).state is AppointmentState.CHECKED_IN
    assert town.happened().count("TicketIssued") == 1
    assert town.happened().count("AppointmentMissed") == missed.result()


def test_a_day_is_closed_while_people_book_it_and_nobody_is_left_on_it(town):
    tuesday = MONDAY + timedelta(days=1)
    clocks = [f"{hour:02d}:{minute:02d}" for hour in (8, 9, 10) for minute in (0, 20, 40)]

    def book(at):
        return town.book("Kfz", at=at, day=tuesday, email=f"{at[:2]}{at[3:]}@example.org")

    work = [lambda at=at: book(at) for at in clocks]
    all_at_once(lambda verb: verb(), [*work, lambda: town.decide_day(tuesday)])

    assert town.held() == set()
    states = {AppointmentState(row["state"]) for row in rows(town, "appointments")}
    assert states <= {AppointmentState.CANCELLED}
