"""German at the edge: words for states, reasons and wrong fields; `web/refusals.py` for refusals.

What visitors may read is marked for the catalogues and said in their language; the desk and what
stands only there is German.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from queue_server.languages import GERMAN, marked, texts, words
from queue_server.languages.locale_data import babel_locale

STATES: Mapping[str, str] = {
    "waiting": marked("wartet"),
    "called": marked("aufgerufen"),
    "serving": marked("in Bearbeitung"),
    "served": marked("fertig"),
    "parked": marked("geparkt"),
    "no_show": marked("nicht erschienen"),
    "cancelled": marked("abgemeldet"),
    "reserved": marked("vorgemerkt"),
    "preconfirmed": marked("vorgemerkt"),
    "confirmed": marked("bestätigt"),
    "checked_in": marked("angemeldet"),
    "expired": marked("verfallen"),
    "missed": marked("versäumt"),
}

STANDINGS: Mapping[str, str] = {
    **STATES, "expected": "erwartet", "late": "verspätet", "arrived": "angemeldet",
}  # fmt: skip

PRECEDENCE: Mapping[str, str] = {
    "mobility": "Eingeschränkte Mobilität",
    "small_child": "Kleines Kind dabei",
    "our_mistake": "Unser Versehen",
    "emergency": "Notfall",
    "other": "Anderer Grund",
}

# Why there is no backup of the last night, by the codes of `actions/backing_up.py`.
BACKUP_TROUBLES: Mapping[str, str] = {
    "full": "Für die Sicherung ist kein Platz auf dem Datenträger.",
    "folder": "In den Ordner für Sicherungen kann nicht geschrieben werden.",
    "damaged": "Die Sicherung ließ sich nicht fehlerfrei lesen.",
}

# Why a letter does not arrive, by the codes of `mail/trouble.py`.
TROUBLES: Mapping[str, str] = {
    "settings": "Die Adresse des Mailservers in den Einstellungen ist falsch.",
    "unreachable": "Der Mailserver ist nicht erreichbar.",
    "timeout": "Der Mailserver antwortet nicht.",
    "hung_up": "Der Mailserver bricht die Verbindung ab.",
    "certificate": "Das Zertifikat des Mailservers ist ungültig.",
    "tls": "Mit dem Mailserver kommt keine verschlüsselte Verbindung zustande.",
    "no_tls": "Der Mailserver bietet keine Verschlüsselung an.",
    "password": "Der Mailserver lehnt Benutzername und Passwort ab.",
    "no_login": "Der Mailserver kennt keine Anmeldung mit Passwort.",
    "needs_password": "Der Mailserver verlangt Benutzername und Passwort.",
    "busy": "Der Mailserver nimmt gerade nichts an.",
    "sender": "Der Mailserver lehnt unsere Absenderadresse ab.",
    "folder": "In den Ordner für E-Mails kann nicht geschrieben werden.",
    "later": "Der Mailserver möchte diese E-Mail später noch einmal.",
    "content": "Der Mailserver nimmt diese E-Mail nicht an.",
    "relay": "Der Mailserver leitet an diese Adresse nichts von uns weiter.",
    "writing": "Die E-Mail konnte nicht geschrieben werden. Der Fehler liegt bei uns.",
    "limit": "An diese Adresse gingen in einem Tag schon so viele E-Mails, wie erlaubt sind.",
    "unknown": "Diese Adresse gibt es nicht.",
    "address": "Das ist keine E-Mail-Adresse.",
    "umlauts": "Der Mailserver kann an Adressen mit Umlauten vor dem @ nicht senden.",
}

FIELD_PROBLEMS: Mapping[str, str] = {
    "missing": marked("Diese Angabe fehlt."),
    "unknown": marked("Diese Angabe kennen wir nicht."),
    "type": marked("Diese Angabe hat nicht die erwartete Art."),
    "address": marked("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."),
    "overlap": marked("Die Zeiten überschneiden sich."),
    "format": marked("Diese Angabe hat nicht die erwartete Form."),
    "too_short": marked("Mindestens {value} Zeichen."),
    "too_long": marked("Höchstens {value} Zeichen."),
    "too_few": marked("Mindestens {value}."),
    "too_many": marked("Höchstens {value}."),
    "too_small": marked("Mindestens {value}."),
    "too_large": marked("Höchstens {value}."),
    "range": marked("Erlaubt: {value}."),
    "date": marked("Erwartet: {value}."),
}


def field_problem(code: str, value: str, language: str = GERMAN) -> str:
    """What is wrong with one field; a code without words leaves what the rule itself says.

    A range is two ends with two points between them.
    """
    gettext, known = texts(language).gettext, FIELD_PROBLEMS.get(code)
    if code == "range" and ".." in value:
        low, _, high = value.partition("..")
        value = gettext("{low} bis {high}").format(low=low, high=high)
    return gettext(known).format(value=value) if known else value


def filled(
    text: str, facts: Mapping[str, Any], zone: ZoneInfo, now: datetime, language: str = GERMAN
) -> str:
    """The sentence with its facts; a fact that is not there leaves a dash, never an error."""
    shown = {key: _shown(value, zone, now, language) for key, value in facts.items()}
    return text.format_map(_Facts(shown))


def number(value: float, most: int = 1, *, least: int = 0, language: str = GERMAN) -> str:
    """`7`, `7,5`: at most so many places, and fewer where they say nothing."""
    whole, _, places = f"{value:.{most}f}".partition(".")
    places = places.rstrip("0").ljust(least, "0")
    return f"{whole}{_mark(language)}{places}" if places else whole


@cache
def _mark(language: str) -> str:
    """What stands before the places."""
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(babel_locale(language))


def decimal(value: float) -> str:
    """`8,0`: all figures of a table's column have the same form."""
    return number(value, least=1)


def percent(share: float | None) -> str:
    """`87 %`, with a blank that does not break; a dash for nobody."""
    return "–" if share is None else f"{share * 100:.0f}{words.NO_BREAK}%"


def clock_time(moment: datetime, zone: ZoneInfo, now: datetime, language: str = GERMAN) -> str:
    """`10:15 Uhr` today, `Mo 23.11., 08:00 Uhr` on another day; programs read it, too."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time = words.clock(moment, zone, language).replace(words.NO_BREAK, " ")
    return time if local.date() == today else f"{words.short_day(moment, zone, language)}, {time}"


def _shown(value: Any, zone: ZoneInfo, now: datetime, language: str) -> str:
    if isinstance(value, datetime):
        return clock_time(value, zone, now, language)
    known = STATES.get(str(value))
    return texts(language).gettext(known) if known else str(value)


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


LANGUAGES_IN_GERMAN = {
    "de": "Deutsch", "de-x-leicht": "Leichte Sprache", "en": "Englisch", "tr": "Türkisch",
    "ar": "Arabisch", "fa": "Persisch", "uk": "Ukrainisch", "ru": "Russisch", "pl": "Polnisch",
    "ro": "Rumänisch",
}  # fmt: skip
