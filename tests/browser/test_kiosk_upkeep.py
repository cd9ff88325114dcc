"""A kiosk that stands for weeks: it reports itself, follows updates, survives a dead server."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.at_kiosk import lead, touch_kiosk
from tests.browser.conftest import Screens, comes_to_be
from tests.office import Server

DEVICES = "/office"


def kept(page: Page) -> None:
    """The page for a missing server lies in the browser."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    in_the_browser = "caches.match('/kiosk/eingang/away').then(Boolean)"
    comes_to_be(page, lambda: page.evaluate(in_the_browser), True)


def test_a_start_without_a_server_says_what_to_do_and_begins_by_itself(
    server: Server, screens: Screens, axe
) -> None:
    page = touch_kiosk(screens)
    kept(page)
    screens.may_lose_line = True
    server.kill()

    page.goto(f"{server.url}/kiosk/eingang")

    expect(page.get_by_role("heading", name="Einen Moment, bitte")).to_be_visible()
    expect(page.get_by_text("Bitte wenden Sie sich an unsere Mitarbeiterinnen")).to_be_visible()
    expect(page.locator("p[lang=en]")).to_contain_text("Please speak to our staff.")
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    server.start()
    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible(timeout=60_000)


def test_the_office_hears_of_the_kiosk_and_the_kiosk_of_an_update(
    server: Server, screens: Screens
) -> None:
    page = touch_kiosk(screens)
    clerk = lead(server)
    page.wait_for_function("document.documentElement.dataset.link === 'up'")

    comes_to_be(page, lambda: "keine Kamera" in clerk.get(DEVICES).text, True)

    screens.may_lose_line = True
    page.evaluate("document.querySelector('[data-page]').dataset.version = '0.1'")
    page.evaluate("performance.now = () => 60_000_000")
    with page.expect_navigation():
        page.context.set_offline(True)
        expect(page.locator("html[data-link=down]")).to_be_attached()
        page.context.set_offline(False)
    expect(page.locator("[data-version='0.1']")).to_have_count(0)
