"""The desk: one page to work at all day, and its small side pages."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import desks
from queue_server.desk import bookings, calls, day, opened, stops, tickets, view
from queue_server.desk.door import asker, many, pane, panel, room, text

__all__ = ["bookings", "calls", "day", "opened", "room", "stops", "tickets"]


@room.get("/desk")
def desk() -> AnyResponse:
    """The whole page; `show` and `number` filter the queue for a browser without script."""
    who = asker()
    with who.store.snapshot() as snapshot:
        context = view.whole(snapshot, who.site, who.clerk, who.now)
    show, wanted = text("show") or "all", text("number", 20)
    said = view.said_about(who.store, who.site, text("said", 20), _ticket_said())
    shown = view.filtered(context, show, wanted)
    return make_response(
        render_template(
            "desk/desk.html", **{**context, "shown": shown}, show=show, wanted=wanted, said=said
        )
    )


@room.get("/desk/person")
def person() -> Response:
    """My counter and the person there, for the script."""
    return make_response(render_template("desk/person.html", **panel(asker())))


@room.get("/desk/today")
def today() -> Response:
    """The day's counts, silent displays, the numbers' standing; also the clerk's sign of life."""
    who = asker()
    with who.store.snapshot() as snapshot:
        context = view.counts(snapshot, who.site, who.clerk, who.now)
    return make_response(render_template("desk/now.html", **context))


@room.get("/desk/keys")
def keys() -> AnyResponse:
    return pane(asker(), "desk/keys.html")


@room.get("/desk/counter")
def counter_page() -> AnyResponse:
    """Change the services of my counter, or move to another one."""
    who = asker()
    with who.store.snapshot() as snapshot:
        context = view.whole(snapshot, who.site, who.clerk, who.now)
    return pane(who, "desk/counter.html", **context)


@room.post("/desk/counter")
def open_counter() -> AnyResponse:
    who = asker()
    services = many("serve") or None
    desks.open_counter(who.store, who.site, text("counter"), who.clerk, services, now=who.now)
    return redirect(url_for("desk.desk"), 303)


@room.post("/desk/counter/closing")
def close_counter() -> AnyResponse:
    who = asker()
    desks.close_counter(who.store, who.site, text("counter"), who.clerk, now=who.now)
    return redirect(url_for("desk.desk", said="closed"), 303)


def _ticket_said() -> int | None:
    value = text("ticket", 18)
    return int(value) if value.isascii() and value.isdigit() else None
