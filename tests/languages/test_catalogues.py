"""The catalogues say exactly what the source says, and all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.languages import CATALOGUES
from tests.languages.gather import (
    SOURCE,
    SOURCES,
    Text,
    catalogue,
    said,
    untranslated,
    updated,
    written,
)

EVERY = sorted(CATALOGUES.glob("*.po"))
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|#")
COUNTS = ("{count}", "{hours}", "%(num)s", "#")
TAG = re.compile(r"</?\w+[^>]*>")
# Full stops that end no sentence.
SHORTENED = {"{count}.", "{hours} Std.", "{hours} Std. {minutes} Min.", "ccc dd.MM."}
SENTENCE_ENDS = ".?!:…"
OTHER_SIGN = {("ar", "?"): "؟", ("fa", "?"): "؟"}
# What is the same in German and in English.
SAME_IN_ENGLISH = {"{day}, {time}", "Name"}
# Templates that visitors read; sign-in, pairing and patterns are for the staff.
ROOMS = ("booking", "mail", "embed")
DEVICES = SOURCES[1:]
HALL = ("base.html", "error.html", "macros.html")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# What a page tells its frame and its scripts.
ATTRIBUTES = re.compile(
    r"\{% block (?:body_class|kind|page_data) %\}.*?\{% endblock %\}", re.DOTALL
)
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


def places_of(text: str) -> list[str]:
    return sorted(PLACE.findall(text))


def numbers_left_out(path: Path) -> Iterator[str]:
    """Plural forms that do not say their number. Arabic has words of its own for none, one and
    two; each of its other forms is for many numbers, which nobody could tell apart."""
    for message in catalogue(path):
        if not isinstance(message.id, str):
            wordy = 3 if path.stem == "ar" else 0
            _, many = message.id
            for form in message.string[max(wordy, 1) :]:
                if set(COUNTS) & set(places_of(many)) - set(places_of(form)):
                    yield form


def has_its_places(german: str, other: str, language: str) -> bool:
    """In Arabic a number may be left out of some plural forms, see `numbers_left_out`."""
    wanted, found = places_of(german), places_of(other)
    bare = [place for place in wanted if place not in COUNTS]
    return found == wanted or (language == "ar" and found == bare)


def test_the_source_is_read(source: dict[Text, list[str]]) -> None:
    assert "Termin buchen" in source and "Willkommen" in source and "Aufgerufen" in source
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
        assert has_its_places(german, other, path.stem), german
        assert sorted(TAG.findall(other)) == sorted(TAG.findall(german)), german


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_a_plural_form_for_several_numbers_says_which(path: Path) -> None:
    assert list(numbers_left_out(path)) == []


def test_an_arabic_form_for_many_numbers_is_not_let_through(tmp_path: Path) -> None:
    forms = ["لا أحد", "شخص واحد", "شخصان", "أشخاص", "{count} شخصًا", "{count} شخص"]
    found = catalogue(CATALOGUES / "en.po")
    arabic = type(found)(locale="ar")
    arabic.add(("{count} Person wartet", "{count} Personen warten"), tuple(forms))
    (tmp_path / "ar.po").write_text(written(arabic), "utf-8")

    assert list(numbers_left_out(tmp_path / "ar.po")) == ["أشخاص"]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_a_sentence_stays_a_sentence_and_blanks_stay_where_they_are(path: Path) -> None:
    for german, other in translations(path):
        assert other and other == other.strip() and "  " not in other, german
        if german not in SHORTENED and german[-1] in SENTENCE_ENDS:
            assert other[-1] in (german[-1], OTHER_SIGN.get((path.stem, german[-1]))), german


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
    devices = [path for room in DEVICES for path in room.glob("templates/**/*.html")]
    hall = [SOURCE / "web" / "templates" / "web" / name for name in HALL]
    return sorted([*rooms, *devices, *hall])


@pytest.mark.parametrize("path", visitors_templates(), ids=lambda path: path.name)
def test_no_text_stands_bare_in_a_template_for_visitors(path: Path) -> None:
    """Outside of `_()` it would stay German on every page."""
    text = UNSEEN.sub("", JINJA.sub("", ATTRIBUTES.sub("", path.read_text("utf-8"))))

    shown = " ".join(BETWEEN_TAGS.findall(text))
    assert set(re.findall(r"[A-Za-zÄÖÜäöüß]{2,}", shown)) - BARE == set()


@pytest.mark.parametrize("path", visitors_templates(), ids=lambda path: path.name)
def test_what_only_screen_readers_say_is_not_bare_either(path: Path) -> None:
    spoken = re.findall(
        r"""\b(?:aria-label|alt|title|placeholder|data-none)=(["'])([^"'{]*?)\1""",
        re.sub(r"\{[#%].*?[#%]\}", "", path.read_text("utf-8"), flags=re.DOTALL),
    )

    assert [words for _, words in spoken if re.search(r"\w", words)] == []
