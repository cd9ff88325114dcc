"""Times are those of the site that a page is about, whatever the zone of device and server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.at_kiosk import touch_kiosk
from tests.browser.conftest import Screens
from tests.office import HERE, ForkedServer, Server

# A quarter of an hour off, so that neither Berlin nor the zone of a browser is taken for it.
KATHMANDU = ZoneInfo("Asia/Kathmandu")
# Its clocks go as Berlin's, and stay: offices of tests in Berlin are moved at night.
PARIS = ZoneInfo("Europe/Paris")
CLOCK = re.compile(r"\d\d:\d\d")
A_MOMENT = """async () => {
  const clock = await import("/static/js/clock.js");
  const at = "2026-06-08T20:30:40Z";
  return [clock.timeOfDay(at), clock.timeWithSeconds(at), clock.dayOf(at)];
}"""
NEPALESE = ["02:15", "02:15:40", "2026-06-09"]
GERMAN = ["22:30", "22:30:40", "2026-06-08"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The town hall lies far away, its branch at home."""
    text = (HERE / "office.toml").read_text("utf-8")
    for zone in (KATHMANDU, PARIS):
        text = text.replace('"Europe/Berlin"', f'"{zone.key}"', 1)
    (tmp_path / "far.toml").write_text(text, "utf-8")
    server = ForkedServer(tmp_path, tmp_path / "far.toml").start()
    yield server
    server.close()


def tells(page: Page, selector: str, zone: ZoneInfo) -> None:
    """The script writes this clock anew, as the clocks of that zone go."""
    before = datetime.now(zone)
    page.locator(selector).evaluate("(place) => { place.textContent = ''; }")
    expect(page.locator(selector)).to_have_text(CLOCK)
    is_about_now(page.locator(selector).inner_text(), before)


def is_about_now(said: str, before: datetime) -> None:
    """A time since then, some minutes more or less.

    A board is some seconds old, what is shown has no seconds, and a page reckons with half the way
    of an answer: on a busy machine it may be ahead.
    """
    earliest = before - timedelta(minutes=5)
    latest = datetime.now(before.tzinfo) - earliest + timedelta(minutes=5)
    hours, minutes = CLOCK.findall(said)[0].split(":")
    shown = timedelta(hours=int(hours), minutes=int(minutes))
    first = timedelta(hours=earliest.hour, minutes=earliest.minute)
    assert (shown - first) % timedelta(days=1) <= latest, (said, before)


@pytest.mark.parametrize(
    ("place", "zone", "moment"),
    [("wand", KATHMANDU, NEPALESE), ("nordend-wand", PARIS, GERMAN)],
)
def test_a_wall_shows_the_time_of_its_site(
    screens: Screens, place: str, zone: ZoneInfo, moment: list[str]
) -> None:
    wall = screens.open(f"/display/{place}", 1920, 1080)

    expect(wall.locator("html[data-link=up]")).to_be_attached()
    assert wall.evaluate(A_MOMENT) == moment
    for clock in ("#clock", "#stand"):
        tells(wall, clock, zone)


def test_a_kiosk_shows_the_time_of_its_site(screens: Screens) -> None:
    kiosk = touch_kiosk(screens)

    assert kiosk.evaluate(A_MOMENT) == NEPALESE
    tells(kiosk, "[data-clock]", KATHMANDU)


def test_a_phone_shows_the_time_of_the_site_of_its_ticket(server: Server, screens: Screens) -> None:
    ticket = server.draw("meldewesen")
    before = datetime.now(KATHMANDU)

    phone = screens.open(f"/t/{ticket['token']}", 390, 844)

    expect(phone.locator("html[data-link=up]")).to_be_attached()
    assert phone.evaluate(A_MOMENT) == NEPALESE
    expect(phone.locator("[data-age]")).to_contain_text(CLOCK)
    is_about_now(phone.locator("[data-age]").text_content() or "", before)


def test_desk_office_and_booking_show_the_time_of_the_site(screens: Screens) -> None:
    desk = screens.desk("Lea")
    for path in ("/desk", "/desk/appointments", "/office", "/", "/termin?site=rathaus"):
        desk.goto(screens.server.url + path)
        assert desk.evaluate(A_MOMENT) == NEPALESE, path

    desk.goto(f"{screens.server.url}/?site=nordend")
    assert desk.evaluate(A_MOMENT) == GERMAN
