"""Every page of the kiosk with the longest words: whole, and without barriers, in any language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.codes import new_code
from queue_server.web.identity import DEVICE_COOKIE
from tests.browser.at_kiosk import forgive, lead, scan, soon, today
from tests.browser.conftest import Screens
from tests.browser.longest_words import LANGUAGES, Axe, faults, in_language, office, told
from tests.office import Server

UPRIGHT, WIDE = (1080, 1920), (1280, 800)
HOME = "/kiosk/eingang"
PAGES = {
    "": "home",
    "/groups/A": "group",
    "/several": "several",
    "/check-in": "check-in",
    "/picture": "picture",
    "/groups/unbekannt": "refused",
}
# Nothing that is touched stands in the third of an upright screen that many can't reach.
HIGH = """(targets) => [...document.querySelectorAll(targets)]
  .filter((each) => each.checkVisibility())
  .filter((each) => each.getBoundingClientRect().top < innerHeight * 0.29)
  .map((each) => `out of reach: ${each.textContent.trim()}`)"""
TARGETS = ":is(main, #aids) :is(a, button, summary, label.choice)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from office(tmp_path_factory.mktemp("office"))


def kiosk(screens: Screens, place: str) -> Page:
    page = screens.window(*UPRIGHT, has_touch=True, reduced_motion="reduce")
    body = {"code": screens.server.pairing_code("kiosk", place)}
    token = screens.server.client().post("/devices/pair", json=body).json()["token"]
    page.context.add_cookies(
        [{"name": DEVICE_COOKIE, "value": token, "url": screens.server.url, "httpOnly": True}]
    )
    return page


def appointment(server: Server, in_days: int) -> str:
    """The Termincode of one that a clerk has made: for today one may check in."""
    first = today() + timedelta(days=in_days)
    asked = {"services": "kfz", "from": first.isoformat(), "days": 2}
    slots = lead(server).get("/api/v1/sites/rathaus/slots", params=asked).json()["slots"]
    body = {"services": ["kfz"], "start": soon(slots)}
    answer = lead(server).post("/api/v1/sites/rathaus/appointments", json=body)
    code: str = answer.json()["code"]
    return code


def looked_at(page: Page, axe: Axe, name: str) -> list[object]:
    """As it stands nothing is below the fold; lower or larger, what finds no room scrolls."""
    # A camera that is sought takes the room of one that is there.
    expect(page.locator(".camera:not([hidden]):not([data-state=absent])")).to_have_count(0)
    found = faults(page, (UPRIGHT,), may_scroll=False) + page.evaluate(HIGH, TARGETS)
    found += [*axe(page), *faults(page, (WIDE,), may_scroll=False)]
    for aid in ("low", "large"):
        page.locator(f"[data-aid={aid}]").dispatch_event("click")
        found += [(aid, fault) for fault in faults(page, (WIDE, UPRIGHT))]
        page.locator(f"[data-aid={aid}]").dispatch_event("click")
    return [(name, fault) for fault in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_kiosk_is_whole_and_without_barriers(
    screens: Screens, axe: Axe, language: str
) -> None:
    server, page = screens.server, kiosk(screens, "eingang")
    found: list[object] = []

    def look(kind: str, name: str = "") -> None:
        expect(page.locator(f"html[lang={language}] .kiosk-page--{kind}")).to_be_visible()
        found.extend(looked_at(page, axe, name or kind))

    def opened(path: str, kind: str) -> None:
        page.goto(server.url + in_language(f"{HOME}{path}", language))
        look(kind)

    for path, kind in PAGES.items():
        opened(path, kind)
    opened("/appointments/einbuergerung", "appointment")
    page.locator(".next-free button").tap()
    page.locator(".booked__code").evaluate("(code) => { code.textContent = 'WMW-MWM-WMW' }")
    look("booked")
    opened(f"/tickets/{server.draw('meldewesen')['token']}?said=new", "ticket")
    page.locator(".papers__list > summary").tap()
    look("ticket", "which papers")
    page.locator(".papers__form button").tap()
    expect(page.locator(".papers__missing")).to_be_visible()
    look("ticket", "papers are missing")
    scan(page, new_code())
    look("check-in", "unknown code")
    scan(page, appointment(server, in_days=5))
    look("refused", "on another day")
    scan(page, appointment(server, in_days=0))
    look("ticket", "checked in")
    page.evaluate("document.getElementById('stay').showModal()")
    look("ticket", "still there?")
    for status in (404, 409):
        forgive(screens, status)
    assert not found, told(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["nordend-kiosk", "zu-kiosk"])
def test_eight_concerns_in_sight_and_a_closed_office_are_whole(
    screens: Screens, axe: Axe, language: str, place: str
) -> None:
    page = kiosk(screens, place)
    page.goto(screens.server.url + in_language(f"/kiosk/{place}", language))
    found = looked_at(page, axe, place)
    assert not found, told(found)


def test_the_page_for_a_missing_server_is_whole(screens: Screens, axe: Axe) -> None:
    page = kiosk(screens, "eingang")
    page.goto(f"{screens.server.url}{HOME}/away")
    found = faults(page, (UPRIGHT, WIDE), may_scroll=False)
    # It asks again every ten seconds: there is nothing on it that somebody could be interrupted in.
    found += [fault for fault in axe(page) if not fault.startswith("meta-refresh")]
    assert not found, told(found)
