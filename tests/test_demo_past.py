"""The days that the demo has behind it are days as any other: the calls follow the rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from queue_server.demo.past import write_past
from queue_server.domain.hours import local_day
from queue_server.history.audit import audit
from queue_server.history.forecast_accuracy import accuracy
from queue_server.history.statistics import Statistics
from queue_server.opening import planned_days
from queue_server.store import appointments, counters, tickets
from tests.history.office_days import compared
from tests.history.past_days import figures_of
from tests.town import Town

DAYS = 8


@pytest.fixture
def remembering(town: Town) -> Town:
    """A town with a week behind it, at whose Rathaus Aylin and Bernd worked."""
    at_work = {"schalter-1": town.clerk("Aylin").id, "schalter-2": town.clerk("Bernd").id}
    clerks = {"rathaus": at_work, "nordend": {}}
    sites = (town.site(), town.site("nordend"))
    write_past(town.store, sites, clerks, now=town.now, seed=1, days=DAYS)
    return town


def test_every_call_of_the_past_is_the_one_that_the_rule_gave(remembering: Town) -> None:
    with remembering.store.snapshot() as snapshot:
        found = audit(snapshot, remembering.site())

    assert found.calls > 50 and found.violations == ()


def test_what_if_plays_the_past_exactly(remembering: Town) -> None:
    played = compared(remembering, first=_before(remembering, DAYS), last=_before(remembering, 1))

    assert played.identical, played.differences


def test_the_past_has_figures_on_every_open_day_and_leaves_nobody_behind(remembering: Town) -> None:
    first, last = _before(remembering, DAYS), _before(remembering, 1)
    found: Statistics = figures_of(remembering, first=first, last=last)
    is_open = planned_days(remembering.site())
    days = [first + timedelta(days=number) for number in range(DAYS)]

    assert [row.key for row in found.rows] == [str(day) for day in days if is_open(day)]
    assert found.total.served and found.total.no_show and not found.total.open
    with remembering.store.snapshot() as snapshot:
        assert tickets.alive(snapshot, "rathaus") == []
        assert counters.open_at(snapshot, "rathaus") == []
        past = appointments.between(
            snapshot, "rathaus", remembering.now - timedelta(days=DAYS + 1), remembering.now
        )
    assert {each.state for each in past} == {"checked_in", "missed"}


def test_some_visitors_of_the_past_week_were_told_a_wait_and_most_of_it_came_true(
    remembering: Town,
) -> None:
    with remembering.store.snapshot() as snapshot:
        told = accuracy(
            snapshot, remembering.site(), remembering.now - timedelta(days=DAYS), remembering.now
        )

    assert told.forecasts >= 10
    assert told.share is not None and told.share > 0.5


def _before(town: Town, days: int) -> date:
    return local_day(town.now, town.site().zone) - timedelta(days=days)
