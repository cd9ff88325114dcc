"""Walls of many rooms, on one server: readable from the last chair, whatever stands on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from display.legibility import capital_mm, rows_of, screen_height_mm
from queue_server.domain.site import Display
from tests.browser.conftest import Screens, comes_to_be
from tests.browser.test_wall_crowd import overflowing, seat, smallest_capital
from tests.browser.wall_steps import call_next, connected, cut_off, shows
from tests.office import HERE, ForkedServer, Server

# Inches and metres: a small room, a usual one, a hall, and a hall with a large screen.
ROOMS = ((32, 3), (43, 5), (55, 7), (75, 8))
FULL_HD, UHD, PORTRAIT = (1920, 1080), (3840, 2160), (1080, 1920)
PLACES = (
    "Schalter 12",
    "Trausaal",
    "Zimmer 204 a",
    "Verwarngeldsachbearbeitung Nord",
    "Staatsangehörigkeitsangelegenheiten",
    "Kraftfahrzeugzulassungsstelle 2",
)
LONG_NAME = "Bürgerservicezentrum der Verbandsgemeindeverwaltung mit Kraftfahrzeugzulassungsstelle"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PAGE_TEXT = "# Ausweis abholen\\n\\nOhne Nummer zu **Schalter 12**"
# Words that stick out of the screen, or of a box that would clip them.
CLIPPED = """() => [...document.querySelectorAll(
    ".wall__name, .wall__room, .call__site, .call__word, .info__page, .calls__say p")]
  .filter((box) => box.offsetParent && (box.scrollWidth > box.clientWidth + 2
    || box.getBoundingClientRect().right > innerWidth + 1))
  .map((box) => box.className)"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An office with places of all kinds, and a wall for each room."""
    (tmp_path / "rooms.toml").write_text(config(), "utf-8")
    server = ForkedServer(tmp_path, tmp_path / "rooms.toml").start()
    yield server
    server.close()


def config() -> str:
    before, _, rest = (HERE / "office.toml").read_text("utf-8").partition("[[site.counter]]")
    _, _, after = rest.partition("[[site.display]]")
    counters = "".join(
        f'[[site.counter]]\nid = "platz-{place}"\nname = "{name}"\narea = "Flur {place % 2}"\n'
        f'direction = "{"left" if place % 2 else ""}"\n'
        for place, name in enumerate(PLACES, 1)
    )
    walls = "".join(
        f'[[site.display]]\nid = "raum-{place}"\ndiagonal_inches = {inches}\ndistance_m = {m}\n'
        for place, (inches, m) in enumerate(ROOMS)
    )
    others = (
        '[[site.display]]\nid = "beide"\nsites = ["rathaus", "nordend"]\n'
        '[[site.display]]\nid = "flur"\nareas = ["Flur 1"]\nlanguages = ["de", "en"]\n'
        f'[[site.display]]\nid = "info"\nlayout = "calls_information"\n[[site.page]]\n'
        f'text = "{PAGE_TEXT}"\n[[site.page]]\ntext = "Vorbei"\nuntil = 2020-01-01\n'
        '[site.theme]\nname = "Musterstadt"\ncolor = "#1d2f6f"\ndark = true\n'
    )
    office = f"{before}{counters}{walls}{others}[[site.display]]{after}"
    office = office.replace('name = "Rathaus"', f'name = "{LONG_NAME}"', 1)
    # Nordend is open at whatever hour these tests run.
    days = "".join(f'{day} = ["00:00-24:00"]\n' for day in DAYS)
    return office.replace('mon = ["08:00-12:00"]\n', days, 1)


@pytest.fixture
def seats(server: Server) -> list[httpx.Client]:
    return [seat(server, place) for place in range(1, len(PLACES) + 1)]


def open_wall(screens: Screens, id: str) -> Page:
    wall = screens.open(f"/display/{id}", *FULL_HD)
    return connected(wall)


