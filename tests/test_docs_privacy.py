"""docs/datenschutz.md promises nothing that no test shows, and its figures are the product's."""

from __future__ import annotations

import re

import pytest

from queue_server.actions.staff import SESSION_IDLE
from queue_server.mail.postman import ROWS_KEPT
from queue_server.settings import Privacy
from queue_server.settings.editing.file import MOST_BACKUPS
from queue_server.settings.schema import PrivacyTable
from queue_server.webhooks.courier import KEPT
from tests.test_docs_security import ROOT, functions_of

PAGE = (ROOT / "docs" / "datenschutz.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)))
SHOWN = (
    "Was wie lange gespeichert wird",
    "Wer etwas bekommt",
    "Technische und organisatorische Maßnahmen",
)
HEAD = re.compile(r"\| (---|Wer|Was|Maßnahme) ?\|")
SECTIONS = (
    "Kurz gesagt", "Verzeichnis von Verarbeitungstätigkeiten", "Rechtsgrundlagen", *SHOWN,
    "Rechte der Menschen", "Was Sie selbst tun", "Baustein für die Datenschutzerklärung",
)  # fmt: skip


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", NAMED)
def test_every_named_test_exists(name: str) -> None:
    file, _, function = name.partition("::")

    assert (ROOT / file).is_file()
    assert not function or function in functions_of(ROOT / file)


@pytest.mark.parametrize("title", SHOWN)
def test_every_row_names_what_shows_it_or_says_that_nothing_does(title: str) -> None:
    lines = [line for line in section(title).splitlines() if line.startswith("| ")]
    rows = [line for line in lines if not HEAD.match(line)]
    shown = re.compile(r"\| (`tests/[\w/.:]+`(, )?)+ \|$|\| nicht durch einen Test gezeigt \|$")

    assert len(rows) >= 5
    assert [row for row in rows if not shown.search(row)] == []


def test_it_has_the_sections_that_an_office_looks_for() -> None:
    assert tuple(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)) == SECTIONS


def test_its_figures_are_those_of_the_product() -> None:
    most = PrivacyTable.model_json_schema()["properties"]["people_days"]["maximum"]

    assert f"(Vorgabe {Privacy().people_days}, höchstens {most})" in PAGE
    assert f"`[privacy] backup_days` Tage weiter (Vorgabe {Privacy().backup_days})" in PAGE
    kept = section("Was wie lange gespeichert wird")
    assert f"{ROWS_KEPT.days} Tage nach dem Versand" in kept and f"{KEPT.days} Tage; Kenn" in kept
    assert f"die neuesten {MOST_BACKUPS}" in kept
    assert f"{SESSION_IDLE.total_seconds() / 3600:.0f} Stunden nach der letzten Nutzung" in kept
