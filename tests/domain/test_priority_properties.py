"""What holds for every crowd, every rule and every counter."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.priority import (
    CallingCounter,
    calling_order,
    can_be_called,
    choose,
    is_held,
    rank,
)
from queue_server.domain.ticket import RankClass, TicketState
from tests.domain.waiting_room import (
    BUSY,
    NINE,
    booked,
    counters,
    crowds,
    histories,
    loads,
    rules,
    walk_in,
)

situations = st.tuples(counters | st.just(CallingCounter(None)), rules, histories, loads)


@given(crowds, situations)
def test_whoever_is_chosen_can_be_called(crowd, situation):
    choice = choose(crowd, *situation, NINE)

    assert choice is None or can_be_called(choice.ticket, situation[0])


@given(crowds, situations)
def test_never_is_nobody_chosen_while_somebody_suitable_waits(crowd, situation):
    somebody = any(can_be_called(ticket, situation[0]) for ticket in crowd)

    assert (choose(crowd, *situation, NINE) is not None) == somebody


@given(crowds, situations, st.randoms(use_true_random=False))
def test_the_order_in_which_the_list_comes_does_not_matter(crowd, situation, random):
    shuffled = random.sample(crowd, len(crowd))

    assert choose(shuffled, *situation, NINE) == choose(crowd, *situation, NINE)
    assert calling_order(shuffled, *situation, NINE) == calling_order(crowd, *situation, NINE)


@given(crowds, situations)
def test_the_heads_of_the_lines_are_all_that_the_rule_must_see(crowd, situation):
    counter, rule, *_ = situation
    suitable = [ticket for ticket in crowd if can_be_called(ticket, counter)]
    free = [ticket for ticket in suitable if not is_held(ticket, NINE)] or suitable
    lines = [[t for t in free if t.rank_class is line] for line in RankClass]
    heads = [min(line, key=lambda t: rank(t, rule)) for line in lines if line]

    assert choose(heads, *situation, NINE) == choose(crowd, *situation, NINE)


@given(crowds, situations)
def test_the_calling_order_is_a_total_order_of_all_who_can_be_called(crowd, situation):
    order = [choice.ticket.id for choice in calling_order(crowd, *situation, NINE)]

    assert sorted(order) == [t.id for t in crowd if can_be_called(t, situation[0])]


@given(crowds, situations)
def test_the_calling_order_is_choosing_again_and_again(crowd, situation):
    counter, rule, calls, load = situation
    left, called = list(crowd), []
    while choice := choose(left, counter, rule, calls, load, NINE):
        left.remove(choice.ticket)
        calls = [choice.guard, *calls] if choice.contested else calls
        called.append(choice)

    assert calling_order(crowd, *situation, NINE) == called


@given(crowds, situations)
def test_inside_a_line_nobody_overtakes(crowd, situation):
    lines: dict = {}
    for choice in calling_order(crowd, *situation, NINE):
        line = is_held(choice.ticket, NINE), choice.ticket.rank_class
        lines.setdefault(line, []).append(rank(choice.ticket, situation[1]))

    assert all(line == sorted(line) for line in lines.values())


@given(crowds, situations)
def test_another_walk_in_never_delays_anyone_ahead_in_the_same_line(crowd, situation):
    last = replace(walk_in(31), id=len(crowd) + 1, services=("kfz",))
    before = [choice.ticket for choice in calling_order(crowd, *situation, NINE)]
    after = [choice.ticket for choice in calling_order([*crowd, last], *situation, NINE)]

    same_line = [t for t in before if t.rank_class is RankClass.OTHERS and not is_held(t, NINE)]

    assert [after.index(t) for t in same_line] == [before.index(t) for t in same_line]


@given(crowds, situations)
def test_whoever_is_not_waiting_changes_nothing(crowd, situation):
    waiting = [ticket for ticket in crowd if ticket.state is TicketState.WAITING]

    assert choose(waiting, *situation, NINE) == choose(crowd, *situation, NINE)


@given(rules, histories, st.integers(1, 20), st.integers(1, 20))
def test_walk_ins_never_get_more_than_the_guards_share_of_contested_calls(
    rule, history, appointments, others
):
    crowd = [booked(-5) for _ in range(appointments)] + [walk_in(-80) for _ in range(others)]
    counter = CallingCounter(None)

    order = calling_order(crowd, counter, rule, history, BUSY, NINE)

    contested = [choice.guard for choice in order if choice.contested]
    for start in range(len(contested)):
        assert sum(contested[start : start + rule.guard_every]) <= 1
