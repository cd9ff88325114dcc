"""What another world would have done to a real morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.domain.hours import Span
from queue_server.domain.site import PriorityRules
from queue_server.history.replay.comparison import Variation
from queue_server.history.replay.variations import OtherHours
from queue_server.history.replay.world_figures import ALL, APPOINTMENT, WALK_IN
from tests.history.office_days import (
    CLERKS_OF,
    busy_morning,
    compared,
    decide,
    lively_site,
    set_hours,
)
from tests.town import Town

MORE, FEWER = Variation(counters=1), Variation(counters=-1)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An office whose doors are always open."""
    town = Town(tmp_path / "town.db", (lively_site(),))
    yield town
    town.store.close()


@pytest.fixture
def morning(tmp_path: Path) -> Town:
    """Two counters and more work than they can do at once."""
    return busy_morning(tmp_path)


def mean(outcome, kind: str) -> float:
    return outcome.figures(kind).wait.mean


def test_the_same_rule_and_staffing_give_the_same_morning(morning: Town) -> None:
    comparison = compared(morning)

    assert comparison.identical and comparison.days == 1
    assert comparison.what_if == comparison.actual
    assert comparison.actual.calls == 60 == comparison.actual.figures(ALL).called
    assert comparison.moves().most == [] and comparison.moves().same == 60


def test_strict_lets_appointments_wait_less_and_walk_ins_more(tmp_path: Path) -> None:
    fifo = busy_morning(tmp_path, rule="arrival")

    comparison = compared(fifo, Variation(rules={"rule": "strict"}))

    was, would = comparison.actual, comparison.what_if
    assert comparison.identical
    assert mean(would, APPOINTMENT) < mean(was, APPOINTMENT) / 2
    assert mean(would, WALK_IN) > mean(was, WALK_IN) + 5
    overtaken = [outcome.figures(WALK_IN).overtaken.mean for outcome in (was, would)]
    assert overtaken[1] > overtaken[0] + 1


def test_a_rule_only_moves_waiting_from_some_to_others(tmp_path: Path) -> None:
    """Conservation: nobody's visit is shorter because of a rule, so the mean of all stays near."""
    fifo = busy_morning(tmp_path, rule="arrival")

    for rule in ("strict", "accumulating", "due_first"):
        comparison = compared(fifo, Variation(rules={"rule": rule}))
        was, would = comparison.actual, comparison.what_if
        assert would.figures(ALL).called == 60 and would.calls == was.calls
        # Waiting of appointments counts from the slot, so the sums need not be the same.
        assert mean(would, ALL) == pytest.approx(mean(was, ALL), rel=0.12)


def test_one_counter_more_shortens_the_wait_and_one_fewer_makes_it_longer(morning: Town) -> None:
    more, fewer = compared(morning, MORE), compared(morning, FEWER)

    assert mean(more.what_if, ALL) < mean(more.actual, ALL) / 2
    assert mean(fewer.what_if, ALL) > mean(fewer.actual, ALL) * 1.3
    assert sum(fewer.closed.values()) == 1 and set(fewer.closed) <= set(CLERKS_OF)
    assert more.moves().sooner > 30 and fewer.moves().later > 30


def test_with_fewer_counters_work_goes_on_after_closing_until_everybody_was_served(
    morning: Town,
) -> None:
    set_hours(morning, Span(8 * 60, 11 * 60 + 30))

    fewer = compared(morning, FEWER)

    assert fewer.what_if.overtime_minutes() > fewer.actual.overtime_minutes() + 20
    assert fewer.what_if.unserved == 0
    assert fewer.what_if.figures(ALL).called == 60


def test_another_threshold_alone_changes_only_when_the_office_counts_as_busy(
    morning: Town,
) -> None:
    never_busy = compared(morning, Variation(rules={"busy_from_minutes": 600}))
    always_busy = compared(morning, Variation(rules={"busy_from_minutes": 0}))

    assert mean(always_busy.what_if, APPOINTMENT) < mean(never_busy.what_if, APPOINTMENT)
    assert mean(always_busy.what_if, WALK_IN) > mean(never_busy.what_if, WALK_IN)


