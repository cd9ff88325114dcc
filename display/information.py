"""Pages of information: Markdown without links, pictures and HTML, since nobody taps on a wall."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from queue_server.domain.site import Display, InformationPage, Site
from queue_server.languages import GERMAN, Said
from queue_server.languages.hyphenation import softened
from queue_server.languages.office_texts import own_words
from queue_server.languages.words import NO_BREAK

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page as the wall's HTML has it; `place` names its picture in an address.

    `language` is that of its words, and empty for a picture. `alts` say what a picture shows, in
    the wall's languages.
    """

    place: int
    language: str
    html: Markup
    picture: str
    first_day: str
    last_day: str
    alts: tuple[Said, ...] = ()


def pages_of(
    site: Site, display: Display, today: date, languages: Sequence[str]
) -> tuple[ShownPage, ...]:
    """The pages of this wall that are not over; the page itself knows which day it is.

    Each comes in all of the wall's languages that it has; without one of them it is German.
    """
    return tuple(_pages(site, display, today, languages))


def _pages(
    site: Site, display: Display, today: date, languages: Sequence[str]
) -> Iterator[ShownPage]:
    for place, page in enumerate(site.pages):
        is_here = not page.displays or display.id in page.displays
        if is_here and (page.until is None or page.until >= today):
            for language, text in _texts(page, languages).items():
                yield _shown(place, page, language, text, _alts(site, page, languages))


def _texts(page: InformationPage, languages: Sequence[str]) -> dict[str, str]:
    if page.picture:
        return {"": ""}
    known = {GERMAN: page.text, **page.translated}
    return {each: known[each] for each in languages if known.get(each)} or {GERMAN: page.text}


def _alts(site: Site, page: InformationPage, languages: Sequence[str]) -> tuple[Said, ...]:
    """What the picture says, once in each language that has it, German where none has."""
    if not page.alt:
        return ()
    found = {each: own_words(site, page.alt, each) for each in languages}
    known = [said for language, said in found.items() if said.language == language]
    return tuple(known) or (Said(page.alt),)


def _shown(
    place: int, page: InformationPage, language: str, text: str, alts: tuple[Said, ...]
) -> ShownPage:
    return ShownPage(
        place=place,
        language=language,
        html=rendered(text, language),
        picture=page.picture,
        first_day=page.shown_from.isoformat() if page.shown_from else "",
        last_day=page.until.isoformat() if page.until else "",
        alts=alts,
    )


@lru_cache(maxsize=256)
def rendered(text: str, language: str = GERMAN) -> Markup:
    """Headings, lists, bold and italics; everything else stays text."""
    found = _markdown().render(_joined(softened(text, language)))
    # The wall itself has the h1. Escaped text holds no tag that could be meant here.
    return Markup(re.sub(r"(</?h)([12])>", lambda tag: f"{tag[1]}{int(tag[2]) + 1}>", found))


def _joined(text: str) -> str:
    """ "Schalter 12" stays on one line."""
    return re.sub(r"(?<=\w) (?=\d)", NO_BREAK, text)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # Imported late: most walls show no pages.
    from markdown_it import MarkdownIt

    without = ["html_block", "html_inline", "link", "image", "autolink", "reference"]
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(without)
