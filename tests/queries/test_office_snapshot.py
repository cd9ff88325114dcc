"""What the forecast sees of an office."""

from __future__ import annotations

from datetime import date

import pytest

from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import PriorityRules
from queue_server.forecast.forecast import forecast
from queue_server.forecast.service_times import ServiceTimes
from queue_server.queries.office_snapshot import office_snapshot
from tests.town import Town

PACE = ServiceTimes()


def seen(town):
    with town.store.snapshot() as snapshot:
        return office_snapshot(snapshot, town.site(), town.now, PACE)


def test_an_empty_office_has_nobody_and_no_counter(town):
    found = seen(town)

    assert (found.waiting, found.counters, found.expected) == ((), (), ())
    assert found.walk_ins == {"meldewesen": 10, "ausweise": 15, "kfz": 20}


def test_people_wait_where_they_stand_with_their_planned_minutes(town):
    walk_in = town.draw("Kfz", "Meldewesen")
    booked = town.check_in(town.booked("Ausweise", at="08:20"))

    waiting = {visitor.id: visitor for visitor in seen(town).waiting}

    assert waiting[walk_in.id].minutes == 30 and waiting[walk_in.id].service == "kfz"
    assert (waiting[walk_in.id].line, waiting[booked.id].line) == (2, 1)
    assert waiting[booked.id].came - waiting[walk_in.id].came == 20 * 60_000


def test_whoever_is_called_or_served_stands_at_their_counter(town):
    who = town.draw("Kfz")
    town.call_next()
    called = seen(town).counters[0]
    town.pass_time(minutes=1)
    town.arrive()
    served = seen(town).counters[0]

    assert (called.here.id, called.serving_since) == (who.id, None)
    assert served.serving_since - served.called == 60_000


def test_only_confirmed_appointments_that_may_still_come_today_are_expected(town):
    town.change(hours=ALWAYS)
    town.booked("Meldewesen", at="08:30")
    here = town.booked("Meldewesen", at="08:20")
    town.booked("Kfz", at="09:00", day=date(2026, 3, 3))
    town.check_in(here)

    assert [each.minutes for each in seen(town).expected] == [10]
    town.set_clock("10:31")
    assert seen(town).expected == ()


def test_contested_calls_of_today_are_known_newest_last(town):
    rules = PriorityRules(busy_from_minutes=0, guard_after_minutes=1, guard_every=3)
    town.change(hours=ALWAYS, priority=rules)
    booked = [town.booked("Meldewesen", at=at) for at in ("08:05", "08:15", "08:25")]
    town.draw(), town.draw()
    for appointment in booked:
        town.check_in(appointment)
    town.pass_time(minutes=26)
    for _ in range(3):
        town.serve_next()

    assert list(seen(town).shares.values()) == [(False, True)]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_in_the_nights_when_clocks_change_ranges_are_in_true_minutes(tmp_path, day):
    usual = forecast_at(Town(tmp_path / "usual.db"), date(2026, 3, 4))

    assert forecast_at(Town(tmp_path / "night.db"), day) == usual


def forecast_at(town, day):
    """Three people, one of them served, twenty minutes before clocks may change."""
    town.change(hours=ALWAYS)
    town.set_clock("01:30", day)
    for _ in range(3):
        town.draw("Kfz")
    town.call_next()
    town.pass_time(minutes=10)
    town.arrive()
    with town.store.snapshot() as snapshot:
        found = forecast(office_snapshot(snapshot, town.site(), town.now, PACE))
    town.store.close()
    return found.places, found.newcomers


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_of_23_or_25_hours_expects_its_last_appointment_and_not_the_next_days(town, day):
    town.change(hours=ALWAYS)
    town.set_clock("00:05", day)
    town.booked("Kfz", at="23:40", day=day)
    town.booked("Kfz", at="00:10", day=day.fromordinal(day.toordinal() + 1))

    assert len(seen(town).expected) == 1
