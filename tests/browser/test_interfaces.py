"""The page about other systems and the page of the API: accessible, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from queue_server.actions import tokens
from queue_server.store import deliveries
from tests.browser.conftest import DRAWN, Screens
from tests.office import Server

Axe = Callable[[Page], list[str]]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PHONE, SCREEN = (320, 640), (1366, 768)


def test_the_api_can_be_read_by_everybody_on_any_screen(
    server: Server, screens: Screens, axe: Axe
) -> None:
    page = screens.open("/api/docs", *PHONE)
    assert page.evaluate(WIDER) <= 0
    page.set_viewport_size({"width": SCREEN[0], "height": SCREEN[1]})
    page.evaluate(DRAWN)

    page.get_by_role("link", name="POST /api/v1/sites/{site}/tickets").press("Enter")

    expect(page.locator("#tickets_draw_ticket")).to_be_in_viewport()
    assert axe(page) == [] and page.evaluate(WIDER) <= 0


def test_messages_and_programs_are_shown_without_cutting_anything_off(
    server: Server, screens: Screens, axe: Axe
) -> None:
    now = datetime.now(UTC)
    with server._store() as store:
        tokens.add(store, "Anbindung an die elektronische Akte " + "w" * 20, "rathaus", "clerk",
                   now=now)  # fmt: skip
        with store.transaction() as tx:
            deliveries.add(tx, "hook", "rathaus", 1, "AppointmentConfirmed", "{}", now)
    page = screens.desk("Lea", *SCREEN)

    for width, height in (SCREEN, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{server.url}/office/interfaces")
        expect(page.get_by_role("cell", name="Termin bestätigt")).to_be_visible()
        assert axe(page) == [] and page.evaluate(WIDER) <= 0
