"""Free start times: what is offered can be had, and nothing else is offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.hours import ALWAYS, Span, opening_spans
from queue_server.domain.site import BookingRules, Counter
from queue_server.domain.slots import (
    Room,
    bookable_counters,
    bookable_share,
    bookable_time,
    cells_of,
    free_slots,
    starts_on,
)
from queue_server.opening import planned_days
from tests.domain.calendars import (
    AUTUMN,
    GOOD_FRIDAY,
    SERVICES,
    SPRING,
    books,
    cells_between,
    steps,
    visits,
)
from tests.town import BERLIN, MONDAY, moment, rathaus, wide_site

RATHAUS = replace(rathaus(), booking=BookingRules(walk_in_share=0))
MINUTE = timedelta(minutes=1)
DAYS = planned_days(RATHAUS)

services = st.sampled_from(SERVICES)
persons = st.integers(1, 3)
few = settings(max_examples=20)


# -- whatever the office, the day and what was booked before ---------------------------------


@few
@given(books(), services, persons)
def test_exactly_those_starts_are_offered_that_a_counter_has_room_for(book, wanted, persons):
    site, length = book.site, book.site.visit_minutes(wanted, persons) * MINUTE
    suitable = bookable_counters(site, wanted)
    share = bookable_share(site, suitable)

    def has_room(start):
        cells = cells_of(start, start + length)
        somewhere = any(book.taken.get(c.id, set()).isdisjoint(cells) for c in suitable)
        return somewhere and all(book.busy(wanted, cell) < share for cell in cells)

    grid = starts_on(site, book.day, length // MINUTE, planned_days(site))

    assert [s.start_at for s in book.free(wanted, persons)] == [s for s in grid if has_room(s)]


@few
@given(books(), services, persons, st.integers(0, 300))
def test_every_offered_start_can_be_booked_at_a_counter_that_may_take_it(book, wanted, persons, n):
    for slot in book.free(wanted, persons)[n : n + 20]:
        counter = book.site.counter(book.counter_for(wanted, slot))

        assert counter.bookable
        assert set(wanted) <= set(book.site.served_by(counter.services))
        assert book.taken.get(counter.id, set()).isdisjoint(cells_of(slot.start_at, slot.end_at))


@few
@given(books(), services, persons)
def test_every_visit_lies_inside_opening_hours_and_has_its_full_length(book, wanted, persons):
    spans = opening_spans(planned_days(book.site), book.day, BERLIN)
    length = book.site.visit_minutes(wanted, persons) * MINUTE

    for slot in book.free(wanted, persons):
        assert slot.end_at - slot.start_at == length
        assert any(opens <= slot.start_at and slot.end_at <= closes for opens, closes in spans)


@few
@given(books(), services)
def test_starts_are_in_order_and_each_is_offered_once(book, wanted):
    starts = [slot.start_at for slot in book.free(wanted)]

    assert starts == sorted(set(starts))


@few
@given(books(), services, st.integers(0, 300))
def test_taking_a_start_never_frees_another(book, wanted, n):
    before = book.free(wanted)
    if before:
        book.take(wanted, before[n % len(before)])

    assert set(book.free(wanted)) <= set(before)


@few
@given(books(), services, persons, st.integers(0, 300))
def test_a_visit_leaves_the_walk_ins_their_share_at_every_moment(book, wanted, persons, n):
    share = bookable_share(book.site, bookable_counters(book.site, wanted))
    slots = book.free(wanted, persons)
    for slot in slots[n % len(slots) :][:1] if slots else ():
        book.take(wanted, slot)

        cells = cells_of(slot.start_at, slot.end_at)
        assert max(book.busy(wanted, cell) for cell in cells) <= share


@few
@given(books(wide_site(5)), st.lists(visits, max_size=30))
def test_where_all_counters_are_alike_the_share_holds_however_much_is_booked(book, more):
    for wanted, count, n, step in more:
        if free := book.free(wanted, count)[:40]:
            book.take(wanted, free[n % len(free)])
        book.change_steps(step)

    share = bookable_share(book.site, book.site.counters)
    cells = {cell for taken in book.taken.values() for cell in taken}
    assert all(book.busy(("kfz",), cell) <= share for cell in cells)


@few
@given(books())
def test_no_two_visits_meet_at_a_counter_whatever_the_steps_were(book):
    by_counter: dict[str, list] = {}
    for slot, counter in sorted(book.visits, key=lambda visit: visit[0].start_at):
        by_counter.setdefault(counter, []).append(slot)

    for row in by_counter.values():
        assert all(a.end_at <= b.start_at for a, b in zip(row, row[1:], strict=False))


# -- the calendar ------------------------------------------------------------------------------


@given(st.sampled_from([SPRING, AUTUMN]), steps)
@settings(max_examples=10)
def test_an_office_open_all_night_offers_every_step_that_the_clocks_leave(day, step):
    site = replace(RATHAUS, hours=ALWAYS, booking=BookingRules(step_minutes=step))
    starts = list(starts_on(site, day, step, planned_days(site)))

    assert len(starts) == {SPRING: 23, AUTUMN: 25}[day] * 60 // step
    assert {b - a for a, b in zip(starts, starts[1:], strict=False)} == {step * MINUTE}


def test_in_the_night_of_spring_a_visit_crosses_the_gap_without_losing_a_minute():
    starts = list(starts_on(RATHAUS, SPRING, 20, lambda _: (Span(110, 200),)))

    # 01:50 to 03:20 on the wall is half an hour.
    assert starts == [moment(SPRING, "01:50"), moment(SPRING, "01:55"), moment(SPRING, "03:00")]


def test_in_the_night_of_autumn_the_hour_that_comes_twice_is_offered_twice():
    starts = list(starts_on(RATHAUS, AUTUMN, 60, lambda _: (Span(120, 180),)))

    assert len(starts) == 13
    assert starts[0] == moment(AUTUMN, "02:00")
    assert starts[-1] == moment(AUTUMN, "03:00") - timedelta(hours=1)


def offered(day=MONDAY, wanted=("kfz",), site=RATHAUS, taken=None, is_bookable=lambda _: True):
    slots = free_slots(site, wanted, 1, [day], planned_days(site), taken or {}, is_bookable)
    return [slot.start_at for slot in slots]


def test_a_holiday_and_a_weekend_have_no_slots():
    assert offered(GOOD_FRIDAY) == [] == offered(MONDAY + timedelta(days=5))


def test_a_visit_that_would_end_after_closing_is_not_offered():
    assert (offered()[0], offered()[-1]) == (moment(MONDAY, "08:00"), moment(MONDAY, "11:40"))


def test_between_two_spans_nobody_is_served_and_spans_that_meet_are_one():
    thursday = MONDAY + timedelta(days=3)
    joined = replace(
        RATHAUS, hours=replace(RATHAUS.hours, days=((Span(480, 600), Span(600, 720)),) * 7)
    )

    assert moment(thursday, "11:45") not in offered(thursday)
    assert moment(thursday, "14:00") in offered(thursday)
    assert moment(MONDAY, "09:50") in offered(site=joined)


def test_whoever_must_not_book_a_start_is_not_offered_it():
    late = offered(is_bookable=lambda start: start >= moment(MONDAY, "11:30"))

    assert late == [moment(MONDAY, clock) for clock in ("11:30", "11:35", "11:40")]


def test_citizens_keep_the_lead_time_and_the_horizon_and_clerks_only_the_present():
    site = replace(RATHAUS, booking=BookingRules(lead_minutes=90, horizon_days=14))
    now = moment(MONDAY, "08:00")

    assert bookable_time(site, now, by_clerk=False) == (
        moment(MONDAY, "09:30"),
        now + timedelta(days=14),
    )
    assert bookable_time(site, now, by_clerk=True) == (now, now + timedelta(days=365))


# -- counters and cells --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "minutes", "count"),
    [("08:00", 5, 1), ("08:00", 6, 2), ("08:03", 5, 2), ("08:04", 1, 1), ("08:04", 2, 2)],
)
def test_a_visit_holds_every_cell_that_it_touches(at, minutes, count):
    assert len(cells_between(moment(MONDAY, at), minutes)) == count


def test_only_a_counter_that_serves_every_service_is_booked():
    cells = cells_between(moment(MONDAY, "08:00"), 15)
    others = {"schalter-1": set(cells), "schalter-3": set(cells)}

    assert Room(RATHAUS, ("ausweise",), others).counter_for(cells) == "schalter-2"
    assert Room(RATHAUS, ("ausweise", "kfz"), others).counter_for(cells) is None


def test_a_counter_that_is_not_bookable_is_never_booked():
    walk_ins_only = tuple(replace(counter, bookable=False) for counter in RATHAUS.counters)
    one_left = (*walk_ins_only[:2], RATHAUS.counters[2])
    cells = cells_between(moment(MONDAY, "08:00"), 15)

    room = Room(replace(RATHAUS, counters=one_left), ("kfz",), {})

    assert room.counter_for(cells) == "schalter-3"
    assert offered(site=replace(RATHAUS, counters=walk_ins_only)) == []


def test_one_counter_holds_the_visit_all_along_even_where_two_halves_are_free():
    cells = cells_between(moment(MONDAY, "08:00"), 20)
    halves = {"schalter-1": set(cells[:2]), "schalter-3": set(cells[2:])}

    assert Room(RATHAUS, ("kfz",), halves).counter_for(cells) is None


@pytest.mark.parametrize(
    ("count", "share", "booked"),
    [(5, 0, 5), (5, 0.4, 3), (3, 0.4, 1), (1, 0.4, 1), (1, 0.99, 1), (10, 0.3, 7), (0, 0, 0)]
    + [(1, 1, 0), (8, 1, 0)],
)
def test_the_share_for_walk_ins_leaves_one_counter_at_least_unless_they_have_all(
    count, share, booked
):
    site = replace(RATHAUS, booking=BookingRules(walk_in_share=share))
    counters = [Counter(str(n), str(n)) for n in range(count)]

    assert bookable_share(site, counters) == booked


def test_a_share_of_the_counters_is_kept_for_walk_ins():
    site = replace(RATHAUS, booking=BookingRules(walk_in_share=0.4))
    taken = {"schalter-2": set(cells_between(moment(MONDAY, "09:00"), 15))}

    assert moment(MONDAY, "09:00") not in offered(wanted=("ausweise",), site=site, taken=taken)
    assert moment(MONDAY, "09:15") in offered(wanted=("ausweise",), site=site, taken=taken)
