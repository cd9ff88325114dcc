"""Calling somebody in particular, out of turn."""

from __future__ import annotations

import pytest

from queue_server.domain.errors import (
    MoveRefused,
    ReservedTicket,
)
from queue_server.domain.ticket import TicketState


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
