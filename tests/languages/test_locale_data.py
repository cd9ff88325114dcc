"""Of Babel's data only what pages show stays in memory, and the pages show the same."""

from __future__ import annotations

import subprocess
import sys

import pytest
from babel import localedata
from babel.core import get_global

from queue_server.languages import ORDER, texts
from queue_server.languages.locale_data import NEVER_ASKED, NEVER_SHOWN, babel_locale

SAYING_EVERYTHING = """
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from babel import Locale
from queue_server.languages import ORDER, locale_data, locale_of, words
from queue_server.web import wording
if sys.argv[1] == "whole":
    locale_data.NEVER_SHOWN = locale_data.NEVER_ASKED = ()
    locale_data._keep_only = lambda *_: None
for language in ORDER:
    for month in range(1, 13):
        moment = datetime(2026, month, month, 12, tzinfo=UTC)
        for show in (words.day, words.short_day, words.date_time):
            print(ascii(show(moment, ZoneInfo("Europe/Berlin"), language)))
        print(ascii(words.short_weekday(moment.date(), language)))
        print(ascii(words.counted(month, "", "# gewählt", "# gewählt", language)))
    print(ascii(wording.number(8.5, language=language)))
    spoken = locale_of(language)
    print(ascii(Locale.parse(spoken).get_language_name(spoken)))
"""


def said(data: str) -> str:
    """Dates, counts and numbers in every language, by a process of its own."""
    program = [sys.executable, "-c", SAYING_EVERYTHING, data]
    return subprocess.run(program, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("language", ORDER)
def test_units_currencies_time_zones_and_territories_leave_memory(language: str) -> None:
    kept = localedata.load(babel_locale(language))

    assert {"days", "months", "number_symbols"} <= set(kept)
    assert not set(NEVER_SHOWN) & set(kept)
    assert not any(map(get_global, NEVER_ASKED))


def test_catalogues_share_their_german_sentences() -> None:
    sentences: dict[str, int] = {}
    for language in ORDER[1:]:
        for key in texts(language)._catalog:  # type: ignore[attr-defined]
            assert sentences.setdefault(key, id(key)) == id(key)


def test_every_word_is_the_same_as_with_all_of_the_data() -> None:
    shown = said("what is shown")

    assert len(shown.splitlines()) == len(ORDER) * (12 * 5 + 2)
    assert shown == said("whole")
