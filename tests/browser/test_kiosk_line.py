"""The kiosk while the line to the server is cut, and after it is back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.at_kiosk import ask_for_life, number, touch_kiosk, waiting
from tests.browser.conftest import Screens, comes_to_be
from tests.office import Server

# Latin, Cyrillic and Arabic letters of our typeface: each as it is, and every state once.
FACES = "() => [...new Set([...document.fonts].map((face) => face.status))]"
NO_LINE = "Bitte tippen Sie gleich noch einmal: Sie bekommen dann genau eine Nummer."


def one_answer_gets_lost(page: Page) -> None:
    """The server issues the number, but the kiosk never hears of it."""

    def lose(route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/tickets", lose, times=1)


def test_a_lost_answer_is_said_and_the_next_touch_gives_the_same_ticket(
    server: Server, screens: Screens
):
    page = touch_kiosk(screens)
    screens.may_lose_line = True
    one_answer_gets_lost(page)

    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(page.get_by_text(NO_LINE)).to_be_visible()
    assert [ticket["number"] for ticket in waiting(server)] == ["M 001"]
    page.get_by_role("button", name="Wohnsitz anmelden").tap()

    expect(number(page)).to_have_text("M 001")
    expect(page.get_by_text(NO_LINE)).to_be_hidden()
    assert len(waiting(server)) == 1


def test_a_server_that_is_gone_is_said_and_the_page_recovers(server: Server, screens: Screens, axe):
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Mehrere").tap()
    expect(page.locator(".kiosk-page--several")).to_be_visible()
    screens.may_lose_line = True
    server.kill()

    expect(page.locator(".link-banner")).to_be_visible()
    page.get_by_role("link", name="Zum Anfang").tap()
    expect(page.get_by_text("Bitte tippen Sie gleich noch einmal.")).to_be_visible()
    assert axe(page) == []

    # Nobody stays: the next person must not get what this one left behind.
    ask_for_life(page, "several", warning_seconds=0)
    expect(page.get_by_role("heading", name="Einen Moment, bitte")).to_be_visible()
    comes_to_be(page, lambda: page.evaluate(FACES), ["loaded"])
    expect(page.locator("#trouble")).to_be_hidden()
    assert axe(page) == []
    server.start()

    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()
    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(number(page)).to_have_text("M 001")
