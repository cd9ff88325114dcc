"""Who comes on a generated day: as many as wanted, when people come, and the same each time."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.errors import BadRequest
from queue_server.domain.hours import Span
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.simulation.arrivals import Demand, SimulatedArrivals, arrivals, counter_shares
from tests.simulation.offices import MIX, MORNING, SPECIALISTS, plain_office

EIGHT, NOON = 480 * MINUTE_MS, 720 * MINUTE_MS


def mornings(demand: Demand, count: int = 200) -> list[SimulatedArrivals]:
    return [arrivals(plain_office(), MORNING, demand, seed) for seed in range(count)]


def test_the_same_seed_brings_the_same_people_and_another_brings_others() -> None:
    first, again, other = (arrivals(plain_office(), MORNING, Demand(), seed) for seed in (1, 1, 2))

    assert first == again
    assert first.people != other.people


@pytest.mark.parametrize("load", [0.6, 0.94, 1.25])
def test_as_much_work_comes_as_was_asked_for(load: float) -> None:
    days = mornings(Demand(load=load, mix=MIX))

    work = mean(sum(person.work + person.walk for person in day.people) for day in days)
    # 200 mornings of some 60 visits: a standard deviation of about 1 %.
    assert work / (4 * (NOON - EIGHT)) == pytest.approx(load, rel=0.04)


def test_every_counter_has_equally_much_to_do_unless_a_mix_is_named() -> None:
    shares = counter_shares(SPECIALISTS)

    work = {service.id: shares[service.id] * service.minutes for service in SPECIALISTS.services}
    assert work["s5"] + work["s10"] == pytest.approx(1)
    assert work["s15"] + work["s20"] + work["s30"] == pytest.approx(1)


def test_people_with_an_appointment_come_as_punctual_as_they_are() -> None:
    days = mornings(Demand())
    # Whoever is due in the first half hour cannot come before the doors open.
    late = [
        (person.comes - person.due) / MINUTE_MS
        for day in days
        for person in day.people
        if person.due is not None and person.due > EIGHT + 30 * MINUTE_MS
    ]

    assert mean(late) == pytest.approx(-6, abs=0.4)
    assert stdev(late) == pytest.approx(7, abs=0.4)


def test_so_many_of_the_booked_stay_away() -> None:
    days = mornings(Demand(no_shows=0.18))

    booked = sum(len(day.booked) for day in days)
    came = sum(person.due is not None for day in days for person in day.people)
    # Some 7,500 appointments: a standard deviation of 0.45 percentage points.
    assert 1 - came / booked == pytest.approx(0.18, abs=0.015)


def test_a_crowd_waits_at_the_door_and_the_first_part_of_the_morning_is_the_densest() -> None:
    days = mornings(Demand(door_share=0.2, peak=2, peak_minutes=90))
    comes = [(p.comes - EIGHT) / MINUTE_MS for day in days for p in day.people if p.due is None]

    door = sum(minute == 0 for minute in comes)
    dense = sum(0 < minute <= 90 for minute in comes) / 90
    later = sum(minute > 90 for minute in comes) / 135
    assert door / len(comes) == pytest.approx(0.2, abs=0.02)
    assert dense / later == pytest.approx(2, rel=0.12)
    assert max(comes) <= 240 - 15


def test_visits_last_as_long_as_planned_on_average_and_vary_as_told() -> None:
    people = [p for day in mornings(Demand(variation=0.5)) for p in day.people]
    ratios = [person.work / (person.minutes * MINUTE_MS) for person in people]

    assert mean(ratios) == pytest.approx(1, abs=0.02)
    assert stdev(ratios) == pytest.approx(0.5, abs=0.04)


def test_without_variation_every_visit_lasts_as_long_as_planned() -> None:
    people = arrivals(plain_office(), MORNING, Demand(variation=0), 1).people

    assert {person.work - person.minutes * MINUTE_MS for person in people} == {0}


@given(seed=st.integers(0, 10_000), load=st.floats(0, 3))
@settings(max_examples=30)
def test_nobody_comes_while_the_office_is_closed(seed: int, load: float) -> None:
    spans = (Span(840, 1080), Span(480, 720))
    people = arrivals(plain_office(), spans, Demand(load=load), seed).people

    minutes = [person.comes / MINUTE_MS for person in people]
    assert minutes == sorted(minutes)
    # Whoever comes late for the last appointment still finds somebody.
    assert all(480 <= minute < 840 or 840 <= minute < 1200 for minute in minutes)
    walk_ins = [person.comes / MINUTE_MS for person in people if person.due is None]
    assert all(480 <= minute <= 705 or 840 <= minute <= 1065 for minute in walk_ins)


def test_spans_that_meet_are_one_with_one_crowd_at_the_door() -> None:
    apart = arrivals(plain_office(), (Span(480, 600), Span(600, 720)), Demand(), 1)

    assert apart == arrivals(plain_office(), MORNING, Demand(), 1)


def test_a_service_that_nobody_can_book_gets_walk_ins_only() -> None:
    office = plain_office()
    services = tuple(replace(service, bookable=False) for service in office.services)
    people = arrivals(replace(office, services=services), MORNING, Demand(), 1).people

    assert people and all(person.due is None for person in people)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("load", -0.1), ("load", 9), ("load", float("nan")), ("booked_share", 1.5)),
        *(("no_shows", 1), ("slot_minutes", 0), ("peak", 0.5), ("variation", -1), ("gone", 2)),
    ],
)
def test_demand_that_makes_no_sense_is_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(BadRequest) as refusal:
        Demand(**{field: value})

    assert [error[0] for error in refusal.value.facts["errors"]] == [field]


def test_an_office_that_is_closed_or_has_no_counter_is_refused() -> None:
    for office, spans in ((plain_office(), ()), (plain_office(0), MORNING)):
        with pytest.raises(BadRequest):
            arrivals(office, spans, Demand(), 1)
