"""The office: the state of the house at a glance, and its special days."""

from __future__ import annotations

from flask import Response

from queue_server.office import audit, days, figures, rules, what_if
from queue_server.office.door import asker, page, room
from queue_server.office.glance import glance
from queue_server.office.state import state

__all__ = ["audit", "days", "figures", "room", "rules", "what_if"]


@room.get("/office")
def overview() -> Response:
    """The last day in a line; letters, personal data, devices, bookings ahead, special days."""
    who = asker()
    with who.store.snapshot() as snapshot:
        last = glance(snapshot, who)
    said = {**figures.words_of_figures(), "glance": last}
    return page(who, "office/overview.html", **state(who), **said)


@room.get("/office/state")
def current_state() -> Response:
    """The same without the frame, for the script that keeps it fresh."""
    who = asker()
    return page(who, "office/state.html", **state(who))
