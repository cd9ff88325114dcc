"""How long still: honest ranges, and none where nobody works."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.waiting import Range, waiting_range
from queue_server.queries.outlook import crowd, place_of

planned = st.integers(1, 60)
people = st.integers(0, 200)
counters = st.integers(1, 12)


def places(town):
    with town.store.snapshot() as snapshot:
        found = crowd(snapshot, town.site(), town.now).places
    return {place.ticket.id: place for place in found}


def service(town, id="meldewesen"):
    return next(s for s in town.outlook().services if s.service == id)


# -- the range ------------------------------------------------------------------------------


def test_with_no_counter_open_there_is_no_range_and_nothing_is_divided_by_zero():
    assert waiting_range(30, 3, 0) is None


@given(planned, people, counters)
def test_a_range_is_never_negative_ends_on_fives_and_is_at_least_five_wide(minutes, ahead, open_):
    found = waiting_range(minutes * ahead, ahead, open_)

    assert 0 <= found.low_minutes <= found.high_minutes - 5
    assert found.low_minutes % 5 == found.high_minutes % 5 == 0


@given(planned, people, counters)
def test_a_range_never_shrinks_when_somebody_joins_ahead(minutes, ahead, open_):
    before = waiting_range(minutes * ahead, ahead, open_)
    after = waiting_range(minutes * (ahead + 1), ahead + 1, open_)

    assert after.low_minutes >= before.low_minutes and after.high_minutes >= before.high_minutes


@given(planned, people, counters, counters)
def test_whoever_finds_a_counter_free_for_them_waits_not_at_all(minutes, ahead, busy, free):
    found = waiting_range(minutes * (busy + ahead), ahead, busy + free, free)

    assert found == Range(0, 5) or ahead >= free


# -- in the living office ---------------------------------------------------------------------


def test_the_outlook_says_so_when_no_desk_is_open(town):
    town.draw()

    outlook = town.outlook()

    assert (outlook.open, outlook.issuing, outlook.waiting, outlook.counters_open) == (
        True,
        True,
        1,
        0,
    )
    assert service(town).range is None


def test_whoever_finds_a_free_counter_waits_not_at_all(town):
    town.open_counter("Schalter 1")

    assert service(town).range == Range(0, 5)


def test_one_free_counter_of_two_is_enough(town):
    town.draw("Ausweise")
    town.call_next("Schalter 1")
    town.arrive("Schalter 1")
    town.open_counter("Schalter 2")

    assert service(town, "ausweise").range == Range(0, 5)
    assert service(town, "kfz").range != Range(0, 5)


def test_people_in_service_count(town):
    town.draw("Kfz")
    town.call_next()
    town.arrive()

    assert service(town).range.high_minutes > 5


def test_everybody_ahead_at_the_same_counters_counts(town):
    town.open_counter("Schalter 1")
    first, second = town.draw("Kfz"), town.draw("Meldewesen")

    found = places(town)

    assert (found[first.id].ahead, found[second.id].ahead) == (0, 1)
    assert found[first.id].range == Range(0, 5)
    assert found[second.id].range.high_minutes >= 20


def test_the_queue_for_other_counters_does_not_matter(town):
    town.open_counter("Schalter 1", services=["Kfz"])
    town.open_counter("Schalter 2")
    for _ in range(3):
        town.draw("Kfz")
    passport = town.draw("Ausweise")

    assert places(town)[passport.id].ahead == 0


def test_the_outlook_of_a_service_counts_who_waits_for_it(town):
    town.draw("Kfz"), town.draw("Kfz"), town.draw("Meldewesen")

    assert (service(town, "kfz").waiting, service(town, "ausweise").waiting) == (2, 0)


def test_only_whoever_waits_has_a_place(town):
    who = town.draw()
    with town.store.snapshot() as snapshot:
        assert place_of(snapshot, town.site(), town.ticket(who), town.now).ahead == 0
    town.call_next()

    with town.store.snapshot() as snapshot:
        assert place_of(snapshot, town.site(), town.ticket(who), town.now) is None
        shared = crowd(snapshot, town.site(), town.now)
    assert (shared.places, [t.id for t in shared.called]) == ((), [who.id])


def test_a_closed_office_says_so(town):
    town.set_clock("12:30")

    outlook = town.outlook()

    assert (outlook.open, outlook.issuing) == (False, False)
