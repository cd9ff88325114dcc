"""A wall that can't be heard says so: on the wall, and to the office."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.conftest import CHROMIUM, FLAGS, Screens
from tests.browser.wall_steps import SECOND_MS, call_next, rang
from tests.office import Server

AUTOPLAY = "--autoplay-policy=no-user-gesture-required"


@pytest.fixture
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """A browser as it comes: silent until somebody has touched the page."""
    flags = [flag for flag in FLAGS if flag != AUTOPLAY]
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=flags)
    yield browser
    browser.close()


TONES = """
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    window.tones += 1;
    return start.apply(this, when);
  };
"""


def test_blocked_sound_is_seen_and_reported_until_somebody_taps(
    screens: Screens, server: Server, axe: Callable[[Page], list[str]]
) -> None:
    wall = screens.wall()
    wall.add_init_script(TONES)
    wall.reload()
    badge = wall.get_by_role("button", name="Ton ist blockiert – einmal tippen")
    expect(badge).to_be_visible()
    wait_for_report(server, wall, "blocked")
    aylin = server.clerk("Aylin", "schalter-1")
    for _ in range(2):
        server.draw("meldewesen")
    call_next(aylin, "schalter-1")
    expect(wall.locator("#rows tr")).to_have_count(1)
    rang(wall, 0)
    assert axe(wall) == []

    assert wall.evaluate("window.tones") == 0

    badge.press("Enter")

    expect(badge).to_be_hidden()
    # Whoever turned it on hears that it is on: one soft tone, and no gong for old news.
    wall.wait_for_function("window.tones > 0")
    wait_for_report(server, wall, "running")
    # What could not ring is not rung later; the next call is heard.
    rang(wall, 0)
    call_next(server.clerk("Lea", "schalter-3"), "schalter-3")
    rang(wall, 1)


def wait_for_report(server: Server, wall: Page, sound: str) -> None:
    for _ in range(80):
        devices = server.aufruf("device", "list")
        if any(is_wall(line) and f"sound {sound}" in line for line in devices.splitlines()):
            return
        wall.wait_for_timeout(SECOND_MS / 4)
    raise AssertionError(devices)


def is_wall(line: str) -> bool:
    return line.split("\t")[:3] == ["rathaus", "display", "wand"]
