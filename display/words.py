"""What the wall says of itself, in each of its languages; the page changes from one to the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from queue_server.languages import GERMAN, direction, marked, texts, usable
from queue_server.languages.words import NO_BREAK, day

SAYINGS = {
    "called": marked("Aufgerufen"),
    "calledNow": marked("Jetzt aufgerufen"),
    "calledAgain": marked("Erneut aufgerufen"),
    "next": marked("Als Nächstes"),
    "number": marked("Nummer"),
    "place": marked("Platz"),
    "stand": marked("Stand %(time)s"),
    "outage": marked("Verbindung unterbrochen"),
    "online": marked("Termine online: %(address)s"),
    "wait": marked("Bitte warten Sie auf Ihren Aufruf"),
    "how": marked("Ihre Nummer erscheint hier. Dazu ertönt ein Gong."),
    "stopped": marked("Nummernausgabe geschlossen"),
    "over": marked("Zurzeit werden keine Wartenummern ausgegeben"),
    "closed": marked("Geschlossen"),
    # Translators: {day} is "Montag, 30. November", {time} is "8 Uhr"
    "again": marked("Wieder am {day}, um {time}"),
    "againToday": marked("Wieder heute um {time}"),
    # Translators: the time of day on the full hour ("8 Uhr") and otherwise ("8:30 Uhr")
    "hour": marked("{hour} Uhr"),
    "time": marked("{hour}:{minute} Uhr"),
}


def spoken_by(wanted: Sequence[str]) -> list[str]:
    """The languages of a wall that have a catalogue, in the order wanted; German when none has."""
    found = (language for language in wanted if language == GERMAN or _is_ready(language))
    return list(dict.fromkeys(found)) or [GERMAN]


def sayings(language: str) -> dict[str, str]:
    """Everything in one language; `dir` is the direction of its writing."""
    said = {key: _in_braces(texts(language).gettext(text)) for key, text in SAYINGS.items()}
    return said | {"dir": direction(usable(language))}


def _in_braces(text: str) -> str:
    """Places of templates as scripts fill them: `%(time)s` is `{time}`."""
    return re.sub(r"%\((\w+)\)s", r"{\1}", text)


def again(opens_at: datetime, zone: ZoneInfo, now: datetime, language: str) -> str:
    """`Wieder am Montag, 30. November, um 8 Uhr`"""
    said, local = sayings(language), opens_at.astimezone(zone)
    form = said["time"] if local.minute else said["hour"]
    time = form.format(hour=local.hour, minute=f"{local.minute:02}")
    is_today = local.date() == now.astimezone(zone).date()
    form = said["againToday"] if is_today else said["again"]
    # "30. November" and "8 Uhr" stay together.
    return no_break(form.format(day=day(opens_at, zone, language), time=time))


def no_break(text: str) -> str:
    """The text with no line ending after a number."""
    return re.sub(r"(\d\.?) ", rf"\1{NO_BREAK}", text)


def _is_ready(language: str) -> bool:
    # Leichte Sprache is a separate language: German does not include it.
    found = usable(language)
    return found != GERMAN or language == found
