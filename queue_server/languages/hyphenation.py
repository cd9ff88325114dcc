"""Where long words may break: soft hyphens, since browsers of kiosks and walls bring no dictionary.

Patterns decide (Liang's algorithm, as in TeX). German ones lie in `patterns/`; a further language
is one more file there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from queue_server.languages import GERMAN

PATTERNS = Path(__file__).with_name("patterns")
SOFT_HYPHEN = "\u00ad"
# Shorter words fit everywhere; shorter beginnings and ends look torn off.
LEAST_WORD, LEAST_PART = 12, 3
# An address with a hyphen in it would be another one.
TOKEN, ADDRESS = re.compile(r"\S+"), re.compile(r"@|://|\.\w")
WORD = re.compile(rf"[^\W\d_]{{{LEAST_WORD},}}")
LEVEL = re.compile(r"(\d?)(?:\D|$)")
LONGEST_PATTERN = 12


@lru_cache(maxsize=4096)
def softened(text: str, language: str = GERMAN) -> str:
    """The same text with soft hyphens in its long words; unchanged without patterns for it.

    Leichte Sprache (`de-x-leicht`) is hyphenated as German.
    """
    base = language.partition("-")[0]
    return TOKEN.sub(lambda token: _softened(token[0], base), text)


def _softened(token: str, language: str) -> str:
    if ADDRESS.search(token):
        return token
    return WORD.sub(lambda word: SOFT_HYPHEN.join(parts_of(word[0], language)), token)


def hardened(text: str) -> str:
    """The text as it was before `softened`."""
    return text.replace(SOFT_HYPHEN, "")


def parts_of(word: str, language: str = GERMAN) -> list[str]:
    """A word between the places at which it may break: `["Per", "so", "nal", "aus", "weis"]`."""
    levels = _levels(f".{word.lower()}.", _patterns(language))
    # The level before a letter stands at its place; the dot at the beginning shifts it by one.
    inner = range(LEAST_PART, len(word) - LEAST_PART + 1)
    places = [0, *(place for place in inner if levels[place + 1] % 2), len(word)]
    return [word[start:end] for start, end in pairwise(places)]


def _levels(dotted: str, patterns: Mapping[str, str]) -> list[int]:
    """The highest level that any pattern names, for the place before every letter."""
    levels = [0] * (len(dotted) + 1)
    for start in range(len(dotted)):
        for end in range(start + 1, min(start + LONGEST_PATTERN, len(dotted)) + 1):
            pattern = patterns.get(dotted[start:end], "")
            for place, level in enumerate(_levels_in(pattern), start):
                levels[place] = max(levels[place], level)
    return levels


@cache
def _patterns(language: str) -> Mapping[str, str]:
    """Every pattern under its letters: `.ab3a4s` under `.abas`."""
    file = PATTERNS / f"{language}.txt"
    text = file.read_text("utf-8") if file.is_file() else ""
    # All at once: one by one, forty thousand patterns would take a second.
    letters = text.translate(str.maketrans("", "", "0123456789"))
    return dict(zip(letters.split(), text.split(), strict=True))


@lru_cache(maxsize=2048)
def _levels_in(pattern: str) -> tuple[int, ...]:
    """The levels before, between and after the letters."""
    return tuple(int(level or 0) for level in LEVEL.findall(pattern))
