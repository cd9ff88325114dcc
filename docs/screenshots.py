"""Takes the pictures of README, aids and manual from the running demo: `make screenshots`.

Everything on them is real: the demo's server, its people, and a Chromium.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--mute-audio", "--autoplay-policy=no-user-gesture-required"]  # fmt: skip
PATIENCE_SECONDS = 60
DISPLAY, KIOSK, COUNTER = "wartebereich", "eingang", "Schalter 1"
# What one touch at the kiosk changes: the picture's name, the button, the language.
AIDS = (
    ("kiosk-arabic", "", "ar"),
    ("kiosk-low", "low", "de"),
    ("kiosk-large", "large", "de"),
    ("kiosk-contrast", "contrast", "de"),
)
AID_SIZE = (540, 960)
# Letters are there, and no colour is on its way to another.
STILL = """() => document.fonts.ready.then(() => Promise.allSettled(document.getAnimations()
  .filter((each) => each.effect?.getComputedTiming().endTime !== Infinity)
  .map((each) => each.finished)))"""
GAP, GROUND = 24, "#e8eceb"
COLOURS = 192


@dataclass(frozen=True)
class Demo:
    """A running demo and what it printed."""

    url: str
    printed: str

    @property
    def password(self) -> str:
        return re.findall(r"with the password (\S+)", self.printed)[0]

    def pairing_code(self, role: str, place: str) -> str:
        return re.findall(rf"/{role}/{place}\s+pairing code (\S+)", self.printed)[0]


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with demo() as town, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        wall, desk = open_wall(browser, town), open_desk(browser, town)
        kiosk = open_kiosk(browser, town)
        take_kiosk_and_phone(browser, town, kiosk)
        take_aids(kiosk, town)
        take_booking(browser, town)
        # Long enough that a call of the town stands on the wall beside ours.
        soon(lambda: wall.locator("#rows [data-call]").count() >= 1)
        desk.locator("[data-part=person] [data-primary]").click()
        number = desk.locator("[data-part=person] .person__number").inner_text()
        soon(lambda: wall.locator("#rows", has_text=number).count() == 1)
        time.sleep(1)
        soon(lambda: wall.locator("[data-say=next][lang=de]").count() == 1)
        take(wall, "wall")
        take(desk, "desk")
        take_second_language(wall)
        take_manual(desk, town)
        browser.close()
    side_by_side("wall-and-desk", "wall", "desk")


def open_wall(browser: Browser, town: Demo) -> Page:
    page = window(browser, 1280, 720)
    code = town.pairing_code("display", DISPLAY)
    pair(page, town, f"/display/{DISPLAY}", code)
    return page


def open_desk(browser: Browser, town: Demo) -> Page:
    page = window(browser, 1366, 768)
    page.goto(f"{town.url}/login?next=/desk")
    page.get_by_label("Benutzername").or_(page.get_by_label("Name")).first.fill("demo")
    page.get_by_label("Passwort").fill(town.password)
    page.locator("form [type=submit]").first.click()
    page.get_by_role("radio", name=COUNTER).check()
    page.locator("[data-primary]").click()
    page.locator("[data-part=person] .person__idle").wait_for()
    return page


def open_kiosk(browser: Browser, town: Demo) -> Page:
    page = window(browser, 1080, 1920)
    pair(page, town, f"/kiosk/{KIOSK}", town.pairing_code("kiosk", KIOSK))
    return page


def pair(page: Page, town: Demo, path: str, code: str) -> None:
    page.goto(f"{town.url}/devices/pair?next={path}")
    page.locator("[name=code]").fill(code)
    page.locator("form [type=submit]").first.click()
    page.wait_for_url(f"**{path}")
    page.locator("h1").wait_for()


def take_kiosk_and_phone(browser: Browser, town: Demo, kiosk: Page) -> None:
    """The kiosk's first page, and the phone of somebody who has just drawn a number there."""
    take(kiosk, "kiosk")
    answer = kiosk.request.post(
        f"{town.url}/api/v1/sites/rathaus/tickets", data={"services": ["beglaubigung"]}
    )
    phone = window(browser, 390, 844, device_scale_factor=2)
    phone.goto(f"{town.url}/t/{answer.json()['token']}")
    soon(lambda: phone.evaluate("document.documentElement.dataset.link") == "up")
    take(phone, "phone")

    phone.goto(f"{phone.url.partition('?')[0]}?lang=ar")
    soon(lambda: phone.evaluate("document.documentElement.dataset.link") == "up")
    take(phone, "phone-arabic", (390, 844))


