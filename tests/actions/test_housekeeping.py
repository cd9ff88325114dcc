"""What the server does by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.actions import desks, housekeeping, staff
from queue_server.domain.errors import NotFound
from queue_server.domain.hours import ALWAYS
from queue_server.domain.ticket import ALIVE, TicketState
from tests.town import MONDAY

TUESDAY = MONDAY + timedelta(days=1)


def test_the_end_of_the_day_ends_every_wait_and_closes_every_desk(town):
    served, called, parked, gone, waiting = (town.draw("Ausweise") for _ in range(5))
    town.call_chosen(parked)
    town.park()
    town.call_chosen(gone)
    town.no_show()
    town.call_chosen(served)
    town.arrive()
    town.open_counter("Schalter 2")
    town.call_chosen(called, "Schalter 2")
    town.set_clock("00:05", TUESDAY)
    # Their pages stand open all night.
    keep_the_desks_open(town)

    town.tidy()

    assert town.ticket(served).state is TicketState.SERVED
    ended = [town.ticket(who).state for who in (called, parked, gone, waiting)]
    assert ended == [TicketState.CANCELLED] * 4
    assert town.session("Schalter 1") is None and town.session("Schalter 2") is None
    assert {e.by for e in town.journal() if e.name == "CounterClosed"} == {"day_end"}


def keep_the_desks_open(town):
    for name in ("Aylin", "Bernd"):
        desks.still_here(town.store, town.clerk(name), now=town.now)


def test_a_day_ends_once_and_costs_nothing_afterwards(town):
    town.draw()
    town.set_clock("00:05", TUESDAY)
    town.tidy()
    told = town.happened()

    town.tidy()

    assert town.happened() == told


def test_today_nobody_is_sent_home_by_the_house_even_after_closing(town):
    who = town.draw()
    town.set_clock("13:00")

    town.tidy()

    assert town.ticket(who).state is TicketState.WAITING


def test_an_office_that_never_closes_keeps_people_and_desks_over_midnight(town):
    town.change(hours=ALWAYS, land="")
    town.set_clock("23:50")
    who = town.draw()
    town.open_counter("Schalter 1")
    town.set_clock("00:05", TUESDAY)

    town.tidy()

    assert town.ticket(who).state is TicketState.WAITING
    assert town.session("Schalter 1")


def test_an_office_that_never_closes_ends_what_was_plainly_forgotten(town):
    town.change(hours=ALWAYS, land="")
    who = town.draw()
    town.set_clock("20:01", TUESDAY)

    town.tidy()

    assert town.ticket(who).state is TicketState.CANCELLED


def test_after_a_night_without_power_the_morning_begins_empty(town):
    who = town.draw()
    town.call_next()
    town.set_clock("08:00", TUESDAY)

    town.tidy()

    assert town.ticket(who).state not in ALIVE
    assert town.session("Schalter 1") is None
    assert town.draw().number == "M 001"


def test_the_house_forgets_request_keys_after_two_days(town):
    first = town.draw(key="touch-1")
    town.set_clock("08:00", MONDAY + timedelta(days=2))
    housekeeping.tidy_records(town.store, now=town.now)
    assert town.draw(key="touch-1") == first

    town.pass_time(seconds=1)
    housekeeping.tidy_records(town.store, now=town.now)

    assert town.draw(key="touch-1") != first


# -- screens ------------------------------------------------------------------------------


def paired(town, role="display", place="wand"):
    code = staff.expect_device(town.store, role, "rathaus", place, now=town.now)
    return staff.pair_device(town.store, code, now=town.now)[0]


def test_a_change_of_a_displays_sound_is_told_once(town):
    display = paired(town)

    housekeeping.report_display(town.store, display, "blocked", now=town.now)
    housekeeping.report_display(town.store, display, None, now=town.now)

    (event,) = town.journal()
    assert (event.name, event.display, event.sound) == ("DisplayReported", "wand", "blocked")


def test_a_kiosk_reports_no_sound(town):
    with pytest.raises(NotFound):
        housekeeping.report_display(
            town.store, paired(town, "kiosk", "eingang"), "running", now=town.now
        )
