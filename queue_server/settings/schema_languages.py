"""What the office says in other languages than German: one table, key or text per language."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, StringConstraints

from queue_server.settings.types import Table, WebAddress, key, text

Line = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")]


def lines() -> Any:
    return key("a list of texts", each="a text of 1 to 300 characters on one line")


class InLanguages(Table):
    """A table with a key per language; `de-x-leicht` is Leichte Sprache."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))

    def by_language(self) -> dict[str, Any]:
        """What is given, under the names of the languages as they stand in the file."""
        given = self.values().items()
        return {name.replace("_", "-"): value for name, value in given if value}


class ServiceInLanguageTable(Table):
    """A service in another language; what is left out stays German."""

    name: str = text(120)
    group_name: str = text(60)
    fee: str = text()
    documents: list[Line] = lines()
    online_url: WebAddress = key('an address such as "https://example.de/form" or ""')


class ServiceWordsTable(InLanguages):
    de_x_leicht: ServiceInLanguageTable | None = None
    en: ServiceInLanguageTable | None = None
    tr: ServiceInLanguageTable | None = None
    ar: ServiceInLanguageTable | None = None
    fa: ServiceInLanguageTable | None = None
    uk: ServiceInLanguageTable | None = None
    ru: ServiceInLanguageTable | None = None
    pl: ServiceInLanguageTable | None = None
    ro: ServiceInLanguageTable | None = None


LONGEST_PAGE = 600


def page_text() -> Any:
    return key(f"a text of up to {LONGEST_PAGE} characters, Markdown", max_length=LONGEST_PAGE)


class PageWordsTable(InLanguages):
    """A page of information in other languages."""

    de_x_leicht: str = page_text()
    en: str = page_text()
    tr: str = page_text()
    ar: str = page_text()
    fa: str = page_text()
    uk: str = page_text()
    ru: str = page_text()
    pl: str = page_text()
    ro: str = page_text()


class SlipWordsTable(InLanguages):
    de_x_leicht: str = text(300)
    en: str = text(300)
    tr: str = text(300)
    ar: str = text(300)
    fa: str = text(300)
    uk: str = text(300)
    ru: str = text(300)
    pl: str = text(300)
    ro: str = text(300)


def own_words() -> Any:
    words = 'a table with lines such as "Rathaus" = "Town hall"'
    return key(words, each="two texts of 1 to 300 characters on one line")


class OwnWordsTable(InLanguages):
    """Under each of the office's own German texts what it is in the language."""

    de_x_leicht: dict[Line, Line] = own_words()
    en: dict[Line, Line] = own_words()
    tr: dict[Line, Line] = own_words()
    ar: dict[Line, Line] = own_words()
    fa: dict[Line, Line] = own_words()
    uk: dict[Line, Line] = own_words()
    ru: dict[Line, Line] = own_words()
    pl: dict[Line, Line] = own_words()
    ro: dict[Line, Line] = own_words()