def take_aids(kiosk: Page, town: Demo) -> None:
    """The kiosk's first page from the right to the left, lower, larger, and in high contrast."""
    for name, aid, language in AIDS:
        kiosk.goto(f"{town.url}/kiosk/{KIOSK}?lang={language}")
        soon(lambda: kiosk.evaluate("document.documentElement.dataset.link") == "up")
        if aid:
            kiosk.locator(f"[data-aid={aid}]").click()
        take(kiosk, name, AID_SIZE)


def take_second_language(wall: Page) -> None:
    """The wall's own words in its second language, beside the same calls."""
    soon(lambda: wall.locator("[data-say=next][lang]:not([lang=de])").count() == 1)
    take(wall, "wall-english", (960, 540))


def take_booking(browser: Browser, town: Demo) -> None:
    """The calendar of free times, as somebody sees it on their phone."""
    phone = window(browser, 390, 844, device_scale_factor=2)
    phone.goto(f"{town.url}/termin/times?site=rathaus&services=personalausweis")
    phone.get_by_role("button", name="Frühester Termin").wait_for()
    take(phone, "booking")


def take_manual(desk: Page, town: Demo) -> None:
    """The desk and the office as docs/handbuch.md shows them; somebody has been called here."""
    desk.keyboard.press("e")
    desk.locator("[data-part=person] [data-primary]", has_text="Abschließen").wait_for()
    take(desk, "handbuch-bearbeitung")
    desk.keyboard.press("?")
    desk.locator("dialog[open] .keys").wait_for()
    take(desk, "handbuch-tasten")
    for name, path in (
        ("ueberblick", "/office"),
        ("zahlen", "/office/figures?by=weekday"),
        ("einrichten", "/office/setup"),
        ("anleitung", "/office/guides/clerk"),
    ):
        desk.goto(f"{town.url}{path}")
        take(desk, f"handbuch-{name}")


def take(page: Page, name: str, size: tuple[int, int] | None = None) -> None:
    """A picture with few colours, shrunk to `size`: small enough for a repository."""
    page.evaluate(STILL)
    file = IMAGES / f"{name}.png"
    page.screenshot(path=file)
    picture = Image.open(file).convert("RGB")
    save(picture.resize(size, Image.Resampling.LANCZOS) if size else picture, name)


def save(picture: Image.Image, name: str) -> None:
    reduced = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(IMAGES / f"{name}.png", optimize=True)


def side_by_side(name: str, left: str, right: str) -> None:
    pictures = [Image.open(IMAGES / f"{one}.png").convert("RGB") for one in (left, right)]
    height = min(picture.height for picture in pictures)
    fitting = [p.resize((round(p.width * height / p.height), height)) for p in pictures]
    whole = Image.new("RGB", (sum(p.width for p in fitting) + GAP, height), GROUND)
    whole.paste(fitting[0], (0, 0))
    whole.paste(fitting[1], (fitting[0].width + GAP, 0))
    save(whole, name)


def window(browser: Browser, width: int, height: int, **options: Any) -> Page:
    return browser.new_context(
        viewport={"width": width, "height": height}, locale="de-DE",
        timezone_id="Europe/Berlin", **options,
    ).new_page()  # fmt: skip


@contextmanager
def demo() -> Iterator[Demo]:
    port = free_port()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "queue_server", "demo", "--host", "127.0.0.1",
             "--port", str(port), "--config", str(ROOT / "config.toml")],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            soon(lambda: answers(f"{url}/readyz"))
            output.seek(0)
            yield Demo(url, output.read())
        finally:
            process.terminate()
            process.wait(timeout=20)


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except (URLError, TimeoutError):
        return False


def soon(fact: Callable[[], object]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        if time.monotonic() > give_up:
            raise RuntimeError("the demo did not get so far in a minute")
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
