"""Calling: who comes next in the living office, and what a clerk can do with a call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.actions import calling
from queue_server.domain.errors import (
    BusyWith,
    CounterClosed,
    MoveRefused,
    NobodyHere,
    NotFound,
    ReservedTicket,
)
from queue_server.domain.site import BookingRules, PriorityRules, TicketRules
from queue_server.domain.ticket import TicketState

NO_SHARE_FOR_WALK_INS = BookingRules(walk_in_share=0)

# -- who is next -----------------------------------------------------------------------------


def test_a_booked_person_is_called_before_walk_ins_once_the_time_has_come(town):
    town.draw("Meldewesen")
    booked = town.check_in(town.booked("Meldewesen", at="08:10"))
    town.pass_time(minutes=10)

    assert town.call_next("Schalter 1") == booked


def test_walk_ins_are_called_in_the_order_in_which_they_came(town):
    people = []
    for service in ("Kfz", "Meldewesen", "Ausweise"):
        people.append(town.draw(service))
        town.pass_time(seconds=1)

    assert [town.serve_next(minutes=5) for _ in range(4)] == [*people, None]


def test_when_the_office_is_calm_a_walk_in_who_came_first_is_called_first(town):
    town.change(priority=PriorityRules(busy_from_minutes=30))
    walk_in = town.draw("Meldewesen")
    town.check_in(town.booked("Meldewesen", at="08:10"))
    town.pass_time(minutes=10)

    assert town.call_next() == walk_in


def test_an_appointment_two_minutes_ahead_never_hides_a_walk_in_who_waits(town):
    town.check_in(town.booked("Meldewesen", at="08:10"))
    town.pass_time(minutes=8)
    walk_in = town.draw("Meldewesen")

    assert town.call_next() == walk_in


def test_never_is_nobody_called_while_somebody_suitable_waits(town):
    early = town.check_in(town.booked("Meldewesen", at="08:30"))

    assert town.call_next() == early


def test_only_people_who_are_present_can_be_called(town):
    town.booked("Meldewesen", at="08:10")
    town.pass_time(minutes=15)

    assert town.call_next() is None


def booked_every_five_minutes(town, people):
    """So many appointments from 08:50 on, all of them present."""
    town.change(booking=NO_SHARE_FOR_WALK_INS)
    starts = [f"{8 + minute // 60:02d}:{minute % 60:02d}" for minute in range(50, 80, 5)]
    return [town.check_in(town.booked("Meldewesen", at=at)) for at in starts[:people]]


def test_the_guard_gives_every_third_call_to_a_walk_in_who_waited_too_long(town):
    patient = [town.draw("Kfz") for _ in range(3)]
    town.set_clock("08:50")
    booked = booked_every_five_minutes(town, 4)
    town.set_clock("09:05")

    called = [town.serve_next(seconds=1) for _ in range(6)]

    assert called == [*booked[:2], patient[0], *booked[2:4], patient[1]]


def test_strict_and_arrival_are_rules_of_the_site(town):
    town.change(priority=PriorityRules(rule="strict"))
    walk_in, booked = town.draw(), town.check_in(town.booked(at="08:30"))
    assert town.call_next() == booked
    town.release()

    town.change(priority=PriorityRules(rule="arrival"))
    assert town.call_next() == walk_in


def test_whoever_is_late_is_called_like_a_walk_in_who_came_at_the_slot(town):
    appointment = town.booked("Kfz", at="08:10")
    before = town.draw("Kfz")
    town.set_clock("08:12")
    after = town.draw("Kfz")
    town.set_clock("08:25")
    late = town.check_in(appointment)

    assert [town.serve_next(seconds=1) for _ in range(3)] == [before, late, after]


def test_precedence_goes_before_all_and_is_logged_with_its_reason(town):
    town.draw()
    town.check_in(town.booked(at="08:05"))
    with_pram = town.draw()
    town.prefer(with_pram, "small_child")
    town.pass_time(minutes=5)

    called = town.call()

    assert (called.ticket.id, called.reason.code) == (with_pram.id, "precedence")
    preferred = next(e for e in town.journal() if e.name == "TicketPreferred")
    assert (preferred.precedence, preferred.clerk) == ("small_child", town.clerk("Aylin").id)


def test_a_counter_calls_only_for_its_services(town):
    town.draw("Meldewesen")
    passport = town.draw("Ausweise")

    assert town.call_next("Schalter 2") == passport
    town.finish("Schalter 2")
    assert town.call_next("Schalter 2") is None


def test_the_reason_of_a_call_stands_in_the_journal(town):
    town.draw()
    town.pass_time(minutes=7)

    called = town.call()

    event = town.journal()[-1]
    assert (event.name, event.reason, event.facts) == (
        "TicketCalled",
        "arrival",
        {"waited_minutes": 7},
    )
    assert (event.call, event.counter, event.chosen) == (called.call, "schalter-1", False)


# -- the counter ----------------------------------------------------------------------------


def test_at_a_counter_there_is_one_person_at_a_time(town):
    here = town.draw()
    town.draw()
    town.call_next()

    with pytest.raises(BusyWith) as refusal:
        town.call_next()

    assert refusal.value.facts["number"] == here.number


def test_a_closed_counter_and_one_of_a_colleague_call_nobody(town):
    town.draw()
    town.open_counter("Schalter 1", "Aylin")

    with pytest.raises(CounterClosed):
        town.call_next("Schalter 1", clerk="Bernd")
    town.close_counter("Schalter 1")
    with pytest.raises(CounterClosed):
        calling.call_next(town.store, town.site(), "schalter-1", town.clerk("Aylin"), now=town.now)


def test_the_outsider_sees_and_calls_nobody_of_the_rathaus(town):
    who = town.draw()

    assert town.clerk("Clara").site == "nordend"
    assert town.call_next("Platz 1") is None
    with pytest.raises(NotFound):
        town.call_chosen(who, "Platz 1")
    with pytest.raises(NotFound):
        town.cancel(who, clerk="Clara")
    with pytest.raises(NotFound):
        town.prefer(who, clerk="Clara")
    assert town.queue("nordend").waiting == ()


# -- chosen by hand -------------------------------------------------------------------------


def test_a_clerk_may_call_somebody_out_of_turn(town):
    town.draw()
    second = town.draw()

    called = town.call_chosen(second)

    assert (called.ticket.id, called.reason.code) == (second.id, "chosen")
    assert town.journal()[-1].chosen


def test_a_parked_person_and_a_returning_no_show_can_be_called_directly(town):
    parked, gone = town.draw(), town.draw()
    town.call_next()
    town.park()
    town.call_next()
    town.no_show()

    town.call_chosen(parked)
    town.finish()
    assert town.call_chosen(gone).ticket.state is TicketState.CALLED


@pytest.mark.parametrize("ending", ["finish", "cancel", "called elsewhere"])
def test_whoever_is_gone_or_with_a_colleague_can_not_be_called(town, ending):
    who = town.draw("Ausweise")
    if ending == "cancel":
        town.cancel(who)
    else:
        town.call_next("Schalter 2")
    if ending == "finish":
        town.finish("Schalter 2")

    with pytest.raises(MoveRefused):
        town.call_chosen(who)


def test_a_person_handed_to_another_counter_is_left_to_it(town):
    who = town.draw("Ausweise")
    town.call_next()
    town.transfer(to="Schalter 2")

    with pytest.raises(ReservedTicket):
        town.call_chosen(who)


# -- recall, release, no-show ---------------------------------------------------------------


def test_a_recall_keeps_the_call_and_raises_its_times(town):
    town.draw()
    called = town.call()
    town.pass_time(seconds=30)

    again = town.recall()

    (shown,) = town.board().calls
    assert (again.call, shown.call, shown.times) == (called.call, called.call, 2)
    assert shown.at == town.now


def test_a_recall_brings_the_call_to_the_top_of_the_wall(town):
    town.draw("Kfz"), town.draw("Ausweise")
    first = town.call("Schalter 1")
    town.pass_time(seconds=5)
    second = town.call("Schalter 2")
    town.pass_time(seconds=5)
    assert [call.call for call in town.board().calls] == [second.call, first.call]

    town.recall("Schalter 1")

    assert [call.call for call in town.board().calls] == [first.call, second.call]


def test_whoever_is_served_already_is_not_recalled(town):
    town.draw()
    town.call_next()
    town.arrive()

    with pytest.raises(MoveRefused):
        town.recall()
    assert town.happened()[-1] == "TicketArrived"


def test_a_call_taken_back_leaves_the_person_where_they_waited(town):
    first, second = town.draw(), town.draw()
    town.pass_time(minutes=3)
    town.call_next()

    released = town.release()

    assert (released.state, released.counter, released.calls) == (TicketState.WAITING, None, 0)
    assert [town.serve_next(seconds=1) for _ in range(2)] == [first, second]


def test_a_call_taken_back_uses_up_nobodys_share(town):
    patient = [town.draw("Kfz") for _ in range(2)]
    town.set_clock("08:50")
    booked_every_five_minutes(town, 3)
    town.set_clock("09:00")
    town.serve_next(seconds=1), town.serve_next(seconds=1)
    assert town.call_next() == patient[0]

    town.release()

    assert town.call_next() == patient[0]


def test_once_service_has_begun_a_call_can_not_be_taken_back(town):
    town.draw()
    town.call_next()
    town.arrive()

    with pytest.raises(MoveRefused):
        town.release()


def test_a_no_show_is_counted_set_aside_and_can_come_back(town):
    who = town.draw()
    town.call_next()
    town.recall()

    town.no_show()

    assert town.ticket(who).state is TicketState.NO_SHOW
    assert town.journal()[-1].calls == 2
    assert town.call_next() is None
    town.resume(who)
    assert town.call_next() == who


def test_a_returning_no_show_takes_the_old_place_after_a_short_lock_out(town):
    town.change(tickets=TicketRules(recall_lock_seconds=60))
    gone, second, third = (town.draw() for _ in range(3))
    town.call_next()
    town.no_show()
    town.resume(gone)

    assert town.serve_next(seconds=30) == second
    town.pass_time(seconds=30)
    assert [town.serve_next(seconds=1), town.serve_next(seconds=1)] == [gone, third]


def test_the_lock_out_never_leaves_a_counter_idle(town):
    gone = town.draw()
    town.call_next()
    town.no_show()
    town.resume(gone)

    assert town.call_next() == gone


@pytest.mark.parametrize("move", ["recall", "release", "no_show", "arrive", "finish", "park"])
def test_at_an_empty_counter_there_is_nobody_to_move(town, move):
    with pytest.raises(NobodyHere):
        getattr(town, move)()


def test_whoever_is_served_did_show_up(town):
    town.draw()
    town.call_next()
    town.arrive()

    with pytest.raises(MoveRefused):
        town.no_show()


def test_endless_appointments_never_keep_a_walk_in_beyond_the_guards_bound(town):
    town.change(booking=NO_SHARE_FOR_WALK_INS)
    walk_in, came_at = town.draw("Kfz"), town.now
    for _ in range(20):
        town.check_in(town.booked("Meldewesen", at=town.clock()))
        if town.serve_next(minutes=5) == walk_in:
            break

    assert town.now - came_at <= timedelta(minutes=45 + 3 * 5 + 5)
    assert town.ticket(walk_in).state is TicketState.SERVED
