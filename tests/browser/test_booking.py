"""Booking in a real browser: by keyboard, by thumb, back and forth, twice, and in two tabs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.booking_steps import (
    EMAIL,
    booking_server,
    choose_concern,
    choose_time,
    confirm,
    fill_in,
    held,
    link_in_letter,
    send_off,
    tab_to,
)
from tests.browser.conftest import DRAWN, Screens, comes_to_be
from tests.browser.test_visitor_pages import LENGTHEN, OPEN_ALL
from tests.office import Server

TIMES = "/termin/times?site=rathaus&services=meldewesen"
# Neither the page that was looked at before nor a half of the next.
IS_NEW = "() => !document.isLookedAt && document.readyState === 'complete'"
Axe = Callable[[Page], list[str]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = booking_server(tmp_path)
    yield server
    server.close()


def overflow(page: Page) -> int:
    page.wait_for_load_state()
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


def proof_of(page: Page) -> str:
    proof: str = page.locator("input[name=proof]").first.input_value()
    return proof


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_meets_a_barrier_on_the_whole_way(
    server: Server, screens: Screens, axe: Axe, scheme: str
) -> None:
    page = screens.window(320, 700, color_scheme=scheme, reduced_motion="reduce")

    def look(name: str) -> None:
        page.wait_for_function(IS_NEW)
        page.evaluate("document.isLookedAt = true")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 700})
            page.evaluate(DRAWN)
            assert overflow(page) <= 0, (name, width)
            assert axe(page) == [], (name, width)

    page.goto(f"{server.url}/termin?site=rathaus")
    look("choose")
    page.get_by_label("Wohnsitz anmelden").check()
    page.get_by_role("button", name="Weiter").click()
    look("documents")
    page.get_by_role("link", name="Weiter zu den freien Zeiten").click()
    look("times")
    choose_time(page)
    look("details")
    fill_in(page)
    look("summary")
    send_off(page)
    look("waiting")
    link = link_in_letter(server, "/confirmation")
    page.goto(link)
    look("confirmation")
    confirm(page, server)
    look("confirmed")
    page.get_by_role("link", name="Termin verschieben").click()
    look("move")
    page.get_by_role("link", name="Termin behalten").click()
    page.get_by_role("link", name="Termin absagen").click()
    look("cancellation")
    page.get_by_role("button", name="Ja, Termin absagen").click()
    look("cancelled")


def test_the_longest_words_of_german_offices_fit_a_narrow_phone(
    server: Server, screens: Screens
) -> None:
    page = screens.open("/termin?site=rathaus", 320, 700)

    def lengthen() -> None:
        page.wait_for_function(IS_NEW)
        page.evaluate(OPEN_ALL)
        page.evaluate(LENGTHEN)
        assert overflow(page) <= 0, page.url
        page.reload()

    lengthen()
    choose_concern(page)
    lengthen()
    choose_time(page)
    lengthen()
    fill_in(page)
    lengthen()
    send_off(page)
    lengthen()
    confirm(page, server)
    lengthen()


def test_refused_forms_are_read_out_and_lead_to_their_fields(
    server: Server, screens: Screens, axe: Axe
) -> None:
    page = screens.open("/termin/documents?site=rathaus", 320, 700)
    assert axe(page) == []
    page.get_by_role("link", name="mindestens ein Anliegen").click()
    expect(page.locator("#services")).to_be_focused()

    page.goto(server.url + TIMES)
    choose_time(page)
    page.get_by_role("button", name="Weiter").click()

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title("Fehler: Ihre Angaben – Aufruf")
    assert axe(page) == [] and overflow(page) <= 0
    page.get_by_role("link", name="Ihre E-Mail-Adresse an").click()
    expect(page.get_by_label("E-Mail-Adresse")).to_be_focused()
    screens.forgive("422")


def test_the_whole_way_by_keyboard(server: Server, screens: Screens) -> None:
    page = screens.open("/termin?site=rathaus")
    keys = page.keyboard

    tab_to(page, page.get_by_label("Wohnsitz anmelden"))
    keys.press("Space")
    tab_to(page, page.get_by_role("button", name="Weiter"))
    keys.press("Enter")
    tab_to(page, page.get_by_role("link", name="Weiter zu den freien Zeiten"))
    keys.press("Enter")
    tab_to(page, page.locator(".times input").first)
    keys.press("Space")
    keys.press("ArrowDown")
    expect(page.locator(".times input").nth(1)).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Diese Uhrzeit vormerken"))
    keys.press("Enter")
    tab_to(page, page.get_by_label("E-Mail-Adresse"))
    keys.type(EMAIL)
    keys.press("Enter")
    tab_to(page, page.get_by_role("button", name="E-Mail anfordern"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")
    page.goto(link_in_letter(server, "/confirmation"))
    tab_to(page, page.get_by_role("button", name="Ja, Termin bestätigen"))
    keys.press("Enter")

    expect(page.get_by_text("Ihr Termin ist bestätigt")).to_be_visible()
    expect(page.locator(".termincode__code")).to_be_visible()


def test_the_whole_way_without_javascript_on_a_small_phone(
    server: Server, screens: Screens
) -> None:
    page = screens.open("/termin?site=rathaus", 320, 640, java_script_enabled=False)

    choose_concern(page)
    page.get_by_role("link", name="Nachmittag").click()
    page.locator("a.day__link").nth(1).click()
    assert proof_of(page) == ""
    choose_time(page)
    fill_in(page)
    page.get_by_role("link", name="ändern (Uhrzeit)").click()
    expect(page.get_by_text("Vorgemerkt:")).to_be_visible()
    page.get_by_role("button", name="Frühester Termin").click()
    send_off(page)
    page.get_by_role("button", name="E-Mail noch einmal senden").click()
    expect(page.get_by_text("gleich noch einmal")).to_be_visible()
    confirm(page, server)

    page.goto(link_in_letter(server, "/confirmation"))
    expect(page.get_by_text("Ihr Termin ist schon bestätigt")).to_be_visible()


def test_a_phone_shows_a_fortnight_at_a_glance(server: Server, screens: Screens) -> None:
    page = screens.open(TIMES, 320, 700)
    days = [day.bounding_box() for day in page.locator(".day > *").all()]

    boxes = [box for box in days if box]
    assert len(boxes) == 14
    height = max(box["y"] + box["height"] for box in boxes) - min(box["y"] for box in boxes)
    assert height < 200, "two rows of seven"
    # As large as WCAG 2.2 asks for at least, and as high as a thumb.
    assert min(box["width"] for box in boxes) >= 36
    assert min(box["height"] for box in boxes) >= 48
    link = page.locator("a.day__link").nth(1)
    expect(link).to_have_accessible_name(re.compile(r"^\w+,\s\d+\.\s\w+ \d+ frei$"))
    link.click()
    expect(page.locator("a.day__link").nth(1)).to_have_attribute("aria-current", "true")


def test_what_became_of_the_letter_is_said_within_seconds(server: Server, screens: Screens) -> None:
    page = screens.open(TIMES)
    choose_time(page)
    fill_in(page)
    send_off(page)
    page.evaluate("window.isThisPage = true")

    expect(page.get_by_role("status").filter(has_text="wurde um")).to_be_visible()
    assert page.evaluate("window.isThisPage === true"), "said on the page, which did not move"


def test_a_calendar_without_a_free_time_says_so_to_everybody(
    server: Server, screens: Screens, axe: Axe
) -> None:
    page = screens.open("/termin/times?site=nordend&services=meldewesen&part=afternoon", 320, 700)

    expect(page.get_by_text("ist nichts frei")).to_be_visible()
    assert axe(page) == [] and overflow(page) <= 0


# -- proof of work --------------------------------------------------------------------------


def test_the_browser_solves_the_proof_while_somebody_reads_the_calendar(
    server: Server, screens: Screens
) -> None:
    page = screens.open(TIMES)
    expect(page.locator("form[data-proof-ready=true]")).to_have_count(2)
    assert proof_of(page).startswith("ey")

    for number in range(12):
        choose_time(page, number)
        page.goto(server.url + TIMES)

    assert len(held(server)) == 12, "more than without a proof in an hour"


def test_a_press_that_comes_before_the_proof_waits_for_it(server: Server, screens: Screens) -> None:
    page = screens.window()
    waiting: list[Route] = []
    page.route("**/api/v1/challenge**", lambda route: waiting.append(route))
    page.goto(server.url + TIMES)
    button = page.get_by_role("button", name="Frühester Termin")

    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    assert held(server) == []
    comes_to_be(page, lambda: len(waiting), 1)
    waiting[0].continue_()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Angaben")
    assert len(held(server)) == 1


def test_without_an_answer_to_the_sum_the_form_still_works(
    server: Server, screens: Screens
) -> None:
    screens.may_lose_line = True
    page = screens.window()
    page.route("**/api/v1/challenge**", lambda route: route.abort("connectionrefused"))
    page.goto(server.url + TIMES)

    page.get_by_role("button", name="Frühester Termin").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Angaben")


# -- back, twice, two tabs ------------------------------------------------------------------


# -- time held ------------------------------------------------------------------------------
