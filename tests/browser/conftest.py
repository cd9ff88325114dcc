"""Real Chromium before a real server. Any JavaScript error or console error fails the test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    expect,
)

from tests.office import PASSWORD, ForkedServer, Server

SHELL = Path("/usr/bin/chromium-headless-shell")
# The same engine without what belongs to windows: a page costs half, and no profile is made for
# each. Where its package is missing, Chromium itself does as well.
CHROMIUM = SHELL if SHELL.exists() else Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
# Everything that moves and comes to an end has come to it.
SETTLED = """() => Promise.allSettled(document.getAnimations()
    .filter((each) => each.playState === "running"
      && each.effect?.getComputedTiming().endTime !== Infinity)
    .map((each) => each.finished))"""
# What was just made narrower has been laid out and drawn.
DRAWN = """() => new Promise((drawn) =>
    requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"""
# Without preload: axe would fetch stylesheets itself and trip over our strict policy. Describing
# all that is right, too, would take it twice the time.
FAULTS = """() => axe.run({ preload: false, resultTypes: ["violations"] }).then((results) =>
    results.violations.flatMap((fault) =>
      fault.nodes.map((node) => `${fault.id}: ${node.html.slice(0, 160)}`)))"""
# What Chromium itself logs while a server is killed or a cable pulled on purpose.
LINE_IS_DOWN = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_SOCKET_NOT_CONNECTED",
    "ERR_EMPTY_RESPONSE",
    # In the middle of an answer.
    "ERR_CONTENT_LENGTH_MISMATCH",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
    "WebSocket connection to",
)


# What is to come comes in a moment; a busy machine may take longer, and no test is about that.
PATIENCE_MS = 30_000
STOPS_WITHIN_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A fresh office, running."""
    server = ForkedServer(tmp_path).start()
    yield server
    server.close()


def comes_to_be(page: Page, read: Callable[[], Any], wanted: Any) -> None:
    """What is read from a page becomes this; some of a page follows what was waited for."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while (found := read()) != wanted and time.monotonic() < give_up:
        page.wait_for_timeout(20)
    assert found == wanted


def stop_clock(page: Page) -> None:
    """From now on time passes there as the test says. A clock stops only in the future, which a
    moment on a busy machine must not reach before it is told."""
    page.clock.pause_at(page.evaluate("Date.now()") + STOPS_WITHIN_MS)


class Screens:
    """Opens browser windows, each a device or person of its own, and remembers their errors."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.server = server
        self.errors: list[str] = []
        self.may_lose_line = False
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._latest: Page | None = None

    def open(self, path: str, width: int = 1280, height: int = 800, **options: Any) -> Page:
        """A new window with its own cookies, at a page of the office."""
        page = self.window(width, height, **options)
        page.goto(self.server.url + path)
        return page

    def window(self, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, locale="de-DE", **options
        )
        self._contexts.append(context)
        context.set_default_timeout(2 * PATIENCE_MS)
        page = self._latest = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(message.type, message.text, page.url))
        return page

    def kiosk(self, place: str = "eingang", width: int = 1080, height: int = 1920) -> Page:
        """A paired kiosk."""
        return self._paired("kiosk", place, width, height)

    def wall(self, place: str = "wand", width: int = 1920, height: int = 1080) -> Page:
        """A paired wall display."""
        return self._paired("display", place, width, height)

    def desk(self, name: str = "Aylin", width: int = 1366, height: int = 768) -> Page:
        """A clerk who has signed in and stands before the desk page."""
        page = self.open("/login?next=/desk", width, height)
        page.get_by_label("Benutzername").fill(name)
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        # A pattern would fit the page before it, too, which ends in "next=/desk".
        page.wait_for_url(f"{self.server.url}/desk")
        return page

    def forgive(self, words: str) -> None:
        """An error with these words was meant to come, and comes; a page may be seen before it."""
        give_up = time.monotonic() + PATIENCE_MS / 1000
        while not any(words in error for error in self.errors):
            assert self._latest and time.monotonic() < give_up, f"{words} is not in {self.errors}"
            self._latest.wait_for_timeout(20)
        self.errors[:] = [error for error in self.errors if words not in error]

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _paired(self, role: str, place: str, width: int, height: int) -> Page:
        page = self.window(width, height)
        code = self.server.pairing_code(role, place)
        answer = page.request.post(f"{self.server.url}/devices/pair", data={"code": code})
        assert answer.ok, answer.text()
        page.goto(f"{self.server.url}/{role}/{place}")
        return page

    def _heard(self, kind: str, text: str, url: str) -> None:
        line = self.may_lose_line and any(words in text for words in LINE_IS_DOWN)
        if kind == "error" and not line:
            self.errors.append(f"{url}: {text}")


@pytest.fixture
def screens(browser: Browser, server: Server) -> Iterator[Screens]:
    screens = Screens(browser, server)
    yield screens
    screens.close()
    assert screens.errors == []


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Accessibility faults of a page as readable lines; `[]` is what we want."""
    from axe_playwright_python.base import AXE_SCRIPT

    def faults(page: Page) -> list[str]:
        page.wait_for_load_state()
        # A colour on its way from one to another has neither's contrast.
        page.evaluate(SETTLED)
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(AXE_SCRIPT)
        found: list[str] = page.evaluate(FAULTS)
        return found

    return faults
