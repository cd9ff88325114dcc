"""What a fault run tells docs/reliability.md: how often a thing was done, and what was seen.

It travels as properties of the test in pytest's own XML; `tests/faults/reliability.py` reads it.
"""

from __future__ import annotations

import os

LONG = bool(os.environ.get("AUFRUF_LONG"))


class Report:
    """Of one test; a test that says nothing was done once, and passed."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties

    def saw(self, rounds: int, seen: str) -> None:
        """Counts and times of this run, after all that had to hold has held."""
        self._properties += [("rounds", rounds), ("seen", seen)]
