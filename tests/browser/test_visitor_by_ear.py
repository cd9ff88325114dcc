"""Phone and start page for somebody who only hears: each piece of news once, and nothing stale."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens, comes_to_be
from tests.browser.test_visitor_phone import COUNTER, connected
from tests.office import Server

# Everything that a screen reader says by itself, in order.
LISTEN = """
    window.said = [];
    addEventListener("DOMContentLoaded", () => {
      for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]")) {
        new MutationObserver(() => {
          const words = region.textContent.trim().replace(/\\s+/g, " ");
          if (words) window.said.push(words);
        }).observe(region, { childList: true, characterData: true, subtree: true });
      }
    });
"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1]))"""


def listening(screens: Screens, path: str) -> Page:
    page = screens.window(390, 844)
    page.add_init_script(LISTEN)
    page.goto(screens.server.url + path)
    return page


def followed(screens: Screens, token: str) -> Page:
    """A phone that has been told how its ticket stands; from there on what changes is news."""
    told: list[str] = []
    page = screens.window(390, 844)
    page.add_init_script(LISTEN)
    page.on("websocket", lambda line: line.on("framereceived", lambda said: told.append(str(said))))
    page.goto(f"{screens.server.url}/t/{token}")
    comes_to_be(page, lambda: any(said.startswith("43") for said in told), True)
    return connected(page)


def left(page: Page) -> str:
    """What whoever reads on still finds in the regions that speak by themselves."""
    words: str = page.evaluate(
        """[...document.querySelectorAll("#status, [data-call]")]
             .map((each) => each.textContent.trim()).join("")"""
    )
    return words


def test_the_phone_says_each_change_once_and_its_title_says_how_it_stands(
    server: Server, screens: Screens
) -> None:
    clerk = server.clerk("Aylin", "schalter-1")
    server.draw("meldewesen")
    page = followed(screens, server.draw("meldewesen")["token"])
    expect(page.get_by_role("heading", level=1)).to_have_text("M 002")
    expect(page).to_have_title("M 002: 1 Person vor Ihnen – Aufruf")
    steps = [
        ("calls", "M 002: Sie sind als Nächstes dran – Aufruf"),
        ("arrival", ""),
        ("completion", ""),
        ("calls", "M 002: jetzt zu Schalter 1 – Aufruf"),
    ]
    for verb, title in steps:
        assert clerk.post(f"{COUNTER}/{verb}", json={}).is_success
        if title:
            expect(page).to_have_title(title)
    expect(page.get_by_role("alert")).to_contain_text("Schalter 1")
    comes_to_be(page, lambda: left(page), "M 002: Jetzt aufgerufen: bitte zu Schalter 1")
    clerk.post(f"{COUNTER}/recall", json={})
    expect(page.get_by_role("alert")).to_contain_text("mehrmals")
    clerk.post(f"{COUNTER}/arrival", json={})
    expect(page.get_by_role("status").first).to_contain_text("Sie sind dran")

    said = page.evaluate("window.said")
    assert said == [
        "Sie sind als Nächstes dran",
        "M 002: Jetzt aufgerufen: bitte zu Schalter 1",
        "M 002: Jetzt aufgerufen: bitte zu Schalter 1. "
        "Sie wurden schon mehrmals aufgerufen. Bitte kommen Sie gleich.",
        "Sie sind dran Schalter 1",
    ]
    assert left(page) == "Sie sind dran\n\nSchalter 1"


def test_headings_lead_through_start_page_and_phone_without_a_gap(
    server: Server, screens: Screens
) -> None:
    for path in ("/", f"/t/{server.draw('meldewesen')['token']}"):
        page = listening(screens, path)
        levels = page.evaluate(HEADINGS)

        assert levels[0] == 1 and levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
        expect(page.get_by_role("main")).to_have_count(1)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        assert page.evaluate("window.said") == [], "nothing is said twice"
