"""After a call: again, taken back, or nobody came."""

from __future__ import annotations

import pytest

from queue_server.domain.errors import (
    MoveRefused,
    NobodyHere,
)
from queue_server.domain.site import TicketRules
from queue_server.domain.ticket import TicketState
from tests.actions.booked_series import booked_every_five_minutes


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
