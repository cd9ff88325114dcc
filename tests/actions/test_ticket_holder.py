"""What holders answer from their phones: I am coming, or five minutes more."""

from __future__ import annotations

import pytest

from queue_server.domain.errors import MoveRefused, NotFound, PostponedAlready
from queue_server.domain.ticket import TicketState
from tests.journal_and_tables import the_journal_is_the_tables


@pytest.fixture
def three(town):
    """Three people who wait, and an open counter."""
    people = [town.draw("Meldewesen") for _ in range(3)]
    town.open_counter("Schalter 1", "Aylin")
    return people


def test_for_five_minutes_others_go_first_and_then_the_old_place_counts(town, three):
    first, second, third = three

    town.postpone(first)
    assert town.call_next("Schalter 1") == second
    town.finish("Schalter 1")
    town.pass_time(minutes=5)

    assert town.call_next("Schalter 1") == first
    town.finish("Schalter 1")
    assert town.call_next("Schalter 1") == third
    the_journal_is_the_tables(town)


def test_when_nobody_else_waits_nobody_is_waited_for(town):
    who = town.draw("Meldewesen")
    town.open_counter("Schalter 1", "Aylin")

    town.postpone(who)

    assert town.call_next("Schalter 1") == who


def test_a_standing_call_is_taken_back_and_the_counter_calls_the_next(town, three):
    first, second, _ = three
    town.call_next("Schalter 1")

    assert town.postpone(first).state is TicketState.WAITING
    assert town.call_next("Schalter 1") == second


def test_it_is_granted_once_and_the_second_time_changes_nothing(town, three):
    town.postpone(three[0])
    heard = town.happened()

    with pytest.raises(PostponedAlready):
        town.postpone(three[0])

    assert town.happened() == heard


def test_whoever_is_served_or_gone_asks_for_nothing(town, three):
    town.call_next("Schalter 1")
    town.arrive("Schalter 1")
    town.give_back(three[1])

    for who in three[:2]:
        for answer in (town.come, town.postpone):
            with pytest.raises(MoveRefused):
                answer(who)


def test_i_am_coming_is_said_of_this_call_and_twice_is_once(town, three):
    town.call_next("Schalter 1")

    assert town.come(three[0]).is_coming and town.come(three[0]).is_coming
    assert town.happened().count("CallAnswered") == 1
    town.release("Schalter 1")
    assert not town.ticket(three[0]).is_coming
    the_journal_is_the_tables(town)


def test_whoever_only_waits_can_not_come_yet(town, three):
    with pytest.raises(MoveRefused):
        town.come(three[0])


def test_an_unknown_token_answers_nothing(town):
    who = town.draw("Meldewesen")

    for answer in (town.come, town.postpone):
        with pytest.raises(NotFound):
            answer(type(who)(who.id, "x" * 22, who.number))
