"""Ukrainian and Russian count as people do, and neither borrows the other's letters."""

from __future__ import annotations

import re
from datetime import date

import pytest

from queue_server.domain.waiting import Range
from queue_server.languages import CATALOGUES, texts, words
from tests.languages.test_catalogues import PLACE, TAG, translations

WAITING = ("Niemand wartet", "{count} Person wartet", "{count} Personen warten")


@pytest.mark.parametrize(
    ("count", "ukrainian", "russian"),
    [
        (1, "Чекає 1 особа", "Ждёт 1 человек"),
        (3, "Чекають 3 особи", "Ждут 3 человека"),
        (5, "Чекають 5 осіб", "Ждут 5 человек"),
        (12, "Чекають 12 осіб", "Ждут 12 человек"),
        (21, "Чекає 21 особа", "Ждёт 21 человек"),
        (22, "Чекають 22 особи", "Ждут 22 человека"),
    ],
)
def test_people_are_counted_in_three_forms(count: int, ukrainian: str, russian: str) -> None:
    assert words.counted(count, *WAITING, language="uk") == ukrainian
    assert words.counted(count, *WAITING, language="ru") == russian


def test_months_bend_after_a_day_and_times_never_need_to() -> None:
    day = date(2026, 6, 8)

    assert words.date_words(day, "uk") == f"понеділок, 8{words.NO_BREAK}червня"
    assert words.date_words(day, "ru") == f"понедельник, 8{words.NO_BREAK}июня"
    spans = [words.span(Range(50, 61, 55), "uk"), words.span(Range(21, 31, 25), "ru")]
    assert [span.replace(words.NO_BREAK, " ") for span in spans] == [
        "від 50 хв до 1 год 1 хв",
        "от 21 до 31 мин",
    ]


@pytest.mark.parametrize(("language", "foreign"), [("uk", "ыэъё"), ("ru", "іїєґ’")])
def test_no_letter_of_the_other_language_and_no_foreign_quotation_marks(
    language: str, foreign: str
) -> None:
    assert texts(language).gettext("„{name}“ gibt es schon.").startswith("«{name}»")
    for _, text in translations(CATALOGUES / f"{language}.po"):
        plain = TAG.sub("", PLACE.sub("", text))
        assert not re.search(f'[{foreign}"„“”]', plain, re.IGNORECASE), text
        # A Latin c looks like a Cyrillic one and is read and found as another letter.
        assert not re.search("[A-Za-z][а-яіїєґ]|[а-яіїєґ][A-Za-z]", plain, re.IGNORECASE), text
