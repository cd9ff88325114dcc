"""An office to practise in says so on every screen, and covers nothing that has to be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DRAWN, PATIENCE_MS
from tests.test_demo import Demo, soon

UPRIGHT, LYING, NARROW = (1080, 1920), (1920, 1080), (600, 1024)
# Words and buttons that lie below the sign.
COVERED = """() => {
  const sign = document.querySelector(".practice-sign p");
  const { left, right, top, bottom } = sign.getBoundingClientRect();
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: parent, textContent: words } = texts.currentNode;
    if (!words.trim() || !parent.checkVisibility() || sign.contains(parent)) continue;
    if (parent.closest(".visually-hidden, .skip-link, script, template")) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.left < right && box.right > left && box.top < bottom
        && box.bottom > top) found.push(words.trim());
  }
  return found;
}"""


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Demo]:
    practice = Demo(tmp_path, "practice")
    soon(lambda: practice.board()["next"])
    yield practice
    practice.close()


def test_the_sign_of_practice_covers_nothing_on_walls_and_kiosks(
    practice: Demo, browser: Browser
) -> None:
    context = browser.new_context(locale="de-DE")
    context.set_default_timeout(2 * PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{practice.client.base_url}/login")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Wartenummern ziehen").first.click()
    kiosk = opened.value
    kiosk.get_by_role("heading", name="Willkommen").wait_for()
    page.goto(f"{practice.client.base_url}/display/wartebereich")
    page.locator("html[data-link=up]").wait_for()

    found = {
        (screen.url, size): screen.evaluate(COVERED)
        for screen in (page, kiosk)
        for size in (UPRIGHT, LYING, NARROW)
        if _sized(screen, size)
    }

    assert not any(found.values()), found
    context.close()


def _sized(page: Page, size: tuple[int, int]) -> bool:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(DRAWN)
    expect(page.locator(".practice-sign strong")).to_have_text("Übung")
    return True
