"""The phone without a line, and with its page closed: the last state, and messages. No secret of a
ticket is kept for either."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from queue_server.settings import load_settings
from tests.browser.conftest import FLAGS, Screens, comes_to_be
from tests.office import HERE, Server
from tests.phone import Phone, PushService, with_push

COUNTER = "/api/v1/counters/schalter-1"
# Everything that a page of ours may keep in a browser.
KEPT = """async () => {
  const said = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      said.push(request.url, await (await cache.match(request)).text());
    }
  }
  return said.concat(JSON.stringify(await (%s)())).join(" ");
}"""
STATES = """async (work = (store) => store.getAll()) => {
  const answer = (request) => new Promise((resolve, reject) => {
    Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject });
  });
  const database = await answer(indexedDB.open("aufruf-ticket"));
  const store = database.transaction("states", "readwrite").objectStore("states");
  const found = await answer(work(store));
  database.close();
  return found;
}"""
SEVEN_MINUTES_AGO = f"""async () => {{
  const [state] = await ({STATES})();
  const at = Date.now() - 7 * 60_000;
  await ({STATES})((store) => store.put({{ ...state, at }}));
}}"""
SHELL_IS_KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const names = await caches.keys();
  const cache = names.length ? await caches.open(names[0]) : null;
  return Boolean(await cache?.match("/static/js/clock.js"));
}"""
# The browser of the tests knows no push service; this is what it would give a page.
A_PUSH_SERVICE = """
    let made = sessionStorage.made ? subscription() : null;
    function subscription() {
      return {
        toJSON: () => (%s),
        unsubscribe: async () => { made = null; delete sessionStorage.made; return true; },
      };
    }
    PushManager.prototype.getSubscription = async () => made;
    PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
      window.keyLength = key.length;
      sessionStorage.made = "yes";
      return made = subscription();
    };
"""


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """The whole Chromium: its quicker shell shows no messages."""
    browser = playwright_driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    text = with_push((HERE / "office.toml").read_text("utf-8"), is_local=True)
    (tmp_path / "push.toml").write_text(text, "utf-8")
    server = Server(tmp_path, tmp_path / "push.toml").start()
    yield server
    server.close()


def phone_at(screens: Screens, ticket: dict[str, Any], script: str = "", **more: Any) -> Page:
    page = screens.window(390, 844, has_touch=True, is_mobile=True, **more)
    if script:
        page.add_init_script(script)
    page.goto(f"{screens.server.url}/t/{ticket['token']}")
    expect(page.locator("html[data-link=up]")).to_be_attached()
    comes_to_be(page, lambda: page.evaluate(SHELL_IS_KEPT), True)
    return page


def states(page: Page) -> list[Any]:
    """What the phone has kept of tickets."""
    found: list[Any] = page.evaluate(f"({STATES})()")
    return found


def phones_known(server: Server) -> int:
    path = load_settings(server.config, {}).database_path
    with closing(sqlite3.connect(path)) as database:
        [[count]] = database.execute("SELECT COUNT(*) FROM push_subscriptions")
    return int(count)


