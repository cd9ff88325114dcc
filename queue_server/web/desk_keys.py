"""The keys of the desk: which letter presses what, and the words for the list of keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Key:
    """A key with what it does, as the list of keys says it."""

    key: str
    words: str


KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "next": Key("N", "Nächste Person aufrufen"),
        "finish_next": Key("N", "Während der Bearbeitung: abschließen und Nächste aufrufen"),
        "arrived": Key("E", "Erschienen"),
        "finish": Key("A", "Bearbeitung abschließen"),
        "missing": Key("U", "Abschließen: Unterlagen fehlen"),
        "recall": Key("W", "Erneut aufrufen (wiederholen)"),
        "no_show": Key("X", "Nicht erschienen"),
        "undo": Key("R", "Rückgängig"),
        "park": Key("P", "Parken"),
        "resume": Key("F", "Geparkte und nicht Erschienene: fortsetzen"),
        "transfer": Key("L", "Weiterleiten"),
        "services": Key("I", "Anliegen ändern oder hinzufügen"),
        "release": Key("Z", "Aufruf zurücknehmen"),
        "issue": Key("G", "Nummer ausgeben"),
        "book": Key("T", "Termin buchen"),
        "day": Key("H", "Termine heute, Check-in"),
        "stops": Key("V", "Nummernausgabe (Vergabe) anhalten oder öffnen"),
        "queue": Key("S", "In die Warteschlange springen"),
        "filter": Key("/", "Warteschlange filtern"),
        "density": Key("K", "Kompakte Warteschlange, mehr Zeilen"),
        "file": Key("D", "Digitale Akte der Person öffnen"),
        "office": Key("O", "Leitung: Überblick und besondere Tage"),
        "help": Key("?", "Diese Liste"),
    }
)
