"""When the numbers stop: too much work for the day, or a clerk's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadRequest, NotIssuing
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import Site, TicketRules
from queue_server.domain.ticket_stop import (
    CLERK,
    FORECAST,
    LONGEST_REASON,
    Stop,
    Stops,
    check_issuing,
    checked_reason,
    must_stop,
    site_refusal,
    standing,
)
from queue_server.opening import planned_days
from tests.town import MONDAY, moment, rathaus

RATHAUS = rathaus()
DAYS = planned_days(RATHAUS)
RULES = TicketRules(allowed_overtime_minutes=15)
NOON = moment(MONDAY, "12:00")
TEN = moment(MONDAY, "10:00")
THURSDAY = MONDAY + timedelta(days=3)
minutes = st.integers(min_value=-300, max_value=300)


def at(offset: int) -> datetime:
    """So many minutes after closing."""
    return NOON + timedelta(minutes=offset)


def word(service: str = "*", *, is_stopped: bool = True, reason: str = "Andrang") -> Stop:
    return Stop(service, CLERK, is_stopped, TEN, reason)


def forecast(service: str, since: datetime = TEN) -> Stop:
    return Stop(service, FORECAST, True, since, work_ends_at=at(20))


def refusal(*some: Stop, service="meldewesen", clock="10:00", issued=0, site: Site = RATHAUS):
    """Why there is no number for this service; None when there is one."""
    try:
        check_issuing(
            site, (site.service(service),), lambda id: issued, planned_days(site),
            moment(MONDAY, clock), Stops(some),
        )  # fmt: skip
    except NotIssuing as refused:
        return refused.facts
    return None


# -- the forecast ------------------------------------------------------------------------------


@pytest.mark.parametrize(("ends", "stops"), [(0, False), (15, False), (16, True), (90, True)])
def test_numbers_stop_when_work_would_end_after_closing_and_the_allowed_overtime(ends, stops):
    assert must_stop(False, at(ends), NOON, RULES) is stops


@pytest.mark.parametrize(("ends", "stops"), [(16, True), (11, True), (10, False), (-60, False)])
def test_they_begin_again_when_it_would_end_five_minutes_sooner_than_that(ends, stops):
    assert must_stop(True, at(ends), NOON, RULES) is stops


@pytest.mark.parametrize("was", [True, False])
def test_without_a_forecast_all_stays_as_it_is(was):
    assert must_stop(was, None, NOON, RULES) is was


@given(was=st.booleans(), sooner=minutes, later=minutes)
def test_more_work_never_opens_what_less_work_has_stopped(was, sooner, later):
    first, last = sorted((sooner, later))

    assert must_stop(was, at(first), NOON, RULES) <= must_stop(was, at(last), NOON, RULES)


@given(ends=minutes, was=st.booleans())
def test_the_same_forecast_again_changes_nothing_any_more(ends, was):
    once = must_stop(was, at(ends), NOON, RULES)

    assert must_stop(once, at(ends), NOON, RULES) is once


@given(middle=minutes, wobbles=st.lists(st.integers(min_value=-2, max_value=2), max_size=30))
def test_a_forecast_that_wobbles_by_two_minutes_changes_its_mind_at_most_once(middle, wobbles):
    state, changes = must_stop(False, at(middle), NOON, RULES), 0
    for wobble in wobbles:
        wanted = must_stop(state, at(middle + wobble), NOON, RULES)
        changes, state = changes + (wanted is not state), wanted

    assert changes <= 1


# -- a clerk's word ----------------------------------------------------------------------------


def test_a_clerk_stops_one_service_and_the_others_go_on():
    stopped = word("kfz")

    assert refusal(stopped, service="meldewesen") is None
    facts = refusal(stopped, service="kfz")
    assert (facts["why"], facts["service"], facts["by"]) == ("stopped", "Kfz", "clerk")
    assert facts["reason"] == "Andrang"


def test_a_clerks_word_goes_before_the_forecasts():
    assert refusal(forecast("kfz"), service="kfz")["by"] == "forecast"
    assert refusal(forecast("kfz"), word("kfz", is_stopped=False), service="kfz") is None
    assert refusal(forecast("kfz"), word("kfz"), service="kfz")["by"] == "clerk"


def test_a_word_about_one_service_goes_before_one_about_all():
    words = word("*"), word("kfz", is_stopped=False)

    assert refusal(*words, service="kfz") is None
    assert refusal(*words, service="meldewesen")["why"] == "stopped"


def test_opened_by_hand_numbers_are_given_out_after_the_quota_and_before_closing():
    scarce = replace(RATHAUS, services=(replace(RATHAUS.service("kfz"), daily_quota=1),))
    opened = word("kfz", is_stopped=False)

    assert refusal(service="kfz", issued=1, site=scarce)["why"] == "quota"
    assert refusal(opened, service="kfz", issued=1, site=scarce) is None
    assert refusal(service="kfz", clock="11:50")["why"] == "closing"
    assert refusal(opened, service="kfz", clock="11:50") is None


@pytest.mark.parametrize("clock", ["07:59", "12:00"])
def test_opened_by_hand_a_closed_office_is_still_closed(clock):
    assert refusal(word(is_stopped=False), clock=clock)["why"] == "closed"


def test_what_is_by_appointment_only_is_not_opened_by_a_word():
    booked = replace(RATHAUS, services=(replace(RATHAUS.service("kfz"), walk_in=False),))

    assert refusal(word(is_stopped=False), service="kfz", site=booked)["why"] == "not_walk_in"


def test_after_a_clerks_stop_numbers_come_back_on_another_day():
    thursday_ten = moment(THURSDAY, "10:00")

    def opens_again(stop: Stop) -> object:
        found = site_refusal(RATHAUS, lambda id: 0, DAYS, thursday_ten, Stops([stop, *rest]))
        return found.facts["opens_at"]

    rest = [forecast(id) for id in ("meldewesen", "ausweise")]
    assert opens_again(forecast("kfz")) == moment(THURSDAY, "14:00")
    rest = []
    assert opens_again(word()) == moment(THURSDAY + timedelta(days=1), "08:00")


def test_an_office_that_is_always_open_gives_numbers_again_from_midnight():
    always = replace(RATHAUS, hours=ALWAYS)

    facts = refusal(word(), site=always)

    assert facts["opens_at"] == moment(MONDAY + timedelta(days=1), "00:00")


# -- the site as a whole -----------------------------------------------------------------------


def whole(*some: Stop, clock="10:00", issued=0, site: Site = RATHAUS):
    now = moment(MONDAY, clock)
    found = site_refusal(site, lambda id: issued, planned_days(site), now, Stops(some))
    return found.facts if found else None


def test_a_site_gives_out_numbers_while_there_is_one_for_anybody():
    assert whole(word("kfz"), forecast("ausweise")) is None
    assert whole(word("*"), word("kfz", is_stopped=False)) is None


def test_when_everything_is_stopped_the_site_says_why_and_names_no_service():
    facts = whole(word("*", reason="Wasserschaden"))

    assert (facts["why"], facts["reason"]) == ("stopped", "Wasserschaden")
    assert "service" not in facts


def test_several_reasons_at_once_are_no_reason():
    stops = [word("kfz", reason="A"), word("ausweise", reason="B"), forecast("meldewesen")]

    facts = whole(*stops)

    assert (facts["why"], facts["by"], facts["reason"]) == ("stopped", "clerk", "")


def test_quotas_used_up_everywhere_close_the_site_too():
    scarce = tuple(replace(each, daily_quota=1) for each in RATHAUS.services)

    assert whole(issued=1, site=replace(RATHAUS, services=scarce)) == {"why": "quota"}


def test_a_site_by_appointment_only_is_as_its_hours_say():
    booked = tuple(replace(each, walk_in=False) for each in RATHAUS.services)
    site = replace(RATHAUS, services=booked)

    assert whole(site=site) is None
    assert whole(site=site, clock="12:00")["why"] == "closed"


def test_only_quotas_that_matter_are_counted():
    scarce = replace(RATHAUS.service("kfz"), daily_quota=1)
    site = replace(RATHAUS, services=(scarce, RATHAUS.service("meldewesen")))

    def forbidden(service: str) -> int:
        raise AssertionError(f"{service} was counted")

    assert site_refusal(site, forbidden, DAYS, TEN) is None


# -- what still holds --------------------------------------------------------------------------


def test_the_forecast_of_the_morning_says_nothing_in_the_afternoon():
    of_the_morning = forecast("kfz", since=moment(THURSDAY, "11:00"))

    def said_at(clock: str) -> Stop | None:
        return standing([of_the_morning], RATHAUS, DAYS, moment(THURSDAY, clock)).of("kfz")

    assert said_at("11:30") == of_the_morning
    assert said_at("13:00") is None
    assert said_at("14:00") is None


def test_a_clerks_word_of_the_morning_holds_in_the_afternoon():
    found = standing([word("kfz")], RATHAUS, DAYS, moment(THURSDAY, "15:00"))

    assert found.of("kfz") == word("kfz")


def test_a_forecast_that_is_switched_off_says_nothing():
    off = replace(RATHAUS, tickets=replace(RATHAUS.tickets, forecast_stop=False))

    assert standing([forecast("kfz")], off, DAYS, TEN).of("kfz") is None


# -- the reason --------------------------------------------------------------------------------


def test_a_reason_is_one_line_without_a_full_stop():
    assert checked_reason("  Viele\n krank. ") == "Viele krank"


@pytest.mark.parametrize(
    ("reason", "problem"), [("", "missing"), (" . ", "missing"), ("x" * 121, "too_long")]
)
def test_a_reason_is_needed_and_short(reason, problem):
    with pytest.raises(BadRequest) as refused:
        checked_reason(reason)

    assert refused.value.facts["errors"][0][:2] == ("reason", problem)
    assert checked_reason("x" * LONGEST_REASON)
