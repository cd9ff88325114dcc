"""From the municipality's start page to the wall: one citizen, one letter, one phone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from queue_server.scanning import read_code_texts
from tests.browser.at_kiosk import expect_checked_in, touch_kiosk
from tests.browser.at_kiosk import number as number_on
from tests.browser.conftest import CHROMIUM, FLAGS, Screens
from tests.browser.wall_steps import call_next, connected, rang, shows
from tests.mailbox import Mailbox, Received
from tests.office import ForkedServer, Server
from tests.scanning.hard_pictures import phone_video_frames

ADDRESS = "erika@musterstadt.example"
FILMED = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def server(tmp_path: Path, mailbox: Mailbox) -> Iterator[Server]:
    """An office that writes letters, and where one may book a time that is about to come."""
    server = ForkedServer(tmp_path)
    config = server.config.read_text()
    letters = f'[mail]\nsmtp_url = "{mailbox.url}"\nsender = "amt@musterstadt.example"\n'
    config = config.replace("[server]", f'{letters}\n[server]\npublic_url = "{server.url}"', 1)
    config = config.replace("[site.booking]", "[site.booking]\nlead_minutes = 5", 1)
    server.config.write_text(config)
    yield server.start()
    server.close()


@pytest.fixture
def at_the_camera(playwright_driver: Playwright, server: Server, tmp_path: Path):
    """`at_the_camera(text)`: screens before whose camera somebody holds a phone with this code."""
    opened: list[tuple[Browser, Screens]] = []

    def filming(text: str) -> Screens:
        film = tmp_path / "phone.mjpeg"
        frames = phone_video_frames(text, frames=12, still=10)
        film.write_bytes(b"".join(jpeg_of(frame) for frame in frames))
        flags = [*FLAGS, *FILMED, f"--use-file-for-fake-video-capture={film}"]
        chromium = playwright_driver.chromium
        browser = chromium.launch(executable_path=CHROMIUM, args=flags)
        opened.append((browser, Screens(browser, server)))
        return opened[-1][1]

    yield filming
    for browser, screens in opened:
        screens.close()
        browser.close()
        assert screens.errors == []


def jpeg_of(frame) -> bytes:
    file = io.BytesIO()
    frame.save(file, "JPEG", quality=85)
    return file.getvalue()


@pytest.mark.timeout(300)
def test_a_citizen_books_at_home_and_is_called_from_the_wall(
    screens: Screens, server: Server, mailbox: Mailbox, at_the_camera
) -> None:
    # 1. At home: from the start page to the letter that asks for a confirmation.
    page = screens.open("/", 390, 844)
    page.get_by_role("link", name="Termin buchen").first.click()
    book_earliest(page, "Wohnsitz anmelden")
    [question] = mailbox.wait_for(1)
    assert question.to == ADDRESS

    # 2. The link in the letter opens a page; only its button confirms.
    page.goto(question.link_to("/confirmation"))
    page.get_by_role("button", name="Ja, Termin bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ihr Termin")
    letter = mailbox.wait_for(2)[-1]
    expect(page.get_by_text(letter.code).first).to_be_visible()

    # 3. At the kiosk: the phone shows the QR code of the letter to the camera.
    [link] = read_code_texts(picture_in(letter))
    assert letter.code in link
    wall = connected(screens.wall())
    kiosk = touch_kiosk(at_the_camera(link))
    kiosk.get_by_role("link", name="Ich habe einen Termin").tap()
    expect_checked_in(kiosk)
    number = number_on(kiosk).inner_text()

    # 4. A clerk calls; the wall shows and sounds it, the citizen's phone says so, too.
    assert call_next(server.clerk("Aylin", "schalter-1"), "schalter-1") == number
    shows(wall, f"{number} Schalter 1")
    rang(wall, 1)
    expect(wall.locator("body")).not_to_contain_text(letter.code)


def book_earliest(page: Page, service: str) -> None:
    page.get_by_label(service).check()
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Haben Sie alles?")
    page.get_by_role("main").locator("a.button--primary").click()
    page.get_by_role("button", name="Frühester Termin").click()
    page.get_by_label("E-Mail-Adresse").fill(ADDRESS)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stimmt alles?")
    page.get_by_role("button", name="E-Mail anfordern").click()
    expect(page.get_by_text(ADDRESS)).to_be_visible()


def picture_in(letter: Received) -> bytes:
    """The QR picture that stands in the letter."""
    pictures = [part for part in letter.message.walk() if part.get_content_type() == "image/png"]
    return bytes(pictures[0].get_payload(decode=True))
