"""May a walk-in draw a number now?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from queue_server.domain.errors import NotIssuing
from queue_server.domain.site import TicketRules
from queue_server.domain.ticket_stop import check_issuing, site_refusal
from queue_server.opening import planned_days
from tests.town import MONDAY, moment, rathaus

RATHAUS = rathaus()
MELDEWESEN = RATHAUS.service("meldewesen")
DAYS = planned_days(RATHAUS)


def issue(clock="09:00", day=MONDAY, service=MELDEWESEN, issued=0):
    check_issuing(RATHAUS, (service,), lambda id: issued, DAYS, moment(day, clock))


def refusal(*args, **kwargs) -> dict[str, object]:
    with pytest.raises(NotIssuing) as refused:
        issue(*args, **kwargs)
    return refused.value.facts


def test_numbers_are_issued_while_the_office_is_open():
    issue("08:00")
    issue("11:44")


def test_issuing_stops_before_closing_and_says_when_it_opens_again():
    tuesday = moment(date(2026, 3, 3), "08:00")

    facts = refusal("11:45")

    assert (facts["why"], facts["opens_at"]) == ("closing", tuesday)
    assert facts["closes_at"] == moment(MONDAY, "12:00")


@pytest.mark.parametrize("clock", ["07:59", "12:00", "23:00"])
def test_a_closed_office_issues_nothing_and_says_when_it_opens(clock):
    facts = refusal(clock)

    assert facts["why"] == "closed"
    assert facts["opens_at"] > moment(MONDAY, clock)


def test_a_holiday_is_closed():
    good_friday = date(2026, 4, 3)

    assert refusal(day=good_friday)["why"] == "closed"


def test_an_office_that_stops_at_the_last_minute_issues_until_then():
    open_to_the_end = replace(RATHAUS, tickets=TicketRules(stop_before_close_minutes=0))

    def refused(clock):
        return site_refusal(open_to_the_end, lambda id: 0, DAYS, moment(MONDAY, clock))

    assert refused("11:59") is None
    assert refused("12:00").facts["why"] == "closed"


def test_a_used_up_quota_names_the_service():
    scarce = replace(MELDEWESEN, daily_quota=5)

    issue(service=scarce, issued=4)

    assert refusal(service=scarce, issued=5) == {"why": "quota", "service": "Meldewesen"}


def test_a_service_without_a_quota_is_never_counted():
    issue(issued=10_000)


def test_a_service_by_appointment_only_gives_no_numbers():
    by_appointment = replace(MELDEWESEN, walk_in=False)

    assert refusal(service=by_appointment)["why"] == "not_walk_in"
