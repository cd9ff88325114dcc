"""The life of a ticket: the table of moves, the lines, the waiting time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.errors import MoveRefused
from queue_server.domain.ticket import (
    ALIVE,
    AT_COUNTER,
    MOVES,
    Kind,
    RankClass,
    Ticket,
    TicketState,
    waited_minutes,
)
from tests.town import MONDAY, moment

EIGHT = moment(MONDAY, "08:00")
WALK_IN = Ticket(
    id=1,
    site="rathaus",
    number="M 001",
    kind=Kind.WALK_IN,
    state=TicketState.WAITING,
    services=("meldewesen",),
    persons=1,
    issued_at=EIGHT,
    token="t",
)
BOOKED = replace(WALK_IN, kind=Kind.APPOINTMENT, due_at=EIGHT + timedelta(minutes=10))


@pytest.mark.parametrize("to", TicketState)
@pytest.mark.parametrize("state", TicketState)
def test_a_ticket_moves_only_as_the_table_says(state, to):
    ticket = replace(WALK_IN, state=state)

    if to in MOVES[state]:
        ticket.check_move(to)
    else:
        with pytest.raises(MoveRefused):
            ticket.check_move(to)


def test_every_state_has_its_line_in_the_table():
    assert set(MOVES) == set(TicketState)


def test_whatever_has_ended_stays_ended():
    assert {state for state in TicketState if not MOVES[state]} == set(TicketState) - ALIVE


def test_only_the_called_can_be_served_and_only_the_served_are_done():
    before = {to: {state for state in MOVES if to in MOVES[state]} for to in TicketState}

    assert before[TicketState.SERVING] == {TicketState.CALLED}
    assert before[TicketState.SERVED] == {TicketState.SERVING}
    assert before[TicketState.NO_SHOW] == {TicketState.CALLED}
    assert before[TicketState.CANCELLED].isdisjoint({TicketState.SERVING})
    assert sorted(AT_COUNTER) == [TicketState.CALLED, TicketState.SERVING]


def test_nobody_falls_back_to_the_kiosk():
    for state in ALIVE - {TicketState.WAITING}:
        assert TicketState.WAITING in MOVES[state]


def test_a_late_person_stands_with_the_walk_ins_who_came_at_the_slot():
    late = replace(BOOKED, is_late=True, issued_at=EIGHT + timedelta(minutes=30))

    assert late.rank_class is RankClass.OTHERS
    assert late.came_at == BOOKED.due_at


def test_precedence_stands_before_every_other_line():
    assert WALK_IN.rank_class is RankClass.OTHERS
    assert BOOKED.rank_class is RankClass.APPOINTMENT
    assert replace(BOOKED, precedence="emergency").rank_class is RankClass.PRECEDENCE
    assert replace(WALK_IN, precedence="mobility").rank_class is RankClass.PRECEDENCE


def test_waiting_counts_from_the_later_of_slot_and_check_in():
    quarter = timedelta(minutes=15)

    assert waited_minutes(WALK_IN, EIGHT + quarter) == 15
    assert waited_minutes(BOOKED, EIGHT + quarter) == 5
    assert waited_minutes(BOOKED, EIGHT) == 0
    assert waited_minutes(replace(BOOKED, issued_at=EIGHT + quarter), EIGHT + 2 * quarter) == 15
