"""What is in the footer of every public page: the office's legal pages, as far as named."""

from __future__ import annotations

from flask import Flask, request

from queue_server.languages import marked, texts
from queue_server.web.app_context import app_context
from queue_server.web.language import current

PAGES = (
    ("imprint_url", marked("Impressum")),
    ("privacy_url", marked("Datenschutz")),
    ("accessibility_url", marked("Erklärung zur Barrierefreiheit")),
)
DEVICES = ("/kiosk/", "/display/")


def install(app: Flask) -> None:
    """Teach the templates `legal_pages()`."""
    app.jinja_env.globals["legal_pages"] = legal_pages


def legal_pages() -> list[tuple[str, str]]:
    """Words and addresses, in the language of the page."""
    # Nobody could come back from another website on a kiosk or a wall.
    if request.path.startswith(DEVICES):
        return []
    named = app_context().settings.legal
    pages = [(texts(current()).gettext(said), getattr(named, key)) for key, said in PAGES]
    return [(said, address) for said, address in pages if address]
