"""The desk: one page to work at all day, and its small side pages."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import desks
from queue_server.desk import (
    appointment,
    bookings,
    calls,
    day,
    help_calls,
    pane_context,
    stops,
    tickets,
)
from queue_server.desk.blueprint import clerk_request, pane, panel, room
from queue_server.web.forms import many, text, whole

__all__ = ["appointment", "bookings", "calls", "day", "help_calls", "room", "stops", "tickets"]


@room.get("/desk")
def desk() -> AnyResponse:
    """The whole page; `show` and `number` filter the queue for a browser without script."""
    who = clerk_request()
    with who.store.snapshot() as snapshot:
        context = pane_context.whole(snapshot, who.site, who.clerk, who.now)
    show, wanted = text("show") or "all", text("number", 20)
    said = pane_context.said_about(who.store, who.site, text("said", 20), whole(text("ticket")))
    shown = pane_context.filtered(context, show, wanted)
    return make_response(
        render_template(
            "desk/desk.html", **{**context, "shown": shown}, show=show, wanted=wanted, said=said
        )
    )


@room.get("/desk/person")
def person() -> Response:
    """My counter and the person there, for the script."""
    return make_response(render_template("desk/person.html", **panel(clerk_request())))


@room.get("/desk/today")
def today() -> Response:
    """The day's counts, silent displays, the numbers' standing; also the clerk's sign of life."""
    who = clerk_request()
    with who.store.snapshot() as snapshot:
        context = pane_context.counts(snapshot, who.site, who.clerk, who.now)
    return make_response(render_template("desk/now.html", **context))


@room.get("/desk/keys")
def keys() -> AnyResponse:
    """Every key that does something here."""
    who = clerk_request()
    needed = {"office": pane_context.leads(who.clerk), "file": bool(who.site.desk.file_url)}
    left_out = [name for name, is_needed in needed.items() if not is_needed]
    return pane(who, "desk/keys.html", left_out=left_out)


@room.get("/desk/tour")
def tour() -> AnyResponse:
    """The first day in seven steps; with script each beside the place that it is about."""
    return pane(clerk_request(), "desk/tour.html")


@room.get("/desk/counter")
def counter_page() -> AnyResponse:
    """Change the services of my counter, or move to another one."""
    who = clerk_request()
    with who.store.snapshot() as snapshot:
        context = pane_context.whole(snapshot, who.site, who.clerk, who.now)
    return pane(who, "desk/counter.html", **context)


@room.post("/desk/counter")
def open_counter() -> AnyResponse:
    who = clerk_request()
    services = many("serve") or None
    desks.open_counter(who.store, who.site, text("counter"), who.clerk, services, now=who.now)
    return redirect(url_for("desk.desk"), 303)


@room.post("/desk/counter/closing")
def close_counter() -> AnyResponse:
    who = clerk_request()
    desks.close_counter(who.store, who.site, text("counter"), who.clerk, now=who.now)
    return redirect(url_for("desk.desk", said="closed"), 303)
