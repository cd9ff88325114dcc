"""What all pages of the office share: they are for its head and the administration of a site."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain.errors import NotAllowed, NotSignedIn
from queue_server.languages import words
from queue_server.web.identity import ClerkRequest as ClerkRequest
from queue_server.web.identity import clerk_request as clerk_who_asks
from queue_server.web.wording import decimal, number, percent

room = Blueprint(
    "office",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/office",
)


def clerk_request() -> ClerkRequest:
    """Who asks; only those who lead. Raises `NotSignedIn`, `NotAllowed`."""
    return clerk_who_asks("lead")


def page(who: ClerkRequest, template: str, status: int = 200, **context: object) -> Response:
    """A page of the office."""
    frame = {
        "site": who.site,
        "clerk": who.clerk,
        "zone": who.site.zone,
        "today": who.today,
        "words": words,
        "number": number,
        "decimal": decimal,
        "percent": percent,
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
