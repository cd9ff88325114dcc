"""How many got no number on past days, as JSON."""

from __future__ import annotations

from pydantic import BaseModel

from queue_server.history.refused_draws import RefusedDraws


class RefusedRowOut(BaseModel):
    """`key` and `name` as in the rows of figures; `reasons` are counts by reason."""

    key: str
    name: str
    count: int
    reasons: dict[str, int]


class RefusedOut(BaseModel):
    """Numbers asked for and not given, at most one a minute for each kiosk, clerk or program and
    service. Reasons are the `why` of `not_issuing`, or `numbers_used_up`. Rows by `by`: by service
    where counters or kinds are asked for.
    """

    count: int
    reasons: dict[str, int]
    by: str
    rows: list[RefusedRowOut]


def refused_out(refused: RefusedDraws) -> RefusedOut:
    rows = [
        RefusedRowOut(key=row.key, name=row.name, count=row.count, reasons=dict(row.reasons))
        for row in refused.rows
    ]
    return RefusedOut(
        count=refused.count, reasons=dict(refused.reasons), by=refused.by.value, rows=rows
    )
