"""Haben Sie alles dabei? At the kiosk in a real browser, by touch and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.at_kiosk import (
    ask_for_life,
    book,
    expect_checked_in,
    number,
    office_with_many_services,
    scan,
    touch_kiosk,
    waiting,
)
from tests.browser.conftest import Screens
from tests.browser.test_kiosk import too_small
from tests.office import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"))


def draw(page: Page) -> str:
    """A number for which there are documents to bring."""
    page.get_by_role("link", name="Meldewesen").tap()
    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(number(page)).to_be_visible()
    return number(page).inner_text()


def have_the_passport(page: Page) -> None:
    """And nothing else."""
    page.get_by_text("Etwas fehlt").tap()
    page.get_by_label("Personalausweis oder Reisepass").tap()
    page.get_by_role("button", name="Weiter").tap()


def missing(server: Server, wanted: str) -> list[str]:
    return next(ticket["missing"] for ticket in waiting(server) if ticket["number"] == wanted)


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_missing_is_ticked_and_told(screens: Screens, scripts):
    page = touch_kiosk(screens, java_script_enabled=scripts)
    drawn = draw(page)

    have_the_passport(page)

    expect(page.get_by_text("Danke. Wir sagen es am Schalter gleich mit.")).to_be_visible()
    expect(number(page)).to_have_text(drawn)
    assert missing(screens.server, drawn)[0] == "Wohnungsgeberbestätigung"
    assert "Personalausweis oder Reisepass" not in missing(screens.server, drawn)


def test_after_a_check_in_all_there_is_one_touch(screens: Screens):
    page = touch_kiosk(screens)
    scan(page, book(screens.server, "meldewesen"))
    expect_checked_in(page)

    page.get_by_role("button", name="Ja", exact=True).tap()

    expect(page.locator(".papers__thanks")).to_be_focused()
    expect(page.locator(".papers__thanks")).to_have_text("Danke. Dann ist alles bereit.")


def test_the_answer_is_heard_and_can_be_changed(screens: Screens):
    page = touch_kiosk(screens)
    drawn = draw(page)
    have_the_passport(page)
    thanks = page.locator(".papers__thanks")
    expect(thanks).to_be_focused()

    page.get_by_text("Doch anders? Hier ändern").tap()
    expect(page.get_by_label("Personalausweis oder Reisepass")).to_be_checked()
    for box in page.locator("[name=have]").all():
        box.check()
    page.get_by_role("button", name="Weiter").tap()

    expect(page.get_by_text("Danke. Dann ist alles bereit.")).to_be_visible()
    assert missing(screens.server, drawn) == []


def test_with_something_missing_the_next_free_time_is_one_touch_away(screens: Screens):
    page = touch_kiosk(screens)
    draw(page)
    have_the_passport(page)

    page.get_by_role("link", name="Nächster freier Termin").tap()

    expect(page.get_by_role("img", name="QR-Code zur Terminbuchung")).to_be_visible()


def test_whoever_says_nothing_keeps_the_number_and_the_kiosk_goes_home(screens: Screens):
    page = touch_kiosk(screens)
    drawn = draw(page)
    page.get_by_text("Etwas fehlt").tap()
    page.get_by_label("Personalausweis oder Reisepass").tap()

    ask_for_life(page, "ticket", warning_seconds=0)

    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()
    assert missing(screens.server, drawn) == []


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1280, 800), (1024, 768)])
def test_long_names_of_documents_fit(screens: Screens, axe, width, height):
    page = touch_kiosk(screens, width, height)
    draw(page)
    page.get_by_text("Etwas fehlt").tap()
    page.get_by_label("Eheurkunde").tap()

    cut_off = page.evaluate(
        """[...document.querySelectorAll(".papers label, .papers label span, .papers button")]
             .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth)
             .map((each) => each.textContent.trim())"""
    )
    assert cut_off == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert (axe(page), too_small(page)) == ([], [])
    page.get_by_role("button", name="Weiter").tap()
    expect(page.locator(".papers__thanks")).to_be_visible()
    assert (axe(page), too_small(page)) == ([], [])
