"""Public pages for whoever sets text larger or wider, and for whoever can't bear motion."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.booking_steps import booking_server
from tests.browser.conftest import SETTLED, Screens
from tests.browser.longest_words import CUT_OFF
from tests.browser.test_visitor_pages import OPEN_ALL, overflow
from tests.office import Server

VISIT = "?site=rathaus&services=meldewesen"
# A visitor's own settings: our policy lets no style into the page, a browser needs no leave.
OWN_STYLE = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""
# As WCAG 2.1, 1.4.12 sets it.
WIDER = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-block-end: 2em !important }"""
MOVING = """() => document.getAnimations().filter((each) => each.playState === "running"
    && each.effect.getComputedTiming().activeDuration > 100)
  .map((each) => each.animationName ?? each.transitionProperty)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    server = booking_server(tmp_path_factory.mktemp("office"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def addresses(server: Server) -> list[str]:
    ticket = server.draw("meldewesen")
    paths = ("/", f"/termin{VISIT}", f"/termin/documents{VISIT}", f"/termin/times{VISIT}")
    return [server.url + path for path in (*paths, f"/t/{ticket['token']}")]


def lost(page: Page, address: str, rules: str) -> list[object]:
    """Text that sticks out or is cut off with a visitor's own style; `[]` is what we want."""
    page.goto(address)
    page.evaluate(OPEN_ALL)
    page.evaluate(OWN_STYLE, rules)
    page.evaluate(SETTLED)
    found = [address, max(0, overflow(page)), page.evaluate(CUT_OFF, True)]
    return [] if found[1:] == [0, []] else found


def style_of(page: Page, name: str) -> str:
    value: str = page.evaluate("(name) => getComputedStyle(document.body)[name]", name)
    return value


def test_text_twice_as_large_loses_nothing(screens: Screens, addresses: list[str]) -> None:
    page = screens.open("/", 1280, 800, reduced_motion="reduce")
    usual = float(style_of(page, "fontSize").removesuffix("px"))
    twice = f"html {{ font-size: {2 * usual}px !important }}"

    assert [found for each in addresses if (found := lost(page, each, twice))] == []
    assert float(style_of(page, "fontSize").removesuffix("px")) >= 2 * usual


def test_text_set_wider_loses_nothing(screens: Screens, addresses: list[str]) -> None:
    page = screens.open("/", 390, 844, reduced_motion="reduce")

    assert [found for each in addresses if (found := lost(page, each, WIDER))] == []
    assert style_of(page, "letterSpacing") != "normal"


def test_nothing_moves_for_whoever_wants_no_motion(screens: Screens, addresses: list[str]) -> None:
    page = screens.window(390, 844, reduced_motion="reduce")
    for address in addresses:
        page.goto(address)

        assert page.evaluate(MOVING) == [], address
