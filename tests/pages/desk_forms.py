"""Pressing the desk's buttons without a browser."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.actions import arrivals
from queue_server.domain.ticket import TicketState
from queue_server.store import tickets
from tests.office import Office


def draw(office: Office, *services: str, times: int = 1) -> None:
    """People without appointment come in."""
    site = office.app.extensions["aufruf"].settings.site("rathaus")
    for _ in range(times):
        arrivals.draw_ticket(office.store, site, services, now=office.clock())


def press(client: FlaskClient, path: str, **form: Any) -> BeautifulSoup:
    """Send a form of the desk and look at where it leads: a page again, by way of 303."""
    answer = client.post(f"/desk/{path}", data=form)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.location)
    assert page.status_code == 200, page.text
    return BeautifulSoup(page.text, "html.parser")


def panel(client: FlaskClient) -> Tag:
    found = BeautifulSoup(client.get("/desk/person").text, "html.parser").select_one(".person")
    assert found is not None
    return found


def said(page: BeautifulSoup) -> str:
    """The sentence about what just happened."""
    line = page.select_one("[data-part=said] [role=status] [data-words]")
    return line.get_text(strip=True) if line else ""


def alert(answer: TestResponse) -> str:
    """The sentence of a refusal, on the desk itself."""
    line = BeautifulSoup(answer.text, "html.parser").select_one("[role=alert] [data-words]")
    return line.get_text(strip=True) if line else ""


def state_of(office: Office, ticket: int) -> TicketState:
    with office.store.snapshot() as snapshot:
        return tickets.get(snapshot, "rathaus", ticket).state
