"""Every wall with the longest words, in each of its languages: nothing is cut off or leaves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.longest_words import LANGUAGES, Axe, faults, office, told
from tests.browser.wall_steps import call_next, connected, cut_off, press
from tests.office import Server

SIZES = ((1920, 1080), (3840, 2160), (1080, 1920))
COUNTERS = (("Aylin", "schalter-1"), ("Bernd", "schalter-2"), ("Lea", "schalter-3"))
TURN_MS = 12_000
MOST_TURNS = 10


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from office(tmp_path_factory.mktemp("office"))


def wall(screens: Screens, name: str) -> Page:
    page = screens.window(*SIZES[0], reduced_motion="reduce")
    page.clock.install()
    page.goto(f"{screens.server.url}/display/{name}")
    return connected(page)


def looked_at(page: Page, axe: Axe) -> list[object]:
    """In each of its languages, on the usual screen."""
    found: list[object] = []
    seen: set[str] = set()
    for _ in range(MOST_TURNS):
        language = page.locator("[data-say=wait]").get_attribute("lang") or "de"
        if language not in seen:
            seen.add(language)
            found += [*axe(page), *faults(page, SIZES[:1], may_scroll=False)]
        if seen == set(LANGUAGES):
            return found
        page.clock.run_for(TURN_MS)
    raise AssertionError(f"only {seen} were shown")


@pytest.mark.parametrize("name", ["wand", "naechste", "beide"])
def test_every_layout_is_whole_before_and_with_calls(
    screens: Screens, server: Server, axe: Axe, name: str
) -> None:
    page = wall(screens, name)
    found = looked_at(page, axe)
    for clerk, counter in COUNTERS:
        server.draw("meldewesen")
        server.draw("meldewesen")
        call_next(server.clerk(clerk, counter), counter)
    expect(page.locator("#rows tr")).to_have_count(len(COUNTERS))
    found += [*axe(page), *faults(page, SIZES, may_scroll=False), *cut_off(page)]
    for clerk, counter in COUNTERS:
        press(server.clerk(clerk), counter, "release")
    assert not found, told(found)


def test_the_wall_of_a_closed_office_is_whole(screens: Screens, axe: Axe) -> None:
    page = wall(screens, "zu-wand")
    found = [*axe(page), *faults(page, SIZES, may_scroll=False)]
    assert not found, told(found)
