"""What a clerk has in sight on 1366 × 768: forty people, long names, the hit of a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import SMALL, live, number, opened, stands_on, waiting
from tests.office import HERE, Server

SCREEN = {"width": 1366, "height": 768}
HOUSE = "Bürgerservicezentrum der Donaudampfschifffahrtsverwaltung Nordost"
LONG = {
    'name = "Rathaus"': f'name = "{HOUSE}"',
    'name = "Schalter 1"': 'name = "Beratungsplatz Erdgeschoss links Zimmer1"',
    'name = "Schalter 2"': 'name = "Staatsangehörigkeitsangelegenheit 2.114"',
    'name = "Wohnsitz anmelden"': 'name = "Aufenthaltsbescheinigungsverlängerungsantrag mit '
    'Verpflichtungserklärung und Wohnungsgeberbestätigung"',
}  # fmt: skip
# What can be pressed, and is cut off or covered by something else.
OUT_OF_SIGHT = """() => [...document.querySelectorAll(".desk-page :is(button, a, input)")]
  .filter((one) => one.checkVisibility() && !one.closest(".queue__scroll, .skip-link")
    && one.getClientRects().length
    && !one.matches("[type=radio], [type=checkbox], .skip-link, [href='#main']"))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return ![box.left + 3, box.right - 3].every((x) => {
      const there = document.elementFromPoint(x, box.top + box.height / 2);
      return there && (one.contains(there) || there.contains(one));
    });
  }).map((one) => one.textContent.trim() || one.name)"""
CLERK_IS_CUT = """() => {
  const clerk = document.querySelector(".topbar__place > :last-child");
  return clerk.scrollWidth > clerk.clientWidth;
}"""
# Of the rows of the queue: everything in them lies within its frame, and within its own cell.
CUT_ROWS = """() => {
  const frame = document.querySelector("[data-queue]").getBoundingClientRect();
  return [...document.querySelectorAll("[data-waiting] tbody tr :is(button, a)")]
    .filter((one) => one.getBoundingClientRect().right
      > Math.min(frame.right, one.closest("td").getBoundingClientRect().right)).length;
}"""
COLUMNS = """() => [...document.querySelectorAll("[data-waiting] thead th")]
  .map((head) => Math.round(head.getBoundingClientRect().left))"""
# What is wider than the window, and buttons of a narrow desk whose words leave them.
WIDER = """() => [
  document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll(".desk-page :is(button, a.button)")]
    .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.textContent.trim()),
]"""
ROWS_IN_SIGHT = """() => {
  const list = document.querySelector("[data-queue]");
  const top = list.querySelector("thead").getBoundingClientRect().bottom;
  const bottom = list.getBoundingClientRect().bottom;
  return [...list.querySelectorAll("tbody tr")].map((row) => row.getBoundingClientRect())
    .filter((box) => box.top >= top - 1 && box.bottom <= bottom + 1).length;
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    config = (HERE / "office.toml").read_text()
    for short, long in LONG.items():
        config = config.replace(short, long, 1)
    (tmp_path / "long.toml").write_text(config)
    (tmp_path / "office").mkdir()
    server = Server(tmp_path / "office", tmp_path / "long.toml").start()
    yield server
    server.close()


def whole(page: Page) -> bool:
    return page.evaluate(OUT_OF_SIGHT) == [] and page.evaluate(CUT_ROWS) == 0


def test_forty_people_with_long_names_are_in_sight_searched_and_called(
    screens: Screens, server: Server, axe: Callable[[Page], list[str]]
) -> None:
    for _ in range(40):
        server.draw("meldewesen")
    page = screens.desk(**SCREEN)
    live(page)
    assert page.evaluate(OUT_OF_SIGHT) == [] and not page.evaluate(CLERK_IS_CUT)
    page.get_by_role("radio", name="Beratungsplatz").check()
    page.keyboard.press("Enter")
    opened(page)
    waiting(page, 40)
    assert whole(page)

    # Compact: at least 25 of 40, and this device remembers it.
    page.keyboard.press("k")
    assert page.evaluate(ROWS_IN_SIGHT) >= 25
    assert whole(page)
    assert axe(page) == []
    page.reload()
    live(page)
    waiting(page, 40)
    assert page.evaluate(ROWS_IN_SIGHT) >= 25

    # Enter leads from the search to the hit, which is called with one more; the search is over.
    page.keyboard.press("/")
    page.keyboard.type("m033")
    waiting(page, 1)
    page.keyboard.press("Enter")
    stands_on(page, "M 033 aufrufen")
    page.keyboard.press("Enter")
    number(page, "M 033")
    waiting(page, 39)
    expect(page.get_by_label("Nummer suchen")).to_have_value("")
    assert whole(page)
    page.keyboard.press("k")
    page.keyboard.press("e")
    expect(page.locator("[data-state=serving]")).to_be_visible()
    assert whole(page)

    # However much is open above it, the button that opens a counter is in sight.
    page.keyboard.press("a")
    expect(page.get_by_text("Niemand am Schalter")).to_be_visible()
    page.get_by_role("button", name="Schließen", exact=True).click()
    page.get_by_text("Nur bestimmte Anliegen bedienen").click()
    expect(page.get_by_role("radio", name="Beratungsplatz")).to_be_checked()
    assert page.evaluate(OUT_OF_SIGHT) == []


def test_columns_stand_still_when_rows_come_and_somebody_is_served(
    screens: Screens, server: Server
) -> None:
    server.draw("kfz")
    page = screens.desk(**SCREEN)
    page.get_by_role("radio", name="Beratungsplatz").check()
    page.keyboard.press("Enter")
    opened(page)
    waiting(page, 1)
    columns = page.evaluate(COLUMNS)

    server.draw("meldewesen")
    server.draw("ausweise")
    waiting(page, 3)
    assert page.evaluate(COLUMNS) == columns

    page.keyboard.press("n")
    number(page, "K 001")
    page.keyboard.press("e")
    expect(page.locator("[data-state=serving]")).to_be_visible()
    waiting(page, 2)
    assert page.evaluate(COLUMNS) == columns


def test_on_a_phone_or_at_400_percent_nothing_is_scrolled_to_the_side(
    screens: Screens, server: Server
) -> None:
    server.draw("meldewesen")
    server.draw("ausweise")
    page = screens.desk(**SCREEN)
    page.get_by_role("radio", name="Beratungsplatz").check()
    page.keyboard.press("Enter")
    opened(page)
    page.keyboard.press("n")
    number(page, "M 001")
    waiting(page, 1)

    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate(WIDER) == [0]
    assert page.evaluate(CUT_ROWS) == 0
    page.goto(f"{server.url}/desk/stops")
    assert page.evaluate(WIDER) == [0]


def test_after_a_wrong_password_the_button_is_in_sight(screens: Screens) -> None:
    page = screens.open("/login", SMALL["width"], SMALL["height"])
    page.get_by_label("Benutzername").fill("Aylin")
    page.get_by_label("Passwort").fill("verwechselt")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Benutzername oder Passwort ist falsch.")).to_be_visible()
    expect(page.get_by_role("button", name="Anmelden")).to_be_in_viewport(ratio=1)
    screens.forgive("401")