def test_without_a_line_the_phone_shows_the_last_number_with_its_age_and_keeps_no_secret(
    server: Server, screens: Screens, axe
) -> None:
    ticket = server.draw("meldewesen")
    page = phone_at(screens, ticket)
    comes_to_be(page, lambda: len(states(page)), 1)
    screens.may_lose_line = True
    server.kill()
    # Nothing that was under way comes any more and is kept as of now.
    expect(page.locator(".link-banner")).to_be_visible()
    page.evaluate(SEVEN_MINUTES_AGO)

    page.reload()

    expect(page.get_by_role("heading", name="M 001")).to_be_visible()
    expect(page.get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    expect(page.locator("[data-age]")).to_contain_text("Alter: 7 Minuten")
    expect(page.locator("[data-banner]")).to_contain_text("Keine Verbindung.")
    expect(page.locator("[data-unknown]")).to_be_hidden()
    assert axe(page) == []
    kept = page.evaluate(KEPT % STATES)
    assert "M 001" in kept and ticket["token"] not in kept
    shell = page.evaluate("caches.keys().then((names) => names.length)")
    assert shell == 1 and "[data-ticket]" not in kept and "ticket.js" not in kept

    server.start()
    expect(page.locator("html[data-link=up] [data-ticket]")).to_be_attached()

    server.client().delete(f"/api/v1/tickets/{ticket['token']}")
    expect(page.locator(".ticket__state:not([hidden])")).to_contain_text("ist abgemeldet")
    comes_to_be(page, lambda: states(page), [])


def test_while_the_line_is_down_an_open_page_says_how_old_it_is(
    server: Server, screens: Screens
) -> None:
    page = phone_at(screens, server.draw("meldewesen"))
    expect(page.locator("[data-age]")).to_be_hidden()
    screens.may_lose_line = True

    server.kill()

    expect(page.locator(".link-banner")).to_contain_text("Alter: 0 Minuten")


def test_a_page_can_be_installed_and_its_start_names_no_ticket(
    server: Server, screens: Screens
) -> None:
    ticket = server.draw("meldewesen")
    page = phone_at(screens, ticket)

    found = page.evaluate(
        """async () => {
          const answer = await fetch(document.querySelector("link[rel=manifest]").href);
          const manifest = await answer.json();
          const sizes = await Promise.all(manifest.icons.map(async ({ src, sizes }) => {
            const { width } = await createImageBitmap(await (await fetch(src)).blob());
            return `${width}x${width}` === sizes;
          }));
          return { type: answer.headers.get("Content-Type"), manifest, sizes };
        }"""
    )

    manifest = found["manifest"]
    assert found["type"] == "application/manifest+json" and found["sizes"] == [True] * 3
    assert (manifest["start_url"], manifest["scope"]) == ("/t/offline", "/t/")
    assert manifest["display"] == "standalone" and manifest["name"] == "Ihre Wartenummer"
    assert ticket["token"] not in str(manifest)
    errors = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    kinds = {each["errorId"] for each in errors["installabilityErrors"]}
    assert kinds <= {"in-incognito"}, "Chromium would install it"
    # Opened as an app, it shows what the phone has kept, and how to come back to the ticket.
    comes_to_be(page, lambda: len(states(page)), 1)
    page.goto(f"{server.url}/t/offline")
    expect(page.get_by_role("heading", name="M 001")).to_be_visible()
    expect(page.locator("[data-banner]")).to_be_visible()
    expect(page.locator("[data-unknown] [lang=de]")).to_contain_text("wieder mit dem QR-Code")


def test_a_new_version_takes_the_place_of_the_old_one_and_other_pages_are_left_alone(
    server: Server, screens: Screens
) -> None:
    page = phone_at(screens, server.draw("meldewesen"))

    page.evaluate(
        """navigator.serviceWorker.register(
             "/static/booking/ticket-worker.js?version=next", { scope: "/t/" })"""
    )

    comes_to_be(page, lambda: page.evaluate("caches.keys()"), ["ticket-next"])
    page.goto(f"{server.url}/")
    assert page.evaluate("navigator.serviceWorker.controller") is None


def test_the_phone_is_told_with_the_page_closed_until_the_visit_ends(
    server: Server, screens: Screens
) -> None:
    owner, clerk = Phone(), server.clerk("Aylin", "schalter-1")
    with PushService() as service:
        script = A_PUSH_SERVICE % owner.subscription(service.url())
        script = script.replace("None", "null")
        page = phone_at(screens, server.draw("meldewesen"), script, permissions=["notifications"])
        page.get_by_role("button", name="Benachrichtigen, wenn ich aufgerufen werde").tap()
        button = page.get_by_role("button", name="Dieses Handy wird benachrichtigt")
        expect(button).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("keyLength") == 65 and phones_known(server) == 1
        page.reload()
        expect(button).to_be_visible()

        clerk.post(f"{COUNTER}/calls", json={})
        [message] = service.wait_for(1)

    deliver(page, server, owner.read(message.sealed))
    shown = """async () => {
      const all = await (await navigator.serviceWorker.ready).getNotifications();
      return all.map(({ title, lang, tag, data }) => [title, lang, tag, data.address]);
    }"""
    comes_to_be(page, lambda: len(page.evaluate(shown)), 1)
    [[title, language, tag, address]] = page.evaluate(shown)
    assert (title, language, tag) == ("M\u00a0001: jetzt zu Schalter 1", "de", "M 001")
    assert page.url.endswith(address)

    clerk.post(f"{COUNTER}/arrival", json={})
    clerk.post(f"{COUNTER}/completion", json={"outcome": "done"})
    comes_to_be(page, lambda: page.evaluate(shown), [])
    page.wait_for_function("() => !('made' in sessionStorage)")
    assert phones_known(server) == 0


def deliver(page: Page, server: Server, said: dict[str, Any]) -> None:
    """What the browser does when its maker's service brings a message."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda news: found.extend(each["registrationId"] for each in news["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(20)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": server.url, "registrationId": found[0], "data": json.dumps(said)},
    )


def test_the_phone_is_left_alone_again_and_a_browser_that_refuses_says_so(
    server: Server, screens: Screens
) -> None:
    script = (A_PUSH_SERVICE % Phone().subscription("http://127.0.0.1:9/a")).replace("None", "null")
    page = phone_at(screens, server.draw("meldewesen"), script, permissions=["notifications"])
    button = page.locator("[data-push] button")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")

    button.tap()

    expect(button).to_have_attribute("aria-pressed", "false")
    assert phones_known(server) == 0
    page.evaluate("() => { PushManager.prototype.subscribe = () => Promise.reject(Error()); }")
    button.tap()
    expect(page.get_by_text("Das hat nicht geklappt.")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "false")
