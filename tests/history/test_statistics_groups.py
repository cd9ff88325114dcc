"""By hour, day, service and counter: which row a visit stands in, and that rows add up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.errors import Refused
from queue_server.domain.hours import ALWAYS
from queue_server.history.groups import EVERY
from queue_server.history.statistics import By, Figures, Statistics
from tests.cast import MONDAY, moment, nordend, rathaus
from tests.history.past_days import called_at, figures_of, keys, row
from tests.town import Town

SUMMER_NIGHT, WINTER_NIGHT = date(2026, 3, 29), date(2026, 10, 25)
COUNTS = ("issued", "served", "no_show", "cancelled", "open")


@contextmanager
def town_that_never_closes() -> Iterator[Town]:
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder) / "town.db", [replace(rathaus(), hours=ALWAYS), nordend()])
        yield town
        town.store.close()


# -- keys ----------------------------------------------------------------------------------------


def test_the_hour_is_that_of_the_ticket_and_not_of_the_call(town: Town) -> None:
    town.set_clock("08:59")
    town.draw()
    called_at(town, "09:10")

    found = figures_of(town, By.HOUR)

    assert keys(found.rows) == ["08:00"]
    assert found.rows[0].figures.wait.mean == 11.0


def test_a_booked_visit_counts_in_the_hour_of_its_check_in(town: Town) -> None:
    booked = town.booked(at="09:05")
    town.set_clock("08:50")
    town.check_in(booked)

    assert keys(figures_of(town, By.HOUR).rows) == ["08:00"]


def test_the_same_hour_of_several_days_is_one_row(town: Town) -> None:
    town.draw()
    town.set_clock("08:30", MONDAY + timedelta(days=1))
    town.draw()

    found = figures_of(town, By.HOUR, last=MONDAY + timedelta(days=1))

    assert [(each.key, each.figures.issued) for each in found.rows] == [("08:00", 2)]


def test_days_are_local_ones_and_both_ends_belong_to_the_period() -> None:
    with town_that_never_closes() as town:
        for clock, day in (("23:59", MONDAY), ("00:00", MONDAY + timedelta(days=1))):
            town.set_clock(clock, day)
            town.draw()

        found = figures_of(town, By.DAY, last=MONDAY + timedelta(days=1))

        assert keys(found.rows) == ["2026-03-02", "2026-03-03"]
        assert figures_of(town).total.issued == 1


def test_the_service_is_the_first_one_that_somebody_came_for(town: Town) -> None:
    visitor = town.draw("Kfz", "Ausweise")
    town.draw("Meldewesen")
    town.set_services(visitor, "Ausweise")

    found = figures_of(town, By.SERVICE)

    # In the order of the catalogue, under their names.
    assert [(each.key, each.name) for each in found.rows] == [
        ("meldewesen", "Meldewesen"),
        ("kfz", "Kfz"),
    ]


def test_the_counter_is_the_one_that_called_last_and_nobodys_come_at_the_end(town: Town) -> None:
    town.draw("Ausweise")
    called_at(town, "08:01")
    town.transfer(to="Schalter 2")
    called_at(town, "08:05", "Schalter 2")
    town.draw("Kfz")

    found = figures_of(town, By.COUNTER)

    assert [(each.key, each.name) for each in found.rows] == [
        ("schalter-2", "Schalter 2"),
        ("", ""),
    ]


def test_a_call_that_was_taken_back_is_no_counters(town: Town) -> None:
    town.draw()
    called_at(town, "08:01")
    town.release()

    assert keys(figures_of(town, By.COUNTER).rows) == [""]


def test_a_service_that_was_removed_keeps_its_row_after_the_others(town: Town) -> None:
    town.draw("Meldewesen")
    town.draw("Kfz")
    town.change(services=town.site().services[1:])

    assert keys(figures_of(town, By.SERVICE).rows) == ["kfz", "meldewesen"]


# -- the nights when the clocks change -------------------------------------------------------------


def test_the_hour_that_the_autumn_night_has_twice_is_one_row() -> None:
    with town_that_never_closes() as town:
        town.set_clock("02:30", WINTER_NIGHT)
        town.draw()
        town.pass_time(hours=1)
        assert town.clock() == "02:30"
        town.draw()

        found = figures_of(town, By.HOUR, WINTER_NIGHT)

        assert [(each.key, each.figures.issued) for each in found.rows] == [("02:00", 2)]


def test_a_wait_through_either_night_is_as_long_as_it_really_was() -> None:
    with town_that_never_closes() as town:
        for night, real in ((SUMMER_NIGHT, 20.0), (WINTER_NIGHT, 140.0)):
            town.set_clock("01:50", night)
            town.draw()
            town.now = moment(night, "03:10")
            town.call_next()
            town.finish()

            assert figures_of(town, first=night).total.wait.max == real


def test_the_days_of_both_nights_have_23_and_25_hours() -> None:
    with town_that_never_closes() as town:
        for night, hours in ((SUMMER_NIGHT, 23), (WINTER_NIGHT, 25)):
            town.set_clock("00:00", night)
            for _ in range(hours):
                town.draw()
                town.pass_time(hours=1)

            assert figures_of(town, first=night).total.issued == hours
            assert town.clock() == "00:00"


# -- everything adds up ----------------------------------------------------------------------------

VERBS = st.lists(
    st.tuples(
        st.sampled_from(["draw", "draw", "check_in", "call", "call", "arrive", "finish", "release",
                         "no_show", "park", "resume", "transfer", "cancel"]),
        st.integers(0, 90),
        st.integers(0, 2),
    ),
    max_size=40,
)  # fmt: skip


def play(town: Town, verbs: list[tuple[str, int, int]]) -> None:
    """Whatever clerks and visitors try; what the rules refuse does not happen."""
    come = []
    for verb, minutes, which in verbs:
        town.pass_time(minutes=minutes)
        counter = ("Schalter 1", "Schalter 2", "Schalter 1")[which]
        one = come[which % len(come)] if come else None
        service = ("Meldewesen", "Ausweise", "Kfz")[which]
        acts = {
            "draw": lambda service=service: come.append(town.draw(service)),
            "check_in": lambda: come.append(
                town.check_in(town.booked(at=town.clock(ahead_minutes=-town.now.minute % 5)))
            ),
            "call": lambda counter=counter: town.call_next(counter),
            "resume": lambda one=one: one and town.resume(one),
            "cancel": lambda one=one: one and town.cancel(one),
            "transfer": lambda counter=counter: town.transfer(counter, services=("Ausweise",)),
        }
        act = acts.get(verb) or (lambda verb=verb, counter=counter: getattr(town, verb)(counter))
        with suppress(Refused):
            act()


def added_up(found: Statistics) -> dict[str, int]:
    return {name: sum(getattr(each.figures, name) for each in found.rows) for name in COUNTS}


def measured(figures: Figures) -> tuple[int, int, int]:
    return figures.wait.count, figures.walking.count, figures.service.count


@settings(max_examples=25)
@given(VERBS)
def test_whatever_happens_counts_add_up_over_every_grouping(
    verbs: list[tuple[str, int, int]],
) -> None:
    with town_that_never_closes() as town:
        play(town, verbs)
        last = MONDAY + timedelta(days=5)

        every = {by: figures_of(town, by, last=last) for by in EVERY}

        total = every[By.DAY].total
        assert total.issued == sum(getattr(total, name) for name in COUNTS[1:])
        assert total.issued == town.happened().count("TicketIssued")
        assert total.issued == every[By.DAY].booked.issued + every[By.DAY].walk_ins.issued
        for found in every.values():
            assert added_up(found) == {name: getattr(total, name) for name in COUNTS}
            sums = zip(*(measured(each.figures) for each in found.rows), strict=True)
            assert [sum(each) for each in sums] == (list(measured(total)) if found.rows else [])
            assert found.total == total


@given(st.lists(st.integers(0, 8 * 60), max_size=12))
def test_a_period_is_the_sum_of_its_days(gaps: list[int]) -> None:
    with town_that_never_closes() as town:
        for gap in gaps:
            town.pass_time(minutes=gap)
            town.draw()

        days = figures_of(town, By.DAY, last=MONDAY + timedelta(days=5))

        for each in days.rows:
            alone = figures_of(town, By.DAY, date.fromisoformat(each.key))
            assert alone.total == row(days, each.key).figures
