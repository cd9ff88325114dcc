"""The office in a few numbers, as its head sees it first."""

from __future__ import annotations

from queue_server.queries.office_overview import office_now
from tests.town import forecast_of


def seen(town):
    with town.store.snapshot() as snapshot:
        site = town.site("rathaus")
        return office_now(snapshot, site, forecast_of(snapshot, site, town.now), town.now)


def test_an_empty_office_expects_no_end_of_work(town):
    found = seen(town)

    assert (found.waiting, found.longest_minutes, found.at_counters) == (0, 0, 0)
    assert (found.counters_open, found.counters) == (0, 3)
    assert found.done_at is None


def test_it_counts_who_waits_since_when_where_and_until_when(town):
    town.draw("Meldewesen")
    town.pass_time(minutes=12)
    town.draw("Ausweise")
    town.draw("Meldewesen")

    town.call_next("Schalter 1")
    town.pass_time(minutes=3)

    found = seen(town)
    assert (found.waiting, found.longest_minutes, found.at_counters) == (2, 3, 1)
    assert (found.counters_open, found.counters) == (1, 3)
    assert found.done_at is not None and found.done_at > town.now


def test_without_a_counter_for_those_who_wait_there_is_no_end(town):
    town.draw("Meldewesen")

    assert seen(town).done_at is None
