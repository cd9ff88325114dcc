"""What a phone keeps of a ticket's page: an app to install, and a page for when it is offline.

None of it names a ticket: the address of the own ticket is its secret, and neither the maker of a
phone nor a cache is to have it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, jsonify, make_response, render_template

from queue_server.booking.blueprint import _, room
from queue_server.languages import Said, direction, marked, texts
from queue_server.version import VERSION
from queue_server.web.language import current, spoken, to

WORKER = "/static/booking/ticket-worker.js"
OFFLINE = "/t/offline"
HERE = Path(__file__).parent
NO_LINE = marked(
    "Keine Verbindung. Wir versuchen es weiter. Bitte achten Sie auch auf die "
    "Anzeige im Wartebereich."
)
WHERE_IT_IS = marked(
    "Ihre Wartenummer öffnen Sie wieder mit dem QR-Code, den Sie mit ihr bekommen haben."
)
COLOR, GROUND = "#00525c", "#ffffff"
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


@room.get(OFFLINE)
def offline() -> str:
    """The page that shows what the phone has kept, and otherwise what to do, in every language."""
    said = [Said(texts(each).gettext(WHERE_IT_IS), each) for each in spoken()]
    return render_template("booking/offline.html", banner=_(NO_LINE), said=said)


@room.get("/t/app.webmanifest")
def manifest() -> Response:
    """How the page is installed. It begins without a ticket: phones tell their maker where."""
    name = _("Ihre Wartenummer")
    icons = [
        {
            "src": f"/static/icon-{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in ICONS
    ]
    answer = jsonify(
        id="/t/",
        name=name,
        short_name=name,
        lang=current(),
        dir=direction(current()),
        start_url=to(OFFLINE),
        scope="/t/",
        display="standalone",
        background_color=GROUND,
        theme_color=COLOR,
        icons=icons,
    )
    answer.mimetype = "application/manifest+json"
    return answer


@room.get(WORKER)
def worker() -> Response:
    """It looks after pages that do not stand beside it."""
    answer = make_response(room.send_static_file("ticket-worker.js"))
    answer.headers["Service-Worker-Allowed"] = "/t/"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@cache
def worker_address() -> str:
    """Where the worker is, with a version: whatever of its files is new makes a new worker."""
    digest = hashlib.sha256(VERSION.encode())
    for file in sorted(HERE.glob("static/*.*")) + [HERE / "templates/booking/offline.html"]:
        digest.update(file.read_bytes())
    return f"{WORKER}?version={digest.hexdigest()[:12]}"
