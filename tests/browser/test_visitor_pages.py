"""The visitor's pages as people with small screens, screen readers and no scripts meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.codes import new_code
from tests.browser.conftest import DRAWN, Screens
from tests.office import ZONE, Server

CODE = new_code()
PATIENCE = 20
OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
# Every longer word that an office may have chosen becomes one of its longest.
LENGTHEN = """() => {
  const FIXED = "script, .nowrap, .number, .termincode__code, .button, .link-state, .skip-link";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: parent } = walker.currentNode;
    if (parent.closest(FIXED)) continue;
    walker.currentNode.textContent = walker.currentNode.textContent
      .replace(/\\p{L}{7,}/gu, "Grundstücksverkehrsgenehmigungszuständigkeit");
  }
}"""


def overflow(page: Page) -> int:
    page.wait_for_load_state()
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


def groups(page: Page) -> list[list[str]]:
    return [text.split() for text in page.locator(".group__summary").all_inner_texts()]


def booked(clerk: httpx.Client) -> dict[str, Any]:
    day = datetime.now(ZONE).date() + timedelta(days=3)
    start = datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)
    body = {"services": ["ausweise"], "start": start.isoformat()}
    answer = clerk.post("/api/v1/sites/rathaus/appointments", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def every_page(server: Server) -> list[str]:
    clerk = server.clerk("Aylin", "schalter-1")
    called, waiting = server.draw("meldewesen"), server.draw("meldewesen")
    clerk.post("/api/v1/counters/schalter-1/calls", json={})
    termin = f"/termin/{booked(clerk)['token']}"
    return [
        "/",
        "/?site=nordend",
        f"/t/{called['token']}",
        f"/t/{waiting['token']}",
        f"/t/{waiting['token']}/return",
        termin,
        f"{termin}/start",
        f"{termin}/cancellation",
        f"/termin#{CODE}",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_anybodys_way_on_small_and_large_screens(
    server: Server, screens: Screens, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    page = screens.window(320, 700, color_scheme=scheme, reduced_motion="reduce")
    for path in every_page(server):
        page.set_viewport_size({"width": 320, "height": 700})
        page.goto(server.url + path)
        page.evaluate(OPEN_ALL)
        assert overflow(page) <= 0, path
        assert axe(page) == [], (path, 320)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.evaluate(DRAWN)
        assert overflow(page) <= 0, path
        assert axe(page) == [], (path, 1280)


def test_the_longest_words_of_german_offices_fit_a_narrow_phone(
    server: Server, screens: Screens
) -> None:
    page = screens.window(320, 700)
    for path in every_page(server):
        page.goto(server.url + path)
        page.evaluate(OPEN_ALL)
        page.evaluate(LENGTHEN)
        assert overflow(page) <= 0, path


def test_the_start_page_keeps_its_waiting_times_fresh(server: Server, screens: Screens) -> None:
    page = screens.window()
    page.clock.install()
    page.goto(server.url + "/")
    figures = page.locator(".now__figures")
    expect(figures).to_contain_text("Niemand wartet")
    expect(figures).to_contain_text("Kein Schalter besetzt")

    clerk = server.clerk("Aylin", "schalter-1")
    for _ in range(3):
        server.draw("meldewesen")
    clerk.post("/api/v1/counters/schalter-1/calls", json={})
    page.clock.run_for(31_000)

    expect(figures).to_contain_text("2 Personen warten")
    # Within a second of the call both may still be told by the forecast from before it.
    reloaded = screens.open("/")
    for _ in range(PATIENCE):
        if groups(page) == groups(reloaded):
            return
        page.clock.run_for(31_000)
        reloaded.reload()
    assert groups(page) == groups(reloaded)


def test_a_concern_is_found_by_a_word_of_its_documents(server: Server, screens: Screens) -> None:
    page = screens.open("/")
    search = page.get_by_role("searchbox", name="Anliegen suchen")

    search.fill("wohnungsgeber")
    expect(page.locator(".service__summary:visible")).to_have_text(["Wohnsitz anmelden"])

    search.fill("Raumfahrt")
    expect(page.get_by_text("kein Anliegen gefunden")).to_be_visible()

    search.fill("")
    expect(page.locator(".group__summary:visible")).to_have_count(3)


def test_what_is_called_so_comes_before_what_only_needs_it(
    server: Server, screens: Screens
) -> None:
    page = screens.open("/")
    shown = page.locator(".service__summary:visible")

    page.get_by_role("searchbox", name="Anliegen suchen").fill("Ausweis")
    expect(shown).to_have_text(
        ["Personalausweis beantragen", "Bewohnerparkausweis", "Wohnsitz anmelden"]
    )
    page.get_by_role("searchbox", name="Anliegen suchen").fill("AUSWEISE UND PAESSE")
    expect(shown).to_have_text(["Personalausweis beantragen"])
    page.get_by_role("searchbox", name="Anliegen suchen").fill("")
    expect(page.locator(".group__name")).to_have_text(
        ["Meldewesen", "Ausweise und Pässe", "Rund ums Auto"]
    )


def test_a_termincode_is_shown_large_and_never_sent(server: Server, screens: Screens) -> None:
    asked: list[str] = []
    page = screens.window(390, 844)
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))

    page.goto(f"{server.url}/termin#{CODE.lower()}")

    expect(page.locator("[data-shown]")).to_have_text(CODE)
    page.evaluate("location.hash = '#K7Q-M4T-XA8'")
    expect(page.get_by_text("Dieser Termincode stimmt nicht")).to_be_visible()
    expect(page.locator("[data-known]")).to_be_hidden()
    path_and_query = [line.partition("#")[0] for line in asked]
    assert [line for line in path_and_query if CODE[4:7] in line.upper()] == []


def test_an_appointment_is_moved_and_cancelled_without_javascript(
    server: Server, screens: Screens
) -> None:
    token = booked(server.clerk("Aylin"))["token"]
    page = screens.open(f"/termin/{token}", 390, 844, java_script_enabled=False)

    page.get_by_role("link", name="Termin verschieben").click()
    page.locator(".place").nth(2).click()
    page.locator("input[type=radio]").nth(5).check()
    page.get_by_role("button", name="Auf diese Uhrzeit verschieben").click()
    expect(page.get_by_text("Ihr Termin ist verschoben")).to_be_visible()

    page.get_by_role("link", name="Termin absagen").click()
    page.get_by_role("button", name="Ja, Termin absagen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Termin abgesagt")


def test_the_start_page_works_without_javascript(server: Server, screens: Screens) -> None:
    page = screens.open("/", 390, 844, java_script_enabled=False)

    expect(page.get_by_label("Anliegen suchen")).to_be_hidden()
    page.locator(".group__summary").first.click()
    page.locator(".service__summary").first.click()

    expect(page.get_by_text("Wohnungsgeberbestätigung")).to_be_visible()


def test_a_number_on_paper_says_where_it_counts_and_nothing_about_the_phone(
    server: Server, screens: Screens
) -> None:
    page = screens.open(f"/t/{server.draw('meldewesen')['token']}", 320, 700)
    expect(page.get_by_text("Lassen Sie diese Seite offen")).to_be_visible()

    page.emulate_media(media="print")

    expect(page.locator(".facts dd").first).to_have_text("Rathaus")
    expect(page.locator(".facts dd").first).to_be_visible()
    for words in ("Lassen Sie diese Seite offen", "fünf Minuten", "Warum sind andere"):
        expect(page.get_by_text(words).first).to_be_hidden()
