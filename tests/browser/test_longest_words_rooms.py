"""The rooms of clerks and heads of office with the longest words: nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.at_kiosk import book, today
from tests.browser.conftest import Screens
from tests.browser.longest_words import faults, office, told
from tests.office import Server

SIZE = (1366, 768)
OFFICE = (
    "/office", "/office/figures", "/office/what-if", "/office/rules", "/office/audit",
    "/office/days", "/office/setup", "/office/setup/counters", "/office/guides", "/office/staff",
    "/office/devices", "/office/interfaces", "/office/changes",
)  # fmt: skip
DESK = (
    "/desk",
    "/desk/today",
    "/desk/appointments",
    "/desk/appointments/new",
    "/desk/tickets/new",
    "/desk/stops",
)
# How many lines the bar at the head of a page has.
BAR_LINES = """() => new Set([...document.querySelectorAll(".topbar > *")]
  .filter((one) => one.checkVisibility())
  .map((one) => { const box = one.getBoundingClientRect(); return (box.top + box.bottom) >> 4; })
).size"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from office(tmp_path_factory.mktemp("office"))


def test_the_pages_of_desk_and_office_are_whole(screens: Screens, server: Server) -> None:
    page = screens.desk("Lea", *SIZE)
    page.emulate_media(reduced_motion="reduce")
    found = [("no counter", fault) for fault in faults(page, (SIZE,))]
    clerk = server.clerk("Aylin", "schalter-1")
    server.draw("meldewesen", "ausweise")
    server.draw("meldewesen")
    book(server, "meldewesen")
    assert clerk.post("/api/v1/counters/schalter-1/calls", json={}).is_success
    page.get_by_label("Zimmer 204 a").check()
    page.get_by_role("button", name="Schalter öffnen").click()
    page.get_by_role("button", name="Nächste Person aufrufen").click()
    expect(page.locator(".person__number")).to_have_text("M 002")
    figures = [f"/office/figures{page}from={today()}" for page in ("?by=service&", "/visits?")]
    for path in (*DESK, *OFFICE, *figures):
        page.goto(server.url + path)
        found += [(path, fault) for fault in faults(page, (SIZE,))]
        found += [(path, "wrapped bar")] if page.evaluate(BAR_LINES) > 1 else []
    assert not found, told(found)
