"""What the rule promises over time, however many people come and whenever counters call."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.priority import (
    CallingCounter,
    Choice,
    Load,
    calling_order,
    choose,
    rank,
)
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import RankClass, Ticket
from tests.domain.waiting_room import (
    NINE,
    after,
    booked,
    counters,
    crowds,
    histories,
    loads,
    rules,
    walk_in,
)

ANY_COUNTER = CallingCounter("schalter-1", None)
situations = st.tuples(counters | st.just(CallingCounter(None)), rules, histories, loads)
guarded = st.builds(
    PriorityRules,
    busy_from_minutes=st.integers(0, 20),
    guard_after_minutes=st.integers(0, 60),
    guard_every=st.integers(2, 5),
)
# Minutes until the next call, and how many appointments and walk-ins come before it.
waves = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 5), st.integers(0, 2)), min_size=5, max_size=60
)


@dataclass(frozen=True)
class Call:
    choice: Choice
    minute: int
    waiting: list[Ticket]


def played(rule: PriorityRules, some_waves, first: list[Ticket]) -> list[Call]:
    """One call a wave, by interchangeable counters; nobody else's choice."""
    waiting, recent, calls, minute = list(first), [], [], 0
    for passed, appointments, others in some_waves:
        minute += passed
        waiting += [booked(due=minute) for _ in range(appointments)]
        waiting += [walk_in(minute) for _ in range(others)]
        load = Load(10 * len(waiting), 0, 1)
        choice = choose(waiting, ANY_COUNTER, rule, recent, load, after(minute))
        if choice is not None:
            waiting.remove(choice.ticket)
            recent = [choice.guard, *recent] if choice.contested else recent
            calls.append(Call(choice, minute, list(waiting)))
    return calls


@given(guarded, waves, st.integers(1, 4))
def test_no_crowd_of_appointments_starves_a_walk_in(rule, some_waves, people):
    """From the moment that the wait is too long, each has to let pass its share of calls only."""
    walk_ins = [walk_in(0) for _ in range(people)]

    calls = played(rule, some_waves, walk_ins)

    for place, person in enumerate(walk_ins, start=1):
        passing = [
            call
            for call in calls
            if person in call.waiting and call.minute > rule.guard_after_minutes
        ]
        assert len(passing) <= rule.guard_every * place


@given(guarded, waves)
def test_the_guard_never_has_more_than_its_share_whoever_comes_when(rule, some_waves):
    calls = played(rule, some_waves, [walk_in(0) for _ in range(30)])

    contested = [call.choice.guard for call in calls if call.choice.contested]
    for start in range(len(contested)):
        assert sum(contested[start : start + rule.guard_every]) <= 1


@given(rules, waves)
def test_over_a_whole_day_nobody_overtakes_in_a_line(rule, some_waves):
    for call in played(rule, some_waves, []):
        called = call.choice.ticket
        line = [ticket for ticket in call.waiting if ticket.rank_class is called.rank_class]
        assert all(rank(called, rule) < rank(ticket, rule) for ticket in line)


@given(rules, waves)
def test_over_a_whole_day_no_call_finds_nobody_while_somebody_waits(rule, some_waves):
    calls = played(rule, some_waves, [walk_in(0) for _ in range(len(some_waves))])

    assert len(calls) == len(some_waves)


@given(crowds, situations)
def test_the_same_question_has_the_same_answer(crowd, situation):
    again = deepcopy(crowd)

    assert choose(crowd, *situation, NINE) == choose(again, *situation, NINE)
    assert choose(crowd, *situation, NINE) == choose(crowd, *situation, NINE)


@given(crowds, rules)
def test_places_in_a_line_are_never_equal(crowd, rule):
    places = [rank(ticket, rule) for ticket in crowd]

    assert len(set(places)) == len(crowd)


@given(crowds, situations)
def test_whom_the_picker_takes_is_whom_the_queue_shows_first(crowd, situation):
    order = calling_order(crowd, *situation, NINE)

    assert choose(crowd, *situation, NINE) == (order[0] if order else None)


@given(crowds, situations, st.integers(1, 5))
def test_later_walk_ins_delay_nobody_of_their_line_however_many_come(crowd, situation, people):
    late = [replace(walk_in(31 + n), id=1000 + n, services=("kfz",)) for n in range(people)]
    before = [choice.ticket for choice in calling_order(crowd, *situation, NINE)]

    now = [choice.ticket for choice in calling_order([*crowd, *late], *situation, NINE)]

    others = [ticket for ticket in before if ticket.rank_class is RankClass.OTHERS]
    held = {ticket.id for ticket in others if ticket.held_until and ticket.held_until > NINE}
    for ticket in others:
        if ticket.id not in held:
            assert now.index(ticket) <= before.index(ticket)
