"""What the holder of an appointment takes along: a calendar file, the way on a map, paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar

from queue_server.mail.invitation import calendar_uid
from tests.office import Office
from tests.pages.appointment_steps import book

Visit = Callable[..., BeautifulSoup]


@pytest.fixture
def token(office: Office) -> str:
    token: str = book(office.clerk("Aylin", "schalter-1"))["token"]
    return token


def test_the_page_offers_calendar_map_and_paper(office: Office, visit: Visit, token: str) -> None:
    page = visit(office.visitor(), f"/termin/{token}")

    assert page.select_one(f"a[href='/termin/{token}/termin.ics']") is not None
    [place] = page.select("a[href^='https://www.openstreetmap.org/']")
    assert "query=Marktplatz+1%2C+12345+Musterstadt" in str(place["href"])
    assert place["rel"] == ["noreferrer", "external"]
    [paper] = page.select("button[data-print]")
    assert paper.has_attr("hidden"), "a button only where a script can print"


def test_the_calendar_file_says_when_and_where_but_not_the_code(office: Office, token: str) -> None:
    answer = office.visitor().get(f"/termin/{token}/termin.ics")

    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert 'filename="termin.ics"' in answer.headers["Content-Disposition"]
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["UID"] == calendar_uid(token), "as in the letter, so that it is one entry"
    assert event.start.isoformat() == "2026-06-09T10:00:00+02:00"
    assert event["LOCATION"] == "Rathaus, Marktplatz 1, 12345 Musterstadt"
    assert "Alter Ausweis" in event["DESCRIPTION"] and "E-Mail" not in event["DESCRIPTION"]
    code = office.visitor().get(f"/api/v1/appointments/{token}").json["code"]
    assert code not in answer.text and token not in answer.text


def test_the_calendar_file_speaks_the_language_of_the_page(office: Office, token: str) -> None:
    text = office.visitor().get(f"/termin/{token}/termin.ics?lang=en").text

    assert "SUMMARY:Appointment" in text


def test_without_a_standing_appointment_there_is_no_file(office: Office, token: str) -> None:
    visitor = office.visitor()
    visitor.post(f"/termin/{token}/cancellation")

    assert visitor.get(f"/termin/{token}/termin.ics").location == f"/termin/{token}"
    assert "termin.ics" not in visitor.get(f"/termin/{token}").text
    assert visitor.get("/termin/AAAAAAAAAAAAAAAAAAAAAA/termin.ics").status_code == 404
