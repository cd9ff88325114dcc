"""Many at once: nobody is called twice, nobody is lost, one gets what only one can have."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from queue_server.actions import appointments as booking
from queue_server.actions import calling, desks
from queue_server.actions.arrivals import draw_ticket
from queue_server.domain.errors import BusyWith, CounterTaken, MoveRefused, SlotTaken
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import BookingRules
from queue_server.domain.ticket import TicketState
from queue_server.store import tickets
from tests.races.all_at_once import all_at_once, answers, refusals
from tests.town import MONDAY, moment, wide_site

CLERKS = 8


@pytest.fixture
def wide_town(town):
    """Eight counters, each with its clerk."""
    town.change(counters=wide_site(CLERKS).counters)
    for n in range(1, CLERKS + 1):
        town.hire(f"Clerk {n}")
        town.open_counter(f"Schalter {n}", f"Clerk {n}")
    return town


def call(town, n):
    counter, clerk = f"schalter-{n}", town.clerk(f"Clerk {n}")
    return calling.call_next(town.store, town.site(), counter, clerk, now=town.now)


def test_eight_clerks_drain_two_hundred_tickets_and_each_is_called_once(wide_town):
    people = [wide_town.draw() for _ in range(200)]

    def call_until_nobody_waits(n):
        called = []
        while one := call(wide_town, n):
            called.append(one.ticket.id)
            wide_town.finish(f"Schalter {n}")
        return called

    lists = [f.result() for f in all_at_once(call_until_nobody_waits, range(1, CLERKS + 1))]

    assert sorted(id for called in lists for id in called) == [who.id for who in people]
    # Each desk is handed its people in the order in which they came.
    assert all(called == sorted(called) for called in lists)


def test_a_clerk_who_loses_a_race_gets_the_next_person(wide_town):
    people = [wide_town.draw() for _ in range(CLERKS)]

    futures = all_at_once(lambda n: call(wide_town, n).ticket.id, range(1, CLERKS + 1))

    assert sorted(answers(futures)) == [who.id for who in people]


def test_the_last_person_is_called_by_one_and_the_others_hear_that_nobody_waits(wide_town):
    wide_town.draw()

    called = answers(all_at_once(lambda n: call(wide_town, n), range(1, CLERKS + 1)))

    assert (len(called), called.count(None)) == (CLERKS, CLERKS - 1)


def test_two_clerks_choose_the_same_person_and_one_is_refused_by_name(wide_town):
    who = wide_town.draw()

    futures = all_at_once(lambda n: wide_town.call_chosen(who, f"Schalter {n}"), [1, 2])

    assert len(answers(futures)) == 1
    assert refusals(futures) == [MoveRefused]


def test_a_double_press_calls_one_person(wide_town):
    people = [wide_town.draw() for _ in range(3)]

    futures = all_at_once(lambda _: call(wide_town, 1), range(4))

    assert [called.ticket.id for called in answers(futures)] == [people[0].id]
    assert refusals(futures) == [BusyWith] * 3


def test_the_same_idempotency_key_twenty_times_at_once_is_one_ticket(town):
    arrivals = answers(all_at_once(lambda _: town.arrival(key="touch"), range(20)))

    assert len(arrivals) == 20
    assert len({arrival.ticket for arrival in arrivals}) == 1
    assert [arrival.is_new for arrival in arrivals].count(True) == 1
    assert town.happened() == ["TicketIssued"]


def test_the_same_scan_five_times_at_once_is_one_ticket(town):
    appointment = town.booked()

    visitors = answers(all_at_once(lambda _: town.check_in(appointment), range(5)))

    assert len(visitors) == 5 and len(set(visitors)) == 1
    assert town.happened().count("TicketIssued") == 1


def test_numbers_drawn_around_midnight_are_unique_and_restart_with_the_day(town):
    town.change(hours=ALWAYS)
    midnight = moment(MONDAY + timedelta(days=1), "00:00")

    def draw_around_midnight(n):
        clock = [midnight + timedelta(milliseconds=ms) for ms in range(-10, 10)]
        return [
            draw_ticket(town.store, town.site(), ("kfz",), now=now).ticket.number for now in clock
        ]

    numbers = [n for drawn in answers(all_at_once(draw_around_midnight, range(8))) for n in drawn]

    # All 160 people are still here, so nobody's number comes back before they have gone.
    assert len(numbers) == 160 and set(Counter(numbers).values()) == {1}
    with town.store.snapshot() as snapshot:
        rows = snapshot.rows("SELECT day, MIN(count) AS first FROM tickets GROUP BY day")
        assert {row["day"]: row["first"] for row in rows}["2026-03-02"] == 1
        assert len(rows) == 2
        assert len(tickets.alive(snapshot, "rathaus")) == 160


def test_a_quota_holds_however_many_draw_at_once(town):
    town.change_service("Kfz", daily_quota=5)

    futures = all_at_once(lambda _: town.draw("Kfz"), range(16))

    assert (len(answers(futures)), len(refusals(futures))) == (5, 11)


def test_twenty_people_take_the_last_slot_and_one_gets_it(town):
    town.change(booking=BookingRules(walk_in_share=0.4))

    futures = all_at_once(lambda _: town.booked("Kfz", at="11:40"), range(20))

    assert len(answers(futures)) == 1
    assert refusals(futures) == [SlotTaken] * 19
    assert town.happened() == ["AppointmentBooked"]


def test_checking_in_and_cancelling_at_once_end_in_one_of_the_two(town):
    appointment = town.booked()

    def either(verb):
        return verb(appointment)

    futures = all_at_once(either, [town.check_in, town.cancel_booking])

    assert (len(answers(futures)), len(refusals(futures))) == (1, 1)
    tickets_issued = town.happened().count("TicketIssued")
    assert tickets_issued + town.happened().count("AppointmentCancelled") == 1


def test_a_day_of_appointments_is_missed_once_however_many_tidy(town):
    town.booked()
    town.set_clock("11:00")

    found = answers(
        all_at_once(lambda _: booking.mark_missed(town.store, town.site(), now=town.now), range(6))
    )

    assert sum(found) == 1


def test_two_clerks_open_the_same_counter_and_one_is_refused(town):
    def open_it(name):
        clerk = town.clerk(name)
        return desks.open_counter(town.store, town.site(), "schalter-3", clerk, now=town.now)

    futures = all_at_once(open_it, ["Aylin", "Bernd"])

    assert len(answers(futures)) == 1
    assert refusals(futures) == [CounterTaken]


def test_giving_back_and_calling_at_once_never_leave_a_ghost_on_the_wall(wide_town):
    who = wide_town.draw()

    all_at_once(lambda verb: verb(), [lambda: call(wide_town, 1), lambda: wide_town.give_back(who)])

    assert wide_town.ticket(who).state is TicketState.CANCELLED
    assert wide_town.board().calls == ()
