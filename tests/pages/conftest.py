"""The inspecting client: every page that a test visits is looked at closely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.languages import texts
from tests.office import HERE, Office, make_office

NEEDS_LABEL = "input:not([type=hidden], [type=submit], [type=button]), select, textarea"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Where the printer of `printing` prints."""
    return tmp_path / "paper"


@pytest.fixture
def printing_as(tmp_path: Path, paper: Path) -> Iterator[Callable[..., Office]]:
    """Opens an office whose kiosk has a receipt printer, with more keys for kiosk and site."""
    opened = []

    def open_office(kiosk: str = "", site: str = "", printer: str = "") -> Office:
        config = (HERE / "office.toml").read_text()
        address = printer or f"file://{paper}"
        config = config.replace('printer = ""', f'printer = "{address}"\n{kiosk}')
        config = config.replace("[site.hours]", f"{site}\n[site.hours]", 1)
        opened.append(make_office(tmp_path, config))
        return opened[-1]

    yield open_office
    for office in opened:
        office.store.close()


@pytest.fixture
def printing(printing_as: Callable[..., Office]) -> Office:
    """An office whose kiosk has a receipt printer."""
    return printing_as()


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    """The head of the office, signed in."""
    return office.signed_in("Lea")


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
    # Soft hyphens are no part of the words.
    found = (heading.get_text(" ", strip=True) for heading in page.find_all("h1"))
    headings = [text.replace("\u00ad", "") for text in found]
    assert len(headings) == 1, headings
    assert page.title is not None
    error = texts(language).gettext("Fehler:") + " "
    assert page.title.get_text().removeprefix(error).startswith(headings[0])
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
