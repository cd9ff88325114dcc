"""Days that are unlike others, decided at the desk: closed, or open at other hours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from queue_server.domain.hours import Span, SpecialDay
from queue_server.store.database import Reader, Row, Transaction


def every(reader: Reader, site: str) -> list[SpecialDay]:
    """All of them, earliest first."""
    rows = reader.rows("SELECT * FROM special_days WHERE site = :site ORDER BY day", {"site": site})
    return [_from_row(row) for row in rows]


def put(tx: Transaction, site: str, day: date, spans: Sequence[Span], notice: str) -> None:
    """Decide about a day; the newest decision counts."""
    tx.write(
        """INSERT INTO special_days (site, day, spans, notice)
           VALUES (:site, :day, :spans, :notice)
           ON CONFLICT (site, day)
           DO UPDATE SET spans = excluded.spans, notice = excluded.notice""",
        {
            "site": site,
            "day": day.isoformat(),
            "spans": json.dumps([(span.start, span.end) for span in spans]),
            "notice": notice,
        },
    )


def remove(tx: Transaction, site: str, day: date) -> int:
    """The day is like others again; returns how many decisions fell away."""
    return tx.write(
        "DELETE FROM special_days WHERE site = :site AND day = :day",
        {"site": site, "day": day.isoformat()},
    )


def _from_row(row: Row) -> SpecialDay:
    spans = tuple(Span(start, end) for start, end in json.loads(row["spans"]))
    return SpecialDay(date.fromisoformat(row["day"]), spans, row["notice"])
