"""The whole kiosk without looking and without touching: by ear, by keyboard, by a single switch."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.at_kiosk import (
    ask_for_life,
    forgive,
    number,
    office_with_many_services,
    timed,
    touch_kiosk,
    waiting,
)
from tests.browser.conftest import Screens, stop_clock
from tests.office import Server

MOST_STEPS = 60
EACH_MS = 2_500


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"))


def spoken(page: Page) -> str:
    return page.locator("#spoken").text_content() or ""


def listen_for(page: Page, words: str) -> None:
    """Arrow down until these words are said; whoever can't see has nothing else."""
    for _ in range(MOST_STEPS):
        if words in spoken(page):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{words!r} is never said; last: {spoken(page)!r}")


def wait_for_mark(page: Page, name: str) -> None:
    """Let time pass until the mark has come to what is called so."""
    marked = "document.activeElement.textContent.replaceAll('\\u00ad', '')"
    for _ in range(MOST_STEPS):
        if name in page.evaluate(marked):
            return
        page.clock.run_for(EACH_MS)
    raise AssertionError(f"{name!r} is never marked")


def is_sound(answer: Response) -> bool:
    with wave.open(io.BytesIO(answer.body())) as file:
        return file.getnframes() / file.getframerate() > 0.3


def test_by_ear_alone_one_draws_a_number_and_says_what_is_missing(screens: Screens) -> None:
    page = touch_kiosk(screens)

    with page.expect_response("**/speech") as said:
        page.keyboard.press("ArrowDown")
    expect(page.locator("#spoken")).to_contain_text("Willkommen")
    expect(page.locator("#spoken")).to_contain_text("Mit den Pfeiltasten")
    assert said.value.status == 200 and is_sound(said.value)

    listen_for(page, "Meldewesen")
    assert spoken(page).endswith("Taste.")
    page.keyboard.press("Enter")
    expect(page.locator("#spoken")).to_contain_text("Tippen Sie auf Ihr Anliegen.")
    listen_for(page, "Wohnsitz anmelden")
    page.keyboard.press("Enter")
    expect(page.locator("#spoken")).to_contain_text("Ihre Nummer")
    drawn = number(page).inner_text()
    assert drawn in spoken(page)

    listen_for(page, "Haben Sie alles dabei?")
    listen_for(page, "Etwas fehlt. Zum Öffnen.")
    page.keyboard.press("Enter")
    listen_for(page, "Personalausweis oder Reisepass. Nicht gewählt.")
    page.keyboard.press("Enter")
    expect(page.locator("#spoken")).to_have_text("Personalausweis oder Reisepass. Gewählt.")
    listen_for(page, "Weiter. Taste.")
    page.keyboard.press("Enter")
    expect(page.locator(".papers__thanks")).to_be_visible()
    ticket = next(each for each in waiting(screens.server) if each["number"] == drawn)
    assert "Wohnungsgeberbestätigung" in ticket["missing"]
    listen_for(page, "Fertig. Taste.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()
    expect(page.locator("html[data-aid-speech]")).to_have_count(0)


def test_by_ear_alone_one_hears_that_a_code_is_wrong_and_that_time_runs_out(
    screens: Screens,
) -> None:
    page = touch_kiosk(screens)
    page.keyboard.press("ArrowDown")
    listen_for(page, "Ich habe einen Termin")
    page.keyboard.press("Enter")
    expect(page.locator("#spoken")).to_contain_text("Mit Termin anmelden")
    listen_for(page, "Termincode. Eingabefeld.")
    page.keyboard.type("AB", delay=80)
    page.keyboard.press("Enter")
    expect(page.locator("#spoken")).to_contain_text("Es fehlen noch 7 Zeichen.")
    forgive(screens, 422)

    ask_for_life(page, "check-in", warning_seconds=60)

    expect(page.locator("#stay")).to_be_visible()
    expect(page.locator("#spoken")).to_contain_text("Sind Sie noch da?")
    listen_for(page, "Ich brauche mehr Zeit. Taste.")
    page.keyboard.press("Enter")
    expect(page.locator("#stay")).to_be_hidden()


def test_it_speaks_the_language_of_the_page(screens: Screens) -> None:
    page = touch_kiosk(screens)
    page.get_by_role("link", name="English").tap()
    expect(page.locator("html[lang=en]")).to_be_attached()

    with page.expect_request("**/speech") as asked:
        page.get_by_role("button", name="Read aloud").tap()

    assert "Use the arrow keys" in spoken(page)
    assert 'name="language"\r\n\r\nen' in (asked.value.post_data or "")


def test_a_single_switch_draws_a_number(screens: Screens) -> None:
    page = timed(touch_kiosk(screens))
    # Else the mark would go on while a busy machine is about to press the switch.
    stop_clock(page)
    before = len(waiting(screens.server))
    page.keyboard.press("Enter")
    expect(page.locator("html[data-scanning]")).to_be_attached()

    for name in ("Bescheinigungen", "Bescheinigung Nummer 0"):
        wait_for_mark(page, name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()

    expect(number(page)).to_be_visible()
    assert len(waiting(screens.server)) == before + 1
    page.locator("h1").tap()
    expect(page.locator("html[data-scanning]")).to_have_count(0)
