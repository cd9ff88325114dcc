"""The inspecting client: every page that a test visits is looked at closely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

ERROR = {"de": "Fehler: ", "en": "Error: "}
NEEDS_LABEL = "input:not([type=hidden], [type=submit], [type=button]), select, textarea"


@pytest.fixture
def visit() -> Callable[..., BeautifulSoup]:
    """`visit(client, path)` gives the parsed page after inspecting it."""

    def visit(
        client: FlaskClient, path: str, status: int = 200, language: str = "de"
    ) -> BeautifulSoup:
        answer = client.get(path)
        assert answer.status_code == status, answer.text
        inspect_headers(dict(answer.headers))
        page = BeautifulSoup(answer.text, "html.parser")
        inspect_page(page, language)
        return page

    return visit


def inspect_headers(headers: dict[str, str]) -> None:
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert headers["Cache-Control"] == "no-store"


def inspect_page(page: BeautifulSoup, language: str = "de") -> None:
    """Language, one h1 that the title begins with, labels, unique ids, nothing inline."""
    assert page.html is not None and page.html["lang"] == language
    headings = [heading.get_text(" ", strip=True) for heading in page.find_all("h1")]
    assert len(headings) == 1, headings
    assert page.title is not None
    assert page.title.get_text().removeprefix(ERROR[language]).startswith(headings[0])
    for control in page.select(NEEDS_LABEL):
        labelled = control.get("aria-label") or control.get("aria-labelledby")
        assert (
            labelled
            or control.find_parent("label")
            or page.find("label", attrs={"for": control.get("id")})
        ), control
    ids = Counter(element["id"] for element in page.select("[id]"))
    assert [id for id, count in ids.items() if count > 1] == []
    assert page.select("[style], style, [onclick], [onload], [onsubmit]") == []
    assert [
        s for s in page.select("script:not([src])") if s.get("type") != "application/json"
    ] == []
