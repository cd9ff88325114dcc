"""The printable report of a month: what it tells, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from queue_server.domain.site import Site
from queue_server.history.groups import By, names_of
from queue_server.history.refused_draws import RefusedDraws
from queue_server.history.statistics import FiguresRow, rows_by
from queue_server.history.visits import PastVisit, Period
from queue_server.office.compared import compared
from queue_server.office.figure_charts import SHORT_DAYS, row_label
from queue_server.office.figures import FiguresShown
from queue_server.office.refused_draws import reason_words
from queue_server.office.visit_list import document_words
from queue_server.web.wording import decimal, percent

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
    "Oktober", "November", "Dezember",
)  # fmt: skip
# The report shows what is most frequent, the page all of it.
MOST_FORGOTTEN = 8
# As many columns as the tables of figures have, with the one for all.
MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of words under its title; the first column is the widest."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class MonthReport:
    """What is printed. `tiles` are figures with their names, `days` visits by day of the month."""

    site: str
    month: str
    tiles: Sequence[tuple[str, str]]
    days: Sequence[tuple[str, int]]
    tables: Sequence[ReportTable]


def month_of(day: date) -> Period:
    """The month around a day."""
    first = day.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(first, after - timedelta(days=1))


def month_name(period: Period) -> str:
    return f"{MONTHS[period.first.month - 1]} {period.first.year}"


def month_report(
    now: FiguresShown,
    then: FiguresShown,
    some: Sequence[PastVisit],
    refused: RefusedDraws,
    site: Site,
) -> MonthReport:
    """The report of a month, beside the month before; `refused` are told apart by service."""
    period = now.found.period
    return MonthReport(
        site=site.name,
        month=month_name(period),
        tiles=_tiles(now),
        days=_days(rows_by(some, site, By.DAY), period),
        tables=[
            _beside(now, then),
            *(_figures(some, site, by, title) for by, title in GROUPED),
            _refused(refused),
            _forgotten(now, site),
        ],
    )


# -- inside --------------------------------------------------------------------------------------

GROUPED = (
    (By.SERVICE, "Anliegen"),
    (By.WEEKDAY, "Wochentage"),
    (By.HOUR, "Stunden"),
    (By.COUNTER, "Schalter"),
)
COLUMNS = (
    "Besuche", "nicht erschienen", "Wartezeit Mittel", "Wartezeit 90\u00a0%", "Bearbeitung Mittel",
)  # fmt: skip


def _tiles(shown: FiguresShown) -> list[tuple[str, str]]:
    found, total = shown.found, shown.found.total
    wait = f"{decimal(total.wait.p90)} min" if total.wait.count else "–"
    return [
        (str(total.issued), "Besuche"),
        (wait, "Neun von zehn warteten höchstens"),
        (percent(found.booked.within[10]), "mit Termin binnen 10 min aufgerufen"),
        (percent(shown.forecasts.share), "Vorhersagen, die zutrafen"),
    ]


def _days(rows: Sequence[FiguresRow], period: Period) -> list[tuple[str, int]]:
    """Every day of the month, also those on which nobody came."""
    found = {row.key: row.figures.issued for row in rows}
    days = [period.first + timedelta(days=number) for number in range(period.days)]
    return [
        (f"{SHORT_DAYS[day.weekday()]} {day.day}.", found.get(day.isoformat(), 0)) for day in days
    ]


def _beside(now: FiguresShown, then: FiguresShown) -> ReportTable:
    rows = compared((now.found, now.forecasts), (then.found, then.forecasts))
    head = ("", month_name(now.found.period), month_name(then.found.period), "Unterschied")
    return ReportTable(
        "Auf einen Blick", head, [(row.label, row.now, row.then, row.change) for row in rows]
    )


def _figures(some: Sequence[PastVisit], site: Site, by: By, title: str) -> ReportTable:
    rows = [(row_label(by, row.key, row.name), *_cells(row)) for row in rows_by(some, site, by)]
    return ReportTable(title, ("", *COLUMNS), rows)


def _cells(row: FiguresRow) -> tuple[str, ...]:
    figures = row.figures
    wait, service = figures.wait, figures.service
    return (
        str(figures.issued),
        str(figures.no_show),
        decimal(wait.mean) if wait.count else "–",
        decimal(wait.p90) if wait.count else "–",
        decimal(service.mean) if service.count else "–",
    )


def _refused(found: RefusedDraws) -> ReportTable:
    """For what and why; the most frequent reasons have their own columns."""
    reasons = list(found.reasons)[:MOST_REASONS]
    rows = [
        (row.name, str(row.count), *(str(row.reasons.get(reason, 0)) for reason in reasons))
        for row in found.rows
    ]
    total = ("Zusammen", str(found.count), *(str(found.reasons[reason]) for reason in reasons))
    return ReportTable(
        "Keine Nummer bekommen",
        ("", "alle", *map(reason_words, reasons)),
        [*rows, total] if rows else [],
    )


def _forgotten(shown: FiguresShown, site: Site) -> ReportTable:
    names = names_of(site, By.SERVICE)
    most = sorted(shown.forgotten, key=lambda one: -one.count)[:MOST_FORGOTTEN]
    rows = [
        (
            f"{document_words(one.document)} ({names.get(one.service, one.service)})",
            str(one.count),
            percent(one.share),
        )
        for one in most
    ]
    return ReportTable("Was Besucherinnen und Besucher vergessen", ("", "Besuche", "Anteil"), rows)
