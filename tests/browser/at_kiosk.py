"""What the browser tests of the kiosk do with their hands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import httpx
from playwright.sync_api import CDPSession, Locator, Page, expect

from queue_server.web.identity import DEVICE_COOKIE
from tests.browser.conftest import Screens
from tests.office import HERE, ZONE, ForkedServer, Server

MORE_SERVICES = "".join(
    f'[[site.service]]\nid = "anliegen-{n}"\nname = "Bescheinigung Nummer {n}"\n'
    f'group = "B"\ngroup_name = "Bescheinigungen"\nminutes = 5\n\n'
    for n in range(6)
)
MAIL = '\n[mail]\nsmtp_url = "file:letters"\nsender = "amt@rathaus.example"\n'
SCANNER_SECONDS, ENTER_KEY = 0.005, 13
# In one step, so that nothing of the page's own comes between: this timer runs, and whoever answers
# the question begins the usual one.
RUN_OUT = """({ dataset }, seconds) => {
  Object.assign(dataset, { staySeconds: "0.05", warningSeconds: String(seconds) });
  dispatchEvent(new KeyboardEvent("keydown", { key: "Shift" }));
  dataset.staySeconds = "60";
}"""
LONG_NAMES = (
    '"Wohnungsgeberbestätigung", "Grundstücksverkehrsgenehmigungszuständigkeitsbescheinigung", '
    '"bei der ersten Anmeldung hier, falls verheiratet oder in Lebenspartnerschaft: Eheurkunde"'
)


def office_with_many_services(folder: Path, closed: str = "", kiosk: str = "") -> Iterator[Server]:
    """An office with many services and a kiosk that prints, where check-in opens early.

    `closed` is why it is closed today (and tomorrow, for a test may run over midnight), `kiosk`
    holds further lines of the kiosk's table.
    """
    config = (HERE / "office.toml").read_text()
    for day in (today(), today() + timedelta(days=1)) if closed else ():
        table = f'[[site.special_day]]\nday = "{day}"\nnotice = "{closed}"\n\n'
        config = config.replace("[[site.service]]", f"{table}[[site.service]]", 1)
    config = config.replace("[[site.counter]]", MORE_SERVICES + "[[site.counter]]", 1)
    config = config.replace("[site.booking]", "[site.checkin]\nearly_minutes = 480\n[site.booking]")
    config = config.replace('printer = ""', f'printer = "browser"\n{kiosk}')
    config = config.replace('host = "127.0.0.1"\n', f'host = "127.0.0.1"\n{MAIL}', 1)
    config = config.replace('"Wohnungsgeberbestätigung"', LONG_NAMES)
    (folder / "many.toml").write_text(config)
    server = ForkedServer(folder, folder / "many.toml").start()
    yield server
    server.close()


def touch_kiosk(screens: Screens, width: int = 1080, height: int = 1920, **options) -> Page:
    """A paired kiosk with a touch screen, whose line stands."""
    page = screens.window(width, height, has_touch=True, **options)
    token = kiosk_token(screens.server)
    page.context.add_cookies(
        [{"name": DEVICE_COOKIE, "value": token, "url": screens.server.url, "httpOnly": True}]
    )
    page.goto(f"{screens.server.url}/kiosk/eingang")
    if options.get("java_script_enabled", True):
        expect(page.locator("html[data-link=up]")).to_be_attached()
    return page


def timed(page: Page) -> Page:
    """The same kiosk, where a test may let time pass."""
    page.clock.install()
    page.reload()
    expect(page.locator("html[data-link=up]")).to_be_attached()
    return page


@cache
def kiosk_token(server: Server) -> str:
    """The kiosk is paired once; every window is the same device."""
    body = {"code": server.pairing_code("kiosk", "eingang")}
    token: str = server.client().post("/devices/pair", json=body).json()["token"]
    return token


@cache
def lead(server: Server) -> httpx.Client:
    return server.clerk("Lea")


def book(server: Server, service: str = "kfz", *, in_days: int = 0) -> str:
    """The Termincode of a new appointment: for today one may check in now."""
    clerk = lead(server)
    first = today() + timedelta(days=in_days)
    wanted = {"services": service, "from": first.isoformat(), "days": 2}
    slots = clerk.get("/api/v1/sites/rathaus/slots", params=wanted).json()["slots"]
    body = {"services": [service], "start": soon(slots)}
    code: str = clerk.post("/api/v1/sites/rathaus/appointments", json=body).json()["code"]
    return code


def soon(slots: list[dict]) -> str:
    """The first start that will not have passed when it is booked a moment later."""
    later = datetime.now(ZONE) + timedelta(minutes=2)
    return next(each["start"] for each in slots if datetime.fromisoformat(each["start"]) > later)


def today() -> date:
    """In the office."""
    return datetime.now(ZONE).date()


def waiting(server: Server) -> list[dict]:
    return lead(server).get("/api/v1/sites/rathaus/queue").json()["waiting"]


def number(page: Page) -> Locator:
    return page.locator("h1 .number")


def follow(page: Page, name: str) -> None:
    """Touch a link and see the page that it leads to, where another link may be called the same."""
    shown = page.locator("[data-page]").element_handle()
    page.get_by_role("link", name=name).tap()
    page.wait_for_function("(shown) => !shown.isConnected", arg=shown)


def expect_checked_in(page: Page) -> None:
    expect(page.get_by_text("Sie sind angemeldet.")).to_be_visible()


def forgive(screens: Screens, status: int) -> None:
    """Chromium reports every refused request; these were meant to be refused."""
    screens.forgive(f"the server responded with a status of {status}")


def ask_for_life(page: Page, kind: str, warning_seconds: float = 30) -> None:
    """Let the time of a page of this kind run out at the next sign of life.

    The kind is named since the page before it stands there until the answer has come.
    """
    shown = page.locator(f".kiosk-page--{kind}")
    expect(shown).to_be_visible()
    shown.evaluate(RUN_OUT, warning_seconds)


def scan(page: Page, text: str, *, ends: str = "Enter") -> None:
    """A hand scanner types far quicker than anybody, however busy this machine is."""
    session = page.context.new_cdp_session(page)
    begun = time.time() - len(text) * SCANNER_SECONDS
    for place, sign in enumerate(text):
        stroke(session, begun + place * SCANNER_SECONDS, key=sign, text=sign)
    if ends:
        at = begun + len(text) * SCANNER_SECONDS
        stroke(session, at, key=ends, code=ends, text="\r", windowsVirtualKeyCode=ENTER_KEY)
    session.detach()


def stroke(session: CDPSession, at: float, **key: str | int) -> None:
    """Press and release a key at this time, which the page is told as the time of the key."""
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": at, **key})
    del key["text"]
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at, **key})
