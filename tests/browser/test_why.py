"""Why not me yet, live on the phone and by keyboard at the desk; the page of the calling rule."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import DRAWN, Screens
from tests.browser.test_visitor_phone import connected, phone
from tests.office import Server

Axe = Callable[[Page], list[str]]
COUNTER = "/api/v1/counters/schalter-1"


def test_the_phone_says_why_and_says_it_anew_when_a_counter_opens(
    server: Server, screens: Screens, axe: Axe
) -> None:
    first = server.draw("meldewesen")
    page = connected(phone(screens, server.draw("meldewesen")))
    why = page.locator("[data-why]")
    expect(why).to_have_text(
        "Zurzeit ist kein Schalter geöffnet; sobald einer öffnet, geht es weiter."
    )

    aylin = server.clerk("Aylin", "schalter-1")
    expect(why).to_have_text("1 Person ist früher gekommen als Sie.")
    expect(why).to_be_visible()
    assert axe(page) == []

    aylin.post(f"{COUNTER}/calls", json={})
    expect(why).to_have_text("Sie sind als Nächstes dran, sobald ein passender Schalter frei wird.")
    aylin.post(f"/api/v1/tickets/{first['id']}/resumption", json={})
    aylin.post(f"{COUNTER}/arrival", json={})
    aylin.post(f"{COUNTER}/completion", json={"outcome": "done"})
    expect(why).to_have_text(
        "Sie sind als Nächstes dran, und ein passender Schalter ist schon frei."
    )


def test_a_clerk_finds_the_answer_by_keyboard(server: Server, screens: Screens, axe: Axe) -> None:
    server.draw("meldewesen")
    server.draw("meldewesen")
    server.clerk("Aylin", "schalter-1")
    page = screens.desk("Aylin", 1366, 768)
    page.get_by_role("link", name="Mehr zu M 002").focus()

    page.keyboard.press("Enter")

    expect(page.locator("dialog[open] .answer__text")).to_have_text(
        "1 Person ist früher gekommen als Sie."
    )
    assert axe(page) == []


def test_the_page_of_the_rule_is_for_everybody_and_fits_a_phone(
    server: Server, screens: Screens, axe: Axe
) -> None:
    page = screens.desk("Lea", 1366, 768)
    page.goto(f"{server.url}/office/rules")
    expect(page.get_by_text("config.toml, beim Start")).to_be_visible()
    assert axe(page) == []

    page.get_by_label("Termine immer zuerst").check()
    page.get_by_role("button", name="Ab dem nächsten Aufruf so").click()

    expect(page.get_by_role("status").get_by_text("Ab dem nächsten Aufruf gilt")).to_be_visible()
    page.wait_for_load_state()
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    page.evaluate(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
