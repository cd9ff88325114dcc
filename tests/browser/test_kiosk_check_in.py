"""Checking in at the kiosk in a real browser: hand scanner, pad, picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from queue_server.domain.codes import code_link
from queue_server.qr import qr_png
from tests.browser.at_kiosk import (
    book,
    expect_checked_in,
    forgive,
    office_with_many_services,
    scan,
    touch_kiosk,
    waiting,
)
from tests.browser.conftest import Screens
from tests.office import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"))


# -- checking in -------------------------------------------------------------------------------


def test_a_hand_scanner_is_heard_on_every_page(screens: Screens):
    page = touch_kiosk(screens)
    places: dict[str, Callable[[], None]] = {
        "home": lambda: None,
        "group": lambda: page.get_by_role("link", name="Meldewesen").tap(),
        "several": lambda: page.goto(f"{screens.server.url}/kiosk/eingang/several"),
        "check-in": lambda: page.get_by_role("link", name="Ich habe einen Termin").tap(),
    }
    for kind, go in places.items():
        go()
        expect(page.locator(f".kiosk-page--{kind}")).to_be_visible()
        scan(page, code_link("https://rathaus.example", book(screens.server)))
        expect_checked_in(page)
        page.get_by_role("link", name="Fertig").tap()


def test_a_scanner_with_another_layout_and_without_enter_is_understood(screens: Screens):
    page = touch_kiosk(screens)

    # What a scanner set to German types on a system set to English.
    typed = rf"https>&&rathaus.example&termin\{book(screens.server).replace('-', '/')}"
    scan(page, typed, ends="")

    expect_checked_in(page)


def test_a_scan_presses_nothing_that_has_the_focus(screens: Screens):
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Meldewesen").tap()
    before = len(waiting(screens.server))
    page.get_by_role("button", name="Wohnsitz anmelden").focus()

    scan(page, book(screens.server))

    expect_checked_in(page)
    assert len(waiting(screens.server)) == before + 1


def test_fingers_on_a_keyboard_are_no_scanner(screens: Screens):
    page = touch_kiosk(screens)

    page.keyboard.type(book(screens.server), delay=90)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()


def test_the_pad_types_the_code_and_sends_it_after_the_ninth_sign(screens: Screens):
    code = book(screens.server).replace("-", "")
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Ich habe einen Termin").tap()

    page.locator("[data-key='X']").tap()
    page.get_by_role("button", name="Löschen").tap()
    for sign in code:
        page.locator(f"[data-key='{sign}']").tap()

    expect_checked_in(page)


def test_a_wrong_code_is_said_and_can_be_corrected(screens: Screens):
    code = book(screens.server).replace("-", "")
    wrong = "2" if code[-1] != "2" else "3"
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Ich habe einen Termin").tap()
    for sign in code[:-1] + wrong:
        page.locator(f"[data-key='{sign}']").tap()
    expect(page.get_by_text("Diesen Termincode kennen wir nicht.")).to_be_visible()
    forgive(screens, 404)

    expect(page.locator(".code-cells span").last).to_have_text(wrong)
    page.get_by_role("button", name="Löschen").tap()
    page.locator(f"[data-key='{code[-1]}']").tap()

    expect_checked_in(page)


def test_without_a_camera_a_picture_can_be_sent(screens: Screens):
    link = code_link("https://rathaus.example", book(screens.server))
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Ich habe einen Termin").tap()
    expect(page.get_by_text("Hier ist keine Kamera bereit.")).to_be_visible()
    page.get_by_role("link", name="Bild senden").tap()

    picture = {"name": "code.png", "mimeType": "image/png", "buffer": qr_png(link, 6)}
    page.get_by_label("Bild aufnehmen oder auswählen").set_input_files([picture])
    page.get_by_role("button", name="Bild senden").tap()

    expect_checked_in(page)
