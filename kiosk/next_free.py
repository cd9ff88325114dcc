"""For those who get no number: the next free appointment, to take here or book on the phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from markupsafe import Markup

from kiosk.blueprint import KioskRequest, date_and_time, kiosk_request, room, show, spoken
from queue_server.domain.site import Service
from queue_server.qr import qr_svg
from queue_server.queries.stops import issuing
from queue_server.web.app_context import app_context
from queue_server.web.calendars import CalendarVisit
from queue_server.web.identity import client


@dataclass(frozen=True, slots=True)
class NextFree:
    """`start` is in words, empty when none is free soon or no concern is known; then `start_at`
    is None. It is free for so many `persons`.

    `qr` holds the address where it can be booked and `address` is its readable part; both are
    empty while the office takes no online bookings.
    """

    services: tuple[Service, ...]
    start: str
    qr: Markup
    address: str
    start_at: datetime | None = None
    persons: int = 1


@room.get("/kiosk/<kiosk>/appointments/<service>")
def appointment(kiosk: str, service: str) -> str:
    """When the next appointment for a service is free, and how to book it."""
    asked = kiosk_request(kiosk)
    found = asked.site.service(service)
    with app_context().store.snapshot() as snapshot:
        given = issuing(snapshot, asked.site, app_context().now())
    return show(
        "appointment",
        asked,
        service=found,
        why=spoken(asked, given.refusal_for(found.id)),
        booking=next_free(asked, (found.id,)),
    )


def next_free(asked: KioskRequest, services: Sequence[str], persons: int = 1) -> NextFree | None:
    """The next free appointment for a visit; None when one of the services is not booked online.

    Raises `UnknownService`, `TooManyPersons`.
    """
    wanted = asked.site.checked_visit(tuple(services), persons)
    if not all(service.bookable for service in wanted):
        return None
    context = app_context()
    now = context.now()
    visit = CalendarVisit(asked.site, tuple(services), persons)
    slot = context.calendars.next_slot(visit, client(), now)
    start = date_and_time(slot.start_at, asked.site.zone, now) if slot else ""
    start_at = slot.start_at if slot else None
    return NextFree(wanted, start, *_way_there(asked, wanted, persons), start_at, persons)


def anything(asked: KioskRequest) -> NextFree | None:
    """Where all concerns of this site are booked; None where nothing is booked online."""
    if not any(service.bookable for service in asked.site.services):
        return None
    return NextFree((), "", *_way_there(asked, (), 1))


def _way_there(
    asked: KioskRequest, services: Sequence[Service], persons: int
) -> tuple[Markup, str]:
    """The QR code of the page where these services are booked, and an address to type."""
    settings = app_context().settings
    if not settings.mail.is_on:
        return Markup(), ""
    page = f"{settings.public_url}/termin"
    query = [("site", asked.site.id), *(("services", service.id) for service in services)]
    if persons > 1:
        query.append(("persons", str(persons)))
    code = app_context().pools.qr_codes(lambda: qr_svg(f"{page}?{urlencode(query)}"))
    return Markup(code), page.partition("://")[2]
