"""The figures in a real browser: accessible in both schemes, nothing cut off on a phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import SMALL
from tests.browser.test_office import width_of
from tests.office import ZONE, Server

Axe = Callable[[Page], list[str]]


def yesterday_was_busy(server: Server) -> None:
    """Forty people, each of whom waited for a quarter of an hour and was served for ten minutes."""
    nine = datetime.now(ZONE).replace(hour=9, minute=0) - timedelta(days=1)
    with server._store() as store, store.transaction() as tx:
        for ticket in range(9_000, 9_040):
            came = round(nine.timestamp() * 1000) + (ticket - 9_000) * 240_000
            services = ["meldewesen" if ticket % 3 else "kfz"]
            issued = {"number": "M 001", "kind": "walk_in", "services": services}
            happened(tx, "TicketIssued", came, ticket, issued)
            for minutes, name in ((15, "Called"), (16, "Arrived"), (26, "Finished")):
                said = {"call": ticket, "reason": "arrival"} if name == "Called" else {}
                happened(tx, f"Ticket{name}", came + minutes * 60_000, ticket, said)


def happened(tx, name: str, at: int, ticket: int, data: dict) -> None:  # type: ignore[no-untyped-def, type-arg]
    tx.write(
        """INSERT INTO journal (at, site, name, ticket, counter, clerk, data)
           VALUES (:at, 'rathaus', :name, :ticket, 'schalter-1', 1, :data)""",
        {"at": at, "name": name, "ticket": ticket, "data": json.dumps(data)},
    )


def figures(screens: Screens, width: int = SMALL["width"], query: str = "") -> Page:
    yesterday_was_busy(screens.server)
    page = screens.desk("Lea", width, SMALL["height"])
    page.goto(f"{screens.server.url}/office/figures{query}")
    return page


def test_the_figures_are_asked_for_by_keyboard_and_taken_home(screens: Screens) -> None:
    page = figures(screens)
    expect(page.get_by_role("heading", name="Gestern: 40 Besuche")).to_be_visible()

    page.get_by_label("Zeilen").select_option("Anliegen")
    page.get_by_label("Zeilen").press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("row", name="Bewohnerparkausweis")).to_contain_text("15,0")
    with page.expect_download() as download:
        page.get_by_role("link", name="Als CSV-Datei").press("Enter")
    assert download.value.suggested_filename.startswith("aufruf-rathaus-service-")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [SMALL["width"], 320])
def test_the_figures_are_accessible(screens: Screens, axe: Axe, scheme: str, width: int) -> None:
    page = figures(screens, width, "?by=day")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    assert axe(page) == []
    assert width_of(page) == width


def test_the_overview_still_fits_on_one_screen_with_yesterday_on_it(screens: Screens) -> None:
    page = figures(screens)

    page.get_by_role("link", name="Überblick").click()

    expect(page.get_by_text("Gestern: 40 Besuche")).to_be_visible()
    expect(page.locator("html[data-link=up]")).to_be_attached()
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_every_place_of_the_frame_can_be_pressed_with_a_finger(screens: Screens) -> None:
    page = figures(screens, 320)

    tabs = page.locator("nav[aria-label=Leitung] a").all()

    assert len(tabs) >= 6
    for tab in tabs:
        box = tab.bounding_box()
        assert box is not None and box["height"] >= 44 and box["x"] + box["width"] <= 320


def test_on_paper_every_column_of_the_figures_has_room(screens: Screens) -> None:
    page = figures(screens, 720, "?by=service")
    page.emulate_media(media="print")

    expect(page.locator(".figures__form")).to_be_hidden()
    expect(page.get_by_role("link", name="Als CSV-Datei")).to_be_hidden()
    expect(page.locator(".heat td").first).to_be_visible()
    assert width_of(page) == 720


def test_the_visits_behind_a_figure_are_opened_by_keyboard_and_accessible(
    screens: Screens, axe: Axe
) -> None:
    page = figures(screens, 320, "?by=service")

    page.get_by_role("link", name="Bewohnerparkausweis").press("Enter")

    expect(page.get_by_role("heading", name="Besuche")).to_be_visible()
    expect(page.get_by_text("14 Besuche")).to_be_visible()
    assert axe(page) == []
    assert width_of(page) == 320
