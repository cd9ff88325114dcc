"""The SQL that finds who could be next says the same as the rule: picker = guard."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.domain.priority import (
    CallingCounter,
    Load,
    calling_order,
    can_be_called,
    choose,
    is_held,
    rank,
)
from queue_server.domain.rule import minutes_until_busy
from queue_server.domain.ticket import AT_COUNTER, RankClass
from queue_server.store import lines, tickets
from queue_server.store.database import optional_milliseconds
from tests.domain.waiting_room import (
    COUNTER,
    NINE,
    after,
    booked,
    counters,
    crowds,
    histories,
    loads,
    rules,
)
from tests.issued import issue
from tests.town import MONDAY, SERVICES

MINUTES = {service.id: service.minutes for service in SERVICES}
one_town = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class EverybodyGoesHome(Exception):
    """Rolls a crowd back, so that the next one finds an empty office."""


def put(tx, ticket):
    """Store a ticket as it is, in whatever state."""
    new = issue(
        tx,
        replace(ticket, token=str(ticket.id)),
        day=MONDAY,
        group="M",
        minutes=MINUTES[ticket.services[0]],
    )
    tx.write(
        """UPDATE tickets SET state = :state, counter = :counter, bound_to = :bound_to,
           precedence = :precedence, held_until = :held_until, rank_class = :line
           WHERE id = :id""",
        {
            "id": new.id,
            "state": ticket.state,
            "counter": f"counter of {new.id}" if ticket.state in AT_COUNTER else None,
            "bound_to": ticket.bound_to,
            "precedence": ticket.precedence,
            "line": ticket.rank_class,
            "held_until": optional_milliseconds(ticket.held_until),
        },
    )
    return tickets.get(tx, ticket.site, new.id)


@one_town
@given(crowds, counters, rules, histories, loads)
def test_choosing_among_the_heads_from_sql_is_choosing_among_all(
    town, crowd, counter, rule, history, load
):
    with suppress(EverybodyGoesHome), town.store.transaction() as tx:
        everybody = [put(tx, ticket) for ticket in crowd]
        heads = lines.heads(tx, "rathaus", counter, rule.rule, NINE)

        assert heads == heads_of(everybody, counter, rule)
        assert choose(heads, counter, rule, history, load, NINE) == choose(
            everybody, counter, rule, history, load, NINE
        )
        raise EverybodyGoesHome


def heads_of(everybody, counter, rule):
    """The heads of the lines as the rule itself sees them, in the order of the lines."""
    suitable = [ticket for ticket in everybody if can_be_called(ticket, counter)]
    free = [ticket for ticket in suitable if not is_held(ticket, NINE)] or suitable
    lines_ = [[t for t in free if t.rank_class is line] for line in RankClass]
    return [min(line, key=lambda t: rank(t, rule)) for line in lines_ if line]


@pytest.mark.parametrize(("rule", "first"), [("due_first", 0), ("arrival", 1)])
def test_when_everybody_is_held_back_the_same_rule_says_who_is_first(town, rule, first):
    until = {"held_until": after(60)}
    earlier_slot, there_earlier = booked(-30, came=-5, **until), booked(-20, came=-25, **until)

    with town.store.transaction() as tx:
        held = [put(tx, ticket) for ticket in (earlier_slot, there_earlier)]

        assert lines.heads(tx, "rathaus", COUNTER, rule, NINE) == [held[first]]


@one_town
@given(crowds, rules, histories, loads, st.integers(1, 5))
def test_the_fronts_of_the_lines_are_all_that_the_first_calls_can_come_from(
    town, crowd, rule, history, load, most
):
    situation = CallingCounter(None), rule, history, load, NINE
    with suppress(EverybodyGoesHome), town.store.transaction() as tx:
        everybody = [put(tx, ticket) for ticket in crowd]
        fronts = lines.fronts(tx, "rathaus", rule.rule, most, NINE)

        first = calling_order(fronts, *situation, most=most)
        assert lines.front_ids(tx, "rathaus", rule.rule, most, NINE) == [t.id for t in fronts]
        assert first == calling_order(everybody, *situation)[:most]
        raise EverybodyGoesHome


@one_town
@given(crowds, counters)
def test_the_load_counts_whom_the_counter_could_call_and_whom_it_could_have_called(
    town, crowd, counter
):
    with suppress(EverybodyGoesHome), town.store.transaction() as tx:
        everybody = [put(tx, ticket) for ticket in crowd]
        load = lines.load(tx, "rathaus", counter, 2, 100, NINE)

        suitable = [t for t in everybody if can_be_called(t, counter)]
        present = [t for t in everybody if t.state in AT_COUNTER]
        mine = [t for t in present if t.services[0] in counter.services]
        assert load == Load(planned(suitable), planned(mine), 2)
        raise EverybodyGoesHome


@one_town
@given(crowds, rules, st.integers(1, 4))
def test_counting_no_further_than_busy_never_changes_whether_the_office_is_busy(
    town, crowd, rule, open_
):
    until = minutes_until_busy(rule, open_)
    with suppress(EverybodyGoesHome), town.store.transaction() as tx:
        for ticket in crowd:
            put(tx, ticket)
        some, all_ = (lines.site_load(tx, "rathaus", open_, n, NINE) for n in (until, 10_000))

        busy = [load.is_busy(rule) for load in (some, all_)]
        assert busy[0] == busy[1]
        raise EverybodyGoesHome


def planned(some):
    return sum(MINUTES[ticket.services[0]] for ticket in some)


def test_people_of_another_site_stand_in_no_line_here(town):
    town.draw(site="nordend")

    assert town.call_next("Schalter 1") is None
    assert town.call_next("Platz 1")


def test_people_of_another_site_are_no_work_here(town):
    for end in (lambda: town.call_next("Platz 1"), lambda: None):
        town.draw(site="nordend")
        end()

    with town.store.snapshot() as snapshot:
        here, there = (
            lines.site_load(snapshot, site, 1, 300, town.now) for site in ("rathaus", "nordend")
        )
    assert (here.waiting_minutes, here.serving_minutes) == (0, 0)
    assert there.waiting_minutes > 0 and there.serving_minutes > 0


def test_a_person_being_served_weighs_only_what_is_left_of_the_planned_minutes(town):
    town.draw("Kfz")
    town.call_next()
    town.arrive()

    def left():
        with town.store.snapshot() as snapshot:
            return lines.load(snapshot, "rathaus", COUNTER, 1, 300, town.now).serving_minutes

    town.pass_time(minutes=15)
    assert left() == pytest.approx(5)
    town.pass_time(minutes=15)
    assert left() == 0


def test_many_short_visits_weigh_as_much_as_they_take(town):
    """The first people are enough to count only where their visits are not shorter than usual."""
    for _ in range(9):
        town.draw()
    with town.store.transaction() as tx:
        tx.write("UPDATE tickets SET minutes = 2")

    with town.store.snapshot() as snapshot:
        of_site = lines.site_load(snapshot, "rathaus", 1, 15, town.now)
        of_counter = lines.load(snapshot, "rathaus", COUNTER, 1, 15, town.now)

    assert of_site.waiting_minutes == of_counter.waiting_minutes == 18


def test_whoever_is_called_waits_no_more_and_is_work_at_the_counter(town):
    town.draw()
    town.call_next()

    with town.store.snapshot() as snapshot:
        found = lines.site_load(snapshot, "rathaus", 1, 300, town.now)

    assert (found.waiting_minutes, found.serving_minutes) == (0, MINUTES["meldewesen"])


def test_counting_ends_where_the_office_is_busy_anyway(town):
    for _ in range(9):
        town.draw()

    with town.store.snapshot() as snapshot:
        found = lines.site_load(snapshot, "rathaus", 1, 15, town.now)

    assert 15 <= found.waiting_minutes < 9 * MINUTES["meldewesen"]


def test_the_share_remembers_only_todays_calls_of_interchangeable_counters(town):
    def contested(pool, since):
        with town.store.snapshot() as snapshot:
            return lines.recent_contested(snapshot, "rathaus", pool, since, 2)

    for _ in range(3):
        town.draw("Kfz")
    town.check_in(town.booked("Kfz", at="08:10"))
    town.pass_time(minutes=10)
    town.call_next()
    everything = "ausweise,kfz,meldewesen"

    assert contested(everything, town.now) == [False]
    assert contested("ausweise", town.now) == []
    assert contested(everything, town.now + timedelta(seconds=1)) == []
