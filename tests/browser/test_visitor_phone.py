"""The visitor's phone follows the own ticket, live."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Screens
from tests.office import Server

COUNTER = "/api/v1/counters/schalter-1"
SPY_ON_VIBRATION = """
    window.vibrations = [];
    Object.defineProperty(navigator, "vibrate", {
      value: (pattern) => { window.vibrations.push(pattern); return true; },
    });
"""


# Looking at a page through the test driver counts as touching it.
UNTOUCHED = """
    Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: false } });
"""


def phone(screens: Screens, ticket: dict[str, Any], script: str = "", **options: Any) -> Page:
    page = screens.window(390, 844, has_touch=True, is_mobile=True, **options)
    page.add_init_script(SPY_ON_VIBRATION + script)
    page.goto(f"{screens.server.url}/t/{ticket['token']}")
    return page


def connected(page: Page) -> Page:
    expect(page.locator("html[data-link=up]")).to_be_attached()
    return page


def state(page: Page) -> Locator:
    """The one state of the ticket that is shown."""
    return page.locator(".ticket__state:not([hidden])")


def test_a_call_reaches_the_phone_without_its_asking_and_shakes_it(
    server: Server, screens: Screens
) -> None:
    clerk = server.clerk("Aylin", "schalter-1")
    page = connected(phone(screens, server.draw("meldewesen")))
    page.get_by_role("button", name="Beim Aufruf klingeln").tap()
    before = page.evaluate("vibrations.length")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    clerk.post(f"{COUNTER}/calls", json={})

    counter = page.locator(".ticket__counter")
    expect(counter).to_be_visible()
    # Chromium fetches the icon when it likes.
    asked = [each for each in asked if not each.endswith("favicon.svg")]
    assert asked == [], "pushed at once, not found when the page looked again"
    expect(counter).to_have_text("Schalter 1")
    expect(page).to_have_title("M 001: jetzt zu Schalter 1 – Aufruf")
    expect(page.get_by_role("alert")).to_have_text("M 001: Jetzt aufgerufen: bitte zu Schalter 1")
    assert page.evaluate("vibrations.length") == before + 1

    clerk.post(f"{COUNTER}/recall", json={})
    expect(page.locator("[data-again]")).to_be_visible()
    assert page.evaluate("vibrations.length") == before + 2

    clerk.post(f"{COUNTER}/arrival", json={})
    expect(state(page)).to_contain_text("Sie sind dran")
    clerk.post(f"{COUNTER}/completion", json={"outcome": "done"})
    expect(state(page)).to_contain_text("Danke für Ihren Besuch")
    assert page.evaluate("vibrations.length") == before + 2


def test_a_phone_that_nobody_has_touched_is_not_shaken(server: Server, screens: Screens) -> None:
    clerk = server.clerk("Aylin", "schalter-1")
    page = connected(phone(screens, server.draw("meldewesen"), UNTOUCHED))

    clerk.post(f"{COUNTER}/calls", json={})

    expect(page.locator(".ticket__counter")).to_be_visible()
    assert page.evaluate("vibrations") == []


def test_the_place_moves_up_and_a_counter_that_opens_gives_a_range(
    server: Server, screens: Screens
) -> None:
    server.draw("meldewesen")
    server.draw("meldewesen")
    page = connected(phone(screens, server.draw("meldewesen")))
    expect(page.locator("[data-ahead]")).to_have_text("2 Personen vor Ihnen")
    expect(page.locator("[data-span-unknown]")).to_be_visible()

    clerk = server.clerk("Aylin", "schalter-1")
    clerk.post(f"{COUNTER}/calls", json={})

    expect(page.locator("[data-ahead]")).to_have_text("1 Person vor Ihnen")
    expect(page.locator("[data-span]")).to_have_text(re.compile("Minuten"))
    expect(page).to_have_title("M 003: 1 Person vor Ihnen – Aufruf")


def test_a_page_that_stays_open_stays_in_its_language(server: Server, screens: Screens) -> None:
    clerk = server.clerk("Aylin", "schalter-1")
    server.draw("meldewesen")
    page = screens.window(390, 844)
    page.goto(f"{server.url}/t/{server.draw('meldewesen')['token']}?lang=en")
    expect(connected(page).locator("[data-ahead]")).to_have_text("1 person before you")

    clerk.post(f"{COUNTER}/calls", json={})

    expect(page.locator("[data-ahead]")).to_have_text("You are next")
    expect(page.locator("[data-span]")).to_have_text(re.compile("minutes"))
    clerk.post(f"{COUNTER}/arrival", json={})
    clerk.post(f"{COUNTER}/completion", json={"outcome": "done"})
    clerk.post(f"{COUNTER}/calls", json={})
    expect(page).to_have_title("M 002: please go to Schalter 1 – Aufruf")
    expect(page.get_by_role("alert")).to_have_text("M 002: Your turn: please go to Schalter 1")


def test_the_number_is_given_back_by_touch(server: Server, screens: Screens) -> None:
    ticket = server.draw("meldewesen")
    page = connected(phone(screens, ticket))

    page.get_by_role("link", name="Nummer zurückgeben").tap()
    page.get_by_role("button", name="Ja, Nummer zurückgeben").tap()

    expect(state(page)).to_contain_text("Diese Nummer ist abgemeldet")
    queue = server.clerk("Aylin").get("/api/v1/sites/rathaus/queue").json()
    assert queue["waiting"] == []


def test_a_killed_server_is_seen_and_what_was_missed_is_caught_up(
    server: Server, screens: Screens
) -> None:
    screens.may_lose_line = True
    ticket = server.draw("meldewesen")
    page = connected(phone(screens, ticket))
    server.clerk("Aylin", "schalter-1")

    server.kill()
    expect(page.locator(".link-banner")).to_be_visible()
    server.start()
    server.clerk("Aylin").post(f"{COUNTER}/calls", json={})

    expect(page.locator(".link-banner")).to_be_hidden()
    expect(page.locator(".ticket__counter")).to_have_text("Schalter 1")


def test_without_javascript_the_call_is_seen_and_the_number_given_back(
    server: Server, screens: Screens
) -> None:
    clerk = server.clerk("Aylin", "schalter-1")
    page = phone(screens, server.draw("meldewesen"), java_script_enabled=False)
    expect(page.get_by_role("button", name="Beim Aufruf klingeln")).to_be_hidden()

    clerk.post(f"{COUNTER}/calls", json={})
    # The page reloads itself from <noscript>, which this way of switching scripts off leaves out.
    page.reload()
    expect(page.locator(".ticket__counter")).to_have_text("Schalter 1")

    page.get_by_role("link", name="Nummer zurückgeben").tap()
    page.get_by_role("button", name="Ja, Nummer zurückgeben").tap()
    expect(state(page)).to_contain_text("Diese Nummer ist abgemeldet")


def test_the_phone_answers_a_call_and_stays_where_it_is(server: Server, screens: Screens) -> None:
    desk = screens.desk()
    clerk = server.clerk("Aylin", "schalter-1")
    page = connected(phone(screens, server.draw("meldewesen")))
    server.draw("meldewesen")
    clerk.post(f"{COUNTER}/calls", json={})
    page.evaluate("window.stays = true")

    page.get_by_role("button", name="Ich komme").tap()
    expect(page.get_by_text("Am Schalter weiß man: Sie kommen.")).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("kommt gleich")).to_be_visible()

    page.get_by_role("button", name="Ich brauche noch fünf Minuten").tap()
    expect(page.locator("[data-why]")).to_contain_text("Sie haben um fünf Minuten gebeten")
    expect(page.get_by_role("button", name="Ich brauche noch fünf Minuten")).to_be_hidden()
    expect(desk.locator("[data-field=kind]", has_text="kommt gleich")).to_be_visible()
    assert page.evaluate("window.stays"), "nothing was loaded anew: the phone may still ring"
    assert clerk.post(f"{COUNTER}/calls", json={}).json()["ticket"]["number"] == "M 002"


def test_without_javascript_the_call_is_answered_too(server: Server, screens: Screens) -> None:
    clerk = server.clerk("Aylin", "schalter-1")
    page = phone(screens, server.draw("meldewesen"), java_script_enabled=False)
    clerk.post(f"{COUNTER}/calls", json={})
    page.reload()

    page.get_by_role("button", name="Ich komme").tap()
    expect(page.get_by_text("Am Schalter weiß man: Sie kommen.")).to_be_visible()
    page.get_by_role("button", name="Ich brauche noch fünf Minuten").tap()
    expect(state(page)).to_contain_text("Sie sind als Nächstes dran")
