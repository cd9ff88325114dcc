"""The forecast as a pure function: what goes in moves what comes out, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.site import PriorityRules
from queue_server.domain.timestamps import MINUTE_MS, milliseconds
from queue_server.domain.waiting import AT_ONCE, Range, shown, widest
from queue_server.domain.waiting_room import BOOKED, OTHERS, StaffedCounter, Visitor
from queue_server.forecast import service_times as measuring
from queue_server.forecast.forecast import forecast, quantile
from queue_server.forecast.service_times import ServiceTimes, VisitLength
from queue_server.forecast.snapshot import (
    ExpectedVisitor,
    OfficeSnapshot,
)

NOW = 1_780_293_600_000
BOTH = frozenset({"melden", "kfz"})
WALK_INS = {"melden": 10, "kfz": 20}


def walk_in(id: int, service: str = "melden", waited: int = 0, **more: object) -> Visitor:
    came = NOW - waited * MINUTE_MS + id
    return Visitor(id, service, OTHERS, came, came, came, WALK_INS[service], **more)


def booked(id: int, due: int = 0, service: str = "melden") -> Visitor:
    came = NOW + due * MINUTE_MS
    return Visitor(id, service, BOOKED, came, max(came, NOW), NOW, WALK_INS[service])


def serving(minutes: int = 0, id: str = "1", services: frozenset[str] = BOTH) -> StaffedCounter:
    arrived = NOW - minutes * MINUTE_MS
    who = walk_in(900, "kfz")
    return StaffedCounter(id, services, who, called=arrived - 30_000, serving_since=arrived)


def office(*counters: StaffedCounter, **more: object) -> OfficeSnapshot:
    return OfficeSnapshot(
        now=NOW, rules=PriorityRules(), counters=counters, walk_ins=WALK_INS, **more
    )


def counter(id: str = "1", services: frozenset[str] = BOTH) -> StaffedCounter:
    return StaffedCounter(id, services)


def queue(people: int) -> tuple[Visitor, ...]:
    return tuple(walk_in(id, waited=people - id) for id in range(1, people + 1))


# -- who serves ---------------------------------------------------------------------------------


def test_without_an_open_counter_nothing_is_said() -> None:
    found = forecast(office(waiting=(walk_in(1),)))

    assert found.places == {1: None}
    assert found.newcomers == found.ends == {"melden": None, "kfz": None}


def test_a_service_that_no_open_counter_serves_has_no_range() -> None:
    found = forecast(office(counter(services=frozenset({"melden"})), waiting=(walk_in(1, "kfz"),)))

    assert found.places[1] is found.newcomers["kfz"] is found.ends["kfz"] is None
    assert found.newcomers["melden"] == AT_ONCE


def test_a_person_bound_to_a_closed_counter_has_no_range() -> None:
    found = forecast(office(counter("1"), waiting=(walk_in(1, bound_to="2"),)))

    assert found.places[1] is None and found.newcomers["melden"] == AT_ONCE


def test_people_in_service_count_with_the_time_that_has_passed() -> None:
    begun = forecast(office(serving(0))).newcomers["kfz"]
    half = forecast(office(serving(10))).newcomers["kfz"]

    assert begun is not None and half is not None
    assert half.likely_minutes < begun.likely_minutes - 5


def test_somebody_called_but_not_there_yet_has_the_whole_visit_before_them() -> None:
    called = StaffedCounter("1", BOTH, walk_in(900, "kfz"), called=NOW - 20_000)

    found = forecast(office(called)).newcomers["kfz"]

    assert found is not None and found.likely_minutes >= 14


def test_two_counters_are_sooner_done_than_one() -> None:
    one = forecast(office(counter("1"), waiting=queue(8)))
    two = forecast(office(counter("1"), counter("2"), waiting=queue(8)))

    assert two.newcomers["melden"].likely_minutes < one.newcomers["melden"].likely_minutes * 0.6


def test_specialised_counters_serve_their_own_queues() -> None:
    cars, rest = frozenset({"kfz"}), frozenset({"melden"})
    waiting = (*queue(1), *(walk_in(id, "kfz", waited=20) for id in range(10, 16)))

    found = forecast(office(counter("1", cars), counter("2", rest), waiting=waiting))

    assert found.places[1] == AT_ONCE
    assert found.newcomers["kfz"].low_minutes > 60 > found.newcomers["melden"].high_minutes


# -- who comes ----------------------------------------------------------------------------------


def test_expected_appointments_lengthen_the_wait_of_somebody_without() -> None:
    expected = tuple(
        ExpectedVisitor(id, "melden", 10, NOW + id * 5 * MINUTE_MS) for id in range(1, 7)
    )
    alone = forecast(office(counter(), waiting=queue(4)))
    among = forecast(office(counter(), waiting=queue(4), expected=expected))

    assert among.places[4].likely_minutes > alone.places[4].likely_minutes + 10


def test_appointments_of_the_afternoon_do_not_matter_in_the_morning() -> None:
    expected = tuple(ExpectedVisitor(id, "melden", 10, NOW + 300 * MINUTE_MS) for id in range(1, 7))
    alone = forecast(office(counter(), waiting=queue(4)))

    assert forecast(office(counter(), waiting=queue(4), expected=expected)).places == alone.places


def test_appointments_whose_people_never_come_matter_less() -> None:
    expected = tuple(
        ExpectedVisitor(id, "melden", 10, NOW + id * 5 * MINUTE_MS) for id in range(1, 7)
    )
    state = office(counter(), waiting=queue(4), expected=expected)
    nobody = replace(state, service_times=ServiceTimes(shows=0.05))

    assert forecast(nobody).places[4].likely_minutes < forecast(state).places[4].likely_minutes


def test_an_appointment_that_is_due_goes_before_walk_ins_when_the_office_is_busy() -> None:
    waiting = (*queue(6), booked(7, due=-1))

    found = forecast(office(counter(), waiting=waiting)).places

    assert found[7] == AT_ONCE and found[1].likely_minutes >= 5


@given(people=st.integers(1, 12), service=st.sampled_from(["melden", "kfz"]))
def test_a_later_walk_in_delays_nobody_ahead(people: int, service: str) -> None:
    rules = PriorityRules("arrival")
    before = replace(office(counter("1"), counter("2"), waiting=queue(people)), rules=rules)
    later = walk_in(99, service, waited=-1)

    after = replace(before, waiting=(*before.waiting, later))

    told = forecast(before, 24).places
    assert {id: forecast(after, 24).places[id] for id in told} == told


# -- the answer itself ---------------------------------------------------------------------------


def test_the_same_present_gives_the_same_answer_in_whatever_order_it_is_read() -> None:
    state = office(counter("1"), serving(3, "2"), waiting=queue(9))
    shuffled = Random(1).sample(state.waiting, len(state.waiting))

    assert forecast(state) == forecast(replace(state, waiting=tuple(shuffled)))


def test_time_of_day_does_not_matter() -> None:
    """UTC milliseconds know no summer time."""
    state = office(serving(3), waiting=queue(5))
    hour = 60 * MINUTE_MS

    assert forecast(later(state, hour)).places == forecast(state).places


def later(state: OfficeSnapshot, by: int) -> OfficeSnapshot:
    def moved(visitor: Visitor) -> Visitor:
        times = (visitor.came + by, visitor.since + by, visitor.issued + by)
        return Visitor(visitor.id, visitor.service, visitor.line, *times, visitor.minutes)

    def still(counter: StaffedCounter) -> StaffedCounter:
        arrived = (counter.serving_since or 0) + by
        return replace(counter, called=counter.called + by, serving_since=arrived)

    return replace(
        state,
        now=state.now + by,
        waiting=tuple(moved(each) for each in state.waiting),
        counters=tuple(still(each) for each in state.counters if each.here),
    )


def test_work_ends_when_the_last_person_and_one_more_are_served() -> None:
    quiet = forecast(office(counter()))
    full = forecast(office(counter(), waiting=queue(12)))

    assert 6 <= minutes_until(quiet.ends["melden"]) <= 14
    assert 100 <= minutes_until(full.ends["melden"]) <= 160
    assert full.ends["melden"] < full.ends["kfz"]


def test_one_newcomer_more_fits_into_a_morning_with_time_between_appointments() -> None:
    """What is expected at noon is over at noon, whoever comes at eight."""
    noon = ExpectedVisitor(1, "melden", 10, NOW + 240 * MINUTE_MS)
    expected = (noon, ExpectedVisitor(2, "melden", 10, NOW + 60 * MINUTE_MS))
    present = replace(
        office(counter(), expected=expected),
        service_times=ServiceTimes(shows=1.0, early=0, spread=1),
    )

    assert 245 <= minutes_until(forecast(present).ends["melden"]) <= 255


def minutes_until(end) -> float:
    return (milliseconds(end) - NOW) / MINUTE_MS


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        ((0, 0, 0), AT_ONCE),
        ((0, 0, 4), AT_ONCE),
        ((0.2, 0.4, 0.9), Range(0, 1, 1)),
        ((2.2, 5.6, 8.9), Range(2, 9, 6)),
        ((7.6, 12.2, 21.0), Range(8, 20, 10)),
        ((14.0, 20.2, 24.9), Range(15, 25, 20)),
        ((61.0, 62.0, 62.2), Range(60, 65, 60)),
    ],
)
def test_a_range_is_rounded_to_five_minutes_and_finer_below_ten(wait, expected) -> None:
    assert shown(*(minutes * MINUTE_MS for minutes in wait)) == expected


@given(st.lists(st.floats(0, 500), min_size=3, max_size=3).map(sorted))
def test_a_range_is_never_empty_never_negative_and_holds_the_likely_wait(waits) -> None:
    found = shown(*(wait * MINUTE_MS for wait in waits))

    assert 0 <= found.low_minutes < found.high_minutes
    assert found.likely_minutes <= found.high_minutes


def test_the_widest_of_no_ranges_is_none() -> None:
    assert widest([None, None]) is None
    assert widest([Range(5, 15, 10), None, Range(0, 5, 0)]) == Range(0, 15, 10)


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert quantile([10], 0.9) == 10
    assert [quantile(range(1, 10), share) for share in (0.1, 0.5, 0.9)] == [1, 5, 9]


# -- measuring ------------------------------------------------------------------------------------


def test_nothing_measured_is_as_planned() -> None:
    assert measuring.lasting([]) == ServiceTimes().of("melden") == measuring.PLANNED


def test_measured_visits_prevail_over_the_plan() -> None:
    twice = measuring.lasting([2.0] * 100)

    assert 1.75 < twice.ratio < 2.0 and twice.visits == 100


def test_a_single_visit_moves_little() -> None:
    assert measuring.lasting([3.0]).ratio < measuring.PLANNED.ratio * 1.2


def test_forgotten_ends_move_nothing() -> None:
    usual = [Random(3).lognormvariate(0, 0.4) for _ in range(100)]
    clean, dirty = measuring.lasting(usual), measuring.lasting([*usual, *[15.0] * 5, *[500.0] * 5])

    assert abs(dirty.ratio - clean.ratio) < 0.06 and abs(dirty.sigma - clean.sigma) < 0.1


def test_what_visits_really_last_changes_the_forecast() -> None:
    state = office(counter(), waiting=queue(6))
    slow = replace(state, service_times=ServiceTimes({"melden": VisitLength(2.0, 0.4, 0.05, 100)}))

    assert forecast(slow).places[6].likely_minutes > 1.8 * forecast(state).places[6].likely_minutes


def test_shares_and_ways_are_shrunk_to_what_is_usual() -> None:
    assert measuring.share(0, 0, 0.18, 20) == pytest.approx(0.18)
    assert 0 < measuring.share(0, 1000, 0.18, 20) < 0.005
    assert measuring.usual([], 30_000) == 30_000
    assert measuring.usual([60_000] * 90, 30_000) == pytest.approx(56_341, rel=0.01)
    assert measuring.punctuality([]) == (-6 * MINUTE_MS, 7 * MINUTE_MS)
