"""The catalogues say exactly what the source says, and all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.languages import CATALOGUES
from tests.languages.gather import SOURCE, Text, catalogue, said, untranslated, updated, written

EVERY = sorted(CATALOGUES.glob("*.po"))
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|#")
TAG = re.compile(r"</?\w+[^>]*>")
# Full stops that end no sentence.
SHORTENED = {"{hours} Std.", "{hours} Std. {minutes} Min.", "ccc dd.MM."}
SENTENCE_ENDS = ".?!:…"
# What is the same in German and in English.
SAME_IN_ENGLISH = {"{day}, {time}", "Name"}
# Templates that visitors read; sign-in, pairing and patterns are for the staff.
ROOMS = ("booking", "mail", "embed")
HALL = ("base.html", "error.html", "macros.html")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
UNSEEN = re.compile(r"<style.*?</style>|&\w+;", re.DOTALL)
BETWEEN_TAGS = re.compile(r">([^<>]*)(?=<)")
# The name of the product, and the links' own punctuation.
BARE = {"Aufruf"}


@pytest.fixture(scope="module")
def source() -> dict[Text, list[str]]:
    return said()


def translations(path: Path) -> Iterator[tuple[str, str]]:
    """Every text beside its translation; of a plural, the singular beside the first form."""
    for message in catalogue(path):
        if isinstance(message.id, str) and message.id:
            yield message.id, str(message.string)
        elif message.id:
            one, many = message.id
            first, *others = message.string
            yield one, first
            yield from ((many, form) for form in others)


def test_the_source_is_read(source: dict[Text, list[str]]) -> None:
    assert "Termin buchen" in source
    assert ("{count} Person wartet", "{count} Personen warten") in source
    assert "Zum Inhalt springen" in source and "Zu viele Personen" in source


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_a_catalogue_is_what_make_catalogues_writes(
    path: Path, source: dict[Text, list[str]]
) -> None:
    assert path.read_text("utf-8") == written(updated(catalogue(path), source))


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_nothing_is_left_to_translate_and_nothing_is_a_guess(path: Path) -> None:
    found = catalogue(path)

    assert untranslated(found) == []
    assert [each.id for each in found if each.id and each.fuzzy] == []


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_translation_has_the_places_and_tags_of_the_german_text(path: Path) -> None:
    for german, other in translations(path):
        assert sorted(PLACE.findall(other)) == sorted(PLACE.findall(german)), german
        assert sorted(TAG.findall(other)) == sorted(TAG.findall(german)), german


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_a_sentence_stays_a_sentence_and_blanks_stay_where_they_are(path: Path) -> None:
    for german, other in translations(path):
        assert other and other == other.strip() and "  " not in other, german
        if german not in SHORTENED and german[-1] in SENTENCE_ENDS:
            assert other[-1] == german[-1], german


def test_no_english_text_is_german() -> None:
    for german, english in translations(CATALOGUES / "en.po"):
        assert english != german or german in SAME_IN_ENGLISH, german
        assert not re.search("[äöüßÄÖÜ„]", english), english


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Termincode", "appointment code"),
        ("Wartenummer", "number"),
        ("Schalter", "counter"),
        ("Check-in-Terminal", "kiosk"),
        ("Empfang", "reception"),
        ("Gebühr", "fee"),
    ],
)
def test_a_thing_has_one_name(german: str, english: str) -> None:
    for text, other in translations(CATALOGUES / "en.po"):
        if re.search(rf"\b{german}", text):
            assert english in other.lower(), text


def visitors_templates() -> list[Path]:
    rooms = [path for room in ROOMS for path in SOURCE.glob(f"{room}/templates/**/*.html")]
    return sorted([*rooms, *(SOURCE / "web" / "templates" / "web" / name for name in HALL)])


@pytest.mark.parametrize("path", visitors_templates(), ids=lambda path: path.name)
def test_no_text_stands_bare_in_a_template_for_visitors(path: Path) -> None:
    """Outside of `_()` it would stay German on every page."""
    text = UNSEEN.sub("", JINJA.sub("", path.read_text("utf-8")))

    shown = " ".join(BETWEEN_TAGS.findall(text))
    assert set(re.findall(r"[A-Za-zÄÖÜäöüß]{2,}", shown)) - BARE == set()


@pytest.mark.parametrize("path", visitors_templates(), ids=lambda path: path.name)
def test_what_only_screen_readers_say_is_not_bare_either(path: Path) -> None:
    spoken = re.findall(
        r"""\b(?:aria-label|alt|title|placeholder|data-none)=(["'])([^"'{]*?)\1""",
        re.sub(r"\{[#%].*?[#%]\}", "", path.read_text("utf-8"), flags=re.DOTALL),
    )

    assert [words for _, words in spoken if re.search(r"\w", words)] == []
