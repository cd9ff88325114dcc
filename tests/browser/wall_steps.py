"""What tests of the wall do again and again."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, comes_to_be

SECOND_MS = 1_000
# One after another, each for more than two seconds, and longer where the processor is busy.
GONG_MS = 5 * SECOND_MS


def connected(page: Page) -> Page:
    """Wait until the wall hears its server and knows whether it can be heard."""
    expect(page.locator("html")).to_have_attribute("data-link", "up")
    expect(page.locator("html")).to_have_attribute("data-sound", "running")
    return page


def call_next(clerk: httpx.Client, counter: str) -> str:
    """Call the next person; returns the number."""
    answer = clerk.post(f"/api/v1/counters/{counter}/calls", json={})
    assert answer.status_code == 200, answer.text
    number: str = answer.json()["ticket"]["number"]
    return number


def press(clerk: httpx.Client, counter: str, verb: str) -> None:
    """`recall`, `arrival`, `completion`, ..."""
    answer = clerk.post(f"/api/v1/counters/{counter}/{verb}", json={})
    assert answer.is_success, answer.text


def shows(page: Page, *rows: str) -> None:
    """The wall shows exactly these calls ("M 001 Schalter 1"), newest first, all of them whole."""
    comes_to_be(page, lambda: (shown(page), cut_off(page)), (list(rows), []))


def shown(page: Page) -> list[str]:
    """The calls as they stand on the wall now."""
    parts = "[data-part=number], [data-part=word], [data-part=sign]"
    found: list[str] = page.locator("#rows tr").evaluate_all(
        """(rows, parts) => rows.map((row) => [...row.querySelectorAll(parts)]
            .map((part) => part.textContent.replaceAll("\\u00ad", "").trim())
            .filter(Boolean).join(" "))""",
        parts,
    )
    return found


def cut_off(page: Page) -> list[str]:
    """Numbers and counters that stick out of their row, or rows that do out of the board."""
    found: list[str] = page.locator("#rows tr").evaluate_all(
        """(rows) => rows.flatMap((row) => {
          const box = row.getBoundingClientRect();
          const all = row.closest("#calls").getBoundingClientRect();
          const outer = { right: Math.min(box.right, innerWidth), left: Math.max(box.left, 0) };
          const parts = row.querySelectorAll("[data-part=number], [data-part=sign]");
          return [...parts].filter((part) => {
            const { left, right, top, bottom, width } = part.getBoundingClientRect();
            const middle = (top + bottom) / 2;
            return width === 0 || left < outer.left - 1 || right > outer.right + 1
              || middle < box.top || middle > box.bottom || box.bottom > all.bottom + 1;
          }).map((part) => part.textContent);
        })"""
    )
    return found


def rang(page: Page, times: int) -> None:
    """So many gongs have begun since the page was loaded."""
    patience = PATIENCE_MS + times * GONG_MS
    expect(page.locator("html")).to_have_attribute("data-rings", str(times), timeout=patience)
