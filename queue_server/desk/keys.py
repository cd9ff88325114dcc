"""The keys of the desk, in one place. Each is one letter without Ctrl or Alt, so that neither the
browser nor a screen reader's own commands collide with it; all can be switched off.
"""

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
        "office": Key("O", "Leitung: Überblick und besondere Tage"),
        "help": Key("?", "Diese Liste"),
    }
)
