"""Lower, larger, more contrast, read aloud: one touch each, and the next visitor has none of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.at_kiosk import ask_for_life, number, office_with_many_services, touch_kiosk
from tests.browser.conftest import Screens
from tests.browser.test_kiosk import TARGETS
from tests.office import Server

SIZES = [(1080, 1920), (1280, 800)]
FINGER_MM = 20
# Of the screen's height: what is touched stands below. A wide screen is low as a whole.
LOWER_HALF, LOWER_TWO_THIRDS = 0.45, 0.3
PAGES = ("", "/groups/K", "/several", "/check-in", "/appointments/trauung")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file; its kiosk has a small screen."""
    yield from office_with_small_screen(tmp_path_factory.mktemp("office"))


DIAGONAL_INCHES = 13.3


def office_with_small_screen(folder: Path) -> Iterator[Server]:
    yield from office_with_many_services(folder, kiosk=f"diagonal_inches = {DIAGONAL_INCHES}\n")


def turn_on(page: Page, aid: str) -> None:
    page.get_by_role("button", name=aid).tap()
    expect(page.get_by_role("button", name=aid)).to_have_attribute("aria-pressed", "true")


def targets(page: Page) -> list[dict]:
    """Every visible target with its place, those beyond the fold scrolled to."""
    return page.evaluate(
        """(targets) => [...document.querySelectorAll(targets)]
             .filter((each) => each.checkVisibility())
             .map((each) => {
               each.scrollIntoView({ block: "nearest" });
               const { top, width, height } = each.getBoundingClientRect();
               return { text: each.textContent.trim(), top, width, height };
             })""",
        TARGETS,
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_target_is_as_wide_as_a_fingertip_on_this_screen(
    screens: Screens, width: int, height: int
) -> None:
    finger = FINGER_MM * math.hypot(width, height) / (DIAGONAL_INCHES * 25.4)
    page = touch_kiosk(screens, width, height)

    for path in PAGES:
        page.goto(f"{screens.server.url}/kiosk/eingang{path}")
        expect(page.locator("#aids")).to_be_visible()
        small = [
            each
            for each in targets(page)
            if each["width"] < finger - 1 or each["height"] < finger - 1
        ]
        assert small == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_low_mode_brings_everything_to_be_touched_within_reach(
    screens: Screens, axe: Callable[[Page], list[str]], width: int, height: int
) -> None:
    page = touch_kiosk(screens, width, height)
    turn_on(page, "Tiefer")
    reach = height * (LOWER_HALF if height > width else LOWER_TWO_THIRDS)

    def look() -> None:
        too_high = [each for each in targets(page) if each["top"] < reach]
        assert too_high == []
        assert axe(page) == []

    look()
    page.get_by_role("link", name="Rund ums Auto").tap()
    expect(page.locator(".kiosk-page--group")).to_be_visible()
    look()
    page.get_by_role("link", name="Mehrere").tap()
    expect(page.locator(".kiosk-page--several")).to_be_visible()
    look()
    page.get_by_role("link", name="Zum Anfang").tap()
    page.get_by_role("link", name="Ich habe einen Termin").tap()
    expect(page.get_by_text("Hier ist keine Kamera bereit.")).to_be_visible()
    look()
    page.get_by_role("link", name="Zum Anfang").tap()
    page.get_by_role("link", name="Meldewesen").tap()
    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(number(page)).to_be_visible()
    look()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_large_type_is_larger_and_nothing_runs_over(
    screens: Screens, axe: Callable[[Page], list[str]], width: int, height: int
) -> None:
    page = touch_kiosk(screens, width, height)
    size = "parseFloat(getComputedStyle(document.querySelector('.walk-in h2')).fontSize)"
    before = page.evaluate(size)

    turn_on(page, "Größer")

    assert page.evaluate(size) >= 1.25 * before
    page.get_by_role("link", name="Meldewesen").tap()
    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(number(page)).to_be_visible()
    page.get_by_text("Etwas fehlt").tap()
    expect(page.get_by_label("Personalausweis oder Reisepass")).to_be_visible()
    assert cut_off(page) == []
    assert axe(page) == []


def cut_off(page: Page) -> list[str]:
    """Elements with words that are wider than they are."""
    return page.evaluate(
        """[...document.querySelectorAll("body *")]
             .filter((each) => each.checkVisibility() && each.clientWidth > 1)
             .filter((each) => each.scrollWidth > each.clientWidth + 1)
             .filter((each) => !each.closest("svg, .visually-hidden, .skip-link"))
             .map((each) => `${each.className}: ${each.textContent.trim().slice(0, 60)}`)"""
    )


def test_high_contrast_is_seven_to_one_on_every_page(screens: Screens) -> None:
    page = touch_kiosk(screens)
    turn_on(page, "Kontrast")
    ground = page.locator("html").evaluate("(root) => getComputedStyle(root).backgroundColor")
    assert ground == "rgb(0, 0, 0)"

    def faults() -> list[str]:
        from axe_playwright_python.sync_playwright import Axe

        only = {"type": "rule", "values": ["color-contrast-enhanced"]}
        rule = {"color-contrast-enhanced": {"enabled": True}}
        found = Axe().run(page, options={"preload": False, "runOnly": only, "rules": rule})
        return [node["html"][:120] for each in found.response["violations"]
                for node in each["nodes"]]  # fmt: skip

    assert faults() == []
    page.get_by_role("link", name="Rund ums Auto").tap()
    expect(page.locator(".kiosk-page--group")).to_be_visible()
    assert faults() == []
    page.get_by_role("link", name="Zum Anfang").tap()
    page.get_by_role("link", name="Meldewesen").tap()
    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(number(page)).to_be_visible()
    assert faults() == []
    ask_for_life(page, "ticket")
    expect(page.locator("#stay")).to_be_visible()
    assert faults() == []


def test_the_next_visitor_finds_the_kiosk_as_it_always_is(screens: Screens) -> None:
    page = touch_kiosk(screens)
    turn_on(page, "Tiefer")
    turn_on(page, "Kontrast")
    page.get_by_role("link", name="Meldewesen").tap()
    expect(page.locator(".kiosk-page--group")).to_be_visible()
    expect(page.locator("html[data-aid-low][data-aid-contrast]")).to_be_attached()

    ask_for_life(page, "group", warning_seconds=0)

    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()
    expect(page.locator("html[data-aid-low], html[data-aid-contrast]")).to_have_count(0)


def test_with_an_aid_the_first_page_asks_before_it_takes_it_away(screens: Screens) -> None:
    page = touch_kiosk(screens)
    turn_on(page, "Größer")

    ask_for_life(page, "home")

    expect(page.get_by_role("alertdialog", name="Sind Sie noch da?")).to_be_visible()
    page.get_by_role("button", name="Ich brauche mehr Zeit").tap()
    expect(page.locator("html[data-aid-large]")).to_be_attached()
