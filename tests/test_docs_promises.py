"""docs/promises.md promises nothing without a test or a program that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_docs_security import functions_of

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)))
PROGRAMS = sorted(set(re.findall(r"`bench\.(\w+)`", PAGE)))
PROMISES = PAGE.partition("## Not reached")[0]


@pytest.mark.parametrize("name", TESTS)
def test_every_named_test_exists(name: str) -> None:
    file, _, function = name.partition("::")

    assert (ROOT / file).is_file()
    assert not function or function in functions_of(ROOT / file)


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_named_program_exists_and_is_explained(name: str) -> None:
    assert (ROOT / "bench" / f"{name}.py").is_file()
    assert f"| `{name}` |" in (ROOT / "docs" / "performance.md").read_text("utf-8")


def test_every_promise_names_what_shows_it() -> None:
    rows = [line for line in PROMISES.splitlines() if re.match(r"\| (?!promise|target|---)", line)]

    assert len(rows) > 40
    assert [row for row in rows if not re.search(r"`(tests/|bench\.)[^|]*\|$", row)] == []
