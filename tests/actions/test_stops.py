"""The forecast stops and opens, clerks go before it, and nothing is written without a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from queue_server.actions import stops
from queue_server.domain.errors import BadRequest, NotFound, NotIssuing
from queue_server.domain.events import TicketStopSet
from queue_server.queries.stops import Issuing, issuing
from tests.town import MONDAY, Town, moment

LATE, EARLY, BETWEEN = "12:20", "11:00", "12:12"


@dataclass(frozen=True)
class Told:
    """A forecast, as far as it is asked."""

    ends: Mapping[str, datetime | None]


def follow(town: Town, **clocks: str | None) -> bool:
    """The forecast says that the work for these services ends then."""
    told = {id: moment(town.today, clock) if clock else None for id, clock in clocks.items()}
    return stops.follow_forecast(town.store, town.site(), Told(told), town.now)


def stop(town: Town, service: str = "*", reason: str = "Andrang") -> None:
    aylin = town.clerk("Aylin").id
    stops.stop(town.store, town.site(), aylin, service, reason=reason, now=town.now)


def open_again(town: Town, service: str = "*", reason: str = "Verstärkung da") -> None:
    aylin = town.clerk("Aylin").id
    stops.open_again(town.store, town.site(), aylin, service, reason=reason, now=town.now)


def automatic(town: Town, service: str = "*") -> None:
    stops.automatic(town.store, town.site(), town.clerk("Aylin").id, service, now=town.now)


def given(town: Town) -> Issuing:
    with town.store.snapshot() as snapshot:
        return issuing(snapshot, town.site(), town.now)


def gives(town: Town, service: str) -> bool:
    return given(town).refusal_for(service) is None


def said(town: Town) -> list[tuple[str, str, str]]:
    """Service, mode and who of every stop in the journal."""
    return [
        (event.service, event.mode, event.by)
        for event in town.journal()
        if isinstance(event, TicketStopSet)
    ]


@pytest.mark.parametrize(("clock", "is_asked"), [("08:14", False), ("08:15", True)])
def test_the_forecast_is_not_asked_while_the_counters_open_one_after_the_other(
    town, clock, is_asked
):
    town.set_clock(clock)

    assert stops.wants_forecast(town.store, town.site(), town.now) is is_asked


# -- the forecast ------------------------------------------------------------------------------


def test_the_forecast_stops_a_service_and_the_journal_says_until_when_the_work_lasts(town):
    assert follow(town, kfz=LATE, meldewesen=EARLY)

    assert (gives(town, "kfz"), gives(town, "meldewesen")) == (False, True)
    (event,) = town.journal()
    assert (event.service, event.mode, event.by) == ("kfz", "stopped", "forecast")
    assert event.work_ends_at == moment(MONDAY, LATE)
    with pytest.raises(NotIssuing) as refused:
        town.draw("Kfz")
    assert refused.value.facts["ends_at"] == moment(MONDAY, LATE)


def test_it_opens_again_and_in_between_nothing_changes(town):
    follow(town, kfz=LATE)

    assert not follow(town, kfz=BETWEEN)
    assert not gives(town, "kfz")
    assert follow(town, kfz=EARLY)
    assert gives(town, "kfz")
    assert said(town) == [("kfz", "stopped", "forecast"), ("kfz", "open", "forecast")]


def test_where_nothing_changes_nothing_is_written(town):
    follow(town, kfz=LATE, ausweise=EARLY)
    before, heard = town.board().version, len(town.heard)

    for _ in range(3):
        assert not follow(town, kfz=LATE, ausweise=EARLY, meldewesen=None)

    assert (town.board().version, len(town.heard)) == (before, heard)


def test_without_an_open_counter_the_forecast_stops_nothing(town):
    assert not follow(town, kfz=None)
    assert town.draw("Kfz")


def test_a_closed_office_has_nothing_to_stop(town):
    town.set_clock("13:00")

    assert not follow(town, kfz="19:00")
    assert not stops.wants_forecast(town.store, town.site(), town.now)


def test_switched_off_the_forecast_stops_nothing_and_what_it_stopped_is_open(town):
    follow(town, kfz=LATE)
    town.change(tickets=replace(town.site().tickets, forecast_stop=False))

    assert town.draw("Kfz")
    assert not follow(town, ausweise=LATE)
    assert not stops.wants_forecast(town.store, town.site(), town.now)


def test_the_next_morning_everything_is_open(town):
    follow(town, kfz=LATE)
    stop(town, "ausweise")
    town.set_clock("08:00", day=MONDAY + timedelta(days=1))

    assert town.draw("Kfz") and town.draw("Ausweise")


def test_the_afternoon_has_a_closing_time_of_its_own(town):
    thursday = MONDAY + timedelta(days=3)
    town.set_clock("11:00", day=thursday)
    follow(town, kfz=LATE)
    town.set_clock("14:00", day=thursday)

    assert gives(town, "kfz")
    assert not follow(town, kfz="17:00")
    assert follow(town, kfz="18:30")


def test_other_hours_of_the_day_move_the_limit(town):
    town.decide_day(MONDAY, "08:00-10:00")

    assert follow(town, kfz="10:20")


def test_appointments_are_checked_in_whatever_is_stopped(town):
    appointment = town.booked("Kfz")
    stop(town)

    assert town.check_in(appointment)


# -- clerks ------------------------------------------------------------------------------------


def test_a_clerk_stops_everything_with_a_reason(town):
    stop(town, reason=" Wasserschaden. ")

    with pytest.raises(NotIssuing) as refused:
        town.draw()
    assert refused.value.facts["reason"] == "Wasserschaden"
    event, turned_away = town.journal()
    assert (turned_away.name, turned_away.reason) == ("TicketRefused", "stopped")
    assert (event.service, event.mode, event.by) == ("*", "stopped", "clerk")
    assert (event.reason, event.clerk) == ("Wasserschaden", town.clerk("Aylin").id)


def test_the_forecast_does_not_open_what_a_clerk_has_stopped_nor_the_other_way_round(town):
    stop(town, "kfz")
    open_again(town, "ausweise")

    follow(town, kfz=EARLY, ausweise=LATE)

    assert (gives(town, "kfz"), gives(town, "ausweise")) == (False, True)


def test_taken_back_the_forecast_counts_that_was_made_meanwhile(town):
    open_again(town, "kfz")
    follow(town, kfz=LATE)

    automatic(town, "kfz")

    assert not gives(town, "kfz")


def test_a_word_about_all_ends_what_was_said_of_single_services(town):
    open_again(town, "kfz")

    stop(town, "*")

    assert not gives(town, "kfz")
    open_again(town, "kfz")
    assert gives(town, "kfz") and not gives(town, "ausweise")


def test_taking_all_back_takes_everything_back(town):
    stop(town, "*")
    open_again(town, "kfz")

    automatic(town)

    assert all(each.said is None for each in given(town).services)
    assert town.draw("Ausweise")


def test_the_same_word_twice_is_once(town):
    for _ in range(2):
        stop(town, "kfz")
        stop(town, "*")
    for _ in range(2):
        automatic(town)

    modes = [(service, mode) for service, mode, _ in said(town)]
    assert modes == [
        ("kfz", "stopped"), ("*", "stopped"), ("kfz", "stopped"), ("*", "stopped"),
        ("*", "automatic"),
    ]  # fmt: skip
    stop(town, "*")
    version = town.board().version
    stop(town, "*")
    assert town.board().version == version


def test_another_reason_is_another_word(town):
    stop(town, reason="Andrang")
    stop(town, reason="Krankheit")

    assert given(town).said.reason == "Krankheit"
    assert len(said(town)) == 2


@pytest.mark.parametrize("verb", [stop, open_again])
def test_without_a_reason_nothing_is_stopped_or_opened(town, verb):
    with pytest.raises(BadRequest):
        verb(town, reason=" ")

    assert town.journal() == []


@pytest.mark.parametrize("verb", [stop, open_again, automatic])
def test_what_gives_no_numbers_can_not_be_stopped(town, verb):
    town.change_service("Kfz", walk_in=False)

    for service in ("kfz", "fischerei"):
        with pytest.raises(NotFound):
            verb(town, service)
    assert town.journal() == []


def test_another_site_goes_on(town):
    stop(town)
    follow(town, kfz=LATE)

    assert town.draw("Kfz", site="nordend")
    assert town.board("nordend").issuing


def test_the_board_says_that_there_are_no_numbers_and_why(town):
    assert town.board().issuing

    stop(town, reason="Wasserschaden")

    board = town.board()
    assert not board.issuing
    assert board.refusal.facts["reason"] == "Wasserschaden"
