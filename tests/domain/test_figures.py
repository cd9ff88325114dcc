"""The figures of waiting: one way to reckon for everybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.figures import (
    Passage,
    Spread,
    WaitFigures,
    binned,
    overtaken,
    share_within,
    shares_within,
    spread,
    wait_figures,
)

ALL, ONLY_A = frozenset({"a", "b"}), frozenset({"a"})


def test_quantiles_lie_between_their_neighbours_as_in_a_spreadsheet() -> None:
    assert spread([4, 1, 3, 2]) == Spread(mean=2.5, p50=2.5, p90=3.7, p95=3.85, max=4, count=4)


def test_nobody_waits_nothing() -> None:
    assert spread([]) == Spread(0, 0, 0, 0, 0, 0)
    assert share_within([], 5) is None


def test_one_person_is_every_quantile() -> None:
    assert spread([7.126]) == Spread(7.13, 7.13, 7.13, 7.13, 7.13, 1)


@given(st.lists(st.floats(0, 600), min_size=1, max_size=50))
def test_a_spread_is_in_order_and_does_not_depend_on_the_order_of_people(
    minutes: list[float],
) -> None:
    found = spread(minutes)

    assert found.p50 <= found.p90 <= found.p95 <= found.max
    assert found == spread(reversed(minutes))
    assert min(minutes) - 0.01 <= found.mean <= max(minutes) + 0.01


def test_whoever_waits_exactly_as_long_as_promised_is_within() -> None:
    assert shares_within([0, 5, 5.01, 20], (5, 10, 15)) == {5: 0.5, 10: 0.75, 15: 0.75}


def test_whoever_came_later_and_was_called_earlier_overtook() -> None:
    first, later, last = (
        Passage(came=1, called=30, service="a", services=ALL),
        Passage(came=2, called=10, service="b", services=ALL),
        Passage(came=3, called=20, service="a", services=ALL),
    )

    assert overtaken([first, later, last]) == [2, 0, 0]
    assert overtaken([last, first, later]) == [0, 2, 0]


def test_a_counter_that_could_not_have_called_somebody_lets_nobody_overtake_them() -> None:
    waits_for_b = Passage(came=1, called=30, service="b", services=ALL)
    at_the_quick_counter = Passage(came=2, called=10, service="a", services=ONLY_A)

    assert overtaken([waits_for_b, at_the_quick_counter]) == [0, 0]


passages = st.builds(
    Passage,
    st.integers(0, 50),
    st.integers(0, 50),
    st.sampled_from("ab"),
    st.sampled_from([ALL, ONLY_A]),
)


@given(st.lists(passages, max_size=30, unique_by=lambda each: each.called))
def test_overtakings_are_those_that_a_look_at_every_pair_finds(people: list[Passage]) -> None:
    pairs = [
        sum(
            other.came > mine.came and other.called < mine.called and mine.service in other.services
            for other in people
        )
        for mine in people
    ]

    assert overtaken(people) == pairs


@pytest.mark.parametrize("digits", [0, 2, 4])
def test_minutes_are_rounded_as_asked(digits: int) -> None:
    assert spread([1 / 3], digits).mean == round(1 / 3, digits)


def test_a_wait_of_exactly_a_limit_is_within_its_class():
    limits = [5, 10, 15, 20, 30, 45, 60, 90]

    assert binned(limits) == [*([1] * 8), 0]
    assert binned([each + 0.01 for each in limits]) == [0, *([1] * 8)]
    assert binned([]) == [0] * 9


def test_whoever_was_never_called_counts_and_waits_nobody_knows_how_long():
    assert wait_figures(3, [4, 20], (5, 10)) == WaitFigures(3, spread([4, 20]), {5: 0.5, 10: 0.5})
    assert wait_figures(1, [], (5,)) == WaitFigures(1, spread([]), {5: None})
