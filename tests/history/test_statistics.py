"""Figures of past days against figures reckoned by hand: waiting, walking, service, ends."""

from __future__ import annotations

from pathlib import Path

from queue_server.history.statistics import By
from tests.history.past_days import called_at, figures_of, plain_morning, served_from_to
from tests.town import Town


def wait_of(town: Town) -> float | None:
    """The wait of the only visit of the day; None when it is not measured."""
    wait = figures_of(town).total.wait
    assert wait.count <= 1
    return wait.mean if wait.count else None


# -- a morning by hand ---------------------------------------------------------------------------


def test_a_plain_morning_has_the_figures_reckoned_by_hand(town: Town) -> None:
    plain_morning(town)

    total = figures_of(town).total

    assert (total.issued, total.served, total.no_show, total.cancelled, total.open) == (
        3,
        3,
        0,
        0,
        0,
    )
    # 08:00 to 08:05, 08:20 (not 08:10) to 08:36, 08:30 to 08:50.
    assert (total.wait.mean, total.wait.p50, total.wait.max) == (13.67, 16.0, 20.0)
    # Between the second and the third of three: 16 + 0.8 * 4 and 16 + 0.9 * 4.
    assert (total.wait.p90, total.wait.p95) == (19.2, 19.6)
    assert (total.walking.mean, total.walking.max) == (2.0, 3.0)
    assert (total.service.mean, total.service.p50, total.service.max) == (12.0, 12.0, 14.0)


def test_appointments_and_walk_ins_have_shares_within_their_own_limits(town: Town) -> None:
    plain_morning(town)

    found = figures_of(town)

    assert (found.booked.issued, found.booked.wait.mean) == (1, 16.0)
    assert found.booked.within == {5: 0.0, 10: 0.0, 15: 0.0}
    assert (found.walk_ins.issued, found.walk_ins.wait.mean) == (2, 12.5)
    assert found.walk_ins.within == {30: 1.0, 60: 1.0}


def test_reckoned_again_much_later_the_figures_are_the_same(town: Town) -> None:
    plain_morning(town)
    before = figures_of(town, By.HOUR)

    town.pass_time(days=91)
    town.tidy()
    town.tidy_records()
    town.draw()

    assert figures_of(town, By.HOUR) == before


def test_the_journal_alone_is_enough(town: Town, tmp_path: Path) -> None:
    plain_morning(town)
    archive = Town(tmp_path / "archive.db")
    for event in town.journal():
        with archive.store.transaction() as tx:
            tx.record(event)

    assert figures_of(archive, By.COUNTER) == figures_of(town, By.COUNTER)
    archive.store.close()


def test_a_day_without_anybody_has_no_rows_and_no_shares(town: Town) -> None:
    found = figures_of(town)

    assert list(found.rows) == [] and found.total.issued == 0
    assert set(found.booked.within.values()) == {None}
    assert found.total.wait.count == 0


def test_another_sites_visits_are_not_ours(town: Town) -> None:
    town.draw(site="nordend")
    town.draw()
    town.draw(site="nordend")

    assert figures_of(town).total.issued == 1


# -- waiting -------------------------------------------------------------------------------------


def test_whoever_checks_in_early_waits_from_the_slot(town: Town) -> None:
    town.check_in(town.booked(at="08:20"))
    called_at(town, "08:27")

    assert wait_of(town) == 7.0


def test_whoever_checks_in_late_waits_from_the_check_in(town: Town) -> None:
    booked = town.booked(at="08:20")
    town.set_clock("08:45")
    town.check_in(booked)
    called_at(town, "08:50")

    assert wait_of(town) == 5.0


def test_whoever_is_called_before_the_slot_has_not_waited(town: Town) -> None:
    town.check_in(town.booked(at="08:20"))
    called_at(town, "08:04")

    assert wait_of(town) == 0.0


def test_a_call_that_was_taken_back_does_not_end_the_wait(town: Town) -> None:
    town.draw()
    called_at(town, "08:05")
    town.release()
    assert wait_of(town) is None

    called_at(town, "08:12")

    assert wait_of(town) == 12.0


def test_taking_a_later_call_back_leaves_the_first_one_standing(town: Town) -> None:
    visitor = town.draw()
    called_at(town, "08:05")
    town.no_show()
    town.resume(visitor)
    called_at(town, "08:20")
    town.release()

    assert wait_of(town) == 5.0


def test_a_no_shows_first_call_counts_as_the_call(town: Town) -> None:
    visitor = town.draw()
    called_at(town, "08:09")
    town.no_show()
    town.set_clock("08:15")
    town.resume(visitor)
    called_at(town, "08:40")

    assert wait_of(town) == 9.0


def test_a_repeated_call_changes_neither_wait_nor_walk(town: Town) -> None:
    town.draw()
    called_at(town, "08:05")
    town.set_clock("08:07")
    town.recall()
    served_from_to(town, "08:08", "08:10")

    total = figures_of(town).total

    assert (total.wait.mean, total.walking.mean) == (5.0, 3.0)


def test_whoever_goes_before_being_called_has_no_measured_wait(town: Town) -> None:
    visitor = town.draw()
    town.set_clock("09:00")
    town.give_back(visitor)

    total = figures_of(town).total

    assert (total.issued, total.cancelled, total.wait.count) == (1, 1, 0)


# -- walking and service -------------------------------------------------------------------------


def test_being_handed_on_adds_up_the_service_and_takes_the_last_walk(town: Town) -> None:
    town.draw("Meldewesen")
    called_at(town, "08:00")
    town.set_clock("08:01")
    town.arrive()
    town.set_clock("08:06")
    town.transfer(to="Schalter 3")
    town.open_counter("Schalter 3", clerk="Bernd")
    called_at(town, "08:20", "Schalter 3")
    served_from_to(town, "08:24", "08:31", "Schalter 3")

    total = figures_of(town).total

    assert (total.wait.mean, total.walking.mean, total.service.mean) == (0.0, 4.0, 12.0)
    assert total.served == 1


def test_the_time_in_which_somebody_is_parked_is_no_service(town: Town) -> None:
    visitor = town.draw()
    called_at(town, "08:00")
    town.arrive()
    town.set_clock("08:05")
    town.park()
    town.set_clock("08:30")
    town.resume(visitor)
    called_at(town, "08:30")
    served_from_to(town, "08:31", "08:34")

    assert figures_of(town).total.service.mean == 8.0


def test_finishing_without_arrived_measures_neither_walk_nor_service(town: Town) -> None:
    town.draw()
    called_at(town, "08:05")
    town.set_clock("08:20")
    town.finish()

    total = figures_of(town).total

    assert (total.served, total.wait.count) == (1, 1)
    assert (total.walking.count, total.service.count) == (0, 0)


def test_a_service_that_nobody_ended_is_not_measured(town: Town) -> None:
    """A deserted counter closes by itself after half an hour; the person left long before."""
    town.draw()
    called_at(town, "08:00")
    town.set_clock("08:02")
    town.arrive()
    town.set_clock("09:30")
    town.tidy()

    total = figures_of(town).total

    assert (total.served, total.walking.mean, total.service.count) == (1, 2.0, 0)
