"""How a number and a place are said, so that a whole hall understands them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# From a hundred on, digit by digit: "eins vier zwei" can't be heard as another number.
FIRST_DIGIT_BY_DIGIT = 100
# Names that are said with the sign behind them; the kind chooses the word in other languages.
KINDS: Mapping[str, str] = {
    **{"schalter": "counter", "fenster": "counter", "counter": "counter"},
    **{"platz": "desk", "arbeitsplatz": "desk", "tisch": "desk", "box": "desk", "kabine": "desk"},
    **{"zimmer": "room", "raum": "room", "büro": "room", "saal": "room"},
    "kasse": "cash",
}
# Letters that a voice of this language would take for a word, or would spell in another one.
# fmt: off
_RUSSIAN = (
    "а", "бэ", "цэ", "дэ", "е", "эф", "гэ", "аш", "и", "йот", "ка", "эль", "эм",
    "эн", "о", "пэ", "ку", "эр", "эс", "тэ", "у", "вэ", "дубль-вэ", "икс", "игрек", "зет",
)
_UKRAINIAN = (
    "а", "бе", "це", "де", "е", "еф", "ґе", "аш", "і", "йот", "ка", "ель", "ем",
    "ен", "о", "пе", "ку", "ер", "ес", "те", "у", "ве", "дубль-ве", "ікс", "ігрек", "зет",
)
# fmt: on
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS: Mapping[str, Mapping[str, str]] = {
    "en": {"A": "A."},
    "pl": {"W": "wu", "Z": "zet"},
    "ru": dict(zip(ALPHABET, _RUSSIAN, strict=True)),
    "uk": dict(zip(ALPHABET, _UKRAINIAN, strict=True)),
}


@dataclass(frozen=True, slots=True)
class SpokenPlace:
    """Where to go. `kind` is empty for a name of its own ("Trausaal"), which is then `name`."""

    name: str
    kind: str = ""
    word: str = ""
    sign: str = ""


def parts_of(number: str) -> tuple[str, int | None]:
    """ "M 042" is ("M", 42); what is no ticket number is (text, None)."""
    found = re.fullmatch(r"([A-Za-z]*)\s*([0-9]{1,9})", number.strip())
    return (found[1].upper(), int(found[2])) if found else (number.strip(), None)


def said_number(number: str, language: str) -> str:
    """ "M 042" is said "M 42", "M 142" is said "M 1 4 2"."""
    letter, value = parts_of(number)
    if value is None:
        return letter
    letters = " ".join(said_letter(each, language) for each in letter)
    digits = str(value) if value < FIRST_DIGIT_BY_DIGIT else " ".join(str(value))
    return f"{letters} {digits}".strip()


def said_letter(letter: str, language: str) -> str:
    return LETTERS.get(language, {}).get(letter, letter)


def place_of(counter: str, counter_word: str) -> SpokenPlace:
    """ "Zimmer 204 a" is a room with the sign "204 A"; "Trausaal" is a name of its own.

    A bare sign ("3") is said with the site's word for its counters.
    """
    name = " ".join(counter.split())
    found = re.fullmatch(r"(?:(\D*?)\s+)?([A-Za-z]?[.-]?\d[\w.,/-]*(?:\s+[A-Za-z])?)", name)
    if found is None:
        return SpokenPlace(name)
    word, sign = found[1] or counter_word, _said_sign(found[2])
    kind = KINDS.get(word.casefold(), "counter" if word == counter_word else "other")
    return SpokenPlace(f"{word} {sign}", kind, word, sign)


def _said_sign(sign: str) -> str:
    """Letters are capitals, so that they are spelled; "204a" is "204 A", "E.07" is "E 0 7"."""
    pieces = re.findall(r"\d+|[^\W\d_]+", sign)
    return " ".join(_said_piece(piece) for piece in pieces)


def _said_piece(piece: str) -> str:
    if not piece.isdigit():
        return piece.upper() if len(piece) == 1 else piece
    return " ".join(piece) if piece.startswith("0") else piece
