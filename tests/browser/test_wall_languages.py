"""A wall that changes its language changes all of it, and says which language each word is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens, stop_clock
from tests.browser.wall_steps import call_next, connected, shows
from tests.office import HERE, Server

CHANGE_MS = 12_000
WALL = """[site.translated.en]
"Schalter" = "Counter"
"Heute ohne Fundbüro." = "No lost property office today."
[site.translated.ar]
"Schalter" = "الشباك"

[[site.page]]
text = "# Ausweis abholen"
[site.page.translated]
en = "# Collect your card"

[[site.display]]
id = "info"
layout = "calls_information"
languages = ["de", "en", "ar"]

[[site.display]]"""
# Words of the wall's own, with the language and direction that they say they have.
WORDS = """() => [...document.querySelectorAll(
    "[data-say], [data-say-around] > span:first-child, [data-part=word], .info__page")]
  .map((each) => [each.textContent.trim(), each.closest("[lang]").lang, each.dir])
  .filter(([text]) => /\\p{L}/u.test(text))"""
# What the office wrote and is on the wall at the moment.
OWN_WORDS = """() => [...document.querySelectorAll("#notice, .info__page:not([hidden])")]
  .map((each) => [each.textContent.trim(), each.closest("[lang]").lang])"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    config = (HERE / "office.toml").read_text("utf-8").replace("[[site.display]]", WALL, 1)
    config = config.replace(
        'timezone = "Europe/Berlin"',
        'timezone = "Europe/Berlin"\nnotices = ["Heute ohne Fundbüro."]',
        1,
    )
    (tmp_path / "languages.toml").write_text(config, "utf-8")
    server = Server(tmp_path, tmp_path / "languages.toml").start()
    yield server
    server.close()


def test_words_counters_heads_and_pages_change_together_and_name_their_language(
    screens: Screens, server: Server, axe
) -> None:
    clerk = server.clerk("Aylin", "schalter-1")
    clerk.post("/api/v1/sites/rathaus/tickets", json={"services": ["meldewesen"]})
    number = call_next(clerk, "schalter-1")
    wall = screens.window(1920, 1080)
    wall.clock.install()
    wall.goto(f"{server.url}/display/info")
    connected(wall)
    expect(wall.locator("#rows tr")).to_have_count(1)
    stop_clock(wall)
    turn_to(wall, "de")

    shows(wall, f"{number} Schalter 1")
    assert {language for _, language, _ in words_of(wall)} == {"de", "en"}

    turn_to(wall, "en")
    shows(wall, f"{number} Counter 1")
    expect(wall.locator(".wall__stand")).to_contain_text("As of")
    found = {text: language for text, language, _ in words_of(wall)}
    for english in ("Counter", "Number", "Place", "As of", "Collect your card"):
        assert found[english] == "en", english

    turn_to(wall, "ar")
    shows(wall, f"{number} الشباك 1")
    assert ["الرقم", "ar", "rtl"] in words_of(wall)

    seen = set[tuple[str, str]]()
    for _ in range(2):
        wall.clock.run_for(CHANGE_MS)
        seen |= {tuple(each) for each in wall.evaluate(OWN_WORDS)}
    assert seen == {
        ("Heute ohne Fundbüro.", "de"),
        ("No lost property office today.", "en"),
        ("Ausweis abholen", "de"),
        ("Collect your card", "en"),
    }
    wall.clock.resume()
    assert axe(wall) == []


def turn_to(wall: Page, language: str) -> None:
    """Let the time pass until the wall speaks this language."""
    for _ in range(3):
        if wall.locator("[data-say=number]").get_attribute("lang") == language:
            return
        wall.clock.run_for(CHANGE_MS)
    raise AssertionError(f"never in {language}")


def words_of(wall: Page) -> list[list[str]]:
    found: list[list[str]] = wall.evaluate(WORDS)
    return found
