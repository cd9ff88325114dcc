"""No numbers any more: two touches at the kiosk take the next appointment, and paper comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from queue_server.languages.hyphenation import hardened
from tests.browser.at_kiosk import follow, lead, office_with_many_services, touch_kiosk
from tests.browser.conftest import Screens
from tests.browser.test_kiosk import in_the_top_third, too_small
from tests.office import Server

STOPS = "/api/v1/sites/rathaus/stops"
WHY = "Wasserschaden im Wartebereich"
SIZES = [(1080, 1920), (1280, 800)]
COUNT_PRINTS = "window.printed = []; window.print = () => { printed.push(document.body.className) }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"))


@pytest.fixture(autouse=True)
def open_afterwards(server: Server) -> Iterator[None]:
    yield
    decide(server, "all", "automatic")


def decide(server: Server, service: str, mode: str, reason: str = "") -> None:
    answer = lead(server).put(f"{STOPS}/{service}", json={"mode": mode, "reason": reason})
    assert answer.status_code == 200, answer.text


def day_and_code(page: Page) -> tuple[str, str]:
    """What the visitor takes along."""
    expect(page.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()
    return page.locator(".next-free__start").inner_text(), page.locator(
        ".booked__code"
    ).inner_text()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_two_touches_take_the_next_appointment_and_its_code_checks_in(
    screens: Screens, axe, width: int, height: int
) -> None:
    decide(screens.server, "all", "stopped", WHY)
    page = touch_kiosk(screens, width, height)
    page.add_init_script(COUNT_PRINTS)
    page.reload()

    def look() -> None:
        assert (axe(page), too_small(page)) == ([], [])
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert height < width or in_the_top_third(page) == []

    expect(page.get_by_text(WHY)).to_be_visible()
    look()
    follow(page, "Bescheinigungen")
    page.get_by_role("link", name="Bescheinigung Nummer 3").tap()
    expect(page.get_by_text("Nächster freier Termin")).to_be_visible()
    look()
    page.get_by_role("button", name="Diesen Termin nehmen").tap()
    day, code = day_and_code(page)
    look()

    assert page.evaluate("window.printed") == ["kiosk prints-slip"]
    slip = hardened(page.locator(".slip").text_content() or "")
    assert code in slip and "Bescheinigung Nummer 3" in slip
    page.reload()
    assert page.evaluate("window.printed") == [], "a reload shows it and prints nothing"
    page.get_by_role("link", name="Fertig").tap()
    page.get_by_role("link", name="Ich habe einen Termin").tap()
    page.get_by_role("textbox", name="Termincode").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sie sind angemeldet.")).to_be_visible()
    assert re.search(r"\d\d:\d\d", day)


def test_a_kiosk_that_stands_open_hears_of_the_stop_and_of_its_end(screens: Screens) -> None:
    page = touch_kiosk(screens)
    expect(page.get_by_text("Ich habe keinen Termin")).to_be_visible()

    decide(screens.server, "all", "stopped", WHY)

    expect(page.get_by_text(WHY)).to_be_visible()
    decide(screens.server, "all", "automatic")
    expect(page.get_by_text("Ich habe keinen Termin")).to_be_visible()


def test_one_stopped_service_says_so_among_the_others(screens: Screens, axe) -> None:
    decide(screens.server, "anliegen-2", "stopped", WHY)
    page = touch_kiosk(screens)

    follow(page, "Bescheinigungen")

    off = page.get_by_role("link", name="Bescheinigung Nummer 2 zurzeit keine Nummern")
    expect(off).to_be_visible()
    expect(page.get_by_role("button", name="Bescheinigung Nummer 1")).to_be_visible()
    assert (axe(page), too_small(page)) == ([], [])


def test_whoever_changes_their_mind_gives_it_back(screens: Screens) -> None:
    decide(screens.server, "anliegen-2", "stopped", WHY)
    page = touch_kiosk(screens)
    follow(page, "Bescheinigungen")
    page.get_by_role("link", name="Bescheinigung Nummer 2").tap()
    page.get_by_role("button", name="Diesen Termin nehmen").tap()
    day_and_code(page)

    page.get_by_role("button", name="Doch nicht: absagen").tap()

    expect(page.get_by_text("ist abgesagt")).to_be_visible()


def test_a_clerk_stops_with_the_keyboard_alone_and_the_wall_and_the_desk_say_so(
    screens: Screens, axe
) -> None:
    wall, desk = screens.wall(), screens.desk()
    expect(wall.locator("html[data-link=up]")).to_be_attached()
    expect(desk.locator("[data-part=issuing]")).to_have_text("Nummernausgabe: offen")

    desk.keyboard.press("v")
    pane = desk.get_by_role("dialog", name="Nummernausgabe")
    expect(pane).to_be_visible()
    assert axe(desk) == []
    pane.get_by_label("Anhalten").check()
    pane.get_by_label("Grund").fill(WHY)
    desk.keyboard.press("Enter")

    expect(pane.get_by_text("Die Ausgabe ist angehalten.")).to_be_visible()
    assert axe(desk) == []
    why = wall.get_by_text(f"Grund: {WHY}.").filter(visible=True)
    expect(why).to_have_count(1)
    assert axe(wall) == []
    pane.get_by_role("button", name="Rückgängig").click()
    expect(pane.get_by_text("Die Ausgabe läuft wieder von selbst.")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-part=issuing]")).to_have_text("Nummernausgabe: offen")
    expect(why).to_have_count(0)


def test_the_start_page_says_it_on_a_phone_and_on_a_screen(screens: Screens, axe) -> None:
    decide(screens.server, "all", "stopped", WHY)

    for width in (320, 1280):
        page = screens.open("/", width, 800)
        expect(page.get_by_text(WHY)).to_be_visible()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
