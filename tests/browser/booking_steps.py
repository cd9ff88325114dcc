"""The way to an appointment, as somebody before a browser takes it."""

from __future__ import annotations

import email
import email.policy
import re
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.office import ZONE, ForkedServer, Server
from tests.pages.booking_forms import online_config

EMAIL = "erika@example.org"
MOST_TABS = 250
PATIENCE_SECONDS = 60
HELD = re.compile(r"/termin/[A-Za-z0-9_-]{22}(\?.*)?$")


def booking_server(folder: Path, *changes: tuple[str, str]) -> Server:
    """An office that puts its letters into a folder, running."""
    where = ("[site.hours]", f'timezone = "{ZONE.key}"\n\n[site.hours]')
    text = online_config(("smtp://127.0.0.1:1", "file:letters"), where, *changes)
    config = folder / "online.toml"
    config.write_text(text, "utf-8")
    return ForkedServer(folder, config).start()


def link_in_letter(server: Server, path: str, address: str = EMAIL) -> str:
    """The newest link with this path in a letter to this address, as soon as it is there."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        for link in _links(server.folder / "letters", address):
            if path in link:
                return server.url + re.sub(r"^https?://[^/]+", "", link)
        time.sleep(0.1)
    raise AssertionError(f"no letter with a link to {path}")


def _links(folder: Path, address: str) -> list[str]:
    """Every link in the letters to an address, newest letter first."""
    found: list[str] = []
    for file in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = letter.get_body(("plain",))
        if address in str(letter["To"]) and body is not None:
            found += re.findall(r"https?://\S+", body.get_content())
    return found


def letters_as_html(server: Server) -> list[str]:
    """Every letter so far, as a program for mail shows it that loads no pictures."""
    found = []
    for file in (server.folder / "letters").glob("*.eml"):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = letter.get_body(("html",))
        assert body is not None
        found.append(re.sub(r'"cid:[^"]*"', '"data:,"', body.get_content()))
    return found


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"cannot be reached by keyboard: {wanted}")


def choose_concern(page: Page, name: str = "Wohnsitz anmelden") -> None:
    page.get_by_label(name).check()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("link", name="Weiter zu den freien Zeiten").click()


def choose_time(page: Page, number: int = 5) -> None:
    page.locator(".times input").nth(number).check()
    page.get_by_role("button", name="Diese Uhrzeit vormerken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Angaben")


def fill_in(page: Page, address: str = EMAIL) -> None:
    page.get_by_label("E-Mail-Adresse").fill(address)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stimmt alles?")


def send_off(page: Page) -> None:
    page.get_by_role("button", name="E-Mail anfordern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")


def confirm(page: Page, server: Server, address: str = EMAIL) -> None:
    page.goto(link_in_letter(server, "/confirmation", address))
    page.get_by_role("button", name="Ja, Termin bestätigen").click()
    expect(page.get_by_text("Ihr Termin ist bestätigt")).to_be_visible()


def held(server: Server) -> list[str]:
    """The start times of all reservations that have not been sent off."""
    with server._store() as store, store.snapshot() as snapshot:
        rows = snapshot.rows(
            "SELECT start_at FROM appointments WHERE state = 'reserved' ORDER BY id", {}
        )
    return [str(row["start_at"]) for row in rows]
