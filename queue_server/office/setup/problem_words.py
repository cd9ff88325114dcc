"""What is wrong with config.toml, in German: across keys, and at a single key that a hand wrote.

The command line and the log say everything in English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queue_server.office.setup.expected_words import expected_words, got_words
from queue_server.settings import ConfigError
from queue_server.settings.problems import NamedProblem
from queue_server.web.configuration import HandEdit

WORDS: Mapping[str, str] = {
    "no_service": "Es muss mindestens ein Anliegen geben.",
    "no_counter": "Es muss mindestens einen Schalter geben.",
    "no_hours": "An mindestens einem Tag der Woche muss geöffnet sein.",
    "same_id": "Die Kennung „{id}“ gibt es schon. Bitte nehmen Sie eine andere.",
    "same_day": "Für den Tag {day} gibt es schon einen Eintrag. Bitte ändern Sie diesen.",
    "group_name": "Die Gruppe {group} heißt schon „{name}“. Alle Anliegen einer Gruppe nennen "
    "denselben Namen.",
    "unknown_service": "Ein Schalter nennt das Anliegen „{name}“, das es nicht gibt.",
    "unserved": "Kein Schalter bedient „{name}“. Bitte wählen Sie einen aus, oder nehmen Sie dem "
    "Anliegen „Ohne Termin möglich“ und „Mit Termin möglich“ weg.",
    "late_before_grace": "Ein Termin kann nicht verfallen, solange er als pünktlich gilt: Bitte "
    "geben Sie mindestens {grace} Minuten an.",
    "no_file": "Eine Bilddatei „{name}“ gibt es nicht. Sie muss neben config.toml liegen.",
    "unknown_in_sites": "Eine Anzeige nennt den Standort „{name}“, den es nicht gibt.",
    "unknown_in_areas": "Eine Anzeige nennt den Wartebereich „{name}“, den kein Schalter hat.",
    "unknown_in_displays": "Eine Informationsseite nennt die Anzeige „{name}“, die es nicht gibt.",
    "text_or_picture": "Eine Informationsseite braucht entweder einen Text oder ein Bild.",
    "nothing_translated": "Übersetzt ist ein Text, den die Informationsseite nicht hat.",
    "nothing_described": "Beschrieben ist ein Bild, das die Informationsseite nicht hat.",
    "ends_before": "Der letzte Tag liegt vor dem ersten, dem {first}.",
    "overlap": "Die Öffnungszeiten eines Tages überschneiden sich.",
    "no_redis": "Redis braucht Aufruf nicht: Server hören über PostgreSQL voneinander. Bitte "
    "nehmen Sie die Zeile heraus.",
    "contrast": "Auf der Farbe {value} ist weder weiße noch dunkle Schrift gut zu lesen. Bitte "
    "nehmen Sie eine dunklere oder hellere: Der Kontrast muss mindestens {least}:1 sein.",
    "printer": "„{value}“ ist keine Adresse eines Druckers. Richtig sind tcp://drucker:9100 im "
    "Netz, usb://04b8:0202 (Hersteller und Gerät, wie lsusb sie zeigt), file:///dev/usb/lp0 am "
    "Server, browser oder nichts.",
    "file_link": "„{value}“ ist keine Adresse der elektronischen Akte. Sie sieht so aus: "
    "https://dms.example/akte?nummer={{number}}; einsetzen kann Aufruf nur {{number}} und "
    "{{appointment}}.",
    "no_toml": "Die Schreibweise stimmt nicht. Oft fehlt ein Anführungszeichen, eine Klammer oder "
    "ein Komma, hier oder in der Zeile davor.",
}


@dataclass(frozen=True, slots=True)
class ProblemShown:
    """A problem in words, and its line, 0 when it has none; `language` is that of the words."""

    words: str
    language: str = "de"
    line: int = 0


def problem_words(error: ConfigError | HandEdit, folder: str) -> Sequence[ProblemShown]:
    """Every problem in German where there is a sentence for it, and without the `folder`."""
    return [_shown(error.named.get(sentence), sentence, folder) for sentence in error.problems]


def _shown(named: NamedProblem | None, sentence: str, folder: str) -> ProblemShown:
    line = named.line if named else 0
    if named and named.code in WORDS:
        return ProblemShown(WORDS[named.code].format_map(named.facts), line=line)
    if named and (words := _of_single_key(named.code, named.facts)):
        return ProblemShown(words, line=line)
    # Where the file lies is the IT's business.
    return ProblemShown(sentence.replace(folder, ""), "en", line)


def _of_single_key(code: str, facts: Mapping[str, object]) -> str:
    """German words about one key, or nothing where what it expects has none."""
    if code == "unknown_key":
        near = f" Gemeint ist wohl „{facts['near']}“." if facts["near"] else ""
        return f"Den Namen „{facts['key']}“ gibt es hier nicht.{near}"
    if code not in ("missing_key", "wrong_value"):
        return ""
    expected = expected_words(str(facts["expected"]))
    if not expected:
        return ""
    if code == "missing_key":
        return f"Hier fehlt „{facts['key']}“: {expected}."
    got = got_words(str(facts["got"]))
    return f"Bei „{facts['key']}“ steht {got}. Richtig ist {expected}."
