"""From a key press at the desk to the number painted on the wall, both in a real Chromium.

The key's moment is the browser's own time of the event; the number counts as painted in the task
after the animation frame that follows the change of the page. Two moments between tell whose time
it is: the wall's browser has the message, and its script has changed the page. Walls, desks and
phones beside them are socket clients.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.crowd import PAUSE_SECONDS, following
from bench.house import DISPLAY, House, running_house
from bench.table import Line, milliseconds, percentile, print_table
from queue_server.web.identity import SESSION_COOKIE

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--mute-audio",
         "--autoplay-policy=no-user-gesture-required"]  # fmt: skip
PATIENCE_SECONDS = 10
FIRST_CALLS_UNCOUNTED = 2

# Seconds: the key, the message at the wall, the change of its page, the paint.
Moments = tuple[float, float, float, float]

NOTE_KEYS = """() => {
  window.pressed = 0;
  const note = (event) => { window.pressed = performance.timeOrigin + event.timeStamp; };
  document.addEventListener("keydown", note, true);
}"""
NOTE_PAINT = """() => {
  window.painted = {};
  let heard = 0;
  const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
  Object.defineProperty(MessageEvent.prototype, "data", { configurable: true, get() {
    const text = get.call(this);
    if (typeof text === "string" && text.startsWith('42["board"')) heard = now();
    return text;
  } });
  const now = () => performance.timeOrigin + performance.now();
  const { port1, port2 } = new MessageChannel();
  let fresh = [];
  port1.onmessage = () => {
    const at = now();
    for (const [call, ...moments] of fresh) window.painted[call] ??= [...moments, at];
    fresh = [];
  };
  const look = (...moments) => {
    for (const row of document.querySelectorAll("#rows [data-call]")) {
      if (!(row.dataset.call in window.painted)) fresh.push([row.dataset.call, ...moments]);
    }
    port2.postMessage("");
  };
  new MutationObserver(() => {
    const moments = [heard, now()];
    requestAnimationFrame(() => look(...moments));
  }).observe(document.getElementById("rows"), { childList: true, subtree: true });
}"""
PRIMARY = "document.querySelector('[data-part=person] [data-primary]')"
WHAT_IS_DUE = f"() => {PRIMARY}?.closest('form').getAttribute('action').split('/').pop() ?? ''"
KEY_OF_IT = f"() => {PRIMARY}.dataset.key"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=30, help="calls (default 30)")
    parser.add_argument("--walls", type=int, default=10, help="walls, one in Chromium (10)")
    parser.add_argument("--desks", type=int, default=20, help="desks, one in Chromium (20)")
    parser.add_argument("--phones", type=int, default=300, help="phones that follow (300)")
    parser.add_argument("--folder", type=Path, help="where the database lies, for another disk")
    options = parser.parse_args()
    crowd = f"{options.walls} walls, {options.desks} desks, {options.phones} phones"
    with running_house(
        clerks=options.desks, waiting=options.calls + 60, folder=options.folder
    ) as house:
        print_table(f"Key press → number painted, with {crowd}", list(measure(house, options)))


def measure(house: House, options: argparse.Namespace) -> Iterator[Line]:
    people = {"walls": options.walls - 1, "desks": options.desks - 1, "phones": options.phones}
    with following(house, **people), chromium() as browser:
        wall, desk = open_wall(browser, house), open_desk(browser, house)
        wait_for(desk, WHAT_IS_DUE, "calls")
        taken = [one_call(desk, wall) for _ in range(FIRST_CALLS_UNCOUNTED + options.calls)]
    calls = [moments for moments in taken[FIRST_CALLS_UNCOUNTED:] if moments is not None]
    shown = [painted - pressed for pressed, _, _, painted in calls]
    usual, slow = percentile(shown, 0.5), percentile(shown, 0.99)
    yield Line("P50", milliseconds(usual), "≤ 25 ms", usual <= 0.025)
    yield Line("P99", milliseconds(slow), "≤ 100 ms", slow <= 0.1)
    yield from parts(calls)
    every = len(shown) == options.calls
    yield Line("calls shown", f"{len(shown)} of {options.calls}", "all", every)


def parts(calls: list[Moments]) -> Iterator[Line]:
    names = ("key → message at the wall", "→ on its page", "→ painted")
    for place, name in enumerate(names):
        usual = percentile([moments[place + 1] - moments[place] for moments in calls], 0.5)
        yield Line(f"of which {name}, P50", milliseconds(usual))


def one_call(desk: Page, wall: Page) -> Moments | None:
    """The key, the message, the page and the paint; None when the wall never showed the call."""
    before = len(wall.evaluate("() => Object.keys(window.painted)"))
    press(desk)
    painted = newest_paint(wall, before)
    pressed: float = desk.evaluate("window.pressed")
    # The person comes and goes by the same key of the main action.
    for due in ("arrival", "completion"):
        wait_for(desk, WHAT_IS_DUE, due)
        press(desk)
    wait_for(desk, WHAT_IS_DUE, "calls")
    time.sleep(PAUSE_SECONDS[0])
    if painted is None:
        return None
    heard, changed, at = (moment / 1000 for moment in painted)
    return pressed / 1000, heard, changed, at


def newest_paint(wall: Page, before: int) -> list[float] | None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        painted: list[list[float]] = wall.evaluate("() => Object.values(window.painted)")
        if len(painted) > before:
            return max(painted, key=lambda moments: moments[-1])
        # Seldom enough not to disturb what is measured.
        time.sleep(0.1)
    return None


def press(desk: Page) -> None:
    desk.keyboard.press(desk.evaluate(KEY_OF_IT))


def wait_for(page: Page, what: str, wanted: Any) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while (found := page.evaluate(what)) != wanted:
        if time.monotonic() > give_up:
            raise RuntimeError(f"{page.url}: expected {wanted!r}, found {found!r}")
        time.sleep(0.02)


def open_wall(browser: Browser, house: House) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(f"http://127.0.0.1:{house.port}/display/{DISPLAY}")
    wait_for(page, "() => document.documentElement.dataset.link", "up")
    page.evaluate(NOTE_PAINT)
    return page


def open_desk(browser: Browser, house: House) -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    _, _, token = house.cookies[0].partition("=")
    url = f"http://127.0.0.1:{house.port}"
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    page = context.new_page()
    page.goto(f"{url}/desk")
    wait_for(page, "() => document.documentElement.dataset.link", "up")
    page.evaluate(NOTE_KEYS)
    return page


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    main()
