"""No visitor's page loses a word or bars anybody, whatever an office calls its things."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.booking_steps import EMAIL, HELD, letters_as_html, link_in_letter
from tests.browser.conftest import Screens
from tests.browser.longest_words import LANGUAGES, Axe, faults, in_language, office, told
from tests.browser.test_visitor_pages import OPEN_ALL, booked
from tests.office import Server

PHONE, SCREEN = (320, 700), (1280, 800)
SIZES = ((390, 844), (768, 1024), SCREEN)
VISIT = "?site=rathaus&services=meldewesen"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from office(tmp_path_factory.mktemp("office"))


class Walk:
    """Somebody who looks at pages, at every size in German and on a phone in other languages."""

    def __init__(self, page: Page, axe: Axe) -> None:
        self.page, self._axe = page, axe
        self.found: list[object] = []

    def look(self, path: str, *languages: str) -> None:
        for language in languages or LANGUAGES:
            self.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            self.page.goto(in_language(path, language))
            self.page.evaluate(OPEN_ALL)
            found = [*self._axe(self.page), *faults(self.page, (PHONE,))]
            found += faults(self.page, SIZES if language == "de" else ())
            self.found += [(path, language, fault) for fault in found]


@pytest.fixture
def walk(screens: Screens, axe: Axe) -> Iterator[Walk]:
    walk = Walk(screens.window(reduced_motion="reduce"), axe)
    yield walk
    screens.errors[:] = [error for error in screens.errors if "404" not in error]
    assert not walk.found, told(walk.found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_everybody_may_open_is_whole(server: Server, walk: Walk, language: str) -> None:
    clerk = server.clerk("Lea", "schalter-1")
    called, waiting = server.draw("meldewesen"), server.draw("meldewesen")
    assert clerk.post("/api/v1/counters/schalter-1/calls", json={}).is_success
    appointment = f"/termin/{booked(clerk)['token']}"
    for path in (
        "/", "/?site=geschlossen", "/gibt-es-nicht", "/termin", f"/t/{called['token']}",
        f"/t/{waiting['token']}", f"/t/{waiting['token']}/return",
        appointment, f"{appointment}/start", f"{appointment}/cancellation",
    ):  # fmt: skip
        walk.look(server.url + path, language)
    assert clerk.post("/api/v1/counters/schalter-1/release", json={}).is_success


def test_what_clerks_and_devices_open_first_is_whole(server: Server, walk: Walk) -> None:
    for path in ("/login", "/devices/pair"):
        walk.look(server.url + path, "de")


def test_every_step_of_booking_is_whole(server: Server, screens: Screens, walk: Walk) -> None:
    page = walk.page
    for path in ("/termin?site=rathaus", f"/termin/documents{VISIT}", f"/termin/times{VISIT}"):
        walk.look(server.url + path)
    page.goto(f"{server.url}/termin/times{VISIT}&lang=de")
    page.locator(".times input:visible").first.check()
    page.get_by_role("button", name="Diese Uhrzeit vormerken").click()
    page.wait_for_url(HELD)
    held = page.url.partition("?")[0]
    walk.look(held)
    page.goto(f"{held}?lang=de")
    page.get_by_label("E-Mail-Adresse").fill(EMAIL)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stimmt alles?")
    summary = page.url.partition("?")[0]
    walk.look(summary)
    page.goto(f"{summary}?lang=de")
    page.get_by_role("button", name="E-Mail anfordern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")
    walk.look(page.url.partition("?")[0])
    letter = link_in_letter(server, "/confirmation")
    walk.look(letter)
    page.goto(in_language(letter, "de"))
    page.get_by_role("button", name="Ja, Termin bestätigen").click()
    expect(page.get_by_text("Ihr Termin ist bestätigt")).to_be_visible()
    walk.look(page.url.partition("?")[0])
    phone = screens.window(*PHONE)
    for html in letters_as_html(server):
        phone.set_content(html)
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
