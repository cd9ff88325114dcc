"""What was changed is told in the words of the forms, beside the keys of config.toml."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.domain.site import Site
from queue_server.office.setup.key_words import key_words
from queue_server.office.setup.parts import PARTS
from queue_server.settings.editing import AddTable, OrderTables, RemoveTable, SetKey
from tests.office import Office
from tests.pages.setup_forms import Visit, settings, words_of

RATHAUS = ("site", "rathaus")
# Keys below [[site]], and what the page says.
CASES = {
    "service.kfz.minutes": "Anliegen „Bewohnerparkausweis“: Minuten für eine Person",
    "service.kfz": "Anliegen „Bewohnerparkausweis“",
    "service.weg.fee": "Anliegen „weg“: Gebühr",
    "service": "Anliegen: Reihenfolge",
    "service.kfz.translated.en.name": "Anliegen „Bewohnerparkausweis“: Name (Englisch)",
    "service.kfz.translated.en": "Anliegen „Bewohnerparkausweis“: Übersetzungen (Englisch)",
    "service.kfz.translated": "Anliegen „Bewohnerparkausweis“: Übersetzungen",
    "counter.schalter-2.services": "Schalter 2: Anliegen",
    "page.2.text": "Informationsseiten, Seite 2: Text",
    "special_day.2026-12-24.notice": "Tag 24.12.2026: Hinweis für Besucherinnen und Besucher",
    "hours.mon": "Öffnungszeiten: Montag",
    "hours": "Öffnungszeiten",
    "name": "Standort und Hinweise: Name des Standorts",
    "translated.en.Schalter 1. Stock": "Eigene Worte (Englisch): Schalter 1. Stock",
    "translated.en": "Eigene Worte (Englisch)",
    "translated": "Eigene Worte",
    "priority.rule": "Aufrufregel",
    "priority.busy_from_minutes": "Aufrufregel: Viel los ab (Minuten)",
    "booking.proof_work": "Terminbuchung: Sonstiges",
    "desk.file_url": "Sonstiges",
}  # fmt: skip


@pytest.fixture
def site(office: Office) -> Site:
    return settings(office).site("rathaus")


@pytest.mark.parametrize(("key", "words"), CASES.items(), ids=list(CASES))
def test_a_key_is_told_as_its_form_calls_it(site: Site, key: str, words: str) -> None:
    assert key_words(f"site.rathaus.{key}", site) == words


def test_what_no_form_of_this_office_asks_for_is_something_else(site: Site) -> None:
    for key in ("server.port", "legal", "site.nordend.name", "site.rathaus2.name"):
        assert key_words(key, site) == "Sonstiges"
    assert key_words("site.rathaus", site) == "Standort „Rathaus“"


@pytest.mark.parametrize("part", PARTS, ids=[part.id for part in PARTS])
def test_whatever_a_form_asks_for_is_told_with_its_label(site: Site, part: Any) -> None:
    for field in part.fields:
        place = part.place(site, 1 if part.kind == "page" else "kfz")
        key = ".".join(str(each) for each in (*place, *field.below, field.key))

        assert f": {field.label}" in key_words(key, site)


def test_changes_of_every_kind_are_listed_in_german_with_their_keys(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    context = office.app.extensions["aufruf"]
    proposal = context.configuration.proposal(
        [
            SetKey(RATHAUS, "phone", "0123 4567"),
            SetKey((*RATHAUS, "desk"), "file_url", "https://akte.example/{number}"),
            AddTable(RATHAUS, "page", {"text": "Umbau"}),
            RemoveTable((*RATHAUS, "service", "fundbuero")),
            OrderTables(RATHAUS, "counter", ("schalter-3", "schalter-2", "schalter-1")),
        ],
        office.clock(),
    )
    context.configuration.save(proposal, context.site("rathaus"), 1, office.clock())

    page = visit(lea, "/office/changes?kind=settings")

    rows = {" ".join(row.get_text(" ").split()) for row in page.select(".setup__keys li")}
    assert rows == {
        "Standort und Hinweise: Telefon site.rathaus.phone",
        "Sonstiges site.rathaus.desk",
        "Informationsseiten, Seite 1 site.rathaus.page.1",
        "Anliegen „fundbuero“ site.rathaus.service.fundbuero",
        "Schalter: Reihenfolge site.rathaus.counter",
    }
    assert "Umbau" not in words_of(page) and "0123" not in words_of(page)
