"""The office decides the calling rule while it is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from queue_server.actions import rules
from queue_server.domain.errors import BadRequest
from queue_server.domain.events import RulesSet
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import PriorityRules
from queue_server.store.decisions import rules_in_force
from tests.town import Town, open_store

ARRIVAL = PriorityRules(rule="arrival")


def decide(town: Town, wanted: PriorityRules) -> bool:
    return rules.decide(town.store, town.site(), wanted, town.clerk("Aylin"), now=town.now)


def in_force(town: Town) -> PriorityRules:
    with town.store.snapshot() as snapshot:
        return rules_in_force(snapshot, town.site())


def told(town: Town) -> list[RulesSet]:
    return [event for event in town.journal() if isinstance(event, RulesSet)]


def test_a_decision_holds_at_once_and_the_journal_says_who_made_it(town: Town) -> None:
    assert decide(town, ARRIVAL)

    assert in_force(town) == ARRIVAL
    [event] = told(town)
    assert rules.rules_in(event) == ARRIVAL
    assert (event.by, event.clerk, event.at) == ("office", town.clerk("Aylin").id, town.now)


def test_the_same_decision_twice_is_once(town: Town) -> None:
    decide(town, ARRIVAL)

    assert not decide(town, ARRIVAL)
    assert len(told(town)) == 1


def test_to_decide_what_config_toml_says_is_a_decision_that_outlives_the_file(town: Town) -> None:
    assert decide(town, town.site().priority)

    town.change(priority=ARRIVAL)
    assert in_force(town) == PriorityRules()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"rule": "random"}, ("rule", "unknown", "")),
        ({"busy_from_minutes": -1}, ("busy_from_minutes", "range", "0..480")),
        ({"guard_after_minutes": 481}, ("guard_after_minutes", "range", "0..480")),
        ({"guard_every": 1}, ("guard_every", "range", "2..100")),
        ({"ratio": 0.5}, ("ratio", "range", "1..100")),
        ({"ratio": float("nan")}, ("ratio", "range", "1..100")),
        ({"guard_every": 2.5}, ("guard_every", "range", "2..100")),
    ],
)
def test_what_config_toml_would_refuse_is_refused_and_changes_nothing(
    town: Town, wrong: dict[str, Any], error: tuple[str, str, str]
) -> None:
    with pytest.raises(BadRequest) as refusal:
        decide(town, replace(PriorityRules(), **wrong))

    assert refusal.value.facts["errors"] == [error]
    assert told(town) == []


def test_the_office_can_give_its_decision_back(town: Town) -> None:
    decide(town, ARRIVAL)
    site, clerk = town.site(), town.clerk("Aylin")

    assert rules.as_configured(town.store, site, clerk, now=town.now)
    assert not rules.as_configured(town.store, site, clerk, now=town.now)

    assert in_force(town) == PriorityRules()
    assert [(event.by, event.clerk) for event in told(town)] == [
        ("office", clerk.id),
        ("config", clerk.id),
    ]


def test_at_a_start_the_journal_learns_the_rule_once_and_again_when_the_file_changed(
    town: Town,
) -> None:
    assert rules.note(town.store, town.site(), now=town.now)
    assert not rules.note(town.store, town.site(), now=town.now)
    town.change(priority=ARRIVAL)
    assert rules.note(town.store, town.site(), now=town.now)

    assert [(event.rule, event.by, event.clerk) for event in told(town)] == [
        ("due_first", "config", None),
        ("arrival", "config", None),
    ]


def test_a_start_leaves_the_decision_of_the_office_alone(town: Town) -> None:
    decide(town, ARRIVAL)

    assert not rules.note(town.store, town.site(), now=town.now)
    assert in_force(town) == ARRIVAL


def test_a_decision_in_the_middle_of_the_day_changes_the_very_next_call(town: Town) -> None:
    town.change(hours=ALWAYS, priority=PriorityRules(rule="strict"))
    first = town.draw()
    town.open_counter("Schalter 1")
    booked = [town.booked(at="08:30"), town.booked(at="08:45")]
    town.set_clock("08:20")
    people = [town.check_in(each) for each in booked]

    assert town.call_next() == people[0]
    town.release()
    decide(town, ARRIVAL)
    assert town.call_next() == first


def test_another_process_follows_a_decision_at_once(town: Town, tmp_path: Any) -> None:
    town.change(hours=ALWAYS, priority=PriorityRules(rule="strict"))
    elsewhere = open_store(tmp_path / "town.db")
    clerk = town.clerk("Aylin")
    rules.decide(elsewhere, town.site(), ARRIVAL, clerk, now=town.now)
    elsewhere.close()

    first = town.draw()
    booked = town.booked(at="08:30")
    town.set_clock("08:20")
    town.check_in(booked)
    assert town.call_next() == first


def test_sites_decide_for_themselves(town: Town) -> None:
    decide(town, ARRIVAL)

    with town.store.snapshot() as snapshot:
        assert rules_in_force(snapshot, town.site("nordend")) == PriorityRules()
