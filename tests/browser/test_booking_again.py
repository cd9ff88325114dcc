"""Back, a double click, two tabs, and a time that runs out, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.booking_steps import (
    EMAIL,
    booking_server,
    choose_time,
    confirm,
    fill_in,
    held,
    send_off,
)
from tests.browser.conftest import Screens
from tests.office import Server

TIMES = "/termin/times?site=rathaus&services=meldewesen"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = booking_server(tmp_path)
    yield server
    server.close()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_double_click_holds_one_time(server: Server, screens: Screens, has_scripts: bool) -> None:
    page = screens.open(TIMES, java_script_enabled=has_scripts)

    page.get_by_role("button", name="Frühester Termin").dblclick(no_wait_after=True)

    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Angaben")
    assert len(held(server)) == 1


def test_browser_back_and_another_time_leads_on(server: Server, screens: Screens) -> None:
    page = screens.open(TIMES, 390, 844)
    choose_time(page, 3)
    page.go_back()
    expect(page.locator("form[data-proof-ready=true]")).to_have_count(2)

    choose_time(page, 8)
    fill_in(page)
    page.go_back()
    expect(page.get_by_label("E-Mail-Adresse")).to_have_value(EMAIL)
    page.go_forward()
    send_off(page)
    page.go_back()
    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")
    assert len(held(server)) <= 1, "what is left of going back ends by itself"


def test_two_tabs_do_not_disturb_each_other(server: Server, screens: Screens) -> None:
    one, other = screens.open(TIMES), screens.open(TIMES)

    choose_time(one, 3)
    choose_time(other, 9)
    fill_in(one, "one@example.org")
    fill_in(other, "other@example.org")
    send_off(one)
    send_off(other)

    expect(one.get_by_text("one@example.org")).to_be_visible()
    expect(other.get_by_text("other@example.org")).to_be_visible()


def test_the_waiting_page_sees_that_the_link_was_opened_elsewhere(
    server: Server, screens: Screens
) -> None:
    computer = screens.window()
    computer.clock.install()
    computer.goto(server.url + TIMES)
    computer.clock.run_for(2_000)
    choose_time(computer)
    fill_in(computer)
    send_off(computer)

    confirm(screens.window(390, 844), server)
    computer.clock.run_for(11_000)

    expect(computer.locator(".termincode__code")).to_be_visible()


def test_the_time_that_is_left_is_shown_and_said_when_it_becomes_short(
    server: Server, screens: Screens
) -> None:
    page = screens.window()
    page.clock.install()
    page.goto(server.url + TIMES)
    page.clock.run_for(2_000)
    choose_time(page)
    left, spoken = page.locator("[data-left]"), page.locator("#status")
    expect(left).to_have_text("noch 15 Minuten")
    page.get_by_label("E-Mail-Adresse").fill(EMAIL)

    page.clock.run_for(9 * 60_000)
    expect(left).to_have_text("noch 6 Minuten")
    expect(spoken).to_be_empty()
    page.clock.run_for(61_000)
    expect(spoken).to_have_text("noch 5 Minuten")
    page.clock.run_for(4 * 60_000)
    expect(spoken).to_have_text("noch 1 Minute")
    page.clock.run_for(61_000)
    expect(left).to_have_text("Die Zeit ist abgelaufen.")
    expect(page.get_by_label("E-Mail-Adresse")).to_have_value(EMAIL)
