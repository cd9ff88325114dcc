"""What a key of config.toml expects, in German.

The schema says it in English, for the command line and the log. Its words come from few shapes,
and a test sees that every key has a German one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from queue_server.settings.problems import SECRET, TABLE

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


def expected_words(english: str) -> str:
    """`eine ganze Zahl von 0 bis 60`; nothing for what has no German words."""
    found = ((re.fullmatch(shape, english), german) for shape, german in SHAPES)
    return next((german.format(*fits.groups()) for fits, german in found if fits), "")


def got_words(english: str) -> str:
    """What stands there: a value as it is, or what is said in its place."""
    return GOT.get(english, english)
