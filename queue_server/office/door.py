"""The door of the office: for the head of office and the administration of a site."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain.errors import BadRequest, NotAllowed, NotSignedIn
from queue_server.languages import words
from queue_server.web.asker import Asker as Asker
from queue_server.web.asker import asker as clerk_who_asks

LONGEST_FIELD = 500

room = Blueprint(
    "office",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/office",
)


def asker() -> Asker:
    """Who asks; only those who lead. Raises `NotSignedIn`, `NotAllowed`."""
    return clerk_who_asks("lead")


def text(name: str) -> str:
    """A field without blanks around it; empty when missing. Raises `BadRequest` when too long."""
    value = request.values.get(name, "").strip()
    if len(value) > LONGEST_FIELD:
        raise BadRequest(errors=[(name, "too_long", str(LONGEST_FIELD))])
    return value


def page(who: Asker, template: str, status: int = 200, **context: object) -> Response:
    """A page of the office."""
    frame = {
        "site": who.site,
        "clerk": who.clerk,
        "zone": who.site.zone,
        "today": who.today,
        "words": words,
    }
    return make_response(render_template(template, **{**frame, **context}), status)


@room.errorhandler(NotSignedIn)
def to_the_sign_in(refusal: NotSignedIn) -> AnyResponse:
    """Sign in and come back."""
    return redirect(url_for("web.login_page", next="/office"), 303)


@room.errorhandler(NotAllowed)
def only_for_leads(refusal: NotAllowed) -> AnyResponse:
    """A clerk who came here by a link is shown the way back, and whom to ask."""
    return make_response(render_template("office/refused.html"), 403)
