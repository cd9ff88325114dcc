"""A call is painted first; what only the ear waits for comes after it, and always comes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Screens
from tests.browser.wall_steps import call_next, connected, rang, shows
from tests.office import Server

# What is asked of the browser in the very turn in which a board arrives, as far as it takes time:
# whatever needs a layout, and whatever the eye does not need.
NOTE_EARLY = """() => {
  window.boards = 0;
  window.early = new Set();
  let isTurn = false;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { isTurn = false; };
  // On a busy machine a timer or a frame of the board before may come sooner than that.
  for (const name of ["setTimeout", "requestAnimationFrame"]) {
    const later = window[name];
    window[name] = (work, ...how) => later((...given) => {
      isTurn = false;
      work(...given);
    }, ...how);
  }
  const around = (thing, name, kind) => {
    const known = Object.getOwnPropertyDescriptor(thing, name);
    const whole = known[kind];
    Object.defineProperty(thing, name, { ...known, [kind](...given) {
      if (isTurn) window.early.add(name);
      return whole.apply(this, given);
    } });
  };
  for (const name of ["clientWidth", "clientHeight", "scrollWidth", "scrollHeight"]) {
    around(Element.prototype, name, "get");
  }
  for (const name of ["offsetWidth", "offsetHeight"]) around(HTMLElement.prototype, name, "get");
  around(Element.prototype, "getBoundingClientRect", "value");
  around(window, "getComputedStyle", "value");
  around(Storage.prototype, "setItem", "value");
  around(AudioScheduledSourceNode.prototype, "start", "value");
  const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
  Object.defineProperty(MessageEvent.prototype, "data", { configurable: true, get() {
    const text = get.call(this);
    if (typeof text === "string" && text.startsWith('42["board"')) {
      window.boards += 1;
      isTurn = true;
      port2.postMessage("");
    }
    return text;
  } });
}"""
# As in a window that is covered or a tab that is not shown.
OUT_OF_SIGHT = """
  Object.defineProperty(Document.prototype, "hidden", { get: () => true });
  window.requestAnimationFrame = () => 0;
"""
# As in a window whose frames have stopped without a word.
WITHOUT_FRAMES = "window.requestAnimationFrame = () => 0;"


def test_nothing_but_the_call_is_done_before_it_is_painted(
    screens: Screens, server: Server
) -> None:
    wall = screens.wall()
    wall.add_init_script(f"({NOTE_EARLY})()")
    wall.reload()
    connected(wall)
    wall.evaluate("document.fonts.ready.then(() => window.early.clear())")
    number = server.draw("meldewesen")["number"]

    assert call_next(server.clerk("Aylin", "schalter-1"), "schalter-1") == number

    # Whoever looks where the call stands asks for a layout, perhaps in the very turn of its board.
    rang(wall, 1)
    boards, early = wall.evaluate("[window.boards, [...window.early]]")
    assert boards > 0 and early == []
    shows(wall, f"{number} Schalter 1")


def test_a_wall_that_nobody_sees_speaks_all_the_same(screens: Screens, server: Server) -> None:
    aylin = server.clerk("Aylin", "schalter-1")
    for times, script in enumerate((OUT_OF_SIGHT, WITHOUT_FRAMES), start=1):
        wall = screens.wall()
        wall.add_init_script(script)
        wall.reload()
        connected(wall)
        number = server.draw("meldewesen")["number"]

        assert call_next(aylin, "schalter-1") == number, times

        rang(wall, 1)
        expect(wall.locator("#status")).to_have_text(f"Nummer {number}, Schalter 1")
        for verb in ("arrival", "completion"):
            assert aylin.post(f"/api/v1/counters/schalter-1/{verb}", json={}).is_success
        wall.close()
