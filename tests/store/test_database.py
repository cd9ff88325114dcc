"""Who listens hears of a change after its commit, in order, and cannot undo it."""

from __future__ import annotations

import sqlite3

import pytest

from queue_server.domain.events import CounterClosed


def something(town):
    return CounterClosed(at=town.now, site="rathaus", counter="schalter-1", by="clerk")


def written(store) -> list[str]:
    """The counters whose events are in the journal, as another connection sees it."""
    with store.snapshot() as snapshot:
        return [row["counter"] for row in snapshot.rows("SELECT counter FROM journal ORDER BY seq")]


def test_listeners_hear_after_the_commit_what_anybody_can_see_by_then(town):
    seen = []
    town.store.listen(lambda events: seen.append(written(town.store)))

    with town.store.transaction() as tx:
        tx.record(something(town))
        assert seen == []

    assert seen == [["schalter-1"]]


def test_listeners_are_called_in_the_order_in_which_they_came(town):
    order = []
    for name in ("hub", "outbox", "metrics"):
        town.store.listen(lambda events, name=name: order.append(name))

    town.draw()

    assert order == ["hub", "outbox", "metrics"]


def test_a_listener_that_must_be_first_hears_before_all_who_came_before_it(town):
    order = []
    for name in ("one", "two"):
        town.store.listen(lambda events, name=name: order.append(name))
    town.store.listen(lambda events: order.append("first"), first=True)

    with town.store.transaction() as tx:
        tx.record(something(town))

    assert order == ["first", "one", "two"]


def test_a_failing_listener_undoes_nothing_hides_nothing_and_is_logged(town, caplog):
    heard = []
    town.store.listen(lambda events: 1 / 0)
    town.store.listen(heard.extend)

    who = town.draw()

    assert town.ticket(who)
    assert [event.name for event in heard] == ["TicketIssued"]
    assert "a listener failed after commit" in caplog.text


def test_a_verb_that_recorded_nothing_is_not_announced(town):
    with town.store.transaction():
        pass

    assert town.heard == []


def test_a_store_that_never_met_a_full_disk_is_not_failing(town):
    assert not town.store.is_failing


@pytest.mark.sqlite
def test_whoever_comes_after_the_end_is_refused_and_waits_for_nobody(town):
    town.store.close()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        town.draw()