def test_every_room_reads_its_calls_and_the_longest_words_fit(
    screens: Screens, seats: list[httpx.Client], axe: Callable[[Page], list[str]]
) -> None:
    walls = [open_wall(screens, f"raum-{place}") for place in range(len(ROOMS))]
    # As many calls as stand in every room, all at the counter whose name is short.
    number = call_next(seats[0], "platz-1")
    for wall, (inches, meters) in zip(walls, ROOMS, strict=True):
        shows(wall, f"{number} Schalter 12")
        assert rows_of(Display("", diagonal_inches=inches, distance_m=meters)) >= 2
        least = capital_mm(meters) / screen_height_mm(inches)
        for width, height in (FULL_HD, UHD):
            wall.set_viewport_size({"width": width, "height": height})
            becomes_readable(wall, least)
    call_all(seats[1:])
    for width, height in (FULL_HD, UHD, PORTRAIT):
        walls[1].set_viewport_size({"width": width, "height": height})
        expect(walls[1].locator("#rows tr")).to_have_count(len(PLACES))
        comes_to_be(walls[1], lambda: sticking_out(walls[1]), [])
    assert axe(walls[1]) == []


def becomes_readable(wall: Page, least: float) -> None:
    comes_to_be(wall, lambda: smallest_capital(wall) >= least, True)


def sticking_out(wall: Page) -> list[str]:
    return cut_off(wall) + overflowing(wall) + wall.evaluate(CLIPPED)


def call_all(seats: list[httpx.Client]) -> None:
    for place, clerk in enumerate(seats, 2):
        call_next(clerk, f"platz-{place}")


def test_a_call_takes_the_screen_from_a_page_and_areas_and_sites_show_what_is_theirs(
    screens: Screens, server: Server, seats: list[httpx.Client]
) -> None:
    info, hall = open_wall(screens, "info"), open_wall(screens, "flur")
    both = open_wall(screens, "beide")
    page = info.get_by_text("Ausweis abholen")
    expect(page).to_be_visible()
    expect(info.get_by_text("Bitte warten Sie auf Ihren Aufruf")).to_be_hidden()
    expect(info.get_by_text("Vorbei")).to_have_count(0)
    whole = width_of(info)

    first, second = call_next(seats[0], "platz-1"), call_next(seats[1], "platz-2")

    shows(info, f"{second} Trausaal", f"{first} Schalter 12")
    comes_to_be(info, lambda: width_of(info) < whole / 2, True)
    shows(hall, f"{first} Schalter 12")
    expect(hall.locator("#next")).to_be_hidden()
    clara = server.clerk("Clara", "nordend-1")
    drawn = clara.post("/api/v1/sites/nordend/tickets", json={"services": ["meldewesen"]})
    assert drawn.is_success, drawn.text
    call_next(clara, "nordend-1")
    expect(both.locator("[data-part=site]")).to_have_text(
        ["Bürgerbüro Nordend", LONG_NAME, LONG_NAME]
    )
    comes_to_be(both, lambda: cut_off(both), [])


def width_of(wall: Page) -> float:
    width: float = wall.locator("#info").evaluate("(info) => info.getBoundingClientRect().width")
    return width


def test_a_wall_that_slept_shows_what_is_true_when_it_wakes(
    screens: Screens, seats: list[httpx.Client]
) -> None:
    wall = open_wall(screens, "raum-1")
    number = call_next(seats[0], "platz-1")
    shows(wall, f"{number} Schalter 12")
    session = wall.context.new_cdp_session(wall)
    session.send("Emulation.setScriptExecutionDisabled", {"value": False})
    session.send("Page.enable")
    session.send("Page.setWebLifecycleState", {"state": "frozen"})

    answer = seats[0].post("/api/v1/counters/platz-1/arrival", json={})
    assert answer.is_success, answer.text
    later = call_next(seats[1], "platz-2")
    session.send("Page.setWebLifecycleState", {"state": "active"})

    expect(wall.locator("#rows tr")).to_have_count(1)
    shows(wall, f"{later} Trausaal")
