"""Nobody is forgotten: the longest wait that the guard promises, under endless appointments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.priority import CallingCounter, Load, choose
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import Kind, Ticket
from tests.domain.waiting_room import NINE, after, booked, walk_in

COUNTER = CallingCounter("schalter-1", None)
guarded_rules = st.builds(
    PriorityRules,
    busy_from_minutes=st.integers(0, 30),
    guard_after_minutes=st.integers(0, 60),
    guard_every=st.integers(2, 5),
)
minutes = st.integers(1, 40)


def called_with_endless_appointments(
    walk_ins: list[Ticket], rules: PriorityRules, minutes: int, calls: int
) -> Iterator[tuple[Ticket, datetime]]:
    """One counter calls every `minutes`; an appointment becomes due before each call."""
    waiting, recent = list(walk_ins), []
    for turn in range(calls):
        now = after(turn * minutes)
        waiting.append(booked(due=turn * minutes))
        load = Load(len(waiting) * minutes, 0, 1)
        choice = choose(waiting, COUNTER, rules, recent, load, now)
        waiting.remove(choice.ticket)
        recent = [choice.guard, *recent] if choice.contested else recent
        yield choice.ticket, now


@given(guarded_rules, minutes, st.integers(1, 6))
def test_every_walk_in_is_called_within_the_bound_however_many_appointments_come(
    rules, minutes, people
):
    walk_ins = [walk_in(0) for _ in range(people)]
    calls = rules.guard_after_minutes // minutes + rules.guard_every * (people + 1)

    called = dict(called_with_endless_appointments(walk_ins, rules, minutes, calls))

    for place, person in enumerate(walk_ins, start=1):
        share = timedelta(minutes=minutes) * rules.guard_every * place
        bound = timedelta(minutes=rules.guard_after_minutes + minutes) + share
        assert called[person] - NINE <= bound


@given(guarded_rules, minutes)
def test_under_the_guard_appointments_keep_their_share_too(rules, minutes):
    walk_ins = [walk_in(0) for _ in range(60)]
    calls = called_with_endless_appointments(walk_ins, rules, minutes, 60)
    kinds = [ticket.kind for ticket, _ in calls]

    for start in range(len(kinds) - rules.guard_every + 1):
        window = kinds[start : start + rules.guard_every]
        assert window.count(Kind.WALK_IN) <= 1
