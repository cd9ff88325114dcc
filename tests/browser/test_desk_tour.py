"""The tour of the first day: seven steps by keyboard alone, heard as well as seen."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import SMALL, Axe, live, seated, stands_on
from tests.office import Server

STEPS = ("Ihr Schalter", "Wer wartet", "Aufrufen", "Abschließen", "Niemand kommt", "Am Empfang",
         "Hilfe")  # fmt: skip
# Whether the ring lies around the place that the step is about, and the window beside or below it.
POINTS = """() => {
  const step = document.querySelector("[data-step]:not([hidden])");
  const about = document.querySelector(step.dataset.step).getBoundingClientRect();
  const ring = document.querySelector("[data-tour-ring]").getBoundingClientRect();
  const window = document.querySelector("dialog[open]").getBoundingClientRect();
  return Math.abs(ring.left - about.left) < 2 && Math.abs(ring.top - about.top) < 2
    && (ring.right < window.left || ring.left > window.right || ring.bottom < window.top);
}"""


def test_the_tour_is_found_among_the_keys_and_walked_by_keyboard(
    screens: Screens, server: Server, axe: Axe
) -> None:
    page = seated(screens)
    for way in ("Enter", "ArrowRight"):
        page.keyboard.press("?")
        page.get_by_role("link", name="Rundgang").press("Enter")
        for number, title in enumerate(STEPS, 1):
            heading = page.get_by_role("heading", name=title, exact=True, level=3)
            expect(heading).to_be_focused()
            expect(page.get_by_text(f"{number} von 7")).to_be_visible()
            expect(page.locator("[data-step]:visible")).to_have_count(1)
            page.wait_for_function(POINTS)
            if way == "Enter":
                page.keyboard.press("Tab")
                stands_on(page, "Fertig" if number == 7 else "Weiter")
            if number == 1:
                assert axe(page) == []
            page.keyboard.press(way)
        expect(page.get_by_role("dialog")).to_be_hidden()
        # Back to where it began; the browser itself would go elsewhere first.
        expect(page.get_by_role("link", name="Tasten")).to_be_focused()


def test_letters_rest_arrows_go_back_and_escape_ends_it(screens: Screens, server: Server) -> None:
    server.draw("meldewesen")
    page = screens.desk("Aylin", SMALL["width"], SMALL["height"])
    live(page)
    page.goto(f"{server.url}/desk?tour=1")
    expect(page.get_by_role("heading", name="Ihr Schalter")).to_be_focused()
    assert "tour" not in page.url

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Ihr Schalter")).to_be_focused()
    expect(page.get_by_role("button", name="Zurück")).to_be_disabled()

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Schalter öffnen")).to_be_focused()
    page.reload()
    live(page)
    expect(page.get_by_role("dialog")).to_be_hidden()
