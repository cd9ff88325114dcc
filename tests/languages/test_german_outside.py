"""No German that visitors could see or hear stands in the source outside of the catalogues.

Templates have a test of their own, see `test_catalogues.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.languages.gather import ROOT, SOURCE
from tests.languages.german import in_python, in_script

ROOMS = [ROOT / "kiosk", ROOT / "display"] + [
    SOURCE / room
    for room in ("api", "booking", "domain", "embed", "languages", "mail", "printing", "queries",
                 "realtime", "voice", "web")
]  # fmt: skip
STAFF = "for desks and the office, which speak German only"
SPOKEN = "what a voice says, beside the same in its other languages"
PROGRAMS = "for who writes programs, beside a code that they read"
# Where German may stand: the file and the name that it has there, and why.
ALLOWED = {
    ("domain/site.py", "Site"): "the office's own word unless it writes another one",
    ("domain/codes.py", "_ALPHABET"): STAFF,
    ("languages/__init__.py", "OWN_NAMES"): "each language's own name for itself",
    ("languages/words.py", "WHOLE"): "a pattern, not a word",
    ("voice/sentences.py", "WORDINGS"): SPOKEN,
    ("voice/spoken.py", "KINDS"): SPOKEN,
    ("web/desk_keys.py", "KEYS"): STAFF,
    ("web/devices.py", "DisplayVersions"): STAFF,
    ("web/errors.py", "_way_back"): STAFF,
    ("web/findings.py", "FINDINGS"): STAFF,
    ("web/forms.py", "read_period"): STAFF,
    ("web/devices.py", "KioskWatch"): STAFF,
    ("web/devices.py", "_camera"): STAFF,
    ("web/devices.py", "_paper"): STAFF,
    ("web/practice.py", "NOTE"): STAFF,
    ("web/printers.py", "WORDS"): STAFF,
    ("web/reasons.py", "REASONS"): STAFF,
    ("web/wording.py", "BACKUP_TROUBLES"): STAFF,
    ("web/wording.py", "LANGUAGES_IN_GERMAN"): STAFF,
    ("web/wording.py", "STANDINGS"): STAFF,
    ("web/wording.py", "PRECEDENCE"): STAFF,
    ("web/wording.py", "TROUBLES"): STAFF,
}
Place = tuple[str, str]


def german_in(rooms: list[Path]) -> Iterator[tuple[Place, str]]:
    """Everything found in the modules and scripts of these rooms, and where."""
    for path in sorted(each for room in rooms for each in room.rglob("*")):
        if path.suffix in (".py", ".js") and "vendor" not in path.parts:
            for name, text in in_python(path) if path.suffix == ".py" else in_script(path):
                yield (short(path), name), text


def short(path: Path) -> str:
    return str(path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT))


def test_no_german_stands_outside_of_the_catalogues_in_what_visitors_meet() -> None:
    found = list(german_in(ROOMS))

    assert [each for each in found if each[0] not in ALLOWED] == []
    assert set(ALLOWED) - {place for place, _ in found} == set(), "allowed, and not there"


@pytest.mark.parametrize(
    "source",
    [
        'WORDS = {"wait": "Bitte warten Sie"}',
        'def wait() -> str:\n    """Bitte warten."""\n    return f"{count} Personen warten"',
        'said = button("Weiter", _("Zum Anfang"))',
        'raise Trouble("kein Papier", marked("Der Drucker ist gestört."))',
    ],
)
def test_a_sentence_that_was_forgotten_in_python_is_found(tmp_path: Path, source: str) -> None:
    (tmp_path / "page.py").write_text(source, "utf-8")

    assert len(list(in_python(tmp_path / "page.py"))) == 1


def test_what_is_marked_and_what_no_visitor_reads_is_not_found(tmp_path: Path) -> None:
    source = (
        '"""Was hier steht, liest niemand am Terminal."""\n'
        'TITLE = marked("Wartenummer ziehen")\n'
        'def show(count):\n    """Zeigt die Nummer."""\n'
        '    log.info("ticket drawn")\n'
        '    return ngettext("{n} Person", "{n} Personen", count)\n'
    )
    (tmp_path / "page.py").write_text(source, "utf-8")

    assert list(in_python(tmp_path / "page.py")) == []


def test_a_sentence_that_was_forgotten_in_a_script_is_found_and_no_other(tmp_path: Path) -> None:
    source = (
        "// Der Text 'hier' ist nur ein Kommentar.\n"
        'const quotes = text.replace(/["\\\']/g, ""); /* und "der" auch */\n'
        'box.textContent = "Bitte warten";\nsay(`Noch ${count} Minuten`);\n'
        "fetch(\"https://example.org/um/zu\", { mode: 'same-origin' });\n"
    )
    (tmp_path / "page.js").write_text(source, "utf-8")

    assert [text for _, text in in_script(tmp_path / "page.js")] == [
        "Bitte warten", "Noch ${count} Minuten",
    ]  # fmt: skip
