"""The place that a kiosk tells agrees with the order in which the desks call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.domain.appointment import Appointment
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import PriorityRules
from queue_server.queries.calendar import slots
from queue_server.queries.outlook import crowd, place_of
from tests.town import Town

# Whoever names one kind of check names all: the profile's are forgotten.
SLOW_OR_SHARED = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
STEPS = st.lists(
    st.sampled_from(["draw", "book", "late", "prefer", "wait"]), min_size=1, max_size=9
)


@pytest.mark.parametrize("rule", ["due_first", "strict", "arrival", "accumulating"])
@settings(max_examples=12, suppress_health_check=SLOW_OR_SHARED)
@given(steps=STEPS, busy_from=st.sampled_from([0, 10, 10_000]))
def test_the_place_of_one_ticket_is_its_place_in_the_calling_order(
    rule: str, tmp_path_factory: pytest.TempPathFactory, steps: list[str], busy_from: int
) -> None:
    town = Town(tmp_path_factory.mktemp("town") / "town.db")
    no_guard = PriorityRules(rule=rule, busy_from_minutes=busy_from, guard_after_minutes=10_000)
    town.change(hours=ALWAYS, priority=no_guard)
    site = town.site("rathaus")
    play(town, steps)

    with town.store.snapshot() as snapshot:
        told = town.forecast()
        for place in crowd(snapshot, site, town.now, told).places:
            alone = place_of(snapshot, site, place.ticket, town.now, told)
            assert alone is not None and alone.ahead == place.ahead
    town.store.close()


def play(town: Town, steps: list[str]) -> None:
    """A morning of arrivals; a second passes between any two, for nobody arrives in no time."""
    people = []
    for step in steps:
        town.pass_time(seconds=1)
        if step == "draw":
            people.append(town.draw("Meldewesen"))
        elif step in ("book", "late"):
            booked = booked_soon(town)
            late = step == "late"
            town.now = booked.start_at + timedelta(minutes=25 if late else -5)
            people.append(town.check_in(booked))
        elif step == "prefer" and people:
            town.prefer(people[-1])
        elif step == "wait":
            town.pass_time(minutes=7)


def booked_soon(town: Town) -> Appointment:
    """The first free time from ten minutes on."""
    with town.store.snapshot() as snapshot:
        free = slots(
            snapshot, town.site(), ["meldewesen"], 1, town.today, 1, town.now, for_clerk=True
        )
    soon = town.now + timedelta(minutes=10)
    start = next(slot.start_at for slot in free if slot.start_at >= soon)
    return town.booked("Meldewesen", at=f"{start.astimezone(town.site().zone):%H:%M}")
