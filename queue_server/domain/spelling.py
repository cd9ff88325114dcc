"""Codes read out on the telephone: the German spelling alphabet of DIN 5009, digits as they are."""

from __future__ import annotations

_ALPHABET = {
    "A": "Anton", "B": "Berta", "C": "Cäsar", "D": "Dora", "E": "Emil", "F": "Friedrich",
    "G": "Gustav", "H": "Heinrich", "I": "Ida", "J": "Julius", "K": "Kaufmann", "L": "Ludwig",
    "M": "Martha", "N": "Nordpol", "O": "Otto", "P": "Paula", "Q": "Quelle", "R": "Richard",
    "S": "Samuel", "T": "Theodor", "U": "Ulrich", "V": "Viktor", "W": "Wilhelm",
    "X": "Xanthippe", "Y": "Ypsilon", "Z": "Zacharias",
}  # fmt: skip


def spelled(code: str) -> str:
    """`DHB-TD2` is `Dora, Heinrich, Berta – Theodor, Dora, 2`: a dash parts the groups."""
    groups = (", ".join(_ALPHABET.get(sign, sign) for sign in part) for part in code.split("-"))
    return " – ".join(groups)
