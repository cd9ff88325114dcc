"""What the rule promises to people, through the real desk: no dead windows, nobody starves."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest

from queue_server.domain.errors import SlotTaken
from queue_server.domain.hours import ALWAYS, Hours, Span
from queue_server.domain.site import BookingRules, PriorityRules
from queue_server.history.audit import audit
from tests.journal_and_tables import the_journal_is_the_tables
from tests.town import MONDAY, moment

ALL_DAY = Hours(((Span(8 * 60, 20 * 60),),) * 7)
EVERYTHING_BOOKABLE = BookingRules(walk_in_share=0)
ONE_DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def town(town):
    town.change(hours=ALL_DAY, booking=EVERYTHING_BOOKABLE)
    return town


def violations(town, first=None, last=None):
    with town.store.snapshot() as snapshot:
        return audit(snapshot, town.site(), first, last).violations


def reasons(town):
    return [event.reason for event in town.journal() if event.name == "TicketCalled"]


# -- starvation ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "every"), [(1, 3), (4, 3), (2, 2), (2, 5)])
def test_walk_ins_since_eight_are_called_within_the_bound_beside_back_to_back_appointments(
    town, people, every
):
    """Ten minutes each, an appointment every ten minutes, one counter, all morning."""
    rules = PriorityRules(guard_every=every)
    town.change(priority=rules)
    walk_ins = [town.draw() for _ in range(people)]
    appointments = [
        town.booked(at=f"{h:02}:{m:02}") for h in range(8, 14) for m in range(0, 60, 10)
    ]
    called = {}
    for appointment in appointments:
        town.check_in(appointment)
        called[town.serve_next(minutes=10)] = town.now - 10 * MINUTE

    for place, who in enumerate(walk_ins, start=1):
        waited = called[who] - moment(MONDAY, "08:00")
        # 45 minutes, until the next call, and then every third call is a walk-in's.
        assert waited <= (rules.guard_after_minutes + 10 + (place - 1) * every * 10) * MINUTE
    assert reasons(town).count("guard") == people
    assert violations(town) == ()


def test_under_an_endless_crowd_walk_ins_never_get_more_than_their_share(town):
    town.change(priority=PriorityRules(guard_after_minutes=0))
    for _ in range(40):
        town.draw()
    for _ in range(24):
        town.check_in(town.booked(at=town.clock()))
        town.serve_next(minutes=10)

    called = reasons(town)
    assert [called[n : n + 3].count("guard") for n in range(0, 24, 3)] == [1] * 8
    assert violations(town) == ()


# -- the dead window -----------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["due_first", "strict", "arrival", "accumulating"])
@pytest.mark.parametrize("ahead", [0, 2, 5, 25])
def test_an_appointment_in_the_near_future_never_makes_the_desk_say_that_nobody_waits(
    town, rule, ahead
):
    town.change(priority=PriorityRules(rule=rule, busy_from_minutes=0))
    town.pass_time(minutes=30 - ahead)
    town.check_in(town.booked(at="08:30"))
    town.draw()

    first, second = town.serve_next(), town.serve_next()

    assert first is not None and second is not None
    assert town.call_next() is None
    assert violations(town) == ()


def test_two_minutes_before_an_appointment_the_walk_in_is_called_who_came_before(town):
    town.change(priority=PriorityRules(busy_from_minutes=0))
    walk_in = town.draw()
    town.pass_time(minutes=8)
    booked = town.check_in(town.booked(at="08:10"))

    assert town.serve_next() == walk_in
    assert town.serve_next() == booked
    assert reasons(town) == ["arrival", "appointment_early"]


# -- accumulating --------------------------------------------------------------------------------


@pytest.mark.parametrize(("clock", "first"), [("08:29", "walk-in"), ("08:31", "appointment")])
def test_thirty_minutes_of_a_walk_in_weigh_like_ten_of_an_appointment(town, clock, first):
    town.change(priority=PriorityRules(rule="accumulating", ratio=3))
    people = {town.draw(): "walk-in"}
    town.set_clock("08:20")
    people[town.check_in(town.booked(at="08:20"))] = "appointment"
    town.set_clock(clock)

    assert people[town.serve_next()] == first
    assert violations(town) == ()


def test_at_the_same_weight_the_appointment_goes_first(town):
    town.change(priority=PriorityRules(rule="accumulating", ratio=3))
    town.draw()
    town.set_clock("08:20")
    booked = town.check_in(town.booked(at="08:20"))
    town.set_clock("08:30")

    assert town.serve_next() == booked


# -- nights in which the clocks change -----------------------------------------------------------


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_an_office_that_is_open_across_the_change_of_the_clocks_audits_clean(town, sunday):
    """From ten in the evening to six in the morning, somebody every ten minutes."""
    rules = PriorityRules(busy_from_minutes=0, guard_after_minutes=20)
    town.change(hours=ALWAYS, priority=rules)
    saturday = sunday - ONE_DAY
    town.set_clock("22:00", saturday)
    end = moment(sunday, "06:00")
    while town.now < end:
        town.draw()
        with suppress(SlotTaken):
            # In autumn the wall shows an hour twice, and its times can be had only once.
            at, day = town.clock(ahead_minutes=20), in_a_while(town)
            town.check_in(town.booked(at=at, day=day))
        town.serve_next(minutes=10)
        town.tidy()

    nights = [found_on(town, day) for day in (saturday, sunday)]

    assert [night.violations for night in nights] == [(), ()]
    assert {night.days for night in nights} == {1}
    assert sum(night.calls for night in nights) == len(reasons(town))
    assert nights[0].calls == 12
    assert nights[1].calls == (30 if sunday.month == 3 else 42)
    assert "guard" in reasons(town)
    the_journal_is_the_tables(town)


def in_a_while(town):
    later = town.now + timedelta(minutes=20)
    return later.astimezone(town.site().zone).date()


def found_on(town, day):
    with town.store.snapshot() as snapshot:
        return audit(snapshot, town.site(), day, day)


def test_the_guards_share_starts_anew_at_local_midnight_in_every_season(town):
    rules = PriorityRules(busy_from_minutes=0, guard_after_minutes=0)
    town.change(hours=ALWAYS, priority=rules)
    town.set_clock("23:40", date(2026, 7, 6))
    for at in ("23:40", "23:40", "23:50", "23:50"):
        town.draw()
        town.check_in(town.booked(at=at))
    after_midnight = town.booked(at="00:00", day=date(2026, 7, 7))
    for at in ("23:56", "23:58"):
        town.set_clock(at, date(2026, 7, 6))
        town.serve_next()
    town.set_clock("00:01", date(2026, 7, 7))
    town.check_in(after_midnight)
    for _ in range(3):
        town.serve_next(minutes=1)

    # Without midnight, the third call would have been the guard's.
    assert reasons(town) == ["appointment_due"] * 4 + ["guard"]
    assert violations(town) == () == violations(town, date(2026, 7, 7))
