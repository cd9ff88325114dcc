"""A bad network between the office and its screens: nothing is drawn, shown or rung twice."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from queue_server.web.identity import DEVICE_COOKIE
from tests.browser.conftest import CHROMIUM, FLAGS, PATIENCE_MS, Screens
from tests.browser.wall_steps import call_next, press, rang
from tests.faults.reporting import LONG, Report
from tests.faults.two_networks import FarServer, Line, words_inside
from tests.faults.walls import ListeningWall

ROUNDS = 60 if LONG else 3
BAD = "0.05 0.2"
GOOD = "0 0"


@pytest.fixture
def far_screens(
    far_server: FarServer, line: Line, playwright_driver: Playwright, tmp_path: Path
) -> Iterator[Screens]:
    """Windows of a browser that runs in the hall."""
    program = tmp_path / "browser-in-the-hall"
    words = " ".join(words_inside(line.hall, str(CHROMIUM)))
    program.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    program.chmod(0o755)
    # Offices that are far away have TLS.
    trusted = f"--unsafely-treat-insecure-origin-as-secure={far_server.url}"
    browser = playwright_driver.chromium.launch(executable_path=program, args=[*FLAGS, trusted])
    screens = Screens(browser, far_server)
    screens.may_lose_line = True
    yield screens
    line.order(GOOD)
    screens.close()
    browser.close()
    assert screens.errors == []


@pytest.mark.timeout(120 + 60 * ROUNDS)
def test_each_number_is_drawn_once_and_each_call_shown_and_rung_once_also_after_a_cut(
    far_server: FarServer, far_screens: Screens, line: Line, report: Report
) -> None:
    aylin, seconds, drawn = far_server.clerk("Aylin", "schalter-1"), list[float](), list[str]()
    wall = ListeningWall(paired(far_screens, "display", "wand"))
    kiosk = paired(far_screens, "kiosk", "eingang")

    line.order(BAD)
    for _ in range(ROUNDS):
        drawn.append(drawn_at(kiosk))
        seconds.append(seconds_until_shown(wall, call_next(aylin, "schalter-1")))
        for verb in ("arrival", "completion"):
            press(aylin, "schalter-1", verb)
    drawn += [drawn_at(kiosk), drawn_at(kiosk)]
    line.order("cut")
    expect(wall.page.locator("#outage")).to_be_visible()
    gone = call_next(aylin, "schalter-1")
    for verb in ("arrival", "completion"):
        press(aylin, "schalter-1", verb)
    fresh = call_next(aylin, "schalter-1")
    line.order(GOOD)
    seconds_until_shown(wall, fresh)

    assert drawn == [f"M {n:03}" for n in range(1, ROUNDS + 3)]
    expect(wall.page.locator("#outage")).to_be_hidden()
    expect(wall.page.locator("body")).not_to_contain_text(gone)
    rang(wall.page, ROUNDS + 1)
    assert wall.rang_each_call_once_while_it_was_fresh() == ROUNDS + 1
    report.saw(
        ROUNDS,
        f"{len(drawn)} numbers drawn at a kiosk, none twice; {ROUNDS} calls shown and rung once "
        f"each, {statistics.median(seconds):.2f} s after the call (median), {max(seconds):.1f} s "
        "at most. Cut off, the wall said so; then it showed what was true and rang one fresh call.",
    )


def seconds_until_shown(wall: ListeningWall, number: str) -> float:
    began = time.monotonic()
    expect(wall.page.locator("#rows")).to_contain_text(number, timeout=2 * PATIENCE_MS)
    return time.monotonic() - began


def paired(screens: Screens, role: str, place: str) -> Page:
    """Paired by a program in the office: Playwright's own requests come from neither network."""
    code = screens.server.pairing_code(role, place)
    answer = screens.server.client().post("/devices/pair", json={"code": code})
    page, url = screens.window(), screens.server.url
    token = answer.json()["token"]
    page.context.add_cookies([{"name": DEVICE_COOKIE, "value": token, "url": url}])
    page.goto(f"{url}/{role}/{place}")
    return page


def drawn_at(kiosk: Page) -> str:
    """A number from the start page."""
    kiosk.goto(f"{kiosk.url.partition('/kiosk')[0]}/kiosk/eingang")
    kiosk.get_by_role("button", name="Wohnsitz anmelden").click()
    expect(kiosk.locator("h1 .number")).to_be_visible()
    number: str = kiosk.locator("h1 .number").inner_text()
    return number
