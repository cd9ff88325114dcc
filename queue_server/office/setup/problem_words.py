"""What is wrong with config.toml, in German where a form could have caused it.

Problems of single keys stand beside their field in a form; of those that a hand has caused, only
the line is told in German. The command line and the log say everything in English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    if named is None or named.code not in WORDS:
        # Where the file lies is the IT's business.
        return ProblemShown(sentence.replace(folder, ""), "en", line)
    return ProblemShown(WORDS[named.code].format_map(named.facts), line=line)
