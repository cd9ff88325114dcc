"""`/embed/<site>.js` for a line in a foreign page, and `/embed/<site>` for a frame in it.

Both are the same for everybody: no cookie is read or set, so they may be kept for a moment.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from queue_server.domain.errors import NotFound
from queue_server.embed.box import box, look_at
from queue_server.settings import VERSION
from queue_server.web import guard, language
from queue_server.web.app_context import app_context

room = Blueprint(
    "embed",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/embed",
)
FRESH_SECONDS = 30
SCHEMES = ("light", "dark")
SCRIPT = "text/javascript"
NO_SUCH_SITE = "// Aufruf: no such site. The address of this file is /embed/, its id, and .js.\n"
STYLES = (Path(__file__).with_name("static") / "box.css").read_text("utf-8")


@room.before_request
def open_up() -> None:
    """Other sites' pages may show these, in the visitor's language."""
    guard.allow_embedding(app_context().settings.server.embed_origins)
    language.listen_once()


@room.get("/embed/<site>.js")
def script(site: str) -> Response:
    """Fills every `<div data-aufruf>` of the page that includes it."""
    try:
        news = _news(site)
    except NotFound:
        return Response(NO_SUCH_SITE, 404, mimetype=SCRIPT)
    text = render_template("embed/box.js", news=news, styles=STYLES)
    return _kept(Response(text, mimetype=SCRIPT))


@room.get("/embed/<site>")
def frame(site: str) -> Response:
    """A page for an `<iframe>`; works without JavaScript. `?scheme=` keeps it light or dark."""
    try:
        look = look_at(app_context(), app_context().site(site))
    except NotFound:
        return make_response(render_template("embed/unknown.html"), 404)
    asked = request.args.get("scheme", "")
    scheme = asked if asked in SCHEMES else ""
    page = render_template("embed/frame.html", box=box(look, language.current()), scheme=scheme)
    answer = _kept(make_response(page))
    # Whoever has chosen a language on a page of ours keeps it here.
    answer.vary.update(("Accept-Language", "Cookie"))
    return answer


def _news(site: str) -> dict[str, Any]:
    """What the script brings, in every language that is offered. Raises `NotFound`."""
    context = app_context()
    look = look_at(context, context.site(site))
    return {
        "site": look.site.id,
        "version": VERSION,
        "home": context.settings.server.public_url,
        "origins": context.settings.server.embed_origins,
        "boxes": {each: asdict(box(look, each)) for each in language.spoken()},
    }


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return answer
