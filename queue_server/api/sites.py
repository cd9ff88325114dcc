"""Sites for everybody: opening state, services, outlook, board, free slots."""

from __future__ import annotations

import re
from datetime import date

from flask import Response, request

from queue_server.actions.booking import bookable_visit
from queue_server.api.door import Parameter, answer, endpoint
from queue_server.domain.errors import BadRequest
from queue_server.domain.hours import local_day, next_opening, open_until
from queue_server.domain.site import Site
from queue_server.opening import days_of
from queue_server.queries.board import board
from queue_server.queries.calendar import slots
from queue_server.queries.outlook import outlook
from queue_server.queries.queue import queue
from queue_server.web.hall import hall
from queue_server.web.identity import require_clerk, who
from queue_server.web.models import BoardOut, OutlookOut, QueueOut, SiteOut, SitesOut, SlotsOut
from queue_server.web.wire import board_out, outlook_out, queue_out, site_out, slots_out

MOST_DAYS = 62
MOST_PERSONS = 20
SLOT_PARAMETERS = (
    Parameter("services", "service ids, separated by commas", {"type": "string"}, required=True),
    Parameter(
        "persons",
        "1 unless told",
        {"type": "integer", "minimum": 1, "maximum": MOST_PERSONS, "default": 1},
    ),
    Parameter("from", "local date; today unless told", {"type": "string", "format": "date"}),
    Parameter(
        "days",
        "14 unless told",
        {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": 14},
    ),
)


@endpoint("GET", "/sites", who="all", answers={200: SitesOut})
def sites() -> Response:
    """All sites with opening state and services."""
    found = [_site(site) for site in hall().settings.sites]
    return answer(SitesOut(sites=found), whole=True)


@endpoint("GET", "/sites/<site>", who="all", answers={200: SiteOut})
def one_site(site: str) -> Response:
    """One site with opening state and services."""
    return answer(_site(hall().site(site)), whole=True)


@endpoint("GET", "/sites/<site>/outlook", who="all", answers={200: OutlookOut})
def site_outlook(site: str) -> Response:
    """Whether one may come now, how many wait, and the range for each service."""
    house = hall()
    place, now = house.site(site), house.now()
    told = house.forecasts.of(place)
    with house.store.snapshot() as snapshot:
        found = outlook(snapshot, place, now, told)
    return answer(outlook_out(place, found, now), whole=True)


@endpoint("GET", "/sites/<site>/board", who="all", answers={200: BoardOut})
def site_board(site: str) -> Response:
    """The board: standing calls, newest first, and the next numbers."""
    house = hall()
    place = house.site(site)
    with house.store.snapshot() as snapshot:
        return answer(board_out(place, board(snapshot, place, house.now())))


@endpoint(
    "GET",
    "/sites/<site>/queue",
    who="clerk",
    answers={200: QueueOut},
)
def site_queue(site: str) -> Response:
    """The queue in calling order with reasons; called, parked, no-shows, counters."""
    house = hall()
    place = house.site(site)
    require_clerk(place)
    with house.store.snapshot() as snapshot:
        return answer(queue_out(place, queue(snapshot, place, house.now())))


@endpoint(
    "GET",
    "/sites/<site>/slots",
    who="all",
    answers={200: SlotsOut},
    refusals=("unknown_service", "too_many_persons", "not_bookable"),
    parameters=SLOT_PARAMETERS,
)
def site_slots(site: str) -> Response:
    """Free start times; a clerk of the site sees more of them."""
    house = hall()
    place = house.site(site)
    asker = who().clerk
    for_clerk = asker is not None and asker.site == place.id
    services, persons = _services(), _whole_number("persons", 1, MOST_PERSONS)
    first, days = _day(place), _whole_number("days", 14, MOST_DAYS)
    if not for_clerk:
        bookable_visit(place, services, persons)
    with house.store.snapshot() as snapshot:
        found = slots(
            snapshot, place, services, persons, first, days, house.now(), for_clerk=for_clerk
        )
    return answer(slots_out(place, found))


def _site(site: Site) -> SiteOut:
    house = hall()
    now = house.now()
    with house.store.snapshot() as snapshot:
        days = days_of(snapshot, site)
    return site_out(site, next_opening(days, site.zone, now), open_until(days, site.zone, now))


def _services() -> tuple[str, ...]:
    wanted = tuple(id for id in request.args.get("services", "").split(",") if id)
    if not wanted:
        raise BadRequest(errors=[("services", "missing", "")])
    return wanted


def _whole_number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= most:
        raise BadRequest(errors=[(name, "range", f"1 bis {most}")])
    return int(text)


def _day(site: Site) -> date:
    text = request.args.get("from")
    if not text:
        return local_day(hall().now(), site.zone)
    try:
        if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(errors=[("from", "date", "20JJ-MM-TT")]) from None
