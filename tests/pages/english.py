"""What is English and what is German on a page of visitors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, NavigableString

from tests.office import Office

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,de;q=0.5"}


GERMAN_WORDS = re.compile(r"[äöüßÄÖÜ„]|\b(?:Sie|Ihr|und|Uhr|Termin|Nummer|Anliegen)\b")


def draw(office: Office, **how: Any) -> dict[str, str]:
    body = {"services": ["meldewesen"]} | how
    answer = office.signed_in("Lea").post("/api/v1/sites/rathaus/tickets", json=body)
    assert answer.status_code == 201, answer.text
    drawn: dict[str, str] = answer.json
    return drawn


def words(page: BeautifulSoup, selector: str = "body") -> str:
    found = page.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ", strip=True).split())


def german_left(page: BeautifulSoup) -> list[str]:
    """Texts that look German and do not say that they are, or that they are in another language."""
    return [
        str(text)
        for text in page.find_all(string=GERMAN_WORDS)
        if isinstance(text, NavigableString) and said_in(text) == "en"
    ]


def said_in(text: NavigableString) -> str:
    """The language that a text is marked with, by itself or by what it stands in."""
    marked = text.find_parent(lang=True)
    return str(marked["lang"]) if marked else ""


def ours(page: BeautifulSoup) -> Iterator[str]:
    """Addresses of this server; the switch itself names other languages."""
    for element in page.select("a[href^='/'], form[action]"):
        if not element.find_parent(class_="languages"):
            yield str(element.get("href") or element.get("action"))
