"""What tests of the holder's appointment do again and again."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.pages.booking_forms import words_of

START = "2026-06-09T10:00:00+02:00"
LATER = "2026-06-10T11:30:00+02:00"


def book(clerk: FlaskClient, start: str = START, **more: Any) -> dict[str, Any]:
    body = {"services": ["ausweise"], "start": start, "name": "Erika Mustermann", **more}
    answer = clerk.post("/api/v1/sites/rathaus/appointments", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def chosen_day(page: BeautifulSoup) -> str:
    return words_of(page.select_one(".day [aria-current] .place__name"))
