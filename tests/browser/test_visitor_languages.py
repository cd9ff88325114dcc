"""The other languages on a visitor's page: in a row, or behind one button where it is narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.booking_steps import booking_server, tab_to
from tests.browser.conftest import Screens
from tests.office import Server

Axe = Callable[[Page], list[str]]
PHONE = (320, 700)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = booking_server(tmp_path_factory.mktemp("office"))
    yield server
    server.close()


def opener(page: Page, name: str = "Sprache: Deutsch") -> Locator:
    return page.get_by_role("button", name=name)


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Sprache").get_by_role("link", name=name)


def test_on_a_phone_the_head_of_a_page_is_one_line(screens: Screens, server: Server) -> None:
    page = screens.open("/termin?site=rathaus", *PHONE)
    expect(opener(page)).to_be_visible()
    for name in ("Leichte Sprache", "العربية"):
        expect(link(page, name)).to_be_hidden()
    height = page.locator(".topbar").evaluate("(bar) => bar.offsetHeight")
    assert height <= 72, height


@pytest.mark.parametrize("script", [True, False])
def test_every_language_is_reached_by_keyboard_and_without_script(
    screens: Screens, server: Server, axe: Axe, script: bool
) -> None:
    page = screens.open("/termin?site=rathaus", *PHONE, java_script_enabled=script)
    tab_to_by_keyboard(page, opener(page))
    page.keyboard.press("Enter")
    expect(link(page, "English")).to_be_visible()
    if script:
        assert axe(page) == []
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Book an appointment")


def tab_to_by_keyboard(page: Page, wanted: Locator) -> None:
    """As `tab_to`, which asks the page itself and so needs its script."""
    for _ in range(10):
        page.keyboard.press("Tab")
        if wanted.and_(page.locator(":focus")).count():
            return
    tab_to(page, wanted)


def test_escape_closes_the_languages_and_leads_back(screens: Screens, server: Server) -> None:
    page = screens.open("/", *PHONE)
    opener(page).click()
    expect(link(page, "English")).to_be_visible()
    page.keyboard.press("Escape")
    expect(link(page, "English")).to_be_hidden()
    expect(opener(page)).to_be_focused()


def test_where_there_is_room_they_stand_side_by_side(screens: Screens, server: Server) -> None:
    page = screens.open("/")
    expect(opener(page)).to_be_hidden()
    for name in ("Deutsch", "Leichte Sprache", "English", "العربية", "Română"):
        expect(link(page, name)).to_be_visible()


def test_the_list_reads_from_the_right_in_arabic(screens: Screens, server: Server) -> None:
    page = screens.open("/?lang=ar", *PHONE)
    button = page.locator(".languages__open")
    expect(button).to_contain_text("العربية")
    button.click()
    chosen = page.locator(".languages [aria-current]")
    expect(chosen).to_have_text("العربية")
    start = chosen.evaluate("(link) => getComputedStyle(link).direction")
    assert start == "rtl"
