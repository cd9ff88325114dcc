"""The week at a glance against one reckoned by hand."""

from __future__ import annotations

from datetime import timedelta

from queue_server.history.visits import Period, visits
from queue_server.history.week import LEVELS, Week, week
from tests.cast import MONDAY
from tests.history.past_days import called_at
from tests.town import Town


def week_of(town: Town, days: int) -> Week:
    period, zone = Period(MONDAY, MONDAY + timedelta(days=days - 1)), town.site().zone
    with town.store.snapshot() as snapshot:
        some = visits(snapshot, "rathaus", period.since(zone), period.until(zone))
    return week(some, town.site())


def test_an_hour_of_a_weekday_is_the_mean_of_its_days(town: Town) -> None:
    town.set_clock("08:00")
    town.draw()
    town.draw()
    called_at(town, "08:10")
    town.set_clock("10:30")
    town.draw()
    town.pass_time(days=7)
    town.set_clock("08:20")
    town.draw()

    found = week_of(town, 8)

    assert (list(found.hours), list(found.weekdays)) == ([8, 9, 10], [1])
    assert found.cells.keys() == {(8, 1), (10, 1)}
    eight, ten = found.cells[8, 1], found.cells[10, 1]
    # Three on two Mondays; the one who was called waited for ten minutes.
    assert (eight.visits, eight.a_day, eight.wait) == (3, 1.5, 10.0)
    assert (ten.visits, ten.a_day, ten.wait) == (1, 0.5, None)
    assert (eight.visits_level, eight.wait_level) == (LEVELS - 1, LEVELS - 1)
    assert ten.visits_level < eight.visits_level and ten.wait_level == 0


def test_a_week_without_anybody_is_empty(town: Town) -> None:
    found = week_of(town, 7)

    assert (list(found.hours), list(found.weekdays), dict(found.cells)) == ([], [], {})
