"""The whole river on a real server: arrive, wait, be called, be seen and heard, be served."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from queue_server.domain.codes import code_link
from tests.browser.at_kiosk import expect_checked_in, scan, soon, touch_kiosk
from tests.browser.conftest import Screens
from tests.browser.desk_window import said, seated
from tests.browser.wall_steps import call_next, connected, press, rang, shows
from tests.office import Server

RATHAUS = "/api/v1/sites/rathaus"
COUNTER = "schalter-1"


def test_the_river(screens: Screens, server: Server) -> None:
    """A walk-in and an appointment go from arrival to "finished"; everybody sees the same."""
    wall = connected(screens.wall())
    kiosk, aylin = server.kiosk(), server.clerk("Aylin", COUNTER)

    # 1. Both arrive at the kiosk: one draws a number, one shows the QR of a Termincode.
    walk_in = drawn(kiosk)
    booked = checked_in(kiosk, booked_code(aylin))
    assert walk_in["kind"] == "walk_in" and booked["kind"] == "appointment"
    expect(wall.locator("#next-list li")).to_have_count(2)
    phones = {
        ticket["number"]: screens.open(f"/t/{ticket['token']}", 390, 844)
        for ticket in (walk_in, booked)
    }
    for number, phone in phones.items():
        expect(phone.get_by_role("heading", level=1)).to_have_text(number)

    # 2. The clerk calls them one after the other; the rule decides in which order.
    finished: list[str] = []
    for gongs in (1, 2):
        number = call_next(aylin, COUNTER)
        shows(wall, f"{number} Schalter 1")
        rang(wall, gongs)
        expect_called(phones[number], "Schalter 1")
        press(aylin, COUNTER, "arrival")
        expect(wall.locator("#rows tr")).to_have_count(0)
        press(aylin, COUNTER, "completion")
        expect(phones[number].locator("[data-ticket]")).to_have_attribute("data-state", "served")
        finished.append(number)

    # 3. Nobody is left, and the wall is calm.
    assert sorted(finished) == sorted(phones)
    assert aylin.post(f"/api/v1/counters/{COUNTER}/calls", json={}).status_code == 204
    expect(wall.get_by_text("Bitte warten Sie auf Ihren Aufruf")).to_be_visible()
    rang(wall, 2)


def test_the_river_goes_on_where_it_was_after_a_crash(screens: Screens, server: Server) -> None:
    wall = connected(screens.wall())
    screens.may_lose_line = True
    kiosk, aylin = server.kiosk(), server.clerk("Aylin", COUNTER)
    called, waiting = drawn(kiosk), drawn(kiosk)
    assert call_next(aylin, COUNTER) == called["number"]
    rang(wall, 1)

    server.kill()
    server.start()

    # Kiosk, clerk and counter are still who they were; nothing acknowledged is lost.
    assert drawn(kiosk)["number"] not in (called["number"], waiting["number"])
    press(aylin, COUNTER, "arrival")
    press(aylin, COUNTER, "completion")
    assert call_next(aylin, COUNTER) == waiting["number"]
    expect(wall.locator("html")).to_have_attribute("data-link", "up")
    expect(wall.locator("#rows")).to_contain_text(waiting["number"])
    shows(wall, f"{waiting['number']} Schalter 1")
    rang(wall, 2)


def drawn(kiosk: httpx.Client) -> dict[str, Any]:
    return created(kiosk.post(f"{RATHAUS}/tickets", json={"services": ["meldewesen"]}))


def booked_code(clerk: httpx.Client) -> str:
    """The QR text of an appointment at the next free time, booked by a clerk."""
    slots = clerk.get(f"{RATHAUS}/slots", params={"services": "meldewesen"}).json()["slots"]
    first = soon(slots)
    assert datetime.fromisoformat(first) < datetime.now().astimezone() + timedelta(minutes=30)
    booking = {"services": ["meldewesen"], "persons": 1, "start": first}
    return code_link("", created(clerk.post(f"{RATHAUS}/appointments", json=booking))["code"])


def checked_in(kiosk: httpx.Client, scanned: str) -> dict[str, Any]:
    """Scanned twice, as happens: the second time it is the same ticket."""
    ticket = created(kiosk.post(f"{RATHAUS}/check-ins", json={"code": scanned}))
    again = kiosk.post(f"{RATHAUS}/check-ins", json={"code": scanned})
    assert (again.status_code, again.json()["number"]) == (200, ticket["number"])
    return ticket


def created(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def expect_called(phone: Page, counter: str) -> None:
    expect(phone.locator(".ticket__call")).to_have_text("Jetzt aufgerufen: bitte zu")
    expect(phone.locator(".ticket__counter")).to_have_text(counter)


def test_the_river_by_hand(screens: Screens, server: Server) -> None:
    """Every page in a real browser: touched, scanned, keyed, seen and heard."""
    wall, desk = connected(screens.wall()), seated(screens)
    kiosk = touch_kiosk(screens)

    # 1. A walk-in touches a concern; somebody on the phone gets a Termincode and scans its QR.
    kiosk.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(kiosk.locator("h1 .number")).to_have_text("M 001")
    scan(kiosk, code_link(server.url, booked_at(desk)))
    expect_checked_in(kiosk)
    expect(wall.locator("#next-list li")).to_have_count(2)

    # 2. One key calls; the wall shows and rings; one key each for "here" and "done".
    for gongs in (1, 2):
        desk.keyboard.press("n")
        expect(desk.locator(".person__number")).to_contain_text("M 00")
        shows(wall, f"{desk.locator('.person__number').inner_text()} Schalter 1")
        rang(wall, gongs)
        desk.keyboard.press("e")
        expect(wall.locator("#rows tr")).to_have_count(0)
        expect(desk.get_by_role("button", name="Bearbeitung abschließen")).to_be_visible()
        desk.keyboard.press("a")
        expect(desk.locator(".person__number")).to_have_count(0)

    # 3. The queue is empty on every page.
    desk.keyboard.press("n")
    said(desk, "niemand")
    expect(wall.get_by_text("Bitte warten Sie auf Ihren Aufruf")).to_be_visible()


def booked_at(desk: Page) -> str:
    """Book one of the next free times at the desk; returns the Termincode."""
    desk.keyboard.press("t")
    form = desk.get_by_role("dialog", name="Termin buchen")
    form.get_by_label("Anliegen", exact=True).select_option("meldewesen")
    # Not the very next, which may have passed before it is read back.
    form.locator("button[name=start]").nth(1).click()
    desk.get_by_role("button", name="Ja, Termin buchen").click()
    code = desk.locator("dialog .code").inner_text()
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    return code
