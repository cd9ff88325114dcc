"""Names as people say them: "mueller" finds Müller, and "erika muster" Mustermann, Erika."""

from __future__ import annotations

import re
import unicodedata

# As in static/day.js, which searches while somebody types.
_UMLAUTS = re.compile(r"([aou])e")


def plain(text: str) -> str:
    """Small letters without marks, with one spelling for umlauts."""
    parted = unicodedata.normalize("NFD", text.casefold())
    return _UMLAUTS.sub(r"\1", "".join(c for c in parted if not unicodedata.combining(c)))


def is_found(text: str, wanted: str) -> bool:
    """Whether every word that is wanted stands somewhere in the text."""
    searched = plain(text)
    return all(word in searched for word in plain(wanted).split())
