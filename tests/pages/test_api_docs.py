"""The page of the OpenAPI document: all of it, readable, and nothing that is not in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup

from queue_server.api import docs_page
from queue_server.api.blueprint import ENDPOINTS
from queue_server.api.docs_page import SECTIONS
from queue_server.api.openapi import document
from tests.office import Office


def test_every_address_every_model_and_every_link_is_there(
    office: Office, visit: Callable[..., BeautifulSoup]
) -> None:
    page = visit(office.visitor(), "/api/docs", language="en")
    found = document()

    ids = {element["id"] for element in page.select("[id]")}
    operations = [each["operationId"] for path in found["paths"].values() for each in path.values()]
    assert ids >= set(operations)
    assert ids >= {f"model-{name}" for name in found["components"]["schemas"]}
    links = [str(link["href"]) for link in page.select("main a[href^='#']")]
    assert links and {link[1:] for link in links} <= ids
    assert page.select("script") == []
    text = page.get_text(" ", strip=True)
    for code in ("not_issuing", "busy_with", "Aufruf-Signature", "Idempotency-Key", "lead"):
        assert code in text
    assert "list of TicketOut" in " ".join(text.split())


def test_every_module_with_endpoints_is_assembled_and_has_a_section_of_the_page(
    office: Office,
) -> None:
    folder = Path(docs_page.__file__).parent
    written = {path.stem for path in folder.glob("*.py") if "endpoint(" in path.read_text()} - {
        "blueprint"
    }

    missing = sorted(written - SECTIONS.keys())
    assert not missing, (
        f"give these a heading in SECTIONS of queue_server/api/docs_page.py: {missing}"
    )
    left_over = sorted(SECTIONS.keys() - written)
    assert not left_over, f"SECTIONS has headings of modules that are gone: {left_over}"
    names = [endpoint.name for endpoint in ENDPOINTS]
    idle = [one for one in sorted(written) if not any(n.startswith(f"{one}_") for n in names)]
    assert not idle, f"import these in queue_server/app.py, or nobody can ask them: {idle}"
