"""Sites for everybody: opening state, services, outlook, board, free slots."""

from __future__ import annotations

from flask import Response, request

from queue_server.actions.booking import bookable_visit
from queue_server.api.blueprint import Asked, Parameter, answer, endpoint
from queue_server.domain.errors import BadRequest
from queue_server.domain.hours import local_day, next_opening, open_until
from queue_server.domain.site import Site
from queue_server.opening import days_of
from queue_server.queries.board import board
from queue_server.queries.outlook import outlook
from queue_server.queries.queue import queue
from queue_server.web.calendars import CalendarVisit
from queue_server.web.forms import day_or_none, whole
from queue_server.web.identity import client, who
from queue_server.web.models import BoardOut, OutlookOut, QueueOut, SiteOut, SitesOut, SlotsOut
from queue_server.web.serializers import board_out, outlook_out, queue_out, site_out

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
def sites(asked: Asked) -> Response:
    """All sites with opening state and services."""
    found = [_site(asked, site) for site in asked.context.settings.sites]
    return answer(SitesOut(sites=found), whole=True)


@endpoint("GET", "/sites/<site>", who="all", answers={200: SiteOut})
def one_site(asked: Asked) -> Response:
    """One site with opening state and services."""
    return answer(_site(asked, asked.site), whole=True)


@endpoint("GET", "/sites/<site>/outlook", who="all", answers={200: OutlookOut})
def site_outlook(asked: Asked) -> Response:
    """Whether one may come now, how many wait, and the range for each service."""
    told = asked.context.forecasts.of(asked.site)
    with asked.store.snapshot() as snapshot:
        found = outlook(snapshot, asked.site, asked.now, told)
    return answer(outlook_out(asked.site, found, asked.now), whole=True)


@endpoint("GET", "/sites/<site>/board", who="all", answers={200: BoardOut})
def site_board(asked: Asked) -> Response:
    """The board: standing calls, newest first, and the next numbers."""
    with asked.store.snapshot() as snapshot:
        return answer(
            board_out(asked.site, board(snapshot, asked.site, asked.now, asked.context.orders))
        )


@endpoint("GET", "/sites/<site>/queue", who="clerk", answers={200: QueueOut})
def site_queue(asked: Asked) -> Response:
    """The queue in calling order with reasons; called, parked, no-shows, counters."""
    with asked.store.snapshot() as snapshot:
        return answer(
            queue_out(asked.site, queue(snapshot, asked.site, asked.now, asked.context.orders))
        )


@endpoint(
    "GET",
    "/sites/<site>/slots",
    who="all",
    answers={200: SlotsOut},
    refusals=("unknown_service", "too_many_persons", "not_bookable", "too_many_tries"),
    parameters=SLOT_PARAMETERS,
)
def site_slots(asked: Asked) -> Response:
    """Free start times; a clerk of the site sees more of them."""
    site, requester = asked.site, who().clerk
    for_clerk = requester is not None and requester.site == site.id
    services, persons = _services(), _whole_number("persons", 1, MOST_PERSONS)
    first = day_or_none("from", request.args.get("from", "")) or local_day(asked.now, site.zone)
    days = _whole_number("days", 14, MOST_DAYS)
    if not for_clerk:
        bookable_visit(site, services, persons)
    visit = CalendarVisit(site, services, persons, for_clerk)
    found = asked.context.calendars.texts(visit, first, days, client(), asked.now)
    # A calendar is a quarter of a megabyte of times, each written when its day was computed.
    return Response(f'{{"slots":[{",".join(found)}]}}', mimetype="application/json")


def _site(asked: Asked, site: Site) -> SiteOut:
    with asked.store.snapshot() as snapshot:
        days, now = days_of(snapshot, site), asked.now
    return site_out(site, next_opening(days, site.zone, now), open_until(days, site.zone, now))


def _services() -> tuple[str, ...]:
    # Also one after the other, as forms and many programs write a list: services=a&services=b.
    named = ",".join(request.args.getlist("services"))
    wanted = tuple(id for id in named.split(",") if id)
    if not wanted:
        raise BadRequest(errors=[("services", "missing", "")])
    return wanted


def _whole_number(name: str, default: int, most: int) -> int:
    found = whole(request.args.get(name, str(default)), 4)
    if not found or found > most:
        raise BadRequest(errors=[(name, "range", f"1..{most}")])
    return found
