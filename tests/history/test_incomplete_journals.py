"""A journal that does not tell everything: the replay says where it parts from it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.domain.site import PriorityRules
from tests.history.office_days import compared, lively_site
from tests.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An office whose doors are always open."""
    town = Town(tmp_path / "town.db", (lively_site(),))
    yield town
    town.store.close()


def forget(town: Town, name: str, number: int) -> None:
    """Somebody takes an event out of the journal, which refuses that, with all force."""
    with town.store.transaction() as tx:
        tx.write("DROP TRIGGER journal_refuses_delete")
        rows = tx.rows("SELECT seq FROM journal WHERE name = :name ORDER BY seq", {"name": name})
        tx.write("DELETE FROM journal WHERE seq = :seq", {"seq": rows[number]["seq"]})


def test_a_rule_that_the_journal_does_not_know_is_named_with_the_call(town: Town) -> None:
    town.open_counter("Schalter 1")
    walk_in = town.draw()
    town.pass_time(minutes=1)
    booked = town.check_in(town.booked("Meldewesen", at="08:05"))
    town.change(priority=PriorityRules(rule="strict"))
    town.pass_time(minutes=1)
    town.call_next()
    town.change(priority=PriorityRules(rule="arrival"))

    comparison = compared(town)

    [one] = comparison.differences
    assert not comparison.identical
    assert (one.why, one.counter, one.number) == ("passed_over", "schalter-1", booked.number)
    assert one.expected == walk_in.number


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("CounterOpened", "closed_counter"),
        ("TicketIssued", "unknown_ticket"),
        ("TicketFinished", "busy_counter"),
        ("TicketResumed", "closed_counter"),
    ],
)
def test_an_event_that_is_missing_is_noticed(town: Town, name: str, why: str) -> None:
    town.draw()
    town.serve_next(minutes=4)
    town.draw()
    town.serve_next(minutes=4)
    town.close_counter("Schalter 1")
    if name != "TicketResumed":
        forget(town, name, 0)
    else:
        forget(town, "CounterOpened", 0)

    comparison = compared(town)

    assert not comparison.identical
    assert why in {one.why for one in comparison.differences}


def test_a_call_that_is_missing_is_noticed_at_the_next_step(town: Town) -> None:
    town.draw()
    town.serve_next(minutes=4)
    forget(town, "TicketCalled", 0)

    comparison = compared(town)

    assert {one.why for one in comparison.differences} == {"impossible_move"}


def test_an_old_journal_without_minutes_takes_them_from_the_configuration(town: Town) -> None:
    town.open_counter("Schalter 1")
    for _ in range(8):
        town.draw("Kfz")
    town.pass_time(minutes=1)
    town.check_in(town.booked("Meldewesen", at="08:05"))
    for _ in range(9):
        town.serve_next(minutes=3)
    with town.store.transaction() as tx:
        tx.write("DROP TRIGGER journal_refuses_update")
        tx.write("UPDATE journal SET data = REPLACE(data, '\"minutes\":20', '\"minutes\":0')")

    comparison = compared(town)

    assert comparison.identical and comparison.has_old_minutes


def test_two_keys_pressed_at_once_may_be_written_the_other_way_round(town: Town) -> None:
    """The later key came first to the database: its event has the earlier place."""
    town.open_counter("Schalter 1")
    town.open_counter("Schalter 3", "Bernd")
    first, second = town.draw(), town.draw()
    town.pass_time(minutes=1, seconds=0.003)
    town.call_next("Schalter 1")
    town.pass_time(seconds=-0.003)
    town.call_next("Schalter 3", "Bernd")

    comparison = compared(town)

    assert comparison.differences == []
    assert comparison.actual.outcomes[second.id].minutes == pytest.approx(1)
    assert comparison.actual.outcomes[first.id].minutes == pytest.approx(1, abs=0.001)
