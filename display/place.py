"""A counter's name as the wall sets it: what is a number becomes a large sign."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.languages import GERMAN
from queue_server.languages.hyphenation import softened

# "3", "104a", "204 a": longer ones are names.
LONGEST_SIGN = 8
# Only words that would make a name tiny are broken.
BREAKS_FROM = 13
# Set as large as a number up to so many characters, and so on, until the browser has measured.
FITS = (("full", 3), ("half", 5), ("third", 10))


@dataclass(frozen=True, slots=True)
class PlaceLabel:
    """ "Schalter 3" is a small word and a large sign, "Trausaal" a sign alone.

    `fit` says how much smaller a long sign is set before it was measured.
    """

    word: str
    sign: str

    @property
    def fit(self) -> str:
        return next((fit for fit, most in FITS if len(self.sign) <= most), "lines")


def place_of(counter: str) -> PlaceLabel:
    """The sign begins at the first word with a digit; a name without one is a sign as a whole."""
    words = counter.split(" ")
    first = next((place for place, word in enumerate(words) if any(map(str.isdigit, word))), None)
    sign = " ".join(words[first:]) if first is not None else counter
    if first is None or len(sign) > LONGEST_SIGN:
        return PlaceLabel("", counter)
    return PlaceLabel(" ".join(words[:first]), sign)


def breakable(name: str, language: str = GERMAN) -> str:
    """The name with soft hyphens in its longest words."""
    words = name.split(" ")
    return " ".join(
        softened(word, language) if len(word) >= BREAKS_FROM else word for word in words
    )
