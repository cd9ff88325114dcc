"""What is wrong with config.toml, in German: across keys, and at a single key edited by hand.

The command line and the log say everything in English. What a key expects is said in few shapes,
and a test sees that every key has a German one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queue_server.settings import ConfigError
from queue_server.settings.problems import SECRET, TABLE, NamedProblem
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
# The first shape that fits from end to end counts.
SHAPES: Sequence[tuple[str, str]] = (
    (r"a whole number from (\S+) to (\S+)", "eine ganze Zahl von {} bis {}"),
    (r'"auto" or a whole number from (\S+) to (\S+)', '"auto" oder eine ganze Zahl von {} bis {}'),
    (r"a number from (\S+) to (\S+)", "eine Zahl von {} bis {}"),
    (r"(\d+) or (\d+)", "{} oder {}"),
    (r'""', 'ein leerer Text, ""'),
    (r"true or false", "true oder false, ohne Anführungszeichen"),
    (r"a text of 0 to (\d+) characters on one line", "ein Text von höchstens {} Zeichen in einer "
     "Zeile"),
    (r"a text of (\d+) to (\d+) characters on one line", "ein Text von {} bis {} Zeichen in einer "
     "Zeile"),
    (r"two texts of (\d+) to (\d+) characters on one line", "zwei Texte von {} bis {} Zeichen"),
    (r"a text of up to (\d+) characters, Markdown", "ein Text von höchstens {} Zeichen"),
    (r"one capital letter from A to Z", "ein Großbuchstabe von A bis Z"),
    (r"one of (.+)", "eines von {}"),
    (r'a span "HH:MM-HH:MM" .*', 'eine Zeit wie "08:00-12:00", höchstens bis "24:00"'),
    (r"a list of spans such as (.+)", "eine Liste von Zeiten wie {}"),
    (r"a list of texts", 'eine Liste von Texten wie ["eins", "zwei"]'),
    (r"a list such as (.+)", "eine Liste wie {}"),
    (r'\["\*"\] or a list of service ids', '["*"] oder eine Liste von Kennungen der Anliegen'),
    (r"a list of display ids of this site", "eine Liste von Kennungen der Anzeigen"),
    (r"a list of site ids", "eine Liste von Kennungen der Standorte"),
    (r"a list of areas of counters", "eine Liste von Wartebereichen"),
    (r"a display id", "die Kennung einer Anzeige"),
    (r"a service id", "die Kennung eines Anliegens"),
    (r"a site id", "die Kennung eines Standorts"),
    (r"an area", "ein Wartebereich"),
    (r"an id of lower-case letters, digits and .*", "eine Kennung aus kleinen Buchstaben, Ziffern "
     "und Bindestrichen"),
    (r'a date such as ("[^"]+").*', "ein Tag wie {}"),
    (r'a time such as ("[^"]+"), or ""', 'eine Uhrzeit wie {} oder ""'),
    (r"a time zone such as (.+)", "eine Zeitzone wie {}"),
    (r"a colour such as (.+)", "eine Farbe wie {}"),
    (r'a picture file beside this one \((.+)\) or ""', 'eine Bilddatei neben config.toml ({}) oder '
     '""'),
    (r'an address such as ("[^"]+") or ""', 'eine Adresse wie {} oder ""'),
    (r'an address such as ("[^"]+") without .*', "eine Adresse wie {}, ohne Name und Passwort; "
     "http:// nur im eigenen Netz"),
    (r"an address without a path such as (.+)", "eine Adresse ohne Pfad wie {}"),
    (r'an e-mail address or ""', 'eine E-Mail-Adresse oder ""'),
    (r"a printer address", 'die Adresse eines Druckers wie "tcp://192.0.2.7:9100"'),
    (r"a database address such as (\S+) or (\S+)", "die Adresse einer Datenbank wie {} oder {}"),
    (r'("smtp:.+), "file:FOLDER" or ""', '{}, "file:ORDNER" oder ""'),
    (r"the address of a digital file", "die Adresse der elektronischen Akte"),
    (r'the 14 digits of a LeiKa key or ""', 'die 14 Ziffern eines LeiKa-Schlüssels oder ""'),
    (r"a table with lines such as (.+)", "eine Tabelle mit Zeilen wie {}"),
    (r"a table (\[.+\])", "eine Tabelle {}"),
    (r"tables (\[\[.+\]\])", "Tabellen {}"),
)  # fmt: skip
GOT = {TABLE: "eine Tabelle", SECRET: "etwas anderes (geheim, darum hier nicht gezeigt)"}


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


def expected_words(english: str) -> str:
    """`eine ganze Zahl von 0 bis 60`; nothing for what has no German words."""
    found = ((re.fullmatch(shape, english), german) for shape, german in SHAPES)
    return next((german.format(*fits.groups()) for fits, german in found if fits), "")


def got_words(english: str) -> str:
    """What stands there: a value as it is, or what is said in its place."""
    return GOT.get(english, english)
