"""The figures of past days: the last one at a glance, any period by hour, day, service, counter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain.hours import day_start, local_day
from queue_server.history.forecast_accuracy import Accuracy, accuracy
from queue_server.history.forgotten import Forgotten, forgotten
from queue_server.history.groups import names_of
from queue_server.history.refused_draws import RefusedDraws, refused_draws
from queue_server.history.statistics import (
    By,
    Statistics,
    appointment_counts,
    past_days,
    reckoned,
    statistics,
)
from queue_server.history.visits import Period
from queue_server.history.week import Week, week
from queue_server.languages import words
from queue_server.office.appointment_list import OUTCOME_WORDS, appointments_url
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.compared import ComparedRow, compared
from queue_server.office.figure_charts import WEEKDAYS, FigureCharts, figure_charts, row_label
from queue_server.office.periods import (
    asked_by,
    asked_period,
    earlier_period,
    groups_for,
    shown_fields,
    usual_spans,
    visits_url,
)
from queue_server.office.refused_draws import reason_words, refused_url
from queue_server.office.visit_list import FORECASTS, document_words
from queue_server.store import journal
from queue_server.store.database import Reader
from queue_server.store.identities import clerk_names


@dataclass(frozen=True, slots=True)
class FiguresShown:
    """A period as the page shows it; `compared` with an earlier one, when asked for."""

    found: Statistics
    forecasts: Accuracy
    drawn: FigureCharts | None
    week: Week
    forgotten: Sequence[Forgotten]
    refused: RefusedDraws
    compared: Sequence[ComparedRow] = ()
    then: Period | None = None


@room.get("/office/figures")
def figures_page() -> AnyResponse:
    """The last day first, then the period asked for."""
    who = clerk_request()
    by = asked_by(who)
    period, errors = asked_period(who)
    then, wrong_then = earlier_period(period)
    # A year takes a second or two, which no call to a counter shall wait for.
    last, shown = who.context.pools.reports(lambda: _reckoned(who, period, then, by))
    errors = [*errors, *wrong_then]
    return page(
        who,
        "office/figures.html",
        422 if errors else 200,
        last_day=last,
        shown=shown,
        errors=errors,
        by=by,
        groups=groups_for(who),
        fields=shown_fields(period),
        spans=usual_spans(who.today, by),
        files=_files(who, period, by) if period else [],
        service_names=names_of(who.site, By.SERVICE),
        **_WORDS,
    )


# What the templates say it with.
_WORDS: Mapping[str, Any] = {
    "label": row_label,
    "weekdays": WEEKDAYS,
    "visits_url": visits_url,
    "document_words": document_words,
    "forecast_names": FORECASTS,
    "outcome_words": OUTCOME_WORDS,
    "appointments_url": appointments_url,
    "reason_words": reason_words,
    "refused_url": refused_url,
}


def _reckoned(
    who: ClerkRequest, period: Period | None, then: Period | None, by: By
) -> tuple[LastDay | None, FiguresShown | None]:
    with who.store.snapshot() as snapshot:
        last = last_day(snapshot, who)
        shown = figures_shown(snapshot, who, period, by) if period else None
        if shown and then:
            shown = _beside(shown, figures_shown(snapshot, who, then, by))
        return last, shown


def figures_shown(reader: Reader, who: ClerkRequest, period: Period, by: By) -> FiguresShown:
    """Everything that the page tells of a period."""
    since, until = period.since(who.site.zone), period.until(who.site.zone)
    past = past_days(reader, who.site.id, since, until)
    counts = appointment_counts(reader, who.site.id, since, until)
    clerks = {str(id): name for id, name in clerk_names(reader, who.site.id).items()}
    found = reckoned(past.visits, counts, who.site, period, by, clerks)
    return FiguresShown(
        found,
        past.accuracy,
        figure_charts(past.visits, who.site, found),
        week(past.visits, who.site),
        forgotten(past.visits, who.site),
        refused_draws(reader, who.site, period, by),
    )


def _beside(now: FiguresShown, then: FiguresShown) -> FiguresShown:
    rows = compared((now.found, now.forecasts), (then.found, then.forecasts))
    return replace(now, compared=rows, then=then.found.period)


def _files(who: ClerkRequest, period: Period, by: By) -> list[tuple[str, str]]:
    """Names and addresses of the same figures as files."""
    asked: dict[str, Any] = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    asked["by"] = by.value
    csv = url_for("api.statistics_site_statistics", site=who.site.id, format="csv", **asked)
    more = {
        format: url_for("office.figures_file", format=format, **asked)
        for format in ("pdf", "xlsx", "ods", "sqlite")
    }
    return [
        ("Monatsbericht (PDF)", more["pdf"]),
        ("Als CSV-Datei", csv),
        ("Als Excel-Datei", more["xlsx"]),
        ("Als ODS-Datei", more["ods"]),
        ("Als SQLite-Datei", more["sqlite"]),
    ]


@dataclass(frozen=True, slots=True)
class LastDay:
    """`name` is `Gestern`, or that day: after a weekend, nobody asks about Sunday."""

    name: str
    period: Period
    found: Statistics
    forecasts: Accuracy


def last_day(reader: Reader, who: ClerkRequest) -> LastDay | None:
    """The last day before today on which anybody came; None when nobody ever did."""
    last = journal.last_arrival(reader, who.site.id, day_start(who.now, who.site.zone))
    if last is None:
        return None
    day = local_day(last, who.site.zone)
    period = Period(day, day)
    name = "Gestern" if day == who.today - timedelta(days=1) else words.date_words(day)
    found = statistics(reader, who.site, period, By.HOUR)
    since, until = period.since(who.site.zone), period.until(who.site.zone)
    return LastDay(name, period, found, accuracy(reader, who.site, since, until))
