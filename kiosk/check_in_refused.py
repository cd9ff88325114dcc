"""Checking in was refused: why, as it is with this appointment, and what the person can do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from flask import g

from kiosk import offer
from kiosk.blueprint import KioskRequest, show, when
from kiosk.next_free import NextFree, next_free
from queue_server.domain.appointment import Appointment, has_expired
from queue_server.domain.errors import (
    Cancelled,
    NotConfirmed,
    OtherDay,
    OtherSite,
    Refused,
    TooEarly,
)
from queue_server.domain.site import Site
from queue_server.domain.waiting import Range
from queue_server.forecast.forecast import Forecast
from queue_server.languages import words
from queue_server.store import appointments
from queue_server.store.database import Reader
from queue_server.web import refusals
from queue_server.web.app_context import app_context
from queue_server.web.language import current

REFUSALS = (TooEarly, OtherSite, OtherDay, NotConfirmed, Cancelled)
# The appointment is none any more: a number now or another appointment is all there is.
OVER = frozenset({"cancelled", "expired", "missed"})
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """`case` is the refusal's code, or `expired` or `missed` where that says more.

    Times are in words. `elsewhere` is the site of the appointment when it is another one.
    `may_draw` says whether a number for the same visit is given out here now; `sooner` is how long
    that would take when it is quicker than to wait for the appointment.
    """

    case: str
    title: str
    appointment: Appointment
    due: str
    is_past: bool
    opens: str
    opens_in: str
    elsewhere: Site | None
    is_issuing: bool
    may_draw: bool
    sooner: Range | None
    booking: NextFree | None


def page(asked: KioskRequest, refusal: Refused) -> str:
    """The page for one of `REFUSALS` of the Termincode that was shown just now."""
    now, told = app_context().now(), app_context().forecasts.of(asked.site)
    with app_context().store.snapshot() as snapshot:
        appointment = appointments.by_code(snapshot, g.termincode)
        # Codes are never forgotten: a refusal that names a state has found the appointment.
        assert appointment is not None
        way_on = _way_on(snapshot, asked.site, appointment, refusal, told, now)
    return show("turned_away", asked, away=_told(asked, appointment, refusal, way_on, now))


def _told(
    asked: KioskRequest,
    appointment: Appointment,
    refusal: Refused,
    way_on: dict[str, Any],
    now: datetime,
) -> TurnedAway:
    case = _case(refusal, appointment, now)
    opens, opens_in = _opening(asked, refusal, now)
    needs_another = case in OVER or (case == "not_confirmed" and not way_on["may_draw"])
    return TurnedAway(
        case=case,
        title=refusals.title("cancelled" if case in OVER else case, current()),
        appointment=appointment,
        due=when(appointment.start_at, asked.site.zone, now),
        is_past=appointment.start_at < now,
        opens=opens,
        opens_in=opens_in,
        elsewhere=_elsewhere(asked, appointment),
        booking=_booking(asked, appointment) if needs_another else None,
        **way_on,
    )


def _case(refusal: Refused, appointment: Appointment, now: datetime) -> str:
    if isinstance(refusal, Cancelled):
        return str(refusal.facts["state"])
    if isinstance(refusal, OtherDay) and appointment.start_at < now:
        return "missed"
    # Whoever tidies up comes once a minute.
    if isinstance(refusal, NotConfirmed) and has_expired(appointment, now):
        return "expired"
    return refusal.code


def _opening(asked: KioskRequest, refusal: Refused, now: datetime) -> tuple[str, str]:
    """When check-in opens, and how long that is from now."""
    opens_at = refusal.facts.get("opens_at")
    if not isinstance(opens_at, datetime):
        return "", ""
    minutes = ceil((opens_at - now) / MINUTE)
    return words.clock(opens_at, asked.site.zone, current()), words.minutes(minutes, current())


def _way_on(
    reader: Reader,
    site: Site,
    appointment: Appointment,
    refusal: Refused,
    told: Forecast,
    now: datetime,
) -> dict[str, Any]:
    """What a number without the appointment would mean here and now."""
    is_here = appointment.site == site.id
    may_draw = is_here and offer.may_draw(
        reader, site, appointment.services, appointment.persons, now
    )
    is_early = isinstance(refusal, TooEarly)
    return {
        "is_issuing": offer.why_not_issuing(reader, site, now) is None,
        "may_draw": may_draw,
        "sooner": _sooner(told, appointment, now) if may_draw and is_early else None,
    }


def _sooner(told: Forecast, appointment: Appointment, now: datetime) -> Range | None:
    """The wait for a number, when even the longest of it ends before the appointment."""
    known = [told.newcomers.get(service) for service in appointment.services]
    waits = [wait for wait in known if wait is not None]
    if not waits or len(waits) < len(appointment.services):
        return None
    longest = max(waits, key=lambda wait: wait.high_minutes)
    return longest if now + longest.high_minutes * MINUTE < appointment.start_at else None


def _elsewhere(asked: KioskRequest, appointment: Appointment) -> Site | None:
    sites = {site.id: site for site in app_context().settings.sites}
    return sites.get(appointment.site) if appointment.site != asked.site.id else None


def _booking(asked: KioskRequest, appointment: Appointment) -> NextFree | None:
    """A new appointment for the same visit, unless this site does not offer it any more."""
    try:
        return next_free(asked, appointment.services, appointment.persons)
    except Refused:
        return None
