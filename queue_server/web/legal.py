"""What is in the footer of every public page: the office's legal pages, as far as named."""

from __future__ import annotations

from flask import Flask, request

from queue_server.domain.site import Site
from queue_server.languages import marked, texts
from queue_server.web.app_context import app_context
from queue_server.web.language import current

PAGES = (
    ("imprint", marked("Impressum")),
    ("privacy", marked("Datenschutz")),
    ("accessibility", marked("Erklärung zur Barrierefreiheit")),
)
DEVICES = ("/kiosk/", "/display/")


def install(app: Flask) -> None:
    """Teach the templates `legal_pages(site)`."""
    app.jinja_env.globals["legal_pages"] = legal_pages


def legal_pages(site: Site | None = None) -> list[tuple[str, str]]:
    """Words and addresses, in the language of the page; of this site, if the page is about one."""
    # Nobody could come back from another website on a kiosk or a wall.
    if request.path.startswith(DEVICES):
        return []
    said = texts(current()).gettext
    pages = [(said(name), _address(key, site)) for key, name in PAGES]
    return [(name, address) for name, address in pages if address]


def _address(key: str, site: Site | None) -> str:
    """What the site names, else [legal]. A page about no site takes what any site names."""
    settings = app_context().settings
    shared: str = getattr(settings.legal, f"{key}_url")
    own = [getattr(each.links, key) for each in ((site,) if site else settings.sites)]
    return next(filter(None, [*own, shared] if site else [shared, *own]), "")
