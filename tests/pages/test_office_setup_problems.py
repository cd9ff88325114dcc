"""What a form would make wrong with config.toml as a whole is told in German, with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import queue_server.settings
from queue_server.office.setup.problem_words import WORDS, expected_words
from queue_server.settings.schema import ConfigFile
from queue_server.settings.types import Table
from queue_server.settings.types import words_of as words_of_key
from tests.office import Office
from tests.pages.setup_forms import Visit, change, settings, words_of

# `code="no_hours"` of a fault, `said(words, "contrast", …)` of a refused value.
PROBLEM_CODE = re.compile(r'code="(\w+)"|said\([^()]*?, "(\w+)"')
OF_SINGLE_KEYS = {"unknown_key", "missing_key", "wrong_value"}
SETTINGS = Path(queue_server.settings.__file__).parent
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("theme", {"crest": "gibt-es-nicht.svg"}, "Eine Bilddatei „gibt-es-nicht.svg“ gibt es nicht"),
    ("hours", dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ""),
     "An mindestens einem Tag der Woche muss geöffnet sein"),
    ("checkin", {"grace_minutes": "30", "late_until_minutes": "20"}, "mindestens 30 Minuten"),
    ("services/_new", {"id": "kfz", "name": "Noch eins", "group": "N", "minutes": "5"},
     "Die Kennung „kfz“ gibt es schon"),
    ("pages/_new", {"text": ""}, "braucht entweder einen Text oder ein Bild"),
    ("pages/_new", {"text": "Umbau", "alt": "Ein Kran"}, "Beschrieben ist ein Bild"),
    ("pages/_new", {"text": "Umbau", "from": "2026-06-20", "until": "2026-06-10"},
     "Der letzte Tag liegt vor dem ersten, dem 2026-06-20"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    CASES,
    ids=[f"{path}-{list(fields)[-1]}" for path, fields, _ in CASES],
)
def test_it_is_told_in_german_and_nothing_is_written(
    office: Office, lea: FlaskClient, visit: Visit, path: str, fields: dict[str, Any], said: str
) -> None:
    before = settings(office).text

    page = change(lea, visit, f"/office/setup/{path}", status=422, **fields)

    assert said in words_of(page) and re.search(r"\(config\.toml, Zeile \d+\)", words_of(page))
    assert "expected" not in words_of(page) and not page.select(".setup__problems [lang=en]")
    assert str(settings(office).path.parent) not in str(page)
    assert settings(office).text == before


def test_every_problem_has_its_words() -> None:
    told = {
        one or other
        for path in SETTINGS.glob("*.py")
        for one, other in re.findall(PROBLEM_CODE, path.read_text("utf-8"))
    }

    assert len(told) > 15 and told - OF_SINGLE_KEYS <= set(WORDS)


def test_whatever_a_key_expects_is_said_in_german_too() -> None:
    expected = dict(expectations(ConfigFile))

    assert len(expected) > 150
    assert [key for key, words in expected.items() if not expected_words(words)] == []


def expectations(table: type[Table]) -> Iterator[tuple[str, str]]:
    for name, field in table.known_keys().items():
        if below := table.table_of(name):
            yield from ((f"{name}.{key}", words) for key, words in expectations(below))
        else:
            yield name, words_of_key(field, entry=False)
            yield f"{name}[]", words_of_key(field, entry=True)
