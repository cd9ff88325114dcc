"""Free start times and the appointments of a day."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest

from queue_server.actions import appointments as booking
from queue_server.actions.booking import reserve
from queue_server.domain.errors import SlotTaken, TooManyPersons, UnknownService
from queue_server.domain.hours import Span, SpecialDay
from queue_server.domain.site import BookingRules
from queue_server.queries.calendar import day_entries, slots
from queue_server.store.database import run_here
from queue_server.web.calendars import Calendars, CalendarVisit
from queue_server.web.limits import Client
from tests.town import MONDAY, moment

SPRING, THURSDAY = date(2026, 3, 29), MONDAY + timedelta(days=3)


def free(town, *services, persons=1, first=MONDAY, days=1, for_clerk=True):
    with town.store.snapshot() as snapshot:
        found = slots(
            snapshot,
            town.site(),
            services or ("kfz",),
            persons,
            first,
            days,
            town.now,
            for_clerk=for_clerk,
        )
    return [slot.start_at for slot in found]


def entries(town):
    with town.store.snapshot() as snapshot:
        return day_entries(snapshot, town.site(), MONDAY, town.now)


def test_every_offered_slot_can_be_booked_and_is_gone_then(town):
    offered = free(town)[::10]

    for start in offered:
        town.booked("Kfz", at=f"{start.astimezone(town.site().zone):%H:%M}")

    assert set(free(town)).isdisjoint(offered)


def test_a_free_slot_is_never_a_taken_one(town):
    town.booked("Kfz", at="09:00")

    overlapping = [moment(MONDAY, clock) for clock in ("08:45", "09:00", "09:15")]

    assert set(overlapping).isdisjoint(free(town))
    assert moment(MONDAY, "08:40") in free(town) and moment(MONDAY, "09:20") in free(town)


@pytest.mark.parametrize("step", [5, 7, 15])
@pytest.mark.parametrize("day", [SPRING, THURSDAY])
def test_a_citizen_can_book_exactly_what_the_calendar_offers(town, day, step):
    rules = BookingRules(step_minutes=step, lead_minutes=0, release_pause_minutes=0)
    town.change(booking=rules, special_days=(SpecialDay(SPRING, (Span(60, 300),)),))
    for at in ("02:20", "08:40", "14:00"):
        with suppress(SlotTaken):
            town.booked("Ausweise", at=at, day=day)
    offered = set(free(town, "kfz", first=day, for_clerk=False))
    assert len(offered) > 5

    midnight = moment(day, "00:00")
    every = (midnight + timedelta(minutes=n) for n in range(0, 1440, 1 if step == 7 else 5))
    assert {start for start in every if can_be_booked(town, start)} == offered


def can_be_booked(town, start):
    try:
        held = reserve(town.store, town.site(), ("kfz",), start, now=town.now)
    except SlotTaken:
        return False
    town.cancel_booking(held)
    return True


def test_a_cancelled_slot_is_free_again(town):
    appointment = town.booked("Kfz", at="09:00")

    town.cancel_booking(appointment)

    assert appointment.start_at in free(town)


def test_citizens_keep_the_lead_time_and_the_horizon_clerks_do_not(town):
    town.change(booking=BookingRules(lead_minutes=60, horizon_days=7))

    assert free(town, for_clerk=False)[0] == moment(MONDAY, "09:00")
    assert free(town)[0] == moment(MONDAY, "08:00")
    later = MONDAY + timedelta(days=8)
    assert free(town, first=later, for_clerk=False) == [] != free(town, first=later)


def test_a_clerk_is_not_offered_the_past(town):
    town.set_clock("09:01")

    assert free(town)[0] == moment(MONDAY, "09:05")


def test_weekends_and_holidays_have_no_slots(town):
    saturday, good_friday = MONDAY + timedelta(days=5), MONDAY + timedelta(days=32)

    assert free(town, first=saturday, days=2) == []
    assert free(town, first=good_friday) == []


def test_several_persons_need_a_longer_gap(town):
    town.booked("Meldewesen", at="08:20")

    assert moment(MONDAY, "08:10") in free(town, "meldewesen")
    assert moment(MONDAY, "08:10") not in free(town, "meldewesen", persons=2)


def test_a_wrong_wish_is_refused_by_name(town):
    with pytest.raises(UnknownService):
        free(town, "fischerei")
    with pytest.raises(TooManyPersons):
        free(town, "kfz", persons=3)


# -- the next free time --------------------------------------------------------------------------


def first_free(town, *services, persons=1):
    calendars = Calendars(town.store, lambda client: None, run_here)
    visit = CalendarVisit(town.site(), services or ("kfz",), persons)
    found = calendars.next_slot(visit, Client("somebody"), town.now)
    return found and found.start_at


def test_the_next_free_time_is_the_first_that_citizens_are_offered(town):
    assert first_free(town) == free(town, days=14, for_clerk=False)[0] == moment(MONDAY, "09:00")


def test_after_friday_noon_the_next_free_time_is_on_monday(town):
    town.set_clock("12:00", MONDAY + timedelta(days=4))

    assert first_free(town) == moment(MONDAY + timedelta(days=7), "08:00")


def test_the_next_free_time_may_be_weeks_away_but_not_beyond_the_horizon(town):
    for week in range(7):
        for day in range(5):
            town.decide_day(MONDAY + timedelta(days=7 * week + day))
    assert first_free(town) is None

    last = MONDAY + timedelta(days=42)
    town.decide_day(last, "08:00-09:00")
    assert first_free(town) == moment(last, "08:00")

    # The clocks have changed meanwhile: 42 days end at 09:00.
    town.decide_day(last, "09:05-10:00")
    assert first_free(town) is None


def test_a_full_calendar_has_no_next_free_time(town):
    town.change(booking=BookingRules(horizon_days=1, lead_minutes=0))
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        for n in range(12):
            town.booked("Kfz", at=f"{8 + n // 3:02d}:{n % 3 * 20:02d}", day=day)

    assert first_free(town) is None
    assert first_free(town, "ausweise") is None


def test_what_is_not_booked_online_has_no_next_free_time(town):
    town.change_service("Kfz", bookable=False)

    assert first_free(town) is None and first_free(town, "meldewesen", "kfz") is None
    assert first_free(town, "meldewesen")


# -- the day at the desk -------------------------------------------------------------------------


def test_the_desk_sees_the_day_with_names_and_how_things_stand(town):
    town.change(booking=BookingRules(walk_in_share=0))
    arrived = town.booked(at="08:05", name="Frau Yilmaz")
    late = town.booked(at="08:00")
    expected = town.booked(at="09:00")
    cancelled = town.booked(at="10:00")
    town.check_in(arrived)
    town.cancel_booking(cancelled)
    town.pass_time(minutes=11)

    found = [(entry.appointment.id, entry.name, entry.standing) for entry in entries(town)]

    assert found == [
        (late.id, "", "late"),
        (arrived.id, "Frau Yilmaz", "arrived"),
        (expected.id, "", "expected"),
        (cancelled.id, "", "cancelled"),
    ]


def test_the_desk_sees_who_never_came(town):
    town.booked(at="08:00")
    town.set_clock("10:01")
    booking.mark_missed(town.store, town.site(), now=town.now)

    assert [entry.standing for entry in entries(town)] == ["missed"]
