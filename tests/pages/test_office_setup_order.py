"""Services, counters and pages change places on the office's pages, by keyboard and in the file."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.office import Office
from tests.pages.setup_forms import KFZ, Visit, change, filled, save, send, settings, words_of

SERVICES = "/office/setup/services"


def listed(page: BeautifulSoup) -> list[str]:
    return [str(each["value"]) for each in page.select("[name=order]")]


def press(client: FlaskClient, page: BeautifulSoup, way: str, id: str) -> BeautifulSoup:
    """One of the buttons beside an entry."""
    assert page.select_one(f"button[name={way}][value={id}]") is not None
    return send(client, SERVICES, {**filled(page), way: id})


def focused(page: BeautifulSoup) -> list[tuple[str, str]]:
    return [(str(each["name"]), str(each["value"])) for each in page.select("[autofocus]")]


def order_of(office: Office) -> list[str]:
    return [service.id for service in settings(office).site("rathaus").services]


def test_a_service_moves_step_by_step_and_nothing_is_written_before_it_was_looked_at(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    before, first = settings(office).text, order_of(office)
    page = visit(lea, SERVICES)
    assert listed(page) == first and not page.select("[value=check]")

    for _ in first[:-1]:
        page = press(lea, page, "up", first[-1])
    assert listed(page) == [first[-1], *first[:-1]]
    assert "noch nicht gespeichert" in words_of(page)
    assert settings(office).text == before
    look = send(lea, SERVICES, {**filled(page), "step": "check"})
    save(lea, SERVICES, look)

    assert order_of(office) == [first[-1], *first[:-1]]
    listing = words_of(visit(lea, "/office/changes"))
    assert "Lea" in listing and "site.rathaus.service" in listing


def test_moved_down_and_up_again_there_is_nothing_to_save(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    before, first = settings(office).text, order_of(office)[0]
    page = press(lea, press(lea, visit(lea, SERVICES), "down", first), "up", first)

    assert not page.select("[value=check]")
    send(lea, SERVICES, {**filled(page), "step": "check"}, 303)
    assert settings(office).text == before


def test_the_button_that_was_pressed_keeps_the_focus_and_at_the_end_the_other_one(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    first, second, *_ = order_of(office)

    page = press(lea, visit(lea, SERVICES), "down", first)
    assert focused(page) == [("down", first)]
    page = press(lea, page, "up", first)
    assert focused(page) == [("down", first)], "there is nothing above the first"
    assert focused(press(lea, page, "up", second)) == [("down", second)]


def test_of_two_who_change_the_list_the_second_looks_again_and_loses_nothing(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    moved = press(lea, visit(lea, SERVICES), "down", order_of(office)[0])
    new = f"{SERVICES}/_new"
    look = change(lea, visit, new, id="hunde", name="Hund anmelden", group="H", minutes="5")
    save(lea, new, look)

    again = send(lea, SERVICES, {**filled(moved), "step": "save"}, 409)

    assert "Inzwischen hat sich config.toml geändert" in words_of(again)
    save(lea, SERVICES, again)
    assert order_of(office) == [*listed(moved), "hunde"]


@pytest.mark.parametrize("part", ["counters", "pages"])
def test_counters_and_pages_have_an_order_too(
    office: Office, lea: FlaskClient, visit: Visit, part: str
) -> None:
    path, new = f"/office/setup/{part}", "/office/setup/pages/_new"
    for words in ("eins", "zwei", "drei"):
        save(lea, new, change(lea, visit, new, text=words))
    page = visit(lea, path)
    there = listed(page)
    moved = send(lea, path, {**filled(page), "down": there[0]})

    save(lea, path, send(lea, path, {**filled(moved), "step": "check"}))

    site = settings(office).site("rathaus")
    if part == "pages":
        assert [each.text for each in site.pages] == ["zwei", "eins", "drei"]
    else:
        assert [each.id for each in site.counters] == [there[1], there[0], *there[2:]]


HOSTILE: list[dict[str, Any]] = [
    {"order": ["x", "", "kfz", "kfz"], "up": "x"},
    {"order": [], "down": "../kfz"},
    {"up": "\x00", "down": "\x1b"},
    {"order": ["kfz"] * 500, "down": "kfz"},
]


@pytest.mark.parametrize("fields", HOSTILE)
def test_whatever_is_sent_every_service_stands_there_once(
    office: Office, lea: FlaskClient, visit: Visit, fields: dict[str, Any]
) -> None:
    base = filled(visit(lea, KFZ))["base"]

    page = send(lea, SERVICES, {**fields, "base": base})

    assert sorted(listed(page)) == sorted(order_of(office))


def test_a_list_without_an_order_of_its_own_takes_none(lea: FlaskClient) -> None:
    assert lea.post("/office/setup/kiosks", data={"up": "eingang"}).status_code == 404
