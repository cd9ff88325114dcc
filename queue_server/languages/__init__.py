"""The languages of visitors' pages and letters: German in the source, others from catalogues.

Every text stands in German where it is used, inside `_()`; `catalogues/en.po` holds its English.
A further language is one more file there.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, cast

from queue_server.german_holidays import calendar_of

GERMAN = "de"
EASY_GERMAN = "de-x-leicht"
# In this order they are offered; a further language follows behind.
ORDER = (GERMAN, EASY_GERMAN, "en", "tr", "ar", "fa", "uk", "ru", "pl", "ro")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
CATALOGUES = Path(__file__).with_name("catalogues")


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the office's own and the language they are in."""

    text: str
    language: str = GERMAN

    def __str__(self) -> str:
        return self.text


def said(german: str, shown: str, language: str) -> Said:
    """Words as `Service.in_language` shows them: without a translation they stay German."""
    return Said(shown, GERMAN if shown == german else language)


def marked(text: str) -> str:
    """The text itself, noted for the catalogues: it is translated where it is shown."""
    return text


def marked_plural(one: str, many: str) -> tuple[str, str]:
    """Both forms themselves, noted for the catalogues; the number is in them as `{count}`."""
    return one, many


def direction(language: str) -> str:
    """`rtl` for Arabic script, otherwise `ltr`: the `dir` of HTML."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@cache
def ready() -> tuple[str, ...]:
    """Languages that are complete, German first."""
    found = sorted(path.stem for path in CATALOGUES.glob("*.po"))
    known = [each for each in ORDER if each in (GERMAN, *found)]
    return (*known, *(each for each in found if each not in known))


def usable(language: str) -> str:
    """The language itself or its base (`en` for `en-GB`) when it is ready, otherwise German."""
    wanted = language.lower()
    base = wanted.partition("-")[0]
    return next((each for each in (wanted, base) if each in ready()), GERMAN)


def locale_of(language: str) -> str:
    """What Babel calls a usable language: Leichte Sprache has the dates and plurals of German."""
    return usable(language).partition("-")[0]


def is_spoken(language: str, page: str) -> bool:
    """Whether words in `language` are no foreign ones on a page: German within Leichte Sprache."""
    return language.partition("-")[0] == page.partition("-")[0]


# As Babel has them, which would read some megabytes of every language for its one name.
OWN_NAMES = {
    **{GERMAN: "Deutsch", EASY_GERMAN: "Leichte Sprache", "en": "English", "tr": "Türkçe"},
    **{"ar": "العربية", "fa": "فارسی", "uk": "Українська", "ru": "Русский"},
    **{"pl": "Polski", "ro": "Română"},
}


@cache
def own_name(language: str) -> str:
    """The name of a language in that language: `Deutsch`."""
    return OWN_NAMES.get(language) or _name_of_babel(language)


def _name_of_babel(language: str) -> str:
    from babel import Locale

    return str(Locale.parse(language).get_language_name(language)).capitalize()


@cache
def texts(language: str) -> NullTranslations:
    """`gettext` and `ngettext` of a language; German needs no catalogue."""
    language = usable(language)
    if language == GERMAN:
        return NullTranslations()
    # Imported late: an office that is only asked in German need not pay for it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale_of(language)))
    compiled.seek(0)
    return _with_shared_german(GNUTranslations(compiled))


_GERMAN: dict[Any, Any] = {}


def _with_shared_german(catalogue: Any) -> GNUTranslations:
    """All catalogues translate the same sentences, which are in memory once."""
    found = catalogue._catalog
    catalogue._catalog = {_GERMAN.setdefault(key, key): text for key, text in found.items()}
    return cast(GNUTranslations, catalogue)


# The calendar's own names of languages; one that it does not speak hears German.
CALENDAR_LANGUAGES = {GERMAN: "de", "en": "en_US", "uk": "uk"}


@lru_cache(maxsize=1024)
def holiday_name(day: date, land: str, language: str = GERMAN) -> Said | None:
    """The public holiday on a local day in the Land (`"SH"`, …); None for an ordinary day."""
    if not land:
        return None
    spoken = usable(language) if usable(language) in CALENDAR_LANGUAGES else GERMAN
    # Without a language the calendar would speak that of the machine.
    calendar = calendar_of(land, CALENDAR_LANGUAGES[spoken])
    name = calendar.get(day)
    return Said(name, spoken) if name else None
