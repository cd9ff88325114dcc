"""Reading the journal: the board's version, the audit trail, the source of every figure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from queue_server.domain.events import Event, ForecastGiven, event_from
from queue_server.store.database import Reader, Row, milliseconds

PAGE = 1000


def version(reader: Reader, site: str) -> int:
    """The seq of the site's newest event; every message about the site carries it."""
    row = reader.row("SELECT MAX(seq) AS seq FROM journal WHERE site = :site", {"site": site})
    return (row["seq"] if row else None) or 0


def moved(reader: Reader, site: str) -> int:
    """The seq of the newest event that moves anybody; what people are told moves nobody."""
    row = reader.row(
        """SELECT seq FROM journal WHERE site = :site AND name <> 'ForecastGiven'
           ORDER BY seq DESC LIMIT 1""",
        {"site": site},
    )
    return row["seq"] if row else 0


def told(reader: Reader, ticket: int) -> ForecastGiven | None:
    """The forecast that the holder of a ticket was given."""
    row = reader.row(
        """SELECT * FROM journal WHERE ticket = :ticket AND name = 'ForecastGiven'
           ORDER BY seq DESC LIMIT 1""",
        {"ticket": ticket},
    )
    found = event_from(row["name"], row, json.loads(row["data"])) if row else None
    return found if isinstance(found, ForecastGiven) else None


def events(reader: Reader, site: str, *, after: int = 0) -> Iterator[Event]:
    """The site's events in order, read page by page."""
    return (event for _, event in numbered(reader, site, after=after))


def numbered(reader: Reader, site: str, *, after: int = 0) -> Iterator[tuple[int, Event]]:
    """The site's events in order with their seq."""
    while rows := _page(reader, site, after):
        for row in rows:
            yield row["seq"], event_from(row["name"], row, json.loads(row["data"]))
        after = rows[-1]["seq"]


def newest(reader: Reader, site: str, name: str, most: int) -> list[Event]:
    """The site's last `most` events of this name, newest first."""
    rows = reader.rows(
        """SELECT * FROM journal WHERE site = :site AND name = :name
           ORDER BY seq DESC LIMIT :most""",
        {"site": site, "name": name, "most": most},
    )
    return [event_from(row["name"], row, json.loads(row["data"])) for row in rows]


def last_of(reader: Reader, ticket: int, name: str) -> Event | None:
    """The last event of this name that happened to a ticket."""
    row = reader.row(
        """SELECT * FROM journal WHERE ticket = :ticket AND name = :name
           ORDER BY seq DESC LIMIT 1""",
        {"ticket": ticket, "name": name},
    )
    return event_from(row["name"], row, json.loads(row["data"])) if row else None


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
