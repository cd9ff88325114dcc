"""The figures of past days as the API sends them: the models, and how they are filled."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from queue_server.queries.statistics import (
    Figures,
    FiguresRow,
    KindFigures,
    Spread,
    Statistics,
)


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
    """`key` is an hour of issue (`08:00`), a local day, the id of the first service or of the
    counter that called last; empty for tickets that were never called."""

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


def statistics_out(found: Statistics) -> StatisticsOut:
    return StatisticsOut(
        since=found.period.first,
        until=found.period.last,
        by=found.by,
        rows=[_row_out(row) for row in found.rows],
        total=FiguresOut.model_validate(asdict(found.total)),
        appointment=_kind_out(found.booked),
        walk_in=_kind_out(found.walk_ins),
        appointments=AppointmentCountsOut(**asdict(found.appointments)),
    )


# -- as a table ----------------------------------------------------------------------------------

SPREADS = ("wait", "walking", "service")
MARKS = ("count", "mean", "p50", "p90", "p95", "max")
COUNTS = ("issued", "served", "no_show", "cancelled", "open")
COLUMNS = (
    *("from", "to", "by", "key", "name"),
    *COUNTS,
    *(f"{name}_{mark}" for name in SPREADS for mark in MARKS),
)


def table(found: Statistics) -> list[tuple[object, ...]]:
    """One line for each row, without a total, so that counts can be added up in a spreadsheet."""
    first, last = found.period.first.isoformat(), found.period.last.isoformat()
    return [
        (first, last, found.by.value, row.key, row.name, *_cells(row.figures)) for row in found.rows
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


def _kind_out(kind: KindFigures) -> KindFiguresOut:
    within = {str(limit): share for limit, share in kind.within.items()}
    return KindFiguresOut(issued=kind.issued, wait=SpreadOut(**asdict(kind.wait)), within=within)
