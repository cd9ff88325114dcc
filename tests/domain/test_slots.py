"""Free start times."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.hours import ALWAYS, never_closed, opening_spans
from queue_server.domain.site import BookingRules
from queue_server.domain.slots import bookable_share, free_slots, place, starts_on, steps_of
from tests.town import BERLIN, MONDAY, moment, office_hours, rathaus

RATHAUS = replace(rathaus(), booking=BookingRules(walk_in_share=0))
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
SERVICES = [("meldewesen",), ("ausweise",), ("kfz", "meldewesen")]

days = st.sampled_from([MONDAY, SPRING, AUTUMN]) | st.dates(date(2026, 1, 1), date(2026, 12, 31))
services = st.sampled_from(SERVICES)
hours = st.sampled_from([office_hours(), ALWAYS])


@st.composite
def a_bookable_day(draw):
    """A site, a day, and what others have taken of it already."""
    share = draw(st.sampled_from([0, 0.4, 0.7]))
    step = draw(st.sampled_from([5, 10, 15]))
    booking = BookingRules(walk_in_share=share, step_minutes=step)
    site, day = replace(RATHAUS, hours=draw(hours), booking=booking), draw(days)
    starts = list(starts_on(site, day, 5, never_closed))
    taken: set = set()
    for start in draw(st.lists(st.sampled_from(starts), max_size=12)) if starts else ():
        taken |= set(place(site, draw(services), steps_of(start, 20, step), taken) or ())
    return site, day, taken


def slots(site, day, taken, wanted, is_bookable=lambda start: True):
    return free_slots(site, wanted, 1, [day], taken, is_bookable, never_closed)


@given(a_bookable_day(), services)
def test_whoever_takes_a_free_slot_takes_nothing_that_is_taken(given_day, wanted):
    site, day, taken = given_day

    for slot in slots(site, day, taken, wanted):
        steps = steps_of(slot.start_at, site.visit_minutes(wanted, 1), site.booking.step_minutes)
        assert taken.isdisjoint(place(site, wanted, steps, taken))


@given(a_bookable_day(), services)
def test_every_slot_lies_inside_opening_hours(given_day, wanted):
    site, day, taken = given_day
    spans = opening_spans(site.hours, day, BERLIN)

    for slot in slots(site, day, taken, wanted):
        assert any(opens <= slot.start_at and slot.end_at <= closes for opens, closes in spans)


@given(a_bookable_day(), services)
def test_slots_are_in_order_and_each_is_offered_once(given_day, wanted):
    starts = [slot.start_at for slot in slots(*given_day, wanted)]

    assert starts == sorted(set(starts))


@given(a_bookable_day(), services)
def test_taking_a_slot_never_frees_another(given_day, wanted):
    site, day, taken = given_day
    before = slots(site, day, taken, wanted)
    for slot in before[:1]:
        steps = steps_of(slot.start_at, site.visit_minutes(wanted, 1), site.booking.step_minutes)
        taken = taken | set(place(site, wanted, steps, taken))

    assert set(slots(site, day, taken, wanted)) <= set(before)


@given(st.sampled_from([SPRING, AUTUMN]))
def test_an_office_open_all_night_offers_every_step_that_the_clocks_leave(day):
    site = replace(RATHAUS, hours=ALWAYS, booking=BookingRules(step_minutes=15))
    starts = list(starts_on(site, day, 15, never_closed))

    assert len(starts) == {SPRING: 23 * 4, AUTUMN: 25 * 4}[day]
    assert {later - earlier for earlier, later in zip(starts, starts[1:], strict=False)} == {
        timedelta(minutes=15)
    }


def test_a_closure_has_no_slots():
    assert list(starts_on(RATHAUS, MONDAY, 10, lambda day: day == MONDAY)) == []


def test_a_visit_that_would_end_after_closing_is_not_offered():
    offered = slots(RATHAUS, MONDAY, set(), ("kfz",))

    assert (offered[0].start_at, offered[-1].end_at) == (
        moment(MONDAY, "08:00"),
        moment(MONDAY, "12:00"),
    )


def test_several_services_add_up_and_take_consecutive_steps():
    wanted = ("kfz", "meldewesen")
    minutes = RATHAUS.visit_minutes(wanted, 1)

    holds = place(RATHAUS, wanted, steps_of(moment(MONDAY, "08:00"), minutes, 5), set())

    assert minutes == 30
    assert [start for _, start in holds] == [
        moment(MONDAY, f"08:{minute:02d}") for minute in range(0, 30, 5)
    ]
    assert {counter for counter, _ in holds} == {"schalter-1"}


def test_only_a_counter_that_serves_every_service_is_booked():
    steps = steps_of(moment(MONDAY, "08:00"), 15, 5)
    everything_else_taken = {(c, step) for c in ("schalter-1", "schalter-3") for step in steps}

    assert place(RATHAUS, ("ausweise",), steps, everything_else_taken)[0][0] == "schalter-2"
    assert place(RATHAUS, ("ausweise", "kfz"), steps, everything_else_taken) is None


def test_a_share_of_the_counters_is_kept_for_walk_ins():
    site = replace(RATHAUS, booking=BookingRules(walk_in_share=0.4))
    steps = steps_of(moment(MONDAY, "08:00"), 15, 5)

    first = place(site, ("ausweise",), steps, set())

    assert bookable_share(site, site.counters) == 1
    assert place(site, ("ausweise",), steps, set(first)) is None


def test_whoever_must_not_book_a_start_is_not_offered_it():
    late = slots(RATHAUS, MONDAY, set(), ("kfz",), lambda start: start >= moment(MONDAY, "11:30"))

    assert [slot.start_at for slot in late] == [
        moment(MONDAY, "11:30"),
        moment(MONDAY, "11:35"),
        moment(MONDAY, "11:40"),
    ]
