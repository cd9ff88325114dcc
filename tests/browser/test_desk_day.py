"""A day of fifty visitors by keyboard alone, and what is to be pressed next stands in one place."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import live, number, opened, said, waiting
from tests.office import Server

VISITORS = 50


def serving(page: Page) -> None:
    expect(page.locator("[data-state=serving]")).to_be_visible()


def idle(page: Page) -> None:
    expect(page.get_by_role("button", name="Nächste Person aufrufen")).to_be_visible()


class Eye:
    """Remembers where the next thing to press has stood."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.spots: set[tuple[float, float]] = set()

    def look(self) -> None:
        # While the line is cut, a banner stands above all that.
        live(self.page)
        box = self.page.locator("[data-primary]").bounding_box()
        assert box is not None
        self.spots.add((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))


def test_fifty_visitors_by_keyboard_alone_with_the_next_thing_in_one_place(
    screens: Screens, server: Server
) -> None:
    for _ in range(VISITORS):
        server.draw("meldewesen")
    page = screens.desk()
    live(page)
    keys, eye = page.keyboard, Eye(page)
    eye.look()
    page.get_by_role("radio", name="Schalter 1").focus()
    keys.press("Space")
    keys.press("Enter")
    opened(page)
    waiting(page, VISITORS)
    eye.look()

    keys.press("n")
    for visitor in range(1, VISITORS + 1):
        number(page, f"M {visitor:03}")
        eye.look()
        if visitor % 10 == 4:
            # Nobody comes, and a wrong key is undone: it is still the second call.
            keys.press("w")
            said(page, f"M {visitor:03} ist noch einmal aufgerufen")
            keys.press("x")
            said(page, f"M {visitor:03} ist nicht erschienen")
            eye.look()
            keys.press("r")
            expect(page.get_by_text("2. Aufruf")).to_be_visible()
            keys.press("x")
            idle(page)
            keys.press("n")
        elif visitor % 10 == 7:
            keys.press("p")
            said(page, f"M {visitor:03} ist geparkt")
            keys.press("n")
        elif visitor % 10 == 9:
            keys.press("e")
            serving(page)
            keys.press("u")
            expect(page.get_by_role("dialog")).to_be_visible()
            keys.press("Space")
            keys.press("Enter")
            said(page, "Unterlagen fehlen")
            keys.press("Enter")
        else:
            # The usual visitor: two keys.
            keys.press("e")
            serving(page)
            eye.look()
            keys.press("n")

    said(page, "M 050 ist abgeschlossen. Gerade wartet niemand auf Ihre Anliegen.")
    eye.look()
    expect(page.locator("[data-list=parked] li")).to_have_count(5)
    expect(page.locator("[data-list=no_show] li")).to_have_count(5)
    waiting(page, 0)
    keys.press("f")
    keys.press("Enter")
    said(page, "M 007 wartet wieder, am alten Platz.")

    assert len(eye.spots) == 1, eye.spots
