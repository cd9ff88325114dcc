"""Garbage is looked for seldom, and it is told how long that kept everybody waiting."""

from __future__ import annotations

import subprocess
import sys

import pytest

from queue_server.garbage import Searches

CIRCLE = """
import gc, weakref
from queue_server import garbage

class Thing:
    pass

def circle():
    thing = Thing()
    thing.itself = thing
    return weakref.ref(thing)

garbage.begin()
program = Thing()
garbage.settle()
thrown_away = circle()
kept = []
{until_it_is_found}
print(thrown_away() is None)
print(any(each is program for each in gc.get_objects()))
"""
USED = """
while thrown_away() is not None and len(kept) < 3 * garbage.SELDOM[0]:
    kept.append([])
"""


def test_each_search_counts_for_its_generation_and_the_longest_is_remembered() -> None:
    ticks = iter([10.0, 10.25, 20.0, 20.125, 30.0, 30.5])
    searches = Searches(lambda: next(ticks))

    for generation in (0, 0, 2):
        searches.note("start", {"generation": generation})
        searches.note("stop", {"generation": generation, "collected": 1, "uncollectable": 0})

    assert searches.count == [2, 0, 1]
    assert searches.seconds == [0.375, 0.0, 0.5]
    assert searches.longest == [0.25, 0.0, 0.5]


@pytest.mark.parametrize("until_it_is_found", [USED, "garbage.give_back()"])
def test_the_program_is_never_searched_and_what_comes_later_still_is(
    until_it_is_found: str,
) -> None:
    program = CIRCLE.format(until_it_is_found=until_it_is_found)
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    is_gone, is_searched = told.stdout.splitlines()
    assert is_gone == "True", told.stderr
    assert is_searched == "False", "the program itself is out of reach of every search"
