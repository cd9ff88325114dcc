"""The office: the state of the house at a glance, and its special days."""

from __future__ import annotations

from flask import Response

from queue_server.office import days
from queue_server.office.door import asker, page, room
from queue_server.office.state import state

__all__ = ["days", "room"]


@room.get("/office")
def overview() -> Response:
    """Letters, personal data, devices, bookings ahead, special days."""
    who = asker()
    return page(who, "office/overview.html", **state(who))


@room.get("/office/state")
def current_state() -> Response:
    """The same without the frame, for the script that keeps it fresh."""
    who = asker()
    return page(who, "office/state.html", **state(who))
