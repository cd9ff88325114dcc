"""Ticket stops: what is given out now and why, and a clerk's decision about it."""

from __future__ import annotations

from typing import Literal

from flask import Response

from queue_server.actions import stops
from queue_server.api.blueprint import Asked, Body, answer, endpoint
from queue_server.domain.site import EVERY_SERVICE
from queue_server.domain.ticket_stop import AUTOMATIC, STOPPED
from queue_server.queries.stops import issuing
from queue_server.web.models import StopsOut
from queue_server.web.serializers import stops_out

ALL = "all"


class Decision(Body):
    """`reason` is read by visitors; with `automatic` there is none."""

    mode: Literal["stopped", "open", "automatic"]
    reason: str = ""


@endpoint("GET", "/sites/<site>/stops", who="clerk", answers={200: StopsOut})
def look(asked: Asked) -> Response:
    """For which services numbers are given out now, and who has decided it."""
    with asked.store.snapshot() as snapshot:
        found = issuing(snapshot, asked.site, asked.now)
    return answer(stops_out(asked.site, found, asked.now))


@endpoint(
    "PUT",
    "/sites/<site>/stops/<service>",
    who="clerk",
    body=Decision,
    answers={200: StopsOut},
)
def decide(asked: Asked, body: Decision, service: str) -> Response:
    """Stop or open the numbers of a service by hand, or of `all`, for the rest of the day."""
    about = EVERY_SERVICE if service == ALL else service
    said = (asked.store, asked.site, asked.clerk.id, about)
    if body.mode == AUTOMATIC:
        stops.automatic(*said, now=asked.now)
    else:
        action = stops.stop if body.mode == STOPPED else stops.open_again
        action(*said, reason=body.reason, now=asked.now)
    return look(asked)
