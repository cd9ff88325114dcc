"""A clerk before the desk, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, Screens

Axe = Callable[[Page], list[str]]
FOCUS = """() => {
  const one = document.activeElement;
  return one.getAttribute("aria-label") ?? one.textContent.trim().replace(/\\s+/g, " ");
}"""
SMALL = {"width": 1366, "height": 650}  # a 1366 × 768 screen without the browser's own bars


def focus(page: Page) -> str:
    found: str = page.evaluate(FOCUS)
    return found


def stands_on(page: Page, name: str) -> None:
    """The focus comes to what is called so, or begins so."""
    page.wait_for_function(f"(name) => ({FOCUS})().startsWith(name)", arg=name, timeout=PATIENCE_MS)


def seated(screens: Screens, name: str = "Aylin", counter: str = "Schalter 1") -> Page:
    """A clerk who has opened a counter; the line is up."""
    page = screens.desk(name, SMALL["width"], SMALL["height"])
    page.get_by_label(counter).check()
    page.get_by_role("button", name="Schalter öffnen").click()
    opened(page)
    return page


def opened(page: Page) -> None:
    """The page of an open counter has come in place of the one before it, and is live."""
    expect(page.get_by_role("button", name="Nächste Person aufrufen")).to_be_visible()
    live(page)


def live(page: Page) -> None:
    expect(page.locator("html[data-link=up]")).to_be_attached()


def number(page: Page, shown: str) -> None:
    expect(page.locator(".person__number")).to_have_text(shown)


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-part=said]")).to_contain_text(words)


def waiting(page: Page, count: int) -> None:
    expect(page.locator("[data-waiting] tbody tr:not([hidden])")).to_have_count(count)
