"""How Python looks for garbage while the office is served: seldom, and never among the program.

Most of what is thrown away goes at once. Only what refers to itself in a circle has to be looked
for, and while Python looks, every wall stands still. With 2,000 phones a search through everything
took a seventh of a second, and there was one every few seconds.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

SELDOM = (20_000, 20, 20)
"""New objects until the youngest are searched; such searches until the next older generation is."""
GENERATIONS = range(3)


class Searches:
    """How often each generation was searched in this process, and for how many seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._began = 0.0
        self.count = [0 for _ in GENERATIONS]
        self.seconds = [0.0 for _ in GENERATIONS]
        self.longest = [0.0 for _ in GENERATIONS]

    def note(self, phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        """A callback of the collector, which searches one generation at a time."""
        if phase == "start":
            self._began = self._clock()
            return
        generation, took = info["generation"], self._clock() - self._began
        self.count[generation] += 1
        self.seconds[generation] += took
        self.longest[generation] = max(self.longest[generation], took)


searches = Searches()


def begin() -> None:
    """While the program is being read nothing of it is garbage."""
    gc.disable()


def settle() -> None:
    """What is there now is the program and stays; what comes from here on may be garbage.

    Also before a fork and after it: a search writes to every object that it looks at, and memory
    that is written to is shared no longer.
    """
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()


def give_back() -> None:
    """Search everything but the program, and give the system back what is free.

    Everybody waits meanwhile, for a tenth of a second: only for a time when nobody is there.
    """
    # Imported late: no start and no command waits for it.
    from ctypes import CDLL

    gc.collect()
    # Python's and the system's allocators keep what was freed, between what lives on; only glibc
    # can be asked for it.
    with suppress(AttributeError):
        CDLL(None).malloc_trim(0)
