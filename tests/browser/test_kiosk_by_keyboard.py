"""Every way through the kiosk by keyboard alone: Tab and Enter, or arrow keys and Enter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.codes import new_code
from tests.browser.at_kiosk import (
    ask_for_life,
    book,
    expect_checked_in,
    forgive,
    number,
    office_with_many_services,
    touch_kiosk,
    waiting,
)
from tests.browser.booking_steps import tab_to
from tests.browser.conftest import Screens
from tests.office import Server

SILENT = '\n[[site.kiosk]]\nid = "stumm"\nname = "Stumm"\nspeech = false\n'
MOST_STEPS = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"), kiosk=SILENT)


def press(page: Page, role: str, name: str, then: str) -> None:
    """Reach it by Tab, press Enter, and stand before the heading of the next page."""
    tab_to(page, page.get_by_role(role, name=name))  # type: ignore[arg-type]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=then)).to_be_focused()


def type_code(page: Page, code: str) -> None:
    """As fingers do, which are slower than a scanner."""
    tab_to(page, page.get_by_label("Termincode", exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(code, delay=80)
    page.keyboard.press("Enter")


def test_a_wrong_code_is_put_right_though_time_ran_out_meanwhile(screens: Screens) -> None:
    page = touch_kiosk(screens)
    press(page, "link", "Ich habe einen Termin", "Mit Termin anmelden")
    wrong = new_code()
    type_code(page, wrong)
    expect(page.get_by_text("Diesen Termincode kennen wir nicht.")).to_be_visible()
    expect(page.locator("#refusal")).to_be_focused()
    forgive(screens, 404)

    tab_to(page, page.get_by_label("Termincode", exact=True))
    ask_for_life(page, "check-in")
    expect(page.get_by_role("button", name="Ich brauche mehr Zeit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#stay")).to_be_hidden()
    expect(page.get_by_label("Termincode", exact=True)).to_be_focused()
    expect(page.get_by_label("Termincode", exact=True)).to_have_value(wrong)
    type_code(page, book(screens.server))

    expect_checked_in(page)
    press(page, "link", "Fertig", "Willkommen")


def test_an_appointment_is_taken_and_given_back(screens: Screens) -> None:
    page = touch_kiosk(screens)
    press(page, "link", "Rund ums Auto", "Rund ums Auto")
    press(page, "link", "Zum Anfang", "Willkommen")
    press(page, "link", "Rund ums Auto", "Rund ums Auto")
    press(page, "link", "Eheschließung anmelden", "Termin nehmen")

    press(page, "button", "Diesen Termin nehmen", "Ihr Termin ist gebucht")
    press(page, "button", "Doch nicht: absagen", "Dieser Termin gilt nicht mehr")

    press(page, "link", "Fertig", "Willkommen")


def test_a_concern_for_two_persons_is_ticked(screens: Screens) -> None:
    page = touch_kiosk(screens)
    press(page, "link", "Meldewesen", "Meldewesen")
    press(page, "link", "Mehrere", "Mehrere Anliegen oder Personen")
    tab_to(page, page.get_by_label("1", exact=True))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_label("Wohnsitz anmelden"))
    page.keyboard.press("Space")

    press(page, "button", "Nummer ziehen", "Ihre Nummer")

    drawn = next(t for t in waiting(screens.server) if t["number"] == number(page).inner_text())
    assert (drawn["services"], drawn["persons"]) == (["meldewesen"], 2)


def test_a_key_that_is_held_chooses_once(screens: Screens) -> None:
    page = touch_kiosk(screens)
    before = len(waiting(screens.server))
    tab_to(page, page.get_by_role("link", name="Meldewesen"))
    page.keyboard.down("Enter")
    expect(page.get_by_role("heading", name="Meldewesen")).to_be_focused()

    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")

    expect(page.get_by_role("heading", name="Meldewesen")).to_be_focused()
    expect(page.locator("html[data-scanning]")).to_have_count(0)
    assert len(waiting(screens.server)) == before


def test_arrow_keys_choose_where_nothing_is_read_aloud(screens: Screens) -> None:
    page = screens.kiosk("stumm")
    expect(page.locator("html[data-link=up]")).to_be_attached()

    for name in ("Bescheinigungen", "Bescheinigung Nummer 0"):
        arrow_to(page, name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()

    expect(number(page)).to_be_visible()


def arrow_to(page: Page, name: str) -> None:
    focused = "document.activeElement.innerText.replaceAll('\\u00ad', '')"
    for _ in range(MOST_STEPS):
        page.keyboard.press("ArrowDown")
        if name in page.evaluate(focused):
            return
    raise AssertionError(f"the arrow keys never come to {name!r}")
