"""What all pages of the desk share: who asks, and how an action is answered.

Every form works by itself: POST, then 303 back to the desk. The page's script sends the same form
with the header PART and gets only the changed parts of the page, in the same request.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.desk import pane_context
from queue_server.domain.errors import ForeignOrigin, NotSignedIn, Refused
from queue_server.web import errors
from queue_server.web.forms import many
from queue_server.web.identity import ClerkRequest as ClerkRequest
from queue_server.web.identity import clerk_request as clerk_request

PART = "X-Aufruf-Part"

room = Blueprint(
    "desk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/desk",
)


def wants_parts() -> bool:
    """The page's script asks: only the changed parts."""
    return PART in request.headers


def done(who: ClerkRequest, said: str = "", ticket: int | None = None) -> AnyResponse:
    """An action is done: the panel as it is now, with one sentence about what happened."""
    if wants_parts():
        shown = pane_context.said_about(who.store, who.site, said, ticket)
        return make_response(render_template("desk/parts.html", **panel(who), said=shown))
    about = ticket if said else None
    return redirect(url_for("desk.desk", said=said or None, ticket=about), 303)


def pane(who: ClerkRequest, template: str, status: int = 200, **context: Any) -> Response:
    """A side page: a page for itself, or what the script puts into the dialog."""
    known = pane_context.frame(who.site, who.clerk)
    if wants_parts():
        page = render_template(template, **{**known, **context}, layout="desk/pane.html")
    else:
        with who.store.snapshot() as snapshot:
            known |= pane_context.help_strip(snapshot, who.site, who.now)
        page = render_template(template, **{**known, **context}, layout="desk/page.html")
    return make_response(page, status)


def panel(who: ClerkRequest) -> dict[str, Any]:
    """What the person panel shows."""
    with who.store.snapshot() as snapshot:
        return pane_context.panel(snapshot, who.site, who.clerk, who.now)


def whole(who: ClerkRequest, **more: Any) -> str:
    """The whole desk page."""
    with who.store.snapshot() as snapshot:
        context = pane_context.whole(snapshot, who.site, who.clerk, who.now)
    return render_template("desk/desk.html", **{**context, **more})


@room.errorhandler(NotSignedIn)
def to_the_sign_in(refusal: NotSignedIn) -> AnyResponse:
    """Sign in and come back to the desk; the script, led there too, opens the page."""
    return redirect(url_for("web.login_page", next="/desk"), 303)


@room.errorhandler(Refused)
def refused(refusal: Refused) -> AnyResponse:
    """A refusal is one sentence on the desk, beside the person as they stand now."""
    if isinstance(refusal, ForeignOrigin):
        # Another page sent this: it gets nothing of the desk, whoever is signed in.
        return errors.refused(refusal)
    who = clerk_request()
    if request.method == "GET" and not wants_parts():
        return errors.refused(refusal)
    said = pane_context.Flash("refused", sentence=who.sentence(refusal))
    status = errors.STATUS.get(refusal.code, errors.CONFLICT)
    if wants_parts():
        parts = render_template("desk/parts.html", **panel(who), said=said)
        return make_response(parts, status)
    # A form that was refused is shown again as it was filled in.
    kept = {"chosen_services": many("serve")}
    return make_response(whole(who, said=said, error=said.sentence, **kept), status)
