"""Time at a counter: held by one, resting after it was freed, and swept when its rest is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.errors import SlotTaken
from queue_server.store import cells
from tests.cast import moment
from tests.town import MONDAY

START, END = moment(MONDAY, "09:30"), moment(MONDAY, "10:00")
NOON = moment(MONDAY, "12:00")
FIRST = int(START.timestamp()) // 300
A_MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def two(town):
    """Two appointments that hold no time yet."""
    booked = town.booked("Kfz", at="08:10").id, town.booked("Kfz", at="11:00").id
    with town.store.transaction() as tx:
        tx.write("DELETE FROM cells")
    return booked


def take(town, appointment, *numbers, rested_at=None, counter="schalter-1", site="rathaus"):
    with town.store.transaction() as tx:
        cells.take(tx, site, counter, [FIRST + n for n in numbers], appointment, rested_at)


def let_go(town, appointment, free_at):
    with town.store.transaction() as tx:
        cells.let_go(tx, appointment, free_at)


def taken(town, rested_at=None, start=START, end=END, site="rathaus"):
    """What is taken in the interval, cells counted from its beginning."""
    with town.store.snapshot() as snapshot:
        found = cells.taken(snapshot, site, start, end, rested_at)
    return {counter: {cell - FIRST for cell in some} for counter, some in found.items()}


# -- the rest --------------------------------------------------------------------------------


def test_a_freed_time_cannot_be_taken_before_its_rest_is_over_to_the_millisecond(town, two):
    one, other = two
    rested = town.now + timedelta(minutes=20)
    take(town, one, 0, 1)
    let_go(town, one, rested)

    with pytest.raises(SlotTaken):
        take(town, other, 0, 1, rested_at=rested - A_MOMENT)
    assert taken(town, rested) == {}

    take(town, other, 0, 1, rested_at=rested)
    assert taken(town) == {"schalter-1": {0, 1}}


def test_whoever_need_not_wait_takes_a_resting_time_at_once(town, two):
    one, other = two
    take(town, one, 0)
    let_go(town, one, town.now + timedelta(days=1))

    take(town, other, 0, rested_at=None)

    assert taken(town) == {"schalter-1": {0}}


def test_a_time_that_is_held_is_taken_over_by_nobody_not_even_by_whoever_need_not_wait(town, two):
    one, other = two
    take(town, one, 0)

    for rested_at in (None, town.now + timedelta(days=99)):
        with pytest.raises(SlotTaken):
            take(town, other, 0, rested_at=rested_at)


def test_a_time_taken_again_does_not_remember_its_rest(town, two):
    one, other = two
    take(town, one, 0)
    let_go(town, one, town.now)
    take(town, other, 0, rested_at=town.now)

    with town.store.transaction() as tx:
        assert cells.sweep(tx, town.now + timedelta(days=1)) == 0

    assert taken(town) == {"schalter-1": {0}}


def test_one_cell_too_many_and_none_is_taken(town, two):
    one, other = two
    take(town, one, 2)

    with pytest.raises(SlotTaken):
        take(town, other, 0, 1, 2)

    assert taken(town) == {"schalter-1": {2}}


# -- what citizens and clerks see ------------------------------------------------------------


def test_a_resting_time_is_taken_for_citizens_and_free_for_clerks_until_the_very_end(town, two):
    rested = town.now + timedelta(minutes=20)
    take(town, two[0], 0, 1)
    let_go(town, two[0], rested)

    assert taken(town, town.now) == {"schalter-1": {0, 1}}
    assert taken(town, rested - A_MOMENT) == {"schalter-1": {0, 1}}
    assert taken(town, rested) == {}
    assert taken(town, None) == {}


def test_the_interval_begins_with_its_first_cell_and_ends_before_its_last_moment(town, two):
    take(town, two[0], -1, 0, 5, 6)

    assert taken(town) == {"schalter-1": {0, 5}}
    # Somebody who asks from the middle of a cell needs that cell, too.
    assert taken(town, start=START + timedelta(minutes=4)) == {"schalter-1": {0, 5}}


def test_what_rests_is_found_from_the_first_moment_to_before_the_last_while_it_rests(town, two):
    one, rested = two[0], town.now + timedelta(minutes=20)
    take(town, one, -1, 0, 5, 6)
    let_go(town, one, rested)

    with town.store.snapshot() as snapshot:
        found = cells.rests(snapshot, "rathaus", START, END, rested - A_MOMENT)
        later = cells.rests(snapshot, "rathaus", START, END, rested)

    last = END - timedelta(minutes=5)
    assert sorted(found) == [(START, rested), (last, rested)] and later == []


def test_each_counter_has_its_own_time_and_each_site_its_own_counters(town, two):
    take(town, two[0], 0)
    take(town, two[1], 0, 1, counter="schalter-3")
    take(town, two[1], 3, counter="nordend-1", site="nordend")

    assert taken(town) == {"schalter-1": {0}, "schalter-3": {0, 1}}
    assert taken(town, site="nordend") == {"nordend-1": {3}}


# -- resting longer, and sweeping --------------------------------------------------------------


def test_only_what_was_freed_at_this_moment_at_this_site_and_is_still_free_rests_longer(town, two):
    one, other = two
    now, until = town.now, town.now + timedelta(minutes=30)
    take(town, one, 0, 1)
    take(town, one, 2, counter="nordend-1", site="nordend")
    let_go(town, one, now)
    take(town, other, 1, rested_at=now)
    take(town, one, 3)
    let_go(town, one, now + A_MOMENT)

    with town.store.transaction() as tx:
        cells.put_to_rest(tx, "rathaus", now, until)

    assert taken(town, until - A_MOMENT) == {"schalter-1": {0, 1}}
    assert taken(town, until) == {"schalter-1": {1}}
    assert taken(town, now, site="nordend") == {}


def test_a_rest_is_swept_in_the_millisecond_in_which_it_ends_and_not_before(town, two):
    rested = town.now + timedelta(minutes=20)
    take(town, two[0], 0, 1)
    let_go(town, two[0], rested)

    with town.store.transaction() as tx:
        assert cells.sweep(tx, rested - A_MOMENT) == 0
        assert cells.sweep(tx, rested) == 2


# -- what is not confirmed ---------------------------------------------------------------------


def test_a_time_counts_as_unconfirmed_until_its_hold_ends_and_not_for_the_holder(town):
    held, confirmed = town.reserve(at="09:30"), town.booked("Kfz", at="11:00")

    def unconfirmed(now, besides=0, start=START, site="rathaus"):
        with town.store.snapshot() as snapshot:
            return cells.unconfirmed(snapshot, site, start, NOON, now, besides)

    (found,) = unconfirmed(town.now).values()
    assert found == ((held.end_at - held.start_at) // timedelta(minutes=5), held.expires_at)
    assert unconfirmed(held.expires_at - A_MOMENT) == unconfirmed(town.now, confirmed.id)
    assert unconfirmed(held.expires_at) == unconfirmed(town.now, held.id) == {}
    assert unconfirmed(town.now, start=held.end_at) == unconfirmed(town.now, site="nordend") == {}
