"""One frame for every page of the kiosk: who we are, what time it is, where home is."""

from __future__ import annotations

import secrets
from typing import Any

from flask import render_template

from kiosk.door import Here
from queue_server.domain.errors import Refused
from queue_server.web import wording
from queue_server.web.hall import hall

KEY_BYTES = 16


def show(page: str, place: Here, **values: Any) -> str:
    """Render `kiosk/<page>.html`. Each rendering has a fresh `key`: one page view, one ticket."""
    return render_template(
        f"kiosk/{page}.html",
        site=place.site,
        kiosk=place.kiosk,
        home=place.home,
        now=hall().now().astimezone(place.site.zone),
        key=secrets.token_urlsafe(KEY_BYTES),
        scheme="light",
        **values,
    )


def spoken(place: Here, refusal: Refused | None) -> str:
    """The sentence of a refusal in the site's own time; empty for none."""
    return wording.sentence(refusal, place.site.zone, hall().now()) if refusal else ""
