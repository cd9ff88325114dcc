"""Ticket stops: what is given out now and why, and a clerk's word about it."""

from __future__ import annotations

from typing import Literal

from flask import Response

from queue_server.actions import stops
from queue_server.api.door import Body, answer, endpoint, read
from queue_server.domain.site import EVERY_SERVICE, Site
from queue_server.domain.stops import AUTOMATIC, STOPPED
from queue_server.queries.stops import issuing
from queue_server.web.hall import hall
from queue_server.web.identity import require_clerk
from queue_server.web.models import StopsOut
from queue_server.web.wire import stops_out

ALL = "all"


class Decision(Body):
    """`reason` is read by visitors; with `automatic` there is none."""

    mode: Literal["stopped", "open", "automatic"]
    reason: str = ""


@endpoint("GET", "/sites/<site>/stops", who="clerk", answers={200: StopsOut})
def look(site: str) -> Response:
    """For which services numbers are given out now, and who has decided it."""
    place = hall().site(site)
    require_clerk(place)
    return _looked(place)


@endpoint(
    "PUT",
    "/sites/<site>/stops/<service>",
    who="clerk",
    body=Decision,
    answers={200: StopsOut},
)
def decide(site: str, service: str) -> Response:
    """Stop or open the numbers of a service by hand, or of `all`, for the rest of the day."""
    house = hall()
    place = house.site(site)
    clerk, wanted = require_clerk(place).id, read(Decision)
    about = EVERY_SERVICE if service == ALL else service
    if wanted.mode == AUTOMATIC:
        stops.automatic(house.store, place, clerk, about, now=house.now())
    else:
        verb = stops.stop if wanted.mode == STOPPED else stops.open_again
        verb(house.store, place, clerk, about, reason=wanted.reason, now=house.now())
    return _looked(place)


def _looked(site: Site) -> Response:
    house = hall()
    with house.store.snapshot() as snapshot:
        found = issuing(snapshot, site, house.now())
    return answer(stops_out(site, found, house.now()))
