"""The figures of past days, as JSON and as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from datetime import date

from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field

from queue_server.api.blueprint import Asked, Parameter, answer, endpoint
from queue_server.api.refused_draws import RefusedOut, refused_out
from queue_server.domain.errors import BadRequest
from queue_server.domain.figures import Spread, WaitFigures
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.history.groups import EVERY, names_of
from queue_server.history.refused_draws import RefusedDraws, refused_draws
from queue_server.history.statistics import (
    By,
    Figures,
    FiguresRow,
    Statistics,
    figures,
    ranked,
    statistics,
)
from queue_server.web.forms import MOST_DAYS, read_period


class SpreadOut(BaseModel):
    """Minutes over `count` people, with two decimals; all zeros when `count` is 0."""

    mean: float
    p50: float
    p90: float
    p95: float
    max: float
    count: int


class FiguresOut(BaseModel):
    """Tickets issued and what became of them: issued = served + no_show + cancelled + open.

    `wait` is from the arrival, with an appointment from the later of check-in and slot, to the
    first call that was not taken back; `walking` from the last call to the arrival at the counter;
    `service` all the time at counters.
    """

    issued: int
    served: int
    no_show: int
    cancelled: int
    open: int
    wait: SpreadOut
    walking: SpreadOut
    service: SpreadOut


class FiguresRowOut(FiguresOut):
    """`key` is an hour of issue (`08:00`), an ISO weekday (`1` is Monday), a local day, the id of
    the first service or of the counter that called last (empty for tickets that were never
    called), or `appointment` or `walk_in`."""

    key: str
    name: str


class KindFiguresOut(BaseModel):
    """`within` is the share (0 to 1) called within so many minutes; null when nobody was."""

    issued: int
    wait: SpreadOut
    within: dict[str, float | None]


class AppointmentCountsOut(BaseModel):
    """Different appointments to which it happened in the period, whenever their time is."""

    booked: int
    confirmed: int
    checked_in: int
    missed: int
    cancelled: int
    expired: int


class StatisticsOut(BaseModel):
    """Figures of whole local days from the journal, in minutes; hours of the clock on the wall."""

    model_config = ConfigDict(serialize_by_alias=True)

    since: date = Field(serialization_alias="from")
    until: date = Field(serialization_alias="to")
    by: str
    rows: list[FiguresRowOut]
    total: FiguresOut
    appointment: KindFiguresOut
    walk_in: KindFiguresOut
    appointments: AppointmentCountsOut
    refused: RefusedOut


def statistics_out(found: Statistics, refused: RefusedDraws) -> StatisticsOut:
    return StatisticsOut(
        since=found.period.first,
        until=found.period.last,
        by=found.by,
        rows=[_row_out(row) for row in found.rows],
        total=FiguresOut.model_validate(asdict(found.total)),
        appointment=_kind_out(found.booked),
        walk_in=_kind_out(found.walk_ins),
        appointments=AppointmentCountsOut(**asdict(found.appointments)),
        refused=refused_out(refused),
    )


# -- as a table ----------------------------------------------------------------------------------

SPREADS = ("wait", "walking", "service")
MARKS = ("count", "mean", "p50", "p90", "p95", "max")
COUNTS = ("issued", "served", "no_show", "cancelled", "open")
COLUMNS = (
    *("from", "to", "by", "key", "name"),
    *COUNTS,
    *(f"{name}_{mark}" for name in SPREADS for mark in MARKS),
    "refused",
)


def table(found: Statistics, refused: RefusedDraws, site: Site) -> list[tuple[object, ...]]:
    """One line for each row, without a total, so that counts can be added up in a spreadsheet.

    A row in which nobody got a number is one, too. Who was refused met no counter and has no kind:
    empty cells there.
    """
    first, last = found.period.first.isoformat(), found.period.last.isoformat()
    if refused.by is not found.by:
        return [
            (first, last, found.by.value, row.key, row.name, *_cells(row.figures), "")
            for row in found.rows
        ]
    came = {row.key: row.figures for row in found.rows}
    turned_away = {row.key: row.count for row in refused.rows}
    names = {row.key: row.name for row in refused.rows}
    names |= {row.key: row.name for row in found.rows}
    return [
        (
            *(first, last, found.by.value, key, names[key]),
            *_cells(came.get(key) or figures([])),
            turned_away.get(key, 0),
        )
        for key in ranked(names, names_of(site, found.by))
    ]


def _cells(figures: Figures) -> list[object]:
    spreads = [_marks(spread) for spread in (figures.wait, figures.walking, figures.service)]
    return [
        *(getattr(figures, name) for name in COUNTS),
        *(cell for one in spreads for cell in one),
    ]


def _marks(spread: Spread) -> list[object]:
    """Empty cells instead of zeros that nobody has waited."""
    return [spread.count, *(getattr(spread, mark) if spread.count else "" for mark in MARKS[1:])]


def _row_out(row: FiguresRow) -> FiguresRowOut:
    return FiguresRowOut.model_validate({"key": row.key, "name": row.name, **asdict(row.figures)})


def _kind_out(kind: WaitFigures) -> KindFiguresOut:
    within = {str(limit): share for limit, share in kind.within.items()}
    return KindFiguresOut(issued=kind.issued, wait=SpreadOut(**asdict(kind.wait)), within=within)


CSV = "text/csv"
# A spreadsheet takes what begins like this for a formula, even inside quotes.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"
PARAMETERS = (
    Parameter(
        "from",
        "first local day; six days before `to` unless told",
        {"type": "string", "format": "date"},
    ),
    Parameter(
        "to",
        f"last local day, at most {MOST_DAYS} days in all; yesterday unless told",
        {"type": "string", "format": "date"},
    ),
    Parameter(
        "by",
        "what a row stands for; `day` unless told",
        {"type": "string", "enum": [by.value for by in EVERY], "default": By.DAY.value},
    ),
    Parameter(
        "format",
        "`csv` as a file to download, whatever `Accept` says",
        {"type": "string", "enum": ["json", "csv"]},
    ),
)


@endpoint(
    "GET",
    "/sites/<site>/statistics",
    who="lead",
    answers={200: StatisticsOut},
    others=(CSV,),
    parameters=PARAMETERS,
)
def site_statistics(asked: Asked) -> Response:
    """How many came, waited, walked and were served on past days, from the journal alone."""
    site = asked.site
    by, form = _choice("by", By.DAY, [*EVERY]), _choice("format", "", ["", "json", "csv"])
    period = read_period(request.args, local_day(asked.now, site.zone))

    def reckon() -> tuple[Statistics, RefusedDraws]:
        with asked.store.snapshot() as snapshot:
            return (
                statistics(snapshot, site, period, By(by)),
                refused_draws(snapshot, site, period, By(by)),
            )

    # A year takes a second or two, which no call to a counter shall wait for.
    found, refused = asked.context.pools.reports(reckon)
    is_csv = form == "csv" or (not form and _prefers_csv())
    said = _csv(site, found, refused, is_file=form == "csv") if is_csv else _json(found, refused)
    said.vary.add("Accept")
    return said


def _json(found: Statistics, refused: RefusedDraws) -> Response:
    return answer(statistics_out(found, refused), whole=True)


def _choice(name: str, default: str, allowed: list[str]) -> str:
    text = request.args.get(name, default)
    if text not in allowed:
        raise BadRequest(errors=[(name, "unknown", "")])
    return text


def _prefers_csv() -> bool:
    return request.accept_mimetypes.best_match(["application/json", CSV]) == CSV


def _csv(site: Site, found: Statistics, refused: RefusedDraws, *, is_file: bool) -> Response:
    """RFC 4180: commas, points in numbers, a header line.

    A file for people begins with a byte order mark, by which spreadsheets know the umlauts;
    programs get none.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in line] for line in table(found, refused, site))
    body = (BYTE_ORDER_MARK if is_file else "") + text.getvalue()
    said = Response(body, content_type=f"{CSV}; charset=utf-8; header=present")
    if is_file:
        period = found.period
        name = f"aufruf-{site.id}-{found.by}-{period.first}-{period.last}.csv"
        said.headers.set("Content-Disposition", "attachment", filename=name)
    return said


def harmless(cell: object) -> object:
    """The cell, with an apostrophe before what a spreadsheet would execute."""
    is_formula = isinstance(cell, str) and cell.startswith(FORMULA)
    return f"'{cell}" if is_formula else cell
