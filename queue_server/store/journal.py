"""Reading the journal: the board's version, the audit trail, the source of every figure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from queue_server.domain.events import Event, event_from
from queue_server.store.database import Reader, Row, milliseconds

PAGE = 1000


def version(reader: Reader, site: str) -> int:
    """The seq of the site's newest event; every message about the site carries it."""
    row = reader.row("SELECT MAX(seq) AS seq FROM journal WHERE site = :site", {"site": site})
    return (row["seq"] if row else None) or 0


def events(reader: Reader, site: str, *, after: int = 0) -> Iterator[Event]:
    """The site's events in order, read page by page."""
    while rows := _page(reader, site, after):
        for row in rows:
            yield event_from(row["name"], row, json.loads(row["data"]))
        after = rows[-1]["seq"]


def count_since(reader: Reader, site: str, names: Iterable[str], since: datetime) -> dict[str, int]:
    """How often each of these events happened since then."""
    return {name: _count(reader, site, name, since) for name in names}


def count_of(reader: Reader, appointment: int, names: Iterable[str]) -> int:
    """How often these events happened to an appointment."""
    wanted = set(names)
    rows = reader.rows(
        "SELECT name FROM journal WHERE appointment = :appointment", {"appointment": appointment}
    )
    return sum(row["name"] in wanted for row in rows)


def was_booked(reader: Reader, appointment: int) -> bool:
    """Whether it was ever more than a request: booked at the desk, or confirmed."""
    return count_of(reader, appointment, ("AppointmentBooked", "AppointmentConfirmed")) > 0


def _count(reader: Reader, site: str, name: str, since: datetime) -> int:
    row = reader.row(
        """SELECT COUNT(*) AS found FROM journal
           WHERE site = :site AND name = :name AND at >= :since""",
        {"site": site, "name": name, "since": milliseconds(since)},
    )
    return row["found"] if row else 0


def _page(reader: Reader, site: str, after: int) -> list[Row]:
    return reader.rows(
        "SELECT * FROM journal WHERE site = :site AND seq > :after ORDER BY seq LIMIT :page",
        {"site": site, "after": after, "page": PAGE},
    )
