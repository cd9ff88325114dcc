"""Which counters are open, for whom, with which services."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from queue_server.store.database import Reader, Row, Transaction, milliseconds, moment


@dataclass(frozen=True, slots=True)
class CounterSession:
    """An open counter. `services` are the ids it serves now; `seen_at` is the clerk's last sign."""

    counter: str
    site: str
    clerk: int
    clerk_name: str
    services: tuple[str, ...]
    opened_at: datetime
    seen_at: datetime

    @property
    def pool(self) -> str:
        """The same text for counters that serve the same: they are interchangeable."""
        return _pool(self.services)


@lru_cache(maxsize=256)
def _services(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@lru_cache(maxsize=256)
def _pool(services: tuple[str, ...]) -> str:
    return ",".join(sorted(services))


_SELECT = """SELECT counter_sessions.*, clerks.name AS clerk_name
    FROM counter_sessions JOIN clerks ON clerks.id = counter_sessions.clerk"""


def _from_row(row: Row) -> CounterSession:
    return CounterSession(
        counter=row["counter"],
        site=row["site"],
        clerk=row["clerk"],
        clerk_name=row["clerk_name"],
        services=_services(row["services"]),
        opened_at=moment(row["opened_at"]),
        seen_at=moment(row["seen_at"]),
    )


def session_at(reader: Reader, counter: str) -> CounterSession | None:
    row = reader.row(_SELECT + " WHERE counter = :counter", {"counter": counter})
    return _from_row(row) if row else None


def session_of(reader: Reader, clerk: int) -> CounterSession | None:
    """The counter that this clerk has open."""
    row = reader.row(_SELECT + " WHERE clerk = :clerk", {"clerk": clerk})
    return _from_row(row) if row else None


def open_at(reader: Reader, site: str) -> list[CounterSession]:
    rows = reader.rows(_SELECT + " WHERE counter_sessions.site = :site", {"site": site})
    return [_from_row(row) for row in rows]


def sharing(reader: Reader, session: CounterSession) -> int:
    """How many open counters of the site serve something that this one serves, itself included."""
    # Part of every call, so nothing is unpacked that need not be: most counters serve the same.
    rows = reader.rows(
        "SELECT services FROM counter_sessions WHERE site = :site", {"site": session.site}
    )
    same, mine = json.dumps(session.services), set(session.services)
    return sum(
        row["services"] == same or not mine.isdisjoint(json.loads(row["services"])) for row in rows
    )


def not_seen_since(reader: Reader, site: str, before: datetime) -> list[CounterSession]:
    rows = reader.rows(
        _SELECT + " WHERE counter_sessions.site = :site AND seen_at < :before",
        {"site": site, "before": milliseconds(before)},
    )
    return [_from_row(row) for row in rows]


def open_counter(
    tx: Transaction, site: str, counter: str, clerk: int, services: tuple[str, ...], now: datetime
) -> None:
    """Open the counter, or change the services of the clerk's own open counter."""
    tx.write(
        """INSERT INTO counter_sessions (counter, site, clerk, services, opened_at, seen_at)
           VALUES (:counter, :site, :clerk, :services, :now, :now)
           ON CONFLICT (counter) DO UPDATE SET services = excluded.services,
               seen_at = excluded.seen_at""",
        {
            "counter": counter,
            "site": site,
            "clerk": clerk,
            "services": json.dumps(services),
            "now": milliseconds(now),
        },
    )


def close_counter(tx: Transaction, counter: str) -> None:
    tx.write("DELETE FROM counter_sessions WHERE counter = :counter", {"counter": counter})


def seen(tx: Transaction, clerk: int, now: datetime) -> None:
    """The clerk gave a sign of life; the desk stays open."""
    tx.write(
        "UPDATE counter_sessions SET seen_at = :now WHERE clerk = :clerk",
        {"clerk": clerk, "now": milliseconds(now)},
    )
