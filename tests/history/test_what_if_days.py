"""Days that are unlike others: clocks that change, offices that never close, days not yet over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from queue_server.domain.hours import Span
from queue_server.history.replay.comparison import Variation
from queue_server.history.replay.world_figures import ALL
from tests.history.office_days import busy_morning, compared, lively_site, set_hours
from tests.town import Town

MORE = Variation(counters=1)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An office whose doors are always open."""
    town = Town(tmp_path / "town.db", (lively_site(),))
    yield town
    town.store.close()


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_on_which_the_clocks_change_is_replayed_to_the_minute(town: Town, day: date) -> None:
    set_hours(town, Span(0, 24 * 60))
    town.set_clock("00:30", day)
    waited = [town.draw() for _ in range(6)]
    town.open_counter("Schalter 1")
    for _ in waited:
        town.pass_time(minutes=50)
        town.call_next()
        town.pass_time(minutes=1)
        town.finish()
    town.close_counter("Schalter 1")

    comparison = compared(town, MORE, first=day)

    assert comparison.identical and comparison.days == 1
    assert [round(comparison.actual.outcomes[one.id].minutes) for one in waited] == [
        50, 101, 152, 203, 254, 305,
    ]  # fmt: skip


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_queue_over_the_day_is_told_by_the_clock_on_the_wall(town: Town, day: date) -> None:
    town.set_clock("10:00", day)
    town.draw()
    town.open_counter("Schalter 1")
    town.pass_time(minutes=16)
    town.call_next()

    present = compared(town).actual.present

    assert (present[39], present[40], present[41], present[42]) == (0, 1, 1, 0)


def test_a_house_that_never_closes_is_replayed_over_midnight(town: Town) -> None:
    set_hours(town, Span(0, 24 * 60))
    day = town.today
    town.set_clock("23:50")
    town.open_counter("Schalter 1")
    first, second = town.draw(), town.draw()
    town.pass_time(minutes=5)
    town.call_next()
    town.pass_time(minutes=10)
    town.finish()
    town.call_next()
    town.finish()
    third = town.draw()
    town.pass_time(minutes=3)
    town.call_next()
    town.finish()

    monday = compared(town, MORE, first=day, last=day)
    tuesday = compared(town, first=day + timedelta(days=1), last=day + timedelta(days=1))

    assert monday.identical and set(monday.actual.outcomes) == {first.id, second.id}
    assert tuesday.identical and set(tuesday.actual.outcomes) == {third.id}


def test_a_day_that_is_not_over_is_played_as_far_as_it_has_come(town: Town) -> None:
    town.open_counter("Schalter 1")
    for _ in range(3):
        town.draw()
    town.pass_time(minutes=1)
    town.call_next()
    town.pass_time(minutes=1)

    comparison = compared(town)

    assert comparison.identical
    assert (comparison.actual.calls, comparison.actual.unserved) == (1, 0)


def test_several_days_are_counted_together_and_days_around_them_are_not(tmp_path: Path) -> None:
    town = busy_morning(tmp_path, people=10)
    for _ in range(2):
        town.pass_time(days=1)
        town.set_clock("08:00")
        town.open_counter("Schalter 1")
        town.draw()
        town.serve_next(minutes=3)
        town.close_counter("Schalter 1")
    monday = town.today - timedelta(days=2)

    every = compared(town, first=monday, last=town.today)
    last_two = compared(town, first=monday + timedelta(days=1), last=town.today)

    assert (every.days, every.actual.calls) == (3, 12)
    assert (last_two.days, last_two.actual.calls) == (2, 2)


def test_nothing_happened_on_a_day_without_people(town: Town) -> None:
    comparison = compared(town, first=date(2020, 1, 1), last=date(2020, 1, 31))

    assert comparison.identical and comparison.days == 0
    assert comparison.actual.figures(ALL).wait.count == 0
