"""What a site shows on its walls, in config.toml: its colours, and pages of information."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from queue_server.domain.theme import COLOR, LEAST_RATIO, ratio, text_on
from queue_server.settings.schema_languages import PageWordsTable, page_text
from queue_server.settings.types import LocalDay, Table, key, matching, said, text, yes_no

PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
            ".webp": "image/webp", ".svg": "image/svg+xml"}  # fmt: skip
PICTURE_WORDS = f"a picture file beside this one ({', '.join(PICTURES)})"


def _color(value: str) -> str:
    if not COLOR.fullmatch(value):
        raise ValueError(value)
    best = ratio(text_on(value), value)
    if best < LEAST_RATIO:
        # Cut, not rounded: 6.96 is not 7.
        found = f"{int(best * 10) / 10}:1, got {value!r}".replace("'", '"')
        words = "expected a colour on which white or dark text has a contrast of at least"
        words = f"{words} {LEAST_RATIO:g}:1 (WCAG 2.2, 1.4.6); here it has {found}"
        raise said(words, "contrast", value=value, least=f"{LEAST_RATIO:g}")
    return value.lower()


Color = Annotated[str, AfterValidator(_color)]


def picture() -> str:
    suffixes = "|".join(suffix.removeprefix(".") for suffix in PICTURES)
    found: str = matching(rf"|[^\x00-\x1f]+\.(?i:{suffixes})", f'{PICTURE_WORDS} or ""')
    return found


def _described() -> Any:
    """What a picture says; here since a page has a field called `text`."""
    return text(300)


class ThemeTable(Table):
    name: str = text(60)
    crest: str = picture()
    color: Color = key('a colour such as "#00525c"')
    accent: Color = key('a colour such as "#ffb627"')
    dark: bool = yes_no()


class PageTable(Table):
    """A page of information; either `text` or `picture`. `from` is no name in Python."""

    text: str = page_text()
    picture: str = picture()
    alt: str = _described()
    shown_from: LocalDay = key('a date such as "2026-12-01", the first day', alias="from")
    until: LocalDay = key('a date such as "2026-12-24", the last day')
    displays: list[str] = key("a list of display ids of this site", each="a display id")
    translated: PageWordsTable = Field(default_factory=PageWordsTable)
