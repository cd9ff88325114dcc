"""The counts of appointments open to the appointments that they count, and to their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.actions import appointments
from queue_server.history.past_appointments import OUTCOMES
from tests.office import Office
from tests.pages.booked_days import by_phone, online, rathaus

Visit = Callable[..., BeautifulSoup]
LIST = "/office/figures/appointments"
DAYS = "from=2026-06-08&to=2026-06-08"


def text(found: Any) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def rows(page: BeautifulSoup) -> list[list[str]]:
    return [[text(c) for c in row.select("th, td")] for row in page.select("tbody tr")]


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    """Three were booked on Monday, one of them online, and one was cancelled; one person came."""
    aylin = office.signed_in("Aylin", "schalter-1")
    gone = by_phone(office, "10:00", name="Erika Muster")
    came = by_phone(office, "08:15", name="Jörg Beispiel")
    online(office, "12:00", day="2026-06-09")
    appointments.cancel_by_token(office.store, rathaus(office), gone.token, now=office.clock())
    checked_in = aylin.post("/api/v1/sites/rathaus/check-ins", json={"code": came.code})
    assert checked_in.status_code == 201
    drawn = aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["kfz"]})
    assert drawn.status_code == 201
    office.clock.pass_time(days=1)
    return office.signed_in("Lea")


def test_every_count_leads_to_as_many_appointments(lea: FlaskClient, visit: Visit) -> None:
    page = visit(lea, f"/office/figures?{DAYS}")

    links = page.select(f"dd a[href^='{LIST}']")
    assert [text(link).split()[1] for link in links][:2] == ["gebucht", "bestätigt"]
    for link in links:
        listed = visit(lea, str(link["href"]))
        assert len(rows(listed)) == int(text(link).split()[0])
    assert "1 abgesagt" in [text(link) for link in links]


def test_an_appointment_tells_what_happened_and_nobody_s_name(
    lea: FlaskClient, visit: Visit
) -> None:
    page = visit(lea, f"{LIST}?{DAYS}&outcome=cancelled")

    ((day, clock, service, events),) = rows(page)
    assert (day, clock, service) == ("Montag, 8. Juni 2026", "10:00", "Wohnsitz anmelden")
    assert "08.06., 08:00 am Platz gebucht" in events
    assert "abgesagt von der Person selbst" in events
    ((*_, events),) = rows(visit(lea, f"{LIST}?{DAYS}&outcome=checked_in"))
    assert events.endswith("eingecheckt 08.06., 08:00 Wartenummer ausgegeben")
    everything = str(visit(lea, f"{LIST}?{DAYS}"))
    assert "Erika" not in everything and "Jörg" not in everything


@pytest.mark.parametrize("outcome", [*OUTCOMES, "", "x", "%00"])
def test_whatever_is_asked_for_there_is_a_page(
    lea: FlaskClient, visit: Visit, outcome: str
) -> None:
    visit(lea, f"{LIST}?{DAYS}&outcome={outcome}&page=99")
    visit(lea, f"{LIST}?from=gestern&outcome={outcome}", status=422)
