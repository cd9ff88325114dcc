"""The wall's pure rules, run by the browser that will live by them."""

from __future__ import annotations

from itertools import permutations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Screens

RUN = """async ([file, work, argument]) => {
  const module = await import(`/static/display/${file}.js`);
  return WORK[work](module, argument);
}"""
WORKS = """{
  ends: ({ isNewer }, versions) => versions.reduce(
    (shown, version) => isNewer(shown, { version }) ? { version } : shown, null).version,
  arranged: ({ arrange }, [count, rows, width, height]) =>
    arrange(count, rows, { width, height }),
  places: ({ placeOf, fitOf }, names) => names.map((name) => {
    const { word, sign } = placeOf(name);
    return [word, sign, fitOf(sign)];
  }),
  rings: ({ Chime }, boards) => {
    const chime = new Chime();
    return boards.map(([nowMs, calls]) => chime.due(calls, nowMs).map(({ call }) => call));
  },
}"""
START = 1_780_000_000_000


@pytest.fixture
def wall(screens: Screens) -> Page:
    return screens.open("/display/wand")


def run(wall: Page, file: str, work: str, argument: object) -> object:
    return wall.evaluate(RUN.replace("WORK", f"({WORKS})"), [file, work, argument])


def call(id: int, *, times: int = 1, after_seconds: float = 0) -> dict[str, object]:
    return {"call": id, "times": times, "at": START + after_seconds * 1000}


def test_the_wall_keeps_its_rules(wall: Page) -> None:
    """One page for all of them: a browser and a server are dear."""
    it_ends_at_the_highest_version(wall)
    every_call_has_a_slot(wall)
    few_calls_keep_one_column(wall)
    counters_are_set_as_the_server_sets_them(wall)
    each_call_rings_once_and_each_recall_once(wall)
    old_calls_are_silent(wall)


def it_ends_at_the_highest_version(wall: Page) -> None:
    for versions in permutations([3, 4, 4, 7]):
        assert run(wall, "boards", "ends", versions) == 7


def every_call_has_a_slot(wall: Page) -> None:
    for count in range(2, 41):
        found = run(wall, "arrange", "arranged", [count, 4, 1830, 830])
        assert isinstance(found, dict)
        assert found["columns"] * found["slots"] >= count - 1
        assert found["columns"] <= 4 and found["slots"] <= 20


def few_calls_keep_one_column(wall: Page) -> None:
    assert run(wall, "arrange", "arranged", [1, 4, 1830, 830]) == {"columns": 1, "slots": 0}
    assert run(wall, "arrange", "arranged", [2, 4, 1830, 830]) == {"columns": 1, "slots": 2}
    assert run(wall, "arrange", "arranged", [4, 4, 1830, 830]) == {"columns": 1, "slots": 3}


def counters_are_set_as_the_server_sets_them(wall: Page) -> None:
    from display.place import place_of

    names = ["Schalter 3", "Zimmer im Anbau 104a", "Standesamt", "7", "Platz ", "Großer Saal",
             "Zimmer 204 a", "2. Obergeschoss", "Trauzimmer 1 im Anbau"]  # fmt: skip
    expected = [[place.word, place.sign, place.fit] for place in map(place_of, names)]
    assert run(wall, "place", "places", names) == expected


def each_call_rings_once_and_each_recall_once(wall: Page) -> None:
    boards = [
        [START, [call(1)]],
        [START + 10, [call(1)]],
        [START + 20, [call(3), call(2), call(1)]],
        [START + 5_000, [call(1, times=2, after_seconds=5), call(3), call(2)]],
        [START + 6_000, []],
        [START + 7_000, [call(1, times=2, after_seconds=5)]],
    ]
    # Oldest first, as they were called.
    assert run(wall, "chime", "rings", boards) == [[1], [], [2, 3], [1], [], []]


def old_calls_are_silent(wall: Page) -> None:
    first_sight = [[START + 31_000, [call(2, after_seconds=3), call(1)]]]
    assert run(wall, "chime", "rings", first_sight) == [[2]]
    # A wall whose clock is set right after an hour does not start to ring.
    later = [[START, [call(1)]], [START + 3_600_000, []], [START + 3_600_000, [call(1)]]]
    assert run(wall, "chime", "rings", later) == [[1], [], []]