def test_a_later_opening_lets_people_wait_at_the_door_from_when_they_came(morning: Town) -> None:
    set_hours(morning, Span(8 * 60, 18 * 60))

    later = compared(morning, Variation(hours=OtherHours(opens_earlier=-60)))

    assert later.identical
    first = min(fate.ticket for fate in later.actual.outcomes.values())
    assert later.what_if.outcomes[first].minutes > later.actual.outcomes[first].minutes + 50
    assert later.what_if.refused == 0 and later.what_if.figures(ALL).called == 60


def test_an_earlier_closing_turns_away_whoever_comes_after_it(morning: Town) -> None:
    set_hours(morning, Span(8 * 60, 11 * 60))
    nine = int(morning.now.replace(hour=9, minute=0).timestamp() * 1000)  # 10:00 in Berlin

    earlier = compared(morning, Variation(hours=OtherHours(closes_later=-60)))

    late = [
        e for e in morning.journal() if e.name == "TicketIssued" and e.at.timestamp() * 1000 >= nine
    ]
    assert late and earlier.what_if.refused == len(late)
    assert earlier.what_if.figures(ALL).issued == 60 - len(late)
    assert earlier.moves().no_longer == len(late)


def test_an_earlier_opening_serves_those_who_were_there_already(town: Town) -> None:
    set_hours(town, Span(8 * 60, 12 * 60))
    town.set_clock("07:40")
    early = town.check_in(town.booked("Meldewesen", at="08:00"))
    town.set_clock("08:20")
    town.open_counter("Schalter 1")
    town.pass_time(minutes=1)
    town.serve_next(minutes=5)
    town.close_counter("Schalter 1")

    earlier = compared(town, Variation(hours=OtherHours(opens_earlier=30)))

    assert earlier.identical
    assert earlier.actual.outcomes[early.id].minutes == 21
    assert earlier.what_if.outcomes[early.id].minutes == 0


def test_whoever_was_never_called_would_be_with_one_counter_more(town: Town) -> None:
    set_hours(town, Span(8 * 60, 12 * 60))
    town.open_counter("Schalter 1")
    for _ in range(3):
        town.draw("Meldewesen")
    town.call_next()
    town.pass_time(minutes=30)
    town.finish()
    town.pass_time(minutes=5)
    town.close_counter("Schalter 1")
    town.pass_time(days=1)
    town.tidy()

    comparison = compared(town, MORE, first=town.today - timedelta(days=1))

    assert (comparison.actual.unserved, comparison.what_if.unserved) == (2, 0)
    assert comparison.moves().only_now == 2


def test_a_chosen_person_stays_chosen_unless_called_before(morning: Town, town: Town) -> None:
    town.open_counter("Schalter 1")
    first, second = town.draw(), town.draw()
    town.pass_time(minutes=2)
    town.call_chosen(second)
    town.pass_time(minutes=5)
    town.finish()
    town.call_next()
    town.finish()
    town.close_counter("Schalter 1")

    comparison = compared(town, Variation(rules={"rule": "strict"}))

    assert comparison.what_if.outcomes[second.id].minutes == 2
    assert comparison.what_if.outcomes[first.id].minutes == 7


def test_a_rule_decided_in_the_middle_of_the_day_holds_from_then_on(town: Town) -> None:
    town.open_counter("Schalter 1")
    walk_in = town.draw()
    town.pass_time(minutes=1)
    booked = town.check_in(town.booked("Meldewesen", at="08:05"))
    decide(town, PriorityRules(rule="strict"))
    town.pass_time(minutes=6)
    assert town.serve_next(minutes=3) == booked
    assert town.serve_next(minutes=4) == walk_in
    town.close_counter("Schalter 1")

    as_it_was, fifo = compared(town), compared(town, Variation(rules={"rule": "arrival"}))

    assert as_it_was.identical and fifo.identical
    assert [as_it_was.actual.outcomes[one.id].minutes for one in (walk_in, booked)] == [10, 2]
    assert [fifo.what_if.outcomes[one.id].minutes for one in (walk_in, booked)] == [7, 6]
