"""The figures of past days: how many came, how long they waited, walked and were served.

All of them come from the journal alone (`queries/visits.py`) and can be reckoned again at any
time. What each figure means stands beside it on the office's page and in the API's document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from queue_server.domain.moments import milliseconds
from queue_server.domain.site import Site
from queue_server.queries.visits import CANCELLED, NO_SHOW, OPEN, SERVED, Period, Visit, visits
from queue_server.simulation.figures import (
    BOOKED_LIMITS,
    WALK_IN_LIMITS,
    shares_within,
    spread,
)
from queue_server.simulation.figures import Spread as Spread
from queue_server.store.database import Reader


class By(StrEnum):
    """What rows stand for: an hour of the clock, a local day, a service, a counter."""

    HOUR = "hour"
    DAY = "day"
    SERVICE = "service"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Figures:
    """Tickets issued and what became of them; `open` have not ended. Minutes in the spreads."""

    issued: int
    served: int
    no_show: int
    cancelled: int
    open: int
    wait: Spread
    walking: Spread
    service: Spread


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """`key` is an hour (`08:00`), an ISO date or an id; empty for tickets never called."""

    key: str
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Those with, or without, an appointment: waiting, and the share (0 to 1) called within
    so many minutes; None when nobody was called."""

    issued: int
    wait: Spread
    within: Mapping[int, float | None]


@dataclass(frozen=True, slots=True)
class AppointmentCounts:
    """Different appointments to which it happened in the period, whenever their time is.

    `booked` by a clerk or by a form sent off; `confirmed` by a clerk or by the link in the
    e-mail; `cancelled` only of those booked; `expired` were never confirmed.
    """

    booked: int
    confirmed: int
    checked_in: int
    missed: int
    cancelled: int
    expired: int


@dataclass(frozen=True, slots=True)
class Statistics:
    period: Period
    by: By
    rows: Sequence[FiguresRow]
    total: Figures
    booked: KindFigures
    walk_ins: KindFigures
    appointments: AppointmentCounts


def statistics(reader: Reader, site: Site, period: Period, by: By) -> Statistics:
    """The figures of these days, grouped."""
    since, until = period.since(site.zone), period.until(site.zone)
    counts = appointment_counts(reader, site.id, since, until)
    return reckoned(visits(reader, site.id, since, until), counts, site, period, by)


def reckoned(
    some: Sequence[Visit], counts: AppointmentCounts, site: Site, period: Period, by: By
) -> Statistics:
    """The figures of the visits of a period, for somebody who has read them for more than this."""
    return Statistics(
        period=period,
        by=by,
        rows=rows_by(some, site, by),
        total=figures(some),
        booked=_kind([visit for visit in some if visit.is_booked], BOOKED_LIMITS),
        walk_ins=_kind([visit for visit in some if not visit.is_booked], WALK_IN_LIMITS),
        appointments=counts,
    )


def rows_by(found: Iterable[Visit], site: Site, by: By) -> list[FiguresRow]:
    """One row for each key that occurs: times ascending, the rest in the house's own order.

    The hour and the day are those of the clock on the wall when the ticket was issued, so the
    hour that the autumn night has twice is one. The service is the first one that somebody came
    for, the counter the last one that called.
    """
    key_of = _keys(site, by)
    groups: dict[str, list[Visit]] = {}
    for visit in found:
        groups.setdefault(key_of(visit), []).append(visit)
    names = _names(site, by)
    order = {key: place for place, key in enumerate(names)}
    # What config.toml no longer knows comes after the rest, and those never called last.
    ranked = sorted(groups, key=lambda key: (not key, order.get(key, len(order)), key))
    return [FiguresRow(key, names.get(key, key), figures(groups[key])) for key in ranked]


def figures(some: Sequence[Visit]) -> Figures:
    """The figures of these visits."""
    ends = [visit.end for visit in some]
    return Figures(
        issued=len(ends),
        served=ends.count(SERVED),
        no_show=ends.count(NO_SHOW),
        cancelled=ends.count(CANCELLED),
        open=ends.count(OPEN),
        wait=_spread(visit.wait_minutes for visit in some),
        walking=_spread(visit.walking_minutes for visit in some),
        service=_spread(visit.service_minutes for visit in some),
    )


def appointment_counts(
    reader: Reader, site: str, since: datetime, until: datetime
) -> AppointmentCounts:
    """What happened to appointments in this time."""
    span = {"site": site, "since": milliseconds(since), "until": milliseconds(until)}
    count = {row["name"]: row["found"] for row in reader.rows(_HAPPENED, span)}
    cancelled = reader.row(_CANCELLED, span)
    by_clerk = count.get("AppointmentBooked", 0)
    return AppointmentCounts(
        booked=by_clerk + count.get("AppointmentPreconfirmed", 0),
        confirmed=by_clerk + count.get("AppointmentConfirmed", 0),
        checked_in=count.get("AppointmentCheckedIn", 0),
        missed=count.get("AppointmentMissed", 0),
        cancelled=cancelled["found"] if cancelled else 0,
        expired=count.get("AppointmentExpired", 0),
    )


_HAPPENED = """SELECT name, COUNT(DISTINCT appointment) AS found FROM journal
    WHERE site = :site AND at >= :since AND at < :until
      AND name IN ('AppointmentBooked', 'AppointmentPreconfirmed', 'AppointmentConfirmed',
                   'AppointmentCheckedIn', 'AppointmentMissed', 'AppointmentExpired')
    GROUP BY name"""
# A time that was only chosen in the calendar was no appointment yet.
_CANCELLED = """SELECT COUNT(DISTINCT gone.appointment) AS found FROM journal AS gone
    WHERE gone.site = :site AND gone.name = 'AppointmentCancelled'
      AND gone.at >= :since AND gone.at < :until
      AND EXISTS (SELECT 1 FROM journal AS made
                  WHERE made.appointment = gone.appointment
                    AND made.name IN ('AppointmentBooked', 'AppointmentPreconfirmed'))"""


def _kind(some: Sequence[Visit], limits: Iterable[int]) -> KindFigures:
    waits = [wait for visit in some if (wait := visit.wait_minutes) is not None]
    return KindFigures(len(some), spread(waits), shares_within(waits, limits))


def _spread(minutes: Iterable[float | None]) -> Spread:
    return spread([each for each in minutes if each is not None])


def _keys(site: Site, by: By) -> Callable[[Visit], str]:
    def local(visit: Visit) -> datetime:
        return datetime.fromtimestamp(visit.issued_at / 1000, site.zone)

    return {
        By.HOUR: lambda visit: f"{local(visit).hour:02d}:00",
        By.DAY: lambda visit: local(visit).date().isoformat(),
        By.SERVICE: lambda visit: visit.service,
        By.COUNTER: lambda visit: visit.counter,
    }[by]


def _names(site: Site, by: By) -> Mapping[str, str]:
    """What has a name of its own, in the order of config.toml."""
    if by is By.SERVICE:
        return {service.id: service.name for service in site.services}
    if by is By.COUNTER:
        return {counter.id: counter.name for counter in site.counters}
    return {}
