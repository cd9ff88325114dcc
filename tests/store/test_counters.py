"""Open counters: whose they are, which of them share work, and who has not been seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.events import CounterClosed
from queue_server.store import counters

A_MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def open_town(town):
    """Schalter 1 serves everything, Schalter 2 passports, Nordend is open too."""
    town.open_counter("Schalter 1")
    town.open_counter("Schalter 2")
    town.open_counter("nordend-1")
    return town


def read(town, look, *args):
    with town.store.snapshot() as snapshot:
        return look(snapshot, *args)


def sharing(town, counter):
    return read(town, counters.sharing, town.session(counter))


def test_a_counter_is_found_by_its_place_its_clerk_and_its_site(open_town):
    aylin = open_town.clerk("Aylin").id

    assert read(open_town, counters.session_at, "schalter-1").clerk_name == "Aylin"
    assert read(open_town, counters.session_of, aylin).counter == "schalter-1"
    here = read(open_town, counters.open_at, "rathaus")
    assert {each.counter for each in here} == {"schalter-1", "schalter-2"}


def test_counters_share_work_when_they_serve_something_in_common_at_one_site(open_town):
    assert [sharing(open_town, name) for name in ("Schalter 1", "Schalter 2")] == [2, 2]
    assert sharing(open_town, "nordend-1") == 1

    open_town.open_counter("Schalter 1", services=["Kfz", "Meldewesen"])

    assert [sharing(open_town, name) for name in ("Schalter 1", "Schalter 2")] == [1, 1]


def test_the_order_of_services_makes_no_other_pool(open_town):
    open_town.open_counter("Schalter 1", services=["Kfz", "Meldewesen"])
    one = open_town.session("Schalter 1").pool
    open_town.open_counter("Schalter 1", services=["Meldewesen", "Kfz"])

    assert open_town.session("Schalter 1").pool == one == "kfz,meldewesen"


def test_other_services_keep_the_moment_of_opening_and_count_as_a_sign_of_life(open_town):
    opened_at = open_town.now
    open_town.pass_time(minutes=5)

    open_town.open_counter("Schalter 1", services=["Kfz"])

    session = open_town.session("Schalter 1")
    assert (session.opened_at, session.seen_at) == (opened_at, open_town.now)


def test_a_sign_of_life_of_everybody_is_that_of_one_site(open_town):
    later = open_town.now + timedelta(minutes=1)
    with open_town.store.transaction() as tx:
        counters.all_seen(tx, "rathaus", later)

    assert read(open_town, counters.not_seen_since, "rathaus", later) == []
    assert len(read(open_town, counters.not_seen_since, "nordend", later)) == 1


def test_a_sign_of_life_is_one_clerks_and_silence_begins_at_that_very_moment(open_town):
    before = open_town.now
    later = before + timedelta(minutes=1)
    with open_town.store.transaction() as tx:
        counters.seen(tx, open_town.clerk("Aylin").id, later)

    def silent(since, site="rathaus"):
        return [each.counter for each in read(open_town, counters.not_seen_since, site, since)]

    assert silent(before) == []
    assert silent(before + A_MOMENT) == silent(later) == ["schalter-2"]
    assert silent(before + A_MOMENT, "nordend") == ["nordend-1"]


def closed(counter, now):
    return CounterClosed(at=now, site="rathaus", counter=counter, by="clerk")


def test_closing_one_counter_leaves_the_others_open(open_town):
    with open_town.store.transaction() as tx:
        tx.apply_to_counter(closed("schalter-1", open_town.now))

    assert open_town.session("Schalter 1") is None and open_town.session("Schalter 2") is not None
