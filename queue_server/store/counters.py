"""Which counters are open, for whom, with which services."""

from __future__ import annotations

import json
from datetime import datetime

from queue_server.domain import events as e
from queue_server.domain.counters import OpenCounter
from queue_server.store.database import (
    Connection,
    Reader,
    Row,
    milliseconds,
    moment,
    names_in,
)

_SELECT = """SELECT counter_sessions.*, clerks.name AS clerk_name
    FROM counter_sessions JOIN clerks ON clerks.id = counter_sessions.clerk"""


def _from_row(row: Row) -> OpenCounter:
    return OpenCounter(
        counter=row["counter"],
        site=row["site"],
        clerk=row["clerk"],
        clerk_name=row["clerk_name"],
        services=names_in(row["services"]),
        opened_at=moment(row["opened_at"]),
        seen_at=moment(row["seen_at"]),
    )


def session_at(reader: Reader, counter: str) -> OpenCounter | None:
    row = reader.row(_SELECT + " WHERE counter = :counter", {"counter": counter})
    return _from_row(row) if row else None


def session_of(reader: Reader, clerk: int) -> OpenCounter | None:
    """The counter that this clerk has open."""
    row = reader.row(_SELECT + " WHERE clerk = :clerk", {"clerk": clerk})
    return _from_row(row) if row else None


def open_at(reader: Reader, site: str) -> list[OpenCounter]:
    rows = reader.rows(_SELECT + " WHERE counter_sessions.site = :site", {"site": site})
    return [_from_row(row) for row in rows]


def sharing(reader: Reader, session: OpenCounter) -> int:
    """How many open counters of the site serve something that this one serves, itself included."""
    # Part of every call, so nothing is unpacked that need not be: most counters serve the same.
    rows = reader.rows(
        "SELECT services FROM counter_sessions WHERE site = :site", {"site": session.site}
    )
    same, mine = json.dumps(session.services), set(session.services)
    return sum(
        row["services"] == same or not mine.isdisjoint(names_in(row["services"])) for row in rows
    )


def not_seen_since(reader: Reader, site: str, before: datetime) -> list[OpenCounter]:
    rows = reader.rows(
        _SELECT + " WHERE counter_sessions.site = :site AND seen_at < :before",
        {"site": site, "before": milliseconds(before)},
    )
    return [_from_row(row) for row in rows]


def write_open(connection: Connection, event: e.CounterOpened) -> None:
    """Open the counter, or change the services of the clerk's own open counter."""
    connection.write(
        """INSERT INTO counter_sessions (counter, site, clerk, services, opened_at, seen_at)
           VALUES (:counter, :site, :clerk, :services, :now, :now)
           ON CONFLICT (counter) DO UPDATE SET services = excluded.services,
               seen_at = excluded.seen_at""",
        {
            "counter": event.counter,
            "site": event.site,
            "clerk": event.clerk,
            "services": json.dumps(event.services),
            "now": milliseconds(event.at),
        },
    )


def write_closed(connection: Connection, event: e.CounterClosed) -> None:
    """Close the counter."""
    connection.write(
        "DELETE FROM counter_sessions WHERE counter = :counter", {"counter": event.counter}
    )


def seen(tx: Connection, clerk: int, now: datetime) -> None:
    """The clerk gave a sign of life; the desk stays open."""
    tx.write(
        "UPDATE counter_sessions SET seen_at = :now WHERE clerk = :clerk",
        {"clerk": clerk, "now": milliseconds(now)},
    )


def all_seen(tx: Connection, site: str, now: datetime) -> None:
    """Everybody at an open counter of the site gave a sign of life."""
    tx.write(
        "UPDATE counter_sessions SET seen_at = :now WHERE site = :site",
        {"site": site, "now": milliseconds(now)},
    )
