"""How fast the office really works, from its journal."""

from __future__ import annotations

import pytest

from queue_server.domain.hours import ALWAYS
from queue_server.forecast.service_times import PLANNED, ServiceTimes
from queue_server.queries.measured_times import service_times_of


@pytest.fixture
def town(town):
    town.change(hours=ALWAYS)
    return town


def measured(town):
    with town.store.snapshot() as snapshot:
        return service_times_of(snapshot, town.site(), town.now)


def visit(town, service="Kfz", minutes=30.0, way=20, pause=5):
    town.pass_time(seconds=pause)
    town.call_next()
    town.pass_time(seconds=way)
    town.arrive()
    town.pass_time(minutes=minutes)
    town.finish()


def test_an_office_without_a_past_works_as_planned(town):
    found = measured(town)

    usual = ServiceTimes()
    assert found.of("kfz") == PLANNED and found.shows == pytest.approx(usual.shows)
    assert (found.early, found.walk, found.pause) == (usual.early, usual.walk, usual.pause)


def test_visits_are_measured_from_arrived_to_finished_against_their_plan(town):
    for _ in range(30):
        town.draw("Kfz")
    for _ in range(30):
        visit(town, minutes=30)

    found = measured(town)

    assert found.of("kfz").visits == 30 and 1.2 < found.of("kfz").ratio < 1.5
    assert found.of("meldewesen") == PLANNED


def test_several_persons_and_services_are_measured_against_their_own_plan(town):
    for _ in range(20):
        town.draw("Meldewesen", "Kfz")
    for _ in range(20):
        visit(town, minutes=30)

    assert 0.9 < measured(town).of("meldewesen").ratio < 1.0


def test_a_forgotten_end_is_no_visit_of_six_hours(town):
    for _ in range(21):
        town.draw("Kfz")
    for _ in range(20):
        visit(town, minutes=20)
    visit(town, minutes=360)

    assert 0.9 < measured(town).of("kfz").ratio < 1.05


def test_only_the_last_two_months_count(town):
    for _ in range(20):
        town.draw("Kfz")
    for _ in range(20):
        visit(town, minutes=60)
    town.pass_time(days=61)

    assert measured(town).of("kfz") == PLANNED


def test_only_the_last_200_visits_of_a_service_count(town):
    for _ in range(210):
        town.draw("Meldewesen")
        visit(town, minutes=1)

    assert measured(town).of("meldewesen").visits == 200


def test_ways_and_pauses_are_measured_while_somebody_waits(town):
    for _ in range(40):
        town.draw("Kfz")
    for _ in range(40):
        visit(town, minutes=5, way=60, pause=45)

    found = measured(town)

    assert 50_000 < found.walk < 60_000 and 30_000 < found.pause < 45_000


def test_a_counter_without_anybody_to_call_makes_no_pause(town):
    for _ in range(20):
        town.draw("Kfz")
        visit(town, minutes=5, pause=0)
        town.pass_time(minutes=4)

    assert measured(town).pause <= ServiceTimes().pause


def test_people_who_do_not_come_when_called_are_counted(town):
    for _ in range(20):
        town.draw("Kfz")
    for _ in range(20):
        town.call_next()
        town.pass_time(minutes=2)
        town.no_show()

    found = measured(town)

    assert found.misses > 0.25 and 120_000 < found.vain < 180_000


def test_who_keeps_appointments_and_when_is_measured(town):
    for hour in range(9, 19):
        booked = town.booked("Kfz", at=f"{hour:02}:00")
        town.set_clock(f"{hour:02}:04")
        town.check_in(booked)

    found = measured(town)

    assert found.shows > ServiceTimes().shows and -120_000 < found.early < 240_000


def test_another_office_learns_nothing_from_ours(town):
    for _ in range(12):
        town.draw("Kfz")
    for _ in range(12):
        visit(town, minutes=60)

    with town.store.snapshot() as snapshot:
        assert service_times_of(snapshot, town.site("nordend"), town.now).of("kfz") == PLANNED
