"""The office with the longest words, and what no page may do with them at any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.at_kiosk import today
from tests.browser.conftest import SETTLED
from tests.office import Server

CONFIG = Path(__file__).with_name("longest.toml")
LANGUAGES = ("de", "uk", "ar")
Axe = Callable[[Page], list[str]]
Size = tuple[int, int]
FRAMES = 30
# On the second page of the calendar, where no test books anything.
LATER_DAYS = 9
# The page has taken the size of its window, and every style that depends on it.
ARRANGED = """([width, height]) => new Promise((done) => {
  const look = () => requestAnimationFrame(() => innerWidth === width && innerHeight === height
    ? document.fonts.ready.then(() => done(true)) : look());
  look();
})"""
# Words that leave the window, or the nearest box that cuts off what does not fit. Where the page
# may scroll the rest is found by scrolling down; else all of it must be in sight.
CUT_OFF = """(mayScroll) => {
  // Only for the ear, or what is meant to end early: examples, names of sites, more numbers.
  const ELSEWHERE = `script, template, .visually-hidden, .skip-link, .calls__titles,
    [class*=place__]:is(.day *), .day__none > :not(.day__short), .choice-button__teaser,
    .call__site, .next__list, .topbar__place`;
  const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
  const found = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`${wide} px wider than the window`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: parent, textContent: words } = texts.currentNode;
    if (!words.trim() || !parent.checkVisibility() || parent.closest(ELSEWHERE)) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const { left, right, top, bottom, width } = range.getBoundingClientRect();
    const edge = { left: 0, right: innerWidth, top: 0, bottom: innerHeight };
    if (mayScroll) Object.assign(edge, { top: -Infinity, bottom: Infinity });
    for (let box = parent; box; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const own = box.getBoundingClientRect();
      if (overflowX !== "visible") {
        edge.left = Math.max(edge.left, own.left);
        edge.right = Math.min(edge.right, own.right);
      }
      if (cuts(overflowY) || (!mayScroll && overflowY !== "visible")) {
        edge.top = Math.max(edge.top, own.top);
        edge.bottom = Math.min(edge.bottom, own.bottom);
      } else if (overflowY !== "visible") {
        // What is above and below is one touch away.
        break;
      }
    }
    const across = left < edge.left - 1 || right > edge.right + 1;
    // The box of a letter is higher than its ink.
    const air = Math.max(4, 0.3 * parseFloat(getComputedStyle(parent).fontSize));
    const down = top < edge.top - air || bottom > edge.bottom + air;
    if (width > 1 && (across || down)) found.push(`${across ? "across" : "down"}: ${words.trim()}`);
  }
  return found;
}"""


def office(folder: Path) -> Iterator[Server]:
    """The office, running; one of its sites is closed today, and on the day after a test began."""
    text = CONFIG.read_text("utf-8")
    for word, days in (("TODAY", 0), ("TOMORROW", 1), ("LATER", LATER_DAYS)):
        text = text.replace(f'"{word}"', f'"{today() + timedelta(days)}"')
    (folder / "longest.toml").write_text(text, "utf-8")
    server = Server(folder, folder / "longest.toml").start()
    yield server
    server.close()


def in_language(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def faults(page: Page, sizes: Iterable[Size], *, may_scroll: bool = True) -> list[Any]:
    """What is cut off or sticks out, size by size."""
    found = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(ARRANGED, [width, height])
        page.evaluate(SETTLED)
        found += [(width, fault) for fault in _that_stay(page, may_scroll)]
    return found


def _that_stay(page: Page, may_scroll: bool) -> list[str]:
    """A page that fits its words to its size by script needs some frames for it."""
    size = [page.viewport_size["width"], page.viewport_size["height"]]
    for _ in range(FRAMES):
        found: list[str] = page.evaluate(CUT_OFF, may_scroll)
        if not found:
            break
        page.evaluate(ARRANGED, size)
    return found


def told(found: list[Any]) -> str:
    """One fault a line, and all of them."""
    return "\n".join(map(str, found))
