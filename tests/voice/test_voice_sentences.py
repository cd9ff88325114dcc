"""What is said: numbers that can't be misheard, places as people name them, in ten languages."""

from __future__ import annotations

import pytest

from queue_server.domain.site import Display, Site
from queue_server.settings.schema_site import LANGUAGES
from queue_server.voice.sentences import WORDINGS, languages_for, sentence
from queue_server.voice.spoken import said_number


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("M 042", "M 42"),
        ("M 007", "M 7"),
        ("A 099", "A 99"),
        ("A 100", "A 1 0 0"),
        ("K 142", "K 1 4 2"),
        ("K 1042", "K 1 0 4 2"),
    ],
)
def test_two_digits_are_a_number_and_three_are_said_one_by_one(shown: str, said: str) -> None:
    assert said_number(shown, "de") == said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "A. 7"), ("pl", "A 7"), ("ru", "а 7"), ("uk", "а 7")]
)
def test_a_letter_is_spelled_and_never_taken_for_a_word(language: str, said: str) -> None:
    assert said_number("A 007", language) == said


@pytest.mark.parametrize(
    ("counter", "said"),
    [
        ("s3", "Nummer M 42, bitte zu Schalter 3."),
        ("saal", "Nummer M 42, bitte: Trausaal."),
        ("amt", "Nummer M 42, bitte zum Standesamt."),
        ("z204", "Nummer M 42, bitte zu Zimmer 204 A."),
        ("e7", "Nummer M 42, bitte zu Raum E 0 7."),
        ("bare", "Nummer M 42, bitte zu Schalter 5."),
        ("gone", "Nummer M 42, bitte: gone."),
    ],
)
def test_every_place_is_named_as_it_hangs_on_the_door(site: Site, counter: str, said: str) -> None:
    assert sentence(site, counter, "M 042", "de").text == said


def test_every_language_has_a_sentence_of_its_own_with_number_and_place(site: Site) -> None:
    texts = {language: sentence(site, "s3", "M 042", language).text for language in LANGUAGES}

    assert texts.keys() == WORDINGS.keys()
    assert len(set(texts.values())) == len(LANGUAGES)
    assert all("42" in text and "3" in text and "{" not in text for text in texts.values())
    assert "Schalter" not in "".join(texts[each] for each in texts if not each.startswith("de"))
    assert all("Trausaal" in sentence(site, "saal", "M 042", each).text for each in LANGUAGES)


@pytest.mark.parametrize(
    ("visitor", "spoken"),
    [
        ("de", ("de",)),
        ("en", ("de", "en")),
        ("tr", ("de",)),
        ("de-x-leicht", ("de-x-leicht",)),
    ],
)
def test_german_is_always_spoken_and_the_visitors_language_where_the_display_has_it(
    visitor: str, spoken: tuple[str, ...]
) -> None:
    display = Display("wand", languages=("en", "de-x-leicht"))

    assert languages_for(display, visitor) == spoken
