"""The figures of past days: how many came, how long they waited, walked and were served.

All of them come from the journal alone (`history/visits.py`) and can be computed again at any
time. What each figure means stands beside it on the office's page and in the API's document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.figures import (
    BOOKED_LIMITS,
    WALK_IN_LIMITS,
    Spread,
    WaitFigures,
    spread,
    wait_figures,
)
from queue_server.domain.site import Site
from queue_server.history import forecast_accuracy
from queue_server.history import visits as past_visits
from queue_server.history.forecast_accuracy import Accuracy, GivenForecast, forecasts_of, summed
from queue_server.history.groups import By as By
from queue_server.history.groups import keys, names_of, without_small
from queue_server.history.past_appointments import OUTCOMES
from queue_server.history.visits import (
    CANCELLED,
    NO_SHOW,
    OPEN,
    SERVED,
    PastVisit,
    Period,
    in_order,
    visit_of,
    visits,
)
from queue_server.store.appointment_events import count_met
from queue_server.store.database import Reader
from queue_server.store.lives import lives


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
    """`key` as `groups.keys` says; empty for tickets never called."""

    key: str
    name: str
    figures: Figures


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
    booked: WaitFigures
    walk_ins: WaitFigures
    appointments: AppointmentCounts


def statistics(reader: Reader, site: Site, period: Period, by: By) -> Statistics:
    """The figures of these days, grouped."""
    since, until = period.since(site.zone), period.until(site.zone)
    counts = appointment_counts(reader, site.id, since, until)
    return reckoned(visits(reader, site.id, since, until), counts, site, period, by)


def reckoned(
    some: Sequence[PastVisit],
    counts: AppointmentCounts,
    site: Site,
    period: Period,
    by: By,
    clerks: Mapping[str, str] | None = None,
) -> Statistics:
    """The figures of the visits of a period, for somebody who has read them for more than this.

    `clerks` are names by id, for rows of clerks.
    """
    return Statistics(
        period=period,
        by=by,
        rows=rows_by(some, site, by, clerks),
        total=figures(some),
        booked=_kind([visit for visit in some if visit.is_booked], BOOKED_LIMITS),
        walk_ins=_kind([visit for visit in some if not visit.is_booked], WALK_IN_LIMITS),
        appointments=counts,
    )


def rows_by(
    found: Iterable[PastVisit], site: Site, by: By, clerks: Mapping[str, str] | None = None
) -> list[FiguresRow]:
    """One row for each key that occurs: times ascending, the rest in the office's own order.

    Clerks with too few cases share a row.
    """
    key_of = keys(site, by)
    groups: dict[str, list[PastVisit]] = {}
    for visit in found:
        groups.setdefault(key_of(visit), []).append(visit)
    if by is By.CLERK:
        groups = without_small(groups)
    names = clerks or {} if by is By.CLERK else names_of(site, by)
    return [
        FiguresRow(key, names.get(key, key), figures(groups[key])) for key in ranked(groups, names)
    ]


def ranked(some: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """The keys of rows in the order in which they are shown."""
    order = {key: place for place, key in enumerate(names)}
    # What config.toml no longer knows comes after the rest, and those never called last.
    return sorted(some, key=lambda key: (not key, order.get(key, len(order)), key))


def figures(some: Sequence[PastVisit]) -> Figures:
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
    return AppointmentCounts(
        **{
            outcome: sum(count_met(reader, site, since, until, kind.__name__) for kind in kinds)
            for outcome, kinds in OUTCOMES.items()
        }
    )


def _kind(some: Sequence[PastVisit], limits: Iterable[int]) -> WaitFigures:
    waits = [wait for visit in some if (wait := visit.wait_minutes) is not None]
    return wait_figures(len(some), waits, limits)


def _spread(minutes: Iterable[float | None]) -> Spread:
    return spread([each for each in minutes if each is not None])


@dataclass(frozen=True, slots=True)
class PastDays:
    """The visits in the order of coming, and how often what their holders were told came true."""

    visits: list[PastVisit]
    accuracy: Accuracy


def past_days(reader: Reader, site: str, since: datetime, until: datetime) -> PastDays:
    """What came and was told in the half-open span."""
    found: list[PastVisit] = []
    told: list[GivenForecast] = []
    kinds = {*past_visits.KINDS, *forecast_accuracy.KINDS}
    for life in lives(reader, site, since, until, kinds):
        visit = visit_of(life)
        if visit is not None and since <= visit.issued_at < until:
            found.append(visit)
        told += forecasts_of(life, since, until)
    return PastDays(in_order(found), summed(told))
