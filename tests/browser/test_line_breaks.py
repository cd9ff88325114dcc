"""No line ends within a number, a time, a date or a duration; all say durations in one way."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.waiting import Range
from queue_server.languages import GERMAN, words
from tests.browser.at_kiosk import number, touch_kiosk
from tests.browser.conftest import Screens
from tests.browser.test_visitor_pages import OPEN_ALL, every_page
from tests.office import Server

# Every text that is seen, and what of it a line could end within.
BREAKABLE = """() => {
  const WHOLE = [/(^|[^A-Z])[A-Z] \\d{3}(?!\\d)/, /\\d:\\d\\d Uhr/,
    /\\d (Minute|Stunde|Std|Min|minute|hour|hr|min)/, /(Std\\.|hr) \\d/];
  const months = Array.from({ length: 12 }, (_, month) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", day: "numeric" })
      .formatToParts(new Date(2026, month, 1)).find(({ type }) => type === "month").value);
  WHOLE.push(new RegExp(`\\\\d\\\\.? (${months.join("|")})|(${months.join("|")}) \\\\d`));
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: parent, textContent: text } = walker.currentNode;
    if (parent.closest("script, noscript, template") || !parent.checkVisibility()) continue;
    if (getComputedStyle(parent).whiteSpace.includes("nowrap")) continue;
    if (WHOLE.some((each) => each.test(text))) found.push(text.trim());
  }
  return found;
}"""
LANGUAGES = (GERMAN, "en")
SAID = """async ({ texts, ranges }) => {
  const { Words } = await import("/static/booking/words.js");
  const words = new Words({ dataset: { words: texts } });
  return ranges.map(([low, high, likely]) =>
    [words.minutes(high), words.span(low, high), words.likely(low, high, likely)]);
}"""


def breakable(page: Page) -> list[str]:
    page.evaluate(OPEN_ALL)
    found: list[str] = page.evaluate(BREAKABLE)
    return found


def test_no_line_ends_within_a_number_a_time_or_a_date(server: Server, screens: Screens) -> None:
    page = screens.window(320, 700)
    for path in every_page(server):
        for language in LANGUAGES:
            address, _, code = path.partition("#")
            mark = "&" if "?" in address else "?"
            page.goto(f"{server.url}{address}{mark}lang={language}{'#' + code if code else ''}")
            assert breakable(page) == [], (path, language)
    kiosk = touch_kiosk(screens)
    assert breakable(kiosk) == []
    kiosk.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(number(kiosk)).to_be_visible()
    assert breakable(kiosk) == []
    assert breakable(screens.wall()) == []
    assert breakable(screens.open("/embed/rathaus")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_stays_open_says_durations_as_kiosk_and_paper_do(
    server: Server, screens: Screens, language: str
) -> None:
    page = screens.open("/")
    ranges = [(low, low + more, low + more // 2) for low in range(0, 200, 7) for more in (0, 5, 61)]
    asked = [each for each in ranges if each[1]]

    told = page.evaluate(SAID, {"texts": _texts(language), "ranges": asked})

    assert told == [
        [words.minutes(high, language), words.span(Range(low, high, likely), language),
         words.likely(Range(low, high, likely), language)]
        for low, high, likely in asked
    ]  # fmt: skip


def _texts(language: str) -> str:
    return json.dumps(dict(words.for_scripts(language)))
