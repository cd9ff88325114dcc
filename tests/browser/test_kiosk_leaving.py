"""The kiosk goes home from a page that nobody looks at any more, whatever else it is asking for."""

from __future__ import annotations

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.at_kiosk import ask_for_life, forgive, number, touch_kiosk
from tests.browser.conftest import Screens, comes_to_be
from tests.browser.wall_steps import call_next
from tests.office import Server

HOME = "**/kiosk/eingang"
# The question whether anybody is there has been answered by nobody.
NOTE_LEAVING = """() => document.getElementById("stay").addEventListener("close", () => {
  document.documentElement.dataset.left = "yes";
}, { once: true })"""

# A page with a number has come from the server, and the kiosk has not yet heard of it.
HOLD_NUMBERS = """() => {
  const ask = window.fetch;
  window.fetch = async (...question) => {
    const answer = await ask(...question);
    if (!answer.url.includes("/tickets/")) return answer;
    const { ok, status, url } = answer;
    const words = await answer.text();
    window.fetch = ask;
    await new Promise((go) => { window.letGo = go; });
    return { ok, status, url, text: async () => words };
  };
}"""


class Held:
    """Requests that are under way until they are let go."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._routes: list[Route] = []

    def hold(self, pattern: str) -> None:
        """The next one that fits; the kiosk's own patience is not what is tried here."""
        self._page.evaluate("AbortSignal.timeout = () => new AbortController().signal")
        self._page.route(pattern, lambda route: self._routes.append(route), times=1)

    def wait(self) -> None:
        while not self._routes:
            self._page.wait_for_timeout(50)

    def let_go(self) -> None:
        self._routes.pop().continue_()


def called_while_the_page_asks(server: Server, screens: Screens) -> tuple[Page, Held]:
    """Somebody's number, and a look at it that the page has begun by itself and that takes long."""
    page = touch_kiosk(screens)
    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    expect(number(page)).to_have_text("M 001")
    held = Held(page)
    held.hold(f"{HOME}/tickets/*")
    assert call_next(server.clerk("Aylin", "schalter-1"), "schalter-1") == "M 001"
    held.wait()
    return page, held


def leave(page: Page, kind: str) -> None:
    page.evaluate(NOTE_LEAVING)
    ask_for_life(page, kind, warning_seconds=0.5)
    expect(page.locator("html[data-left]")).to_be_attached()


def test_leaving_waits_for_the_request_under_way_and_then_goes_home(
    server: Server, screens: Screens
):
    page, held = called_while_the_page_asks(server, screens)

    leave(page, "ticket")
    expect(number(page)).to_have_text("M 001")
    held.let_go()

    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()
    expect(page.locator("html[data-link=up]")).to_be_attached()


def test_a_touch_while_the_page_looks_by_itself_is_heard(server: Server, screens: Screens):
    page, held = called_while_the_page_asks(server, screens)

    page.get_by_role("link", name="Fertig").tap()
    expect(page.locator("a[aria-busy]")).to_be_attached()
    held.let_go()

    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()


def told_once_of_a_call(page: Page) -> list[str]:
    """What the kiosk is told of the first call; what would be said of it again later is lost."""
    told: list[str] = []

    def relay(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            is_of_a_call = '"calls":[{' in str(message)
            if not (is_of_a_call and told):
                line.send(message)
            if is_of_a_call:
                told.append(str(message))

        server.on_message(pass_on)

    page.route_web_socket("**/socket.io/**", relay)
    page.reload()
    expect(page.locator("html[data-link=up]")).to_be_attached()
    return told


def test_whoever_is_called_before_their_number_is_shown_is_sent_on(
    server: Server, screens: Screens
):
    page = touch_kiosk(screens)
    told, clerk = told_once_of_a_call(page), server.clerk("Aylin", "schalter-1")
    page.evaluate(HOLD_NUMBERS)

    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    page.wait_for_function("() => window.letGo")
    call_next(clerk, "schalter-1")
    comes_to_be(page, lambda: len(told) > 0, True)
    page.evaluate("window.letGo()")

    expect(page.get_by_text("Bitte gehen Sie jetzt zu Schalter 1.")).to_be_visible()


def test_whoever_is_served_in_the_last_second_sees_their_page(server: Server, screens: Screens):
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Mehrere").tap()
    expect(page.locator(".kiosk-page--several")).to_be_visible()
    held = Held(page)
    held.hold(f"{HOME}/check-in")
    page.evaluate(
        "import('/static/kiosk/visit.js').then((it) => { it.visit(`${it.home()}/check-in`); })"
    )
    held.wait()

    leave(page, "several")
    held.let_go()

    expect(page.locator(".kiosk-page--check-in")).to_be_visible()


def test_one_error_of_the_server_does_not_keep_the_kiosk_from_home(screens: Screens):
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Mehrere").tap()
    expect(page.locator(".kiosk-page--several")).to_be_visible()
    page.route(HOME, lambda route: route.fulfill(status=503, body="busy"))

    leave(page, "several")
    expect(page.get_by_role("heading", name="Einen Moment, bitte")).to_be_visible()
    page.unroute(HOME)

    # The line stood all the while: nothing but the page itself asks again.
    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()
    expect(page.locator("html[data-link=up]")).to_be_attached()
    forgive(screens, 503)
