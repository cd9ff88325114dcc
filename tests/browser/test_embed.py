"""Aufruf in the page of another website, under the strictest policy that such a page can have."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Screens
from tests.office import ForkedServer, Server

DEMO = Path(__file__).parents[2] / "docs" / "embed"
IN_THE_DEMO = "http://localhost:8000"
MAIL = '\n[mail]\nsmtp_url = "file:letters"\nsender = "amt@example.org"\n'
PEOPLE = re.compile(r"(\d+) Person(en)? wart")
NO_NEWS = "Zurzeit keine aktuellen Angaben."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An office that sends letters, so that citizens can book online. One person waits."""
    with office(tmp_path_factory.mktemp("office")) as server:
        server.clerk("Aylin", "schalter-1")
        server.draw("meldewesen")
        yield server


@contextmanager
def office(folder: Path, keys: str = "") -> Iterator[Server]:
    server = ForkedServer(folder)
    text = server.config.read_text().replace("[server]", f"[server]\n{keys}", 1)
    server.config.write_text(text if "[mail]" in text else text + MAIL)
    server.start()
    yield server
    server.close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A test reads nothing of it."""


@pytest.fixture
def foreign(server: Server, tmp_path: Path) -> Iterator[str]:
    """Another website, under another name and port: the demo of the documents."""
    with website(tmp_path / "foreign", server.url) as address:
        yield address


@contextmanager
def website(folder: Path, aufruf: str) -> Iterator[str]:
    copytree(DEMO, folder)
    for page in folder.glob("*.html"):
        page.write_text(page.read_text().replace(IN_THE_DEMO, aufruf))
    site = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{site.server_port}"
    site.shutdown()
    site.server_close()
    thread.join()


@pytest.fixture
def visited(screens: Screens, foreign: str) -> Page:
    """The foreign start page; time passes there as a test says."""
    page = screens.window()
    page.clock.install()
    page.goto(foreign)
    return page


def box(page: Page) -> Locator:
    return page.locator("[data-aufruf] .aufruf")


def in_frame(page: Page) -> Locator:
    return page.frame_locator("iframe").locator("main")


def both(page: Page) -> tuple[Locator, Locator]:
    return box(page), in_frame(page)


def people(shown: Locator) -> int:
    """How many wait, as it is written there."""
    found = PEOPLE.search(shown.get_by_text(PEOPLE).inner_text())
    assert found is not None
    return int(found[1])


def test_box_and_frame_tell_the_waiting_time_of_now(visited: Page) -> None:
    for shown in both(visited):
        expect(shown.get_by_role("heading", name="Rathaus")).to_be_visible()
        expect(shown.get_by_text("Durchgehend geöffnet")).to_be_visible()
        expect(shown.get_by_text(PEOPLE)).to_be_visible()
        expect(shown.get_by_text("Wartezeit ohne Termin: ")).to_be_visible()
    expect(visited.get_by_role("region", name="Termin und Wartezeit: Rathaus")).to_be_visible()
    expect(visited.get_by_role("link", name="Termin im Rathaus buchen")).to_be_hidden()


@pytest.mark.parametrize("way", [0, 1], ids=["box", "frame"])
def test_both_lead_to_booking_in_the_whole_window(visited: Page, server: Server, way: int) -> None:
    both(visited)[way].get_by_role("link", name="Termin buchen").click()

    visited.wait_for_url(f"{server.url}/termin?site=rathaus&lang=de")


def test_news_come_every_minute_and_nothing_else_is_touched(visited: Page, server: Server) -> None:
    before = people(box(visited))
    for shown in both(visited):
        assert people(shown) == before
        shown.get_by_role("heading").evaluate("heading => { heading.untouched = true }")
    box(visited).get_by_role("link", name="Termin buchen").focus()
    server.draw("meldewesen")

    visited.clock.fast_forward(61_000)

    for shown in both(visited):
        expect(shown.get_by_text(f"{before + 1} Personen warten")).to_be_visible()
        assert shown.get_by_role("heading").evaluate("heading => heading.untouched")
    expect(box(visited).get_by_role("link", name="Termin buchen")).to_be_focused()
    expect(visited.locator("script")).to_have_count(1)


def test_it_leaves_no_trace_in_the_page_around_it(visited: Page) -> None:
    expect(box(visited)).to_be_visible()

    names = visited.evaluate("Object.getOwnPropertyNames(window)")
    assert [name for name in names if "aufruf" in name.lower()] == []
    assert visited.evaluate("[document.cookie, localStorage.length]") == ["", 0]
    assert visited.context.cookies() == []


def test_what_is_old_is_not_shown_as_if_it_were_true(
    visited: Page, server: Server, screens: Screens
) -> None:
    for shown in both(visited):
        expect(shown.get_by_text(PEOPLE)).to_be_visible()
    screens.may_lose_line = True
    server.kill()

    visited.clock.run_for(7 * 60_000)

    for shown in both(visited):
        expect(shown.get_by_text(NO_NEWS)).to_be_visible()
        expect(shown.get_by_text(PEOPLE)).to_be_hidden()
        expect(shown.get_by_role("link", name="Termin buchen")).to_be_visible()
    server.start()
    visited.clock.fast_forward(61_000)
    for shown in both(visited):
        expect(shown.get_by_text(PEOPLE)).to_be_visible()
        expect(shown.get_by_text(NO_NEWS)).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", ["index.html", "dark.html"])
def test_everybody_can_read_it_on_light_and_dark_pages(
    screens: Screens, foreign: str, axe: Callable[[Page], list[str]], name: str, width: int
) -> None:
    page = screens.window(width)
    page.goto(f"{foreign}/{name}")
    # What is out of sight in a foreign frame is not painted.
    page.locator("iframe").scroll_into_view_if_needed()
    for shown in both(page):
        expect(shown.get_by_role("link").last).to_be_visible()

    assert axe(page) == []
    for place in (page.locator("html"), page.frame_locator("iframe").locator("html")):
        assert place.evaluate("html => html.scrollWidth <= html.clientWidth")
    for shown in both(page):
        for link in shown.get_by_role("link").all():
            size = link.bounding_box()
            assert size is not None and size["height"] >= 44


def test_an_english_page_is_answered_in_english_and_a_dark_one_in_the_dark(
    screens: Screens, foreign: str
) -> None:
    page = screens.window()
    page.goto(f"{foreign}/dark.html")

    for shown in both(page):
        expect(shown.get_by_role("link", name="Book an appointment")).to_be_visible()
        expect(shown).to_have_css("background-color", "rgb(21, 38, 47)")
    expect(box(page).get_by_role("heading", level=3)).to_be_visible()
    assert page.locator("[data-aufruf] section").get_attribute("lang") == "en"


def test_the_keyboard_reaches_both_links_and_shows_where_it_is(visited: Page) -> None:
    expect(box(visited)).to_be_visible()
    visited.get_by_role("link", name="English, dark").focus()

    for name in ("Termin buchen", "Anliegen, Unterlagen und Wartezeiten"):
        visited.keyboard.press("Tab")
        link = box(visited).get_by_role("link", name=name)
        expect(link).to_be_focused()
        expect(link).to_have_css("outline-width", "3px")


def test_without_javascript_a_link_stands_there_and_the_frame_works(
    screens: Screens, foreign: str
) -> None:
    page = screens.window(java_script_enabled=False)
    page.goto(foreign)

    expect(page.get_by_role("link", name="Termin im Rathaus buchen")).to_be_visible()
    expect(in_frame(page).get_by_role("link", name="Termin buchen")).to_be_visible()


def test_a_website_that_is_not_named_shows_neither(screens: Screens, tmp_path: Path) -> None:
    page = screens.window()
    origins = 'embed_origins = ["https://www.musterstadt.example"]'

    with office(tmp_path, origins) as strict, website(tmp_path / "foreign", strict.url) as foreign:
        with page.expect_console_message(lambda message: "embed_origins" in message.text):
            page.goto(foreign)
        page.locator("iframe").scroll_into_view_if_needed()

        expect(page.get_by_role("link", name="Termin im Rathaus buchen")).to_be_visible()
        expect(box(page)).to_have_count(0)
        expect(in_frame(page)).to_have_count(0)
        # That the browser says so is what is wanted here.
        screens.forgive("frame-ancestors")


def test_a_frame_goes_on_in_the_language_that_its_visitor_has_chosen(
    screens: Screens, server: Server
) -> None:
    page = screens.window()
    page.clock.install()
    page.context.add_cookies([{"name": "aufruf_language", "value": "en", "url": server.url}])
    page.goto(f"{server.url}/embed/rathaus")
    waiting = page.locator('[data-part="people"]')
    expect(waiting).to_contain_text("waiting")
    before = waiting.inner_text()
    server.draw("meldewesen")

    page.clock.fast_forward(61_000)

    expect(waiting).not_to_have_text(before)
    expect(waiting).to_contain_text("waiting")
