"""Outages: seen within seconds, healed without a hand, and never answered by a false gong."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.wall_steps import (
    call_next,
    connected,
    press,
    rang,
    shows,
)
from tests.office import Server

# By the clock of the page: it tells the truth within five seconds.
PROMISED_MS = 5_000
BANNER = "Verbindung unterbrochen"


def expect_banner(wall: Page) -> None:
    expect(wall.locator("#outage")).to_be_visible()
    expect(wall.locator("#outage")).to_contain_text(BANNER)
    stand = wall.locator("#stand").inner_text()
    expect(wall.locator("#outage-at")).to_have_text(stand[:5])


def expect_healed(wall: Page) -> None:
    expect(wall.locator("#outage")).to_be_hidden()


def test_a_killed_server_is_noticed_and_its_return_rings_no_old_call(
    screens: Screens, server: Server
) -> None:
    wall = connected(screens.wall())
    screens.may_lose_line = True
    aylin = server.clerk("Aylin", "schalter-1")
    first, second = server.draw("meldewesen")["number"], server.draw("meldewesen")["number"]
    lea = server.clerk("Lea", "schalter-3")
    assert call_next(aylin, "schalter-1") == first
    rang(wall, 1)

    server.kill()

    expect_banner(wall)
    shows(wall, f"{first} Schalter 1")
    server.start()
    expect_healed(wall)
    shows(wall, f"{first} Schalter 1")
    rang(wall, 1)
    # Still the same page, and it goes on hearing.
    assert call_next(lea, "schalter-3") == second
    shows(wall, f"{second} Schalter 3", f"{first} Schalter 1")
    rang(wall, 2)


def test_a_pulled_cable_is_noticed_and_a_fresh_call_rings_once_afterwards(
    screens: Screens, server: Server
) -> None:
    wall = screens.wall()
    wall.clock.install()
    wall.reload()
    connected(wall)
    screens.may_lose_line = True
    aylin, lea = server.clerk("Aylin", "schalter-1"), server.clerk("Lea", "schalter-3")
    gone, fresh = server.draw("meldewesen")["number"], server.draw("meldewesen")["number"]
    assert call_next(aylin, "schalter-1") == gone
    rang(wall, 1)

    wall.context.set_offline(True)
    wall.clock.run_for(PROMISED_MS)

    expect_banner(wall)
    press(aylin, "schalter-1", "arrival")
    assert call_next(lea, "schalter-3") == fresh
    shows(wall, f"{gone} Schalter 1")
    wall.context.set_offline(False)
    expect_healed(wall)
    shows(wall, f"{fresh} Schalter 3")
    rang(wall, 2)


def test_a_reloaded_wall_does_not_ring_what_has_rung(screens: Screens, server: Server) -> None:
    wall = connected(screens.wall())
    aylin = server.clerk("Aylin", "schalter-1")
    number = server.draw("meldewesen")["number"]
    call_next(aylin, "schalter-1")
    rang(wall, 1)

    wall.reload()

    connected(wall)
    expect(wall.locator("#rows tr[data-call]")).to_have_count(1)
    shows(wall, f"{number} Schalter 1")
    rang(wall, 0)


def test_a_wall_takes_over_a_new_page_after_a_restart_by_itself(
    screens: Screens, server: Server
) -> None:
    wall = connected(screens.wall())
    screens.may_lose_line = True
    before = wall.locator("#calls").get_attribute("data-page")
    server.kill()
    text = server.config.read_text("utf-8")
    server.config.write_text(text.replace('name = "Rathaus"', 'name = "Neues Rathaus"'), "utf-8")

    server.start()

    expect(wall.get_by_role("heading", level=1)).to_have_text("Neues Rathaus")
    assert wall.locator("#calls").get_attribute("data-page") != before
    connected(wall)
