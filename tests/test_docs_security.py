"""docs/security.md promises nothing that no test shows: every test that it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)))
SECTIONS = (
    "Who is trusted with what", "How it is kept", "Who attacks", "One client stops the server",
    "One person takes what belongs to all", "Faults", "What it does not do", "Reporting a weakness",
)  # fmt: skip


@cache
def functions_of(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize("name", NAMED)
def test_every_named_test_exists(name: str) -> None:
    file, _, function = name.partition("::")

    assert (ROOT / file).is_file()
    assert not function or function in functions_of(ROOT / file)


def test_every_row_of_its_tables_names_what_shows_it() -> None:
    attacks = PAGE.partition("## Who attacks")[2].partition("## What it does not do")[0]
    rows = [line for line in attacks.splitlines() if line.startswith("| ") and "`" in line]

    assert len(rows) > 20
    assert [row for row in rows if not re.search(r"`tests/[\w/.:]+`[^|]*\|$", row)] == []


def test_it_has_the_sections_that_it_is_known_for() -> None:
    assert re.findall(r"^## (.+)$", PAGE, re.MULTILINE) == list(SECTIONS)
