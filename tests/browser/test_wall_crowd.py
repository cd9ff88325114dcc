"""Twenty counters at once: no call is lost, none is cut off, each rings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from queue_server.actions import staff
from queue_server.app import open_store
from queue_server.settings import load_settings
from queue_server.store import identities
from queue_server.web.app_context import utc_now
from queue_server.web.identity import SESSION_COOKIE
from tests.browser.conftest import Screens, comes_to_be
from tests.browser.wall_steps import call_next, connected, rang, shows
from tests.office import HERE, ForkedServer, Server

MANY = 20
# The wall of the tests, 43 inches seen from 5 m, promises so many calls that the last chair can
# read: with capitals of 61 mm on a screen 535 mm high.
READABLE, LEAST_CAPITAL = 4, 61 / 535
SIZES = ((1920, 1080), (3840, 2160), (1080, 1920), (1366, 768))
WAYS = ("left", "right", "straight", "up", "down", "")
Crowd = list[tuple[httpx.Client, str, str]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An office with twenty counters."""
    (tmp_path / "crowd.toml").write_text(config(), "utf-8")
    server = ForkedServer(tmp_path, tmp_path / "crowd.toml").start()
    yield server
    server.close()


@pytest.fixture
def crowd(server: Server) -> Crowd:
    """A clerk at each counter, and a visitor for each: (client, counter, its name)."""
    return [(seat(server, place), f"platz-{place}", name_of(place)) for place in range(1, MANY + 1)]


def seat(server: Server, place: int) -> httpx.Client:
    """A clerk at this counter, without the second that a password takes, and a visitor."""
    with closing(open_store(load_settings(server.config, {}))) as store:
        name, now = f"Aushilfe {place}", utc_now()
        staff.add_clerk(store, name, "rathaus", "clerk", "no password", now=now)
        with store.snapshot() as snapshot:
            clerk = identities.clerk_named(snapshot, name)
        assert clerk is not None
        token = staff.sign_in(store, clerk, now=now)
    client = server.client()
    client.cookies.set(SESSION_COOKIE, token)
    opened = client.put(f"/api/v1/counters/platz-{place}/session", json={})
    assert opened.status_code == 200, opened.text
    server.draw("meldewesen")
    return client


def test_calls_made_at_once_are_all_shown_and_ring_one_after_another(
    screens: Screens, crowd: Crowd
) -> None:
    wall = connected(screens.wall())

    called = [f"{call_next(clerk, counter)} {name}" for clerk, counter, name in crowd[:8]]

    shows(wall, *reversed(called))
    expect(wall.locator("#rows tr[data-new]")).to_have_count(8)
    assert int(wall.locator("html").get_attribute("data-rings") or 0) < 8
    rang(wall, 8)


def test_a_crowded_wall_stays_readable_and_loses_no_call_on_any_screen(
    screens: Screens, crowd: Crowd, axe: Callable[[Page], list[str]]
) -> None:
    wall = connected(screens.wall())
    called: list[str] = []
    for clerk, counter, name in crowd:
        called.insert(0, f"{call_next(clerk, counter)} {name}")
        if len(called) == READABLE:
            comes_to_be(wall, lambda: smallest_capital(wall) >= LEAST_CAPITAL, True)
        if len(called) in (1, 2, 4, 7, 10, MANY):
            for width, height in SIZES:
                wall.set_viewport_size({"width": width, "height": height})
                shows(wall, *called)
                comes_to_be(wall, lambda: overflowing(wall), [])

    assert axe(wall) == []


def smallest_capital(wall: Page) -> float:
    """The least height of a capital of numbers and counters, as a share of the screen."""
    heights: list[float] = wall.locator(
        "#rows [data-part=number], #rows [data-part=sign]"
    ).evaluate_all(
        """(parts) => parts.map((part) => {
          const pen = new OffscreenCanvas(1, 1).getContext("2d");
          const { fontWeight, fontSize, fontFamily } = getComputedStyle(part);
          pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
          return pen.measureText("H").actualBoundingBoxAscent / innerHeight;
        })"""
    )
    return min(heights)


def config() -> str:
    """The office of the tests with other counters, among them names that need room."""
    before, _, rest = (HERE / "office.toml").read_text("utf-8").partition("[[site.counter]]")
    _, _, after = rest.partition("[[site.display]]")
    counters = "".join(
        f'[[site.counter]]\nid = "platz-{place}"\nname = "{name_of(place)}"\n'
        f'direction = "{WAYS[place % len(WAYS)]}"\n'
        for place in range(1, MANY + 1)
    )
    return f"{before}{counters}[[site.display]]{after}"


def name_of(place: int) -> str:
    odd = {7: "Standesamt", 9: "Zimmer 104a", 13: "Trauzimmer im Erdgeschoss links"}
    return odd.get(place, f"Schalter {place}")


def overflowing(page: Page) -> list[str]:
    """What makes the page scroll."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("html, body, main")]
            .filter((box) => box.scrollWidth > box.clientWidth + 1
              || box.scrollHeight > box.clientHeight + 1)
            .map((box) => box.tagName)"""
    )
    return found
