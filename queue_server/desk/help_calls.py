"""The silent call for help: sent with one combination of keys, seen at every desk of the site."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import help_calls
from queue_server.desk import pane_context
from queue_server.desk.blueprint import ClerkRequest, clerk_request, room, wants_parts
from queue_server.web.forms import number


@room.get("/desk/help")
def help_now() -> Response:
    """Who calls for help now, for the script."""
    return _strip(clerk_request())


@room.post("/desk/help")
def call_help() -> AnyResponse:
    """Call my colleagues; nothing in the answer makes a sound."""
    who = clerk_request()
    help_calls.call_help(who.store, who.site, who.clerk, now=who.now)
    return _shown(who)


@room.post("/desk/help/answer")
def answer_help() -> AnyResponse:
    """I come. A call that has ended meanwhile is simply gone."""
    who = clerk_request()
    help_calls.answer(who.store, who.site, who.clerk, number("caller"), now=who.now)
    return _shown(who)


@room.post("/desk/help/all-clear")
def all_clear() -> AnyResponse:
    who = clerk_request()
    help_calls.give_all_clear(who.store, who.site, who.clerk, number("caller"), now=who.now)
    return _shown(who)


def _shown(who: ClerkRequest) -> AnyResponse:
    """The strip alone: whatever a colleague was typing stays as it is."""
    return _strip(who) if wants_parts() else redirect(url_for("desk.desk"), 303)


def _strip(who: ClerkRequest) -> Response:
    with who.store.snapshot() as snapshot:
        context = pane_context.help_strip(snapshot, who.site, who.now)
    return make_response(render_template("desk/help.html", clerk=who.clerk, **context))
