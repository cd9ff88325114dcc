"""The check-in terminal where people arrive: draw a number, or check in with a Termincode.

Every page is plain HTML with real links and forms; the scripts beside it only make it faster and
keep it standing when the line is cut.
"""

from __future__ import annotations

from datetime import date

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from kiosk import bookings, check_ins, next_free, offer, refusals, tickets
from kiosk.door import Here, here, room
from kiosk.show import show, spoken
from queue_server.actions import arrivals
from queue_server.domain.errors import BadRequest
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.languages.feasts import holiday_name
from queue_server.opening import notice_of
from queue_server.queries.outlook import outlook
from queue_server.store.database import Reader
from queue_server.web.hall import hall
from queue_server.web.identity import client

__all__ = ["bookings", "check_ins", "next_free", "room", "tickets"]

LONGEST_KEY = 100
refusals.install(room)


@room.get("/kiosk/<kiosk>")
def home(kiosk: str) -> str:
    """The first page: check in, or choose what you come for."""
    place = here(kiosk)
    now, told = hall().now(), hall().forecasts.of(place.site)
    with hall().store.snapshot() as snapshot:
        groups = offer.groups(snapshot, place.site, now)
        today = outlook(snapshot, place.site, now, told)
        closed = offer.why_not_issuing(snapshot, place.site, now)
        notice = _notice(snapshot, place.site, local_day(now, place.site.zone))
    return show(
        "home",
        place,
        groups=groups,
        outlook=today,
        needs_groups=offer.needs_groups(place.site),
        notice=notice,
        refusal=spoken(place, closed),
        closed=closed.facts["why"] if closed else "",
        booking=next_free.anything(place) if closed else None,
    )


@room.get("/kiosk/<kiosk>/groups/<letter>")
def group(kiosk: str, letter: str) -> str:
    """The services of a group: one touch draws the number."""
    place = here(kiosk)
    now, told = hall().now(), hall().forecasts.of(place.site)
    with hall().store.snapshot() as snapshot:
        found = offer.group(snapshot, place.site, letter, now)
        wait = offer.usual_wait(outlook(snapshot, place.site, now, told), found.offered)
        closed = offer.why_not_issuing(snapshot, place.site, now)
    return show(
        "group",
        place,
        group=found,
        wait=wait,
        refusal=spoken(place, closed),
    )


@room.get("/kiosk/<kiosk>/several")
def several(kiosk: str) -> str:
    """Several concerns or several persons in one visit."""
    return refusals.several_page(here(kiosk))


@room.post("/kiosk/<kiosk>/tickets")
def draw(kiosk: str) -> AnyResponse:
    """Draw a number. The page's own key makes a double touch one ticket."""
    place = here(kiosk)
    house = hall()
    house.throttle.check("ticket", client(), house.now())
    arrival = arrivals.draw_ticket(
        house.store,
        place.site,
        tuple(request.form.getlist("services")),
        persons=offer.persons(request.form),
        key=_key(place),
        now=house.now(),
    )
    house.throttle.count("ticket", client(), house.now())
    if arrival.is_new:
        house.forecasts.tell(place.site, arrival.ticket)
    return tickets.to_ticket(place, arrival.ticket)


def _key(place: Here) -> str | None:
    key = request.form.get("key", "")
    if len(key) > LONGEST_KEY:
        raise BadRequest(errors=[("key", "length", "")])
    return f"{place.kiosk.id}:{key}" if key else None


def _notice(reader: Reader, site: Site, day: date) -> str:
    """What the office says about today; on a public holiday its name."""
    feast = holiday_name(day, site.land)
    return notice_of(reader, site, day) or (str(feast) if feast else "")
