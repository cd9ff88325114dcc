"""docs/barrierefreiheit.md says of every clause whether it is met, and names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_docs_security import functions_of

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "barrierefreiheit.md").read_text("utf-8")
TEMPLATE = (ROOT / "docs" / "vorlage-erklaerung-barrierefreiheit.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)))
ROWS = re.findall(r"^\| ([0-9§][^|]*) \| ([^|]*) \| ([^|]*) \|$", PAGE, re.MULTILINE)
STANDS = (
    "erfüllt", "teilweise erfüllt", "nicht erfüllt", "nicht anwendbar", "nicht geprüft",
    "Sache der Aufstellung", "Sache der öffentlichen Stelle",
)  # fmt: skip

# EN 301 549 V3.2.1; chapter 9 holds what WCAG 2.1 asks for at the levels A and AA.
CLAUSES = {
    "4.2": " ".join(f"4.2.{n}" for n in range(1, 12)),
    "5.1": "5.1.2.1 5.1.2.2 "
    + " ".join(f"5.1.3.{n}" for n in range(1, 17))
    + " 5.1.4 5.1.5 5.1.6.1 5.1.6.2 5.1.7",
    **{chapter: chapter for chapter in ("5.2", "5.3", "5.4", "5.7", "5.8", "5.9")},
    "5.5": "5.5.1 5.5.2",
    "5.6": "5.6.1 5.6.2",
    "8": "8.1.1 8.1.2 8.1.3 8.2.1 8.3.1 8.3.2 8.3.3 8.3.4 8.3.5 8.3.6 8.4.1 8.4.2 8.4.3 8.5",
    "9.1": "9.1.1.1 9.1.2.1 9.1.2.2 9.1.2.3 9.1.2.4 9.1.2.5 9.1.3.1 9.1.3.2 9.1.3.3 9.1.3.4 9.1.3.5"
    " 9.1.4.1 9.1.4.2 9.1.4.3 9.1.4.4 9.1.4.5 9.1.4.10 9.1.4.11 9.1.4.12 9.1.4.13",
    "9.2": "9.2.1.1 9.2.1.2 9.2.1.4 9.2.2.1 9.2.2.2 9.2.3.1 9.2.4.1 9.2.4.2 9.2.4.3 9.2.4.4 9.2.4.5"
    " 9.2.4.6 9.2.4.7 9.2.5.1 9.2.5.2 9.2.5.3 9.2.5.4",
    "9.3": "9.3.1.1 9.3.1.2 9.3.2.1 9.3.2.2 9.3.2.3 9.3.2.4 9.3.3.1 9.3.3.2 9.3.3.3 9.3.3.4",
    "9.4": "9.4.1.1 9.4.1.2 9.4.1.3",
    "12": "12.1.1 12.1.2 12.2.1 12.2.2 12.2.3 12.2.4",
}


@pytest.mark.parametrize("name", NAMED)
def test_every_named_test_exists(name: str) -> None:
    file, _, function = name.partition("::")

    assert (ROOT / file).is_file()
    assert not function or function in functions_of(ROOT / file)


def test_every_clause_says_whether_it_is_met_and_how_we_know() -> None:
    assert len(ROWS) > 30
    for clause, stand, how in ROWS:
        assert stand in STANDS, clause
        is_shown = "tests/" in how or "durch einen Test gezeigt" in how
        assert stand != "erfüllt" or is_shown or "wird nicht verwendet" in how, clause


def test_every_part_of_the_system_and_every_chapter_is_spoken_of() -> None:
    for part in ("## Web", "## Terminal", "## Wand", "## BITV 2.0", "## Was fehlt"):
        assert part in PAGE
    for chapter in ("6 ", "7 ", "10 ", "11 ", "12.", "13 ", "§ 3", "§ 4"):
        assert any(clause.startswith(chapter) for clause, _, _ in ROWS), chapter


def test_every_clause_of_the_norm_has_a_row_of_its_own() -> None:
    clauses = [clause.partition(" ")[0].rstrip(",") for clause, _, _ in ROWS]

    for chapter, expected in CLAUSES.items():
        named = [each for each in dict.fromkeys(clauses) if f"{each}.".startswith(f"{chapter}.")]
        assert named == expected.split(), chapter


def test_the_template_has_every_part_that_the_law_wants() -> None:
    for part in ("Stand der Vereinbarkeit", "Nicht barrierefreie Inhalte", "Rückmeldung und",
                 "Schlichtung und Durchsetzung", "erstellt"):  # fmt: skip
        assert part in TEMPLATE
