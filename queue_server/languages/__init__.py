"""The languages of visitors' pages and letters: German in the source, others from catalogues.

Every text stands in German where it is used, inside `_()`; `catalogues/en.po` holds its English.
A further language is one more file there.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

GERMAN = "de"
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
    """Both forms themselves, noted for the catalogues; the number stands in them as `{count}`."""
    return one, many


@cache
def ready() -> tuple[str, ...]:
    """Languages that are complete, German first."""
    return (GERMAN, *sorted(path.stem for path in CATALOGUES.glob("*.po")))


def usable(language: str) -> str:
    """The language itself or its base (`en` for `en-GB`) when it is ready, otherwise German."""
    base = language.lower().partition("-")[0]
    return base if base in ready() else GERMAN


@cache
def own_name(language: str) -> str:
    """The name of a language in that language: `Deutsch`."""
    from babel import Locale

    return str(Locale.parse(language).get_language_name(language)).capitalize()


@cache
def texts(language: str) -> NullTranslations:
    """`gettext` and `ngettext` of a language; German needs no catalogue."""
    language = usable(language)
    if language == GERMAN:
        return NullTranslations()
    # Imported late: a house that is only asked in German need not pay for it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
