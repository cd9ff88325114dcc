"""Whoever gets no number now is offered the first appointment, on whatever day that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.actions import days
from queue_server.domain.hours import Hours, Span, SpecialDay
from queue_server.store import identities
from tests.api.bookings import furnish
from tests.api.endpoints import API, DRAW
from tests.api.problems import problem
from tests.office import Office

TODAY, TOMORROW = date(2026, 6, 8), date(2026, 6, 9)
TEN_TO_TWELVE = (Span(10 * 60, 12 * 60),)


def refusal(kiosk: FlaskClient, site: str = "rathaus", **change: Any) -> dict[str, Any]:
    answer = kiosk.post(f"{API}/sites/{site}/tickets", json={**DRAW, **change})
    return problem(answer, 409, "not_issuing")


@pytest.fixture
def closed_today(office: Office) -> Office:
    """Closed today; tomorrow from ten to twelve only."""
    furnish(office, special_days=(SpecialDay(TODAY), SpecialDay(TOMORROW, TEN_TO_TWELVE)))
    return office


def test_on_a_closed_special_day_the_next_open_one_is_offered(closed_today: Office) -> None:
    refused = refusal(closed_today.kiosk())

    assert refused["why"] == "closed"
    assert refused["next_slot"] == {
        "start": "2026-06-09T10:00:00+02:00",
        "end": "2026-06-09T10:15:00+02:00",
    }


def test_the_offer_is_long_enough_for_everybody_who_comes(closed_today: Office) -> None:
    slot = refusal(closed_today.kiosk(), persons=5)["next_slot"]

    assert slot["end"] == "2026-06-09T11:15:00+02:00"


def test_what_the_desk_decided_counts(closed_today: Office) -> None:
    site = closed_today.app.extensions["aufruf"].settings.site("rathaus")
    with closed_today.store.snapshot() as snapshot:
        lea = identities.clerk_named(snapshot, "Lea")
    assert lea is not None
    days.decide_day(closed_today.store, site, TOMORROW, (), clerk=lea.id, now=closed_today.clock())

    assert refusal(closed_today.kiosk())["next_slot"]["start"] == "2026-06-10T00:00:00+02:00"


def test_a_public_holiday_is_passed_over(office: Office) -> None:
    # Assumption Day, 15 August, is one in Saarland.
    furnish(office, land="SL", special_days=(SpecialDay(date(2026, 8, 14)),))
    office.clock.pass_time(days=67)

    assert refusal(office.kiosk())["next_slot"]["start"] == "2026-08-16T00:00:00+02:00"


def test_the_offer_keeps_the_lead_time(office: Office) -> None:
    # Nordend closes at noon; at half past eleven its last number is given.
    office.clock.pass_time(hours=3, minutes=50)

    slot = refusal(office.kiosk("nordend-kiosk"), "nordend")["next_slot"]

    assert slot["start"] == "2026-06-15T08:00:00+02:00"


def test_without_any_free_time_nothing_is_offered(office: Office) -> None:
    furnish(office, hours=Hours(days=((),) * 7))

    assert refusal(office.kiosk())["next_slot"] is None


def test_for_what_can_not_be_booked_nothing_is_offered(closed_today: Office) -> None:
    services = closed_today.app.extensions["aufruf"].settings.site("rathaus").services
    furnish(closed_today, services=tuple(replace(each, bookable=False) for each in services))

    assert refusal(closed_today.kiosk())["next_slot"] is None
