"""Nobody who works here is told apart by fewer than five cases, or by what others leave."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from queue_server.history.groups import LEAST_CASES, TOGETHER, By, without_small
from queue_server.history.visits import PastVisit
from tests.history.past_days import figures_of
from tests.town import Town

AT = datetime(2026, 6, 8, 6, tzinfo=UTC)


def some(count: int, served: int | None = None) -> list[PastVisit]:
    """So many visits, of which so many were served in a measured time."""
    measured = count if served is None else served
    return [
        PastVisit(AT, False, "kfz", 0, called=1, walking=1, serving=1 if n < measured else None)
        for n in range(count)
    ]


def sizes(groups: dict[str, list[PastVisit]]) -> dict[str, int]:
    return {key: len(visits) for key, visits in without_small(groups).items()}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"1": 5, "2": 8}, {"1": 5, "2": 8}),
        ({"1": 4, "2": 3, "3": 9}, {"3": 9, TOGETHER: 7}),
        # One alone would be what is left of the total.
        ({"1": 4, "2": 6, "3": 9}, {"3": 9, TOGETHER: 10}),
        ({"1": 4, "2": 6}, {TOGETHER: 10}),
        ({"1": 4}, {}),
        ({"": 2, "1": 7}, {"": 2, "1": 7}),
    ],
)
def test_small_groups_are_one_and_large_enough(
    counts: dict[str, int], expected: dict[str, int]
) -> None:
    assert sizes({key: some(count) for key, count in counts.items()}) == expected


def test_a_figure_of_fewer_cases_than_visits_counts_as_small_too() -> None:
    groups = {"1": some(20, served=LEAST_CASES - 1), "2": some(9), "3": some(30)}

    assert sizes(groups) == {"3": 30, TOGETHER: 29}


def test_a_town_tells_clerks_apart_only_with_enough_cases(town: Town) -> None:
    town.open_counter("Schalter 1", "Aylin")
    for _ in range(LEAST_CASES):
        town.draw("Ausweise")
        town.serve_next(minutes=5)
    town.close_counter("Schalter 1")

    aylin = str(town.clerk("Aylin").id)
    assert [row.key for row in figures_of(town, By.CLERK).rows] == [aylin]

    town.open_counter("Schalter 2", "Bernd")
    town.draw("Ausweise")
    town.serve_next("Schalter 2", minutes=5)

    found = figures_of(town, By.CLERK)
    assert [(row.key, row.figures.issued) for row in found.rows] == [(TOGETHER, LEAST_CASES + 1)]
    assert found.total.issued == LEAST_CASES + 1
