"""The door of the desk: who asks, what the form says, and how a verb is answered.

Every form works by itself: POST, then 303 back to the desk. The page's script sends the same form
with the header PART and gets only the changed parts of the page, in the same request.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.desk import view
from queue_server.domain.errors import BadRequest, NotSignedIn, Refused
from queue_server.web import errors
from queue_server.web.asker import Asker as Asker
from queue_server.web.asker import asker as asker

PART = "X-Aufruf-Part"
HIGHEST_ID = 2**63 - 1
MOST_CHOSEN = 50
LONGEST_FIELD = 500

room = Blueprint(
    "desk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/desk",
)


# -- what the form says --------------------------------------------------------------------


def text(name: str, longest: int = LONGEST_FIELD) -> str:
    """A field without blanks around it; empty when missing. Raises `BadRequest` when too long."""
    value = request.values.get(name, "").strip()
    if len(value) > longest:
        raise BadRequest(errors=[(name, "too_long", str(longest))])
    return value


def number(name: str) -> int:
    """A whole number. Raises `BadRequest`."""
    value = text(name)
    if not (value.isascii() and value.isdigit()) or int(value) > HIGHEST_ID:
        raise BadRequest(errors=[(name, "missing", "")])
    return int(value)


def many(name: str) -> tuple[str, ...]:
    """All filled fields of this name, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, request.values.getlist(name))))[:MOST_CHOSEN]


# -- how it is answered --------------------------------------------------------------------


def wants_parts() -> bool:
    """The page's script asks: only the changed parts."""
    return PART in request.headers


def done(who: Asker, said: str = "", ticket: int | None = None) -> AnyResponse:
    """A verb is done: the panel as it is now, with one sentence about what happened."""
    if wants_parts():
        shown = view.said_about(who.store, who.site, said, ticket)
        return make_response(render_template("desk/parts.html", **panel(who), said=shown))
    about = ticket if said else None
    return redirect(url_for("desk.desk", said=said or None, ticket=about), 303)


def pane(who: Asker, template: str, status: int = 200, **context: Any) -> Response:
    """A side page: a whole page by itself, or what the script puts into the dialog."""
    layout = "desk/pane.html" if wants_parts() else "desk/page.html"
    return make_response(
        render_template(template, **{**view.frame(who.site, who.clerk), **context}, layout=layout),
        status,
    )


def panel(who: Asker) -> dict[str, Any]:
    """What the person panel shows."""
    with who.store.snapshot() as snapshot:
        return view.panel(snapshot, who.site, who.clerk, who.now)


def whole(who: Asker, **more: Any) -> str:
    """The whole desk page."""
    with who.store.snapshot() as snapshot:
        context = view.whole(snapshot, who.site, who.clerk, who.now)
    return render_template("desk/desk.html", **{**context, **more})


@room.errorhandler(NotSignedIn)
def to_the_sign_in(refusal: NotSignedIn) -> AnyResponse:
    """Sign in and come back to the desk; the script, led there too, opens the page."""
    return redirect(url_for("web.login_page", next="/desk"), 303)


@room.errorhandler(Refused)
def refused(refusal: Refused) -> AnyResponse:
    """A refusal is one sentence on the desk, beside the person as they stand now."""
    who = asker()
    if request.method == "GET" and not wants_parts():
        return errors.refused(refusal)
    said = view.Said("refused", sentence=who.sentence(refusal))
    status = errors.STATUS.get(refusal.code, errors.CONFLICT)
    if wants_parts():
        parts = render_template("desk/parts.html", **panel(who), said=said)
        return make_response(parts, status)
    return make_response(whole(who, said=said, error=said.sentence), status)
