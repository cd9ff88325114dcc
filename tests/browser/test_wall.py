"""The wall and the desk together: a call is seen and heard, and goes when the person has come."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.wall_steps import call_next, connected, press, rang, shows
from tests.office import Server


def test_a_call_is_seen_and_heard_and_leaves_when_the_person_has_come(
    screens: Screens, server: Server
) -> None:
    wall = connected(screens.wall())
    expect(wall.get_by_text("Bitte warten Sie auf Ihren Aufruf")).to_be_visible()
    aylin = server.clerk("Aylin", "schalter-1")
    number = server.draw("meldewesen")["number"]
    expect(wall.locator("#next-list")).to_contain_text(number)

    assert call_next(aylin, "schalter-1") == number

    shows(wall, f"{number} Schalter 1")
    rang(wall, 1)
    expect(wall.locator("#rows tr[data-new]")).to_have_count(1)
    expect(wall.get_by_text("Jetzt aufgerufen")).to_be_visible()
    expect(wall.locator("#status")).to_have_text(f"Nummer {number}, Schalter 1")
    press(aylin, "schalter-1", "arrival")
    expect(wall.locator("#rows tr")).to_have_count(0)
    expect(wall.get_by_text("Bitte warten Sie auf Ihren Aufruf")).to_be_visible()
    rang(wall, 1)


def test_a_recall_rings_again_and_is_called_so(screens: Screens, server: Server) -> None:
    wall = connected(screens.wall())
    aylin = server.clerk("Aylin", "schalter-1")
    server.draw("meldewesen")
    number = call_next(aylin, "schalter-1")
    rang(wall, 1)

    press(aylin, "schalter-1", "recall")

    rang(wall, 2)
    shows(wall, f"{number} Schalter 1")
    expect(wall.get_by_text("Erneut aufgerufen")).to_be_visible()


def test_the_wall_of_another_site_sees_and_hears_nothing(screens: Screens, server: Server) -> None:
    wall, outsider = connected(screens.wall()), connected(screens.wall("nordend-wand"))
    assert outsider.locator("#calls").get_attribute("data-site") == "nordend"
    aylin = server.clerk("Aylin", "schalter-1")
    server.draw("meldewesen")

    number = call_next(aylin, "schalter-1")

    shows(wall, f"{number} Schalter 1")
    rang(wall, 1)
    assert number not in outsider.locator("body").inner_text()
    rang(outsider, 0)


def test_an_empty_wall_has_no_accessibility_faults(
    screens: Screens, axe: Callable[[Page], list[str]]
) -> None:
    assert axe(connected(screens.wall())) == []
    assert axe(screens.open("/display/nordend-wand")) == []
