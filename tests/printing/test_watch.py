"""The printers are watched: how they are, since when, and what became of their slips."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from queue_server.printing import Condition, PrinterTrouble, PrinterWatch, Slip, SlipForm
from queue_server.printing.watch import KEPT, JobState, PrintJobs
from tests.printing.simulator import printer_simulator

NINE = datetime(2026, 6, 8, 7, 0, tzinfo=UTC)
TODAY = date(2026, 6, 8)
SLIP = Slip("Rathaus", "M 042")


def print_on(watch: PrinterWatch, address: str, now: datetime = NINE, today: date = TODAY) -> None:
    watch.print("eingang", address, SLIP, SlipForm(), now, today)


def test_nobody_knows_a_printer_that_was_never_asked():
    state = PrinterWatch().state("eingang", TODAY)

    assert state.condition is None and not state.is_in_trouble and not state.wants_somebody
    assert PrinterWatch().is_due("eingang", NINE)


def test_trouble_is_known_since_it_began_and_gone_when_it_is_mended():
    watch = PrinterWatch()
    with printer_simulator(fault="cover") as printer:
        for minutes in (0, 1, 2):
            state = watch.look("eingang", printer.address, NINE + timedelta(minutes=minutes))
        printer.fault = ""
        mended = watch.look("eingang", printer.address, NINE + timedelta(minutes=3))

    assert (state.condition, state.since) == (Condition.COVER, NINE)
    assert state.is_in_trouble
    assert mended.condition is Condition.READY and not mended.wants_somebody


def test_low_paper_is_no_trouble_for_visitors_and_work_for_the_office():
    watch = PrinterWatch()
    with printer_simulator(fault="paper_low") as printer:
        print_on(watch, printer.address)

    state = watch.state("eingang", TODAY)
    assert not state.is_in_trouble and state.wants_somebody
    assert (state.printed, state.failed) == (1, 0)


def test_slips_are_counted_by_the_day():
    watch = PrinterWatch()
    with printer_simulator() as printer:
        print_on(watch, printer.address)
        print_on(watch, printer.address)
        printer.fault = "paper"
        with pytest.raises(PrinterTrouble):
            print_on(watch, printer.address)

    state, tomorrow = (watch.state("eingang", day) for day in (TODAY, date(2026, 6, 9)))
    assert (state.printed, state.failed) == (2, 1)
    assert (tomorrow.printed, tomorrow.failed) == (0, 0)
    assert tomorrow.condition is Condition.PAPER, "what is wrong stays wrong over night"


def test_a_printer_in_trouble_is_asked_more_often():
    watch = PrinterWatch()
    with printer_simulator() as printer:
        watch.look("eingang", printer.address, NINE)
        assert not watch.is_due("eingang", NINE + timedelta(seconds=20))
        assert watch.is_due("eingang", NINE + timedelta(seconds=30))

        printer.fault = "paper"
        watch.look("eingang", printer.address, NINE)
        assert watch.is_due("eingang", NINE + timedelta(seconds=10))


def test_a_clock_that_is_set_back_stops_no_watch():
    watch = PrinterWatch()
    watch.look("eingang", "", NINE)

    assert watch.is_due("eingang", NINE - timedelta(hours=1))


def test_a_slip_is_under_way_until_it_is_printed_or_not():
    jobs = PrintJobs()
    seen = [jobs.state("one")]
    for printed in (True, False):
        jobs.begin("one")
        seen.append(jobs.state("one"))
        jobs.end("one", printed=printed)
        seen.append(jobs.state("one"))

    under_way = JobState.UNDER_WAY
    assert seen == [JobState.UNKNOWN, under_way, JobState.PRINTED, under_way, JobState.FAILED]


def test_the_oldest_slips_are_forgotten():
    jobs = PrintJobs()
    for number in range(KEPT + 1):
        jobs.begin(str(number))
    jobs.end("0", printed=True)

    assert jobs.state("0") is JobState.UNKNOWN
    assert jobs.state("1") is JobState.UNDER_WAY
