"""Filling in, looking at and saving the forms that set the office up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.settings import Settings
from tests.office import Office
from tests.pages.conftest import inspect_page

Visit = Callable[..., BeautifulSoup]
KFZ = "/office/setup/services/kfz"


def settings(office: Office) -> Settings:
    found: Settings = office.app.extensions["aufruf"].settings
    return found


def words_of(page: BeautifulSoup) -> str:
    return " ".join(page.main.get_text(" ").split())


def filled(page: BeautifulSoup) -> dict[str, Any]:
    """The first form of a page, as a browser would send it."""
    fields: dict[str, Any] = {}
    form = page.select_one("form[data-once]")
    assert form is not None
    for box in form.select("input, textarea, select"):
        if box.get("type") in ("checkbox", "radio") and not box.has_attr("checked"):
            continue
        value = box.get("value", "") if box.name == "input" else box.text.removeprefix("\n")
        if box.name == "select":
            value = box.select_one("option[selected]")["value"]
        fields.setdefault(str(box["name"]), []).append(value)
    return fields


def change(
    client: FlaskClient,
    visit: Visit,
    path: str,
    step: str = "check",
    status: int = 200,
    **more: Any,
) -> BeautifulSoup:
    """Open the form, fill these fields in, and send it."""
    return send(client, path, {**filled(visit(client, path)), **more, "step": step}, status)


def send(
    client: FlaskClient, path: str, fields: dict[str, Any], status: int = 200
) -> BeautifulSoup:
    answer = client.post(path, data=fields)
    assert answer.status_code == status, answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    if status != 303:
        inspect_page(page)
    return page


def save(
    client: FlaskClient, path: str, look: BeautifulSoup, status: int = 303, **more: Any
) -> Any:
    """Press "Speichern" on the page that shows what a change means."""
    return send(client, path, {**filled(look), **more, "step": "save"}, status)


def book_erika(client: FlaskClient) -> str:
    """Erika Muster books by phone for Tuesday at ten; her appointment's token."""
    booked = client.post(
        "/api/v1/sites/rathaus/appointments",
        json={"services": ["kfz"], "persons": 1, "start": "2026-06-09T10:00:00+02:00",
              "name": "Erika Muster", "phone": "0170 1", "language": "de"},
    )  # fmt: skip
    assert booked.status_code == 201, booked.text
    return str(booked.json["token"])
