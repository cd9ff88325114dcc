"""The clerks of one site, as its head of office looks after them."""

from __future__ import annotations

from datetime import datetime

from queue_server.store.database import Connection, Reader, optional_moment
from queue_server.store.identities import Clerk, clerk_from


def clerks_of(reader: Reader, site: str) -> list[tuple[Clerk, datetime | None]]:
    """The site's clerks by name, each with the last sign of life of a session that still stands."""
    rows = reader.rows(
        """SELECT clerks.*, (SELECT MAX(seen_at) FROM sessions WHERE clerk = clerks.id) AS seen_at
           FROM clerks WHERE site = :site AND removed_at IS NULL ORDER BY name, id""",
        {"site": site},
    )
    return [(clerk_from(row), optional_moment(row["seen_at"])) for row in rows]


def clerk_of(reader: Reader, site: str, id: int) -> Clerk | None:
    """The clerk of this site with this id, unless they have left."""
    row = reader.row(
        "SELECT * FROM clerks WHERE id = :id AND site = :site AND removed_at IS NULL",
        {"id": id, "site": site},
    )
    return clerk_from(row) if row else None


def has_left(reader: Reader, site: str, id: int) -> bool:
    """Whether this id was a clerk's of the site who is there no more."""
    row = reader.row(
        """SELECT 1 AS found FROM clerks
           WHERE id = :id AND site = :site AND removed_at IS NOT NULL""",
        {"id": id, "site": site},
    )
    return row is not None


def set_role(tx: Connection, clerk: int, role: str) -> None:
    """Other rights, from the next request on."""
    tx.write("UPDATE clerks SET role = :role WHERE id = :clerk", {"clerk": clerk, "role": role})
