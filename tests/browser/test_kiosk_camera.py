"""The kiosk's live camera: what it reads itself, and what the server reads for it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect

from queue_server.domain.codes import code_link, new_code
from queue_server.qr import qr_png
from tests.browser.at_kiosk import (
    book,
    expect_checked_in,
    forgive,
    office_with_many_services,
    touch_kiosk,
    waiting,
)
from tests.browser.conftest import CHROMIUM, FLAGS, Screens
from tests.office import Server

GREY = 150
HERE = "https://rathaus.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"))


@pytest.fixture
def filmed(playwright_driver, server: Server, tmp_path: Path) -> Iterator[Callable[..., Screens]]:
    """`filmed(*texts)`: screens whose camera films QR codes of these texts, side by side."""
    opened = []

    def filmed(*texts: str, is_faint: bool = False) -> Screens:
        film = tmp_path / "camera.mjpeg"
        film.write_bytes(_film(texts, is_faint))
        flags = [*FLAGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                 f"--use-file-for-fake-video-capture={film}"]  # fmt: skip
        browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        opened.append((Screens(browser, server), browser))
        return opened[-1][0]

    yield filmed
    for screens, browser in opened:
        screens.close()
        browser.close()
        assert screens.errors == []


def _film(texts: tuple[str, ...], is_faint: bool) -> bytes:
    """Motion JPEG: codes held before a camera, somewhat small and tilted."""
    scene = Image.new("L", (960, 720), GREY)
    for place, text in enumerate(texts):
        scene.paste(_held(text, is_faint), (30 + 460 * place, 150))
    frame = io.BytesIO()
    scene.save(frame, "JPEG", quality=95)
    return frame.getvalue() * 2


def _held(text: str, is_faint: bool) -> Image.Image:
    code = Image.open(io.BytesIO(qr_png(text, 8))).convert("L").resize((380, 380))
    if is_faint:
        # A dark display in bright light: an eye sees the code, the kiosk's quick reader does not.
        return code.point(lambda value: GREY + (6 if value else 0)).resize((440, 440))
    return code.rotate(8, expand=True, fillcolor=GREY).resize((440, 440))


def test_the_live_camera_checks_in(filmed, server: Server):
    page = touch_kiosk(filmed(code_link(HERE, book(server))))

    page.get_by_role("link", name="Ich habe einen Termin").tap()

    expect_checked_in(page)


def test_the_camera_says_when_it_sees_another_code(filmed):
    page = touch_kiosk(filmed("https://elsewhere.example"))

    page.get_by_role("link", name="Ich habe einen Termin").tap()

    expect(page.get_by_text("Das ist kein Termincode von uns.")).to_be_visible()


def test_a_code_that_is_refused_is_not_sent_again_and_again(filmed, server: Server):
    screens = filmed(new_code())
    page = touch_kiosk(screens)
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))

    page.get_by_role("link", name="Ich habe einen Termin").tap()
    expect(page.get_by_text("Diesen Termincode kennen wir nicht.")).to_be_visible()
    # The camera has started anew and looks at the same code.
    expect(page.locator("[data-camera][data-state=looking]")).to_be_visible()

    assert len([url for url in sent if url.endswith("/check-ins")]) == 1
    forgive(screens, 404)


def test_a_camera_that_sees_no_code_offers_to_have_a_photo_checked(filmed):
    screens = filmed()
    page = touch_kiosk(screens)
    page.route("**/check-in", _hasty)

    page.get_by_role("link", name="Ich habe einen Termin").tap()
    page.get_by_role("button", name="Foto prüfen lassen").tap()

    expect(page.get_by_text("Auf dem Bild ist kein Code zu erkennen.")).to_be_visible()
    forgive(screens, 422)


def _hasty(route) -> None:
    answer = route.fetch()
    body = answer.text().replace('data-late-seconds="8"', 'data-late-seconds="0.1"')
    route.fulfill(response=answer, body=body)


# -- several codes -----------------------------------------------------------------------------


def test_another_code_beside_the_right_one_does_not_disturb(filmed, server: Server):
    page = touch_kiosk(filmed("https://poster.example", code_link(HERE, book(server))))

    page.get_by_role("link", name="Ich habe einen Termin").tap()

    expect_checked_in(page)


def test_of_two_termincodes_neither_is_guessed(filmed):
    page = touch_kiosk(filmed(code_link(HERE, new_code()), code_link(HERE, new_code())))
    sent = posts_of(page)

    page.get_by_role("link", name="Ich habe einen Termin").tap()

    expect(page.get_by_text("Bitte zeigen Sie nur einen.")).to_be_visible()
    assert sent == []


def test_the_same_termincode_twice_is_one(filmed, server: Server):
    code = book(server)
    page = touch_kiosk(filmed(code_link(HERE, code), code))

    page.get_by_role("link", name="Ich habe einen Termin").tap()

    expect_checked_in(page)


# -- the server reads what the kiosk can't -----------------------------------------------------


def test_no_picture_leaves_the_kiosk_while_it_can_read(filmed):
    page = touch_kiosk(filmed("https://elsewhere.example"))
    sent = posts_of(page)

    page.get_by_role("link", name="Ich habe einen Termin").tap()
    expect(page.get_by_text("Das ist kein Termincode von uns.")).to_be_visible()
    page.wait_for_timeout(4_000)

    assert sent == [], "longer than what can't be read would have to be held still"


def test_a_faint_code_is_read_in_the_house(filmed, server: Server):
    page = touch_kiosk(filmed(code_link(HERE, book(server)), is_faint=True))
    sent = posts_of(page)

    page.get_by_role("link", name="Ich habe einen Termin").tap()

    expect_checked_in(page)
    assert sent[-1].endswith("/frames")


def test_a_browser_that_can_not_decode_has_it_done_in_the_house(filmed, server: Server):
    screens = filmed(code_link(HERE, book(server)))
    page = touch_kiosk(screens)
    page.context.route("**/qr-worker.js", lambda route: route.abort())

    page.get_by_role("link", name="Ich habe einen Termin").tap()

    expect_checked_in(page)
    screens.errors[:] = [error for error in screens.errors if "ERR_FAILED" not in error]


def test_what_stands_still_is_sent_once_and_nobody_is_disturbed(filmed, server: Server):
    page = touch_kiosk(filmed())
    before = len(waiting(server))

    with page.expect_response("**/frames") as answer:
        page.get_by_role("link", name="Ich habe einen Termin").tap()
    page.locator("[data-key='A']").tap()
    again = posts_of(page)
    page.wait_for_timeout(6_000)

    assert answer.value.status == 204
    assert again == [], "nothing has moved since"
    expect(page.locator(".code-cells span").first).to_have_text("A")
    assert len(waiting(server)) == before


def test_the_page_says_where_pictures_go(filmed):
    page = touch_kiosk(filmed())

    page.get_by_role("link", name="Ich habe einen Termin").tap()

    expect(page.get_by_text("Gespeichert wird kein Bild.")).to_be_visible()


def posts_of(page: Page) -> list[str]:
    """Where the page sends things from now on, beside its line, which may have to be made anew."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/socket.io/" not in request.url:
            sent.append(request.url)

    page.on("request", note)
    return sent
