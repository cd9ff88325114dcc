"""The calls for help that are on: at most one for each clerk."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.help_call import HelpCall
from queue_server.store.database import Connection, Reader, Row, milliseconds, moment

_SELECT = """SELECT help_calls.*, callers.name AS clerk_name, helpers.name AS coming
    FROM help_calls JOIN clerks AS callers ON callers.id = help_calls.clerk
    LEFT JOIN clerks AS helpers ON helpers.id = help_calls.helper"""


def of(reader: Reader, clerk: int) -> HelpCall | None:
    """What this clerk has called, whether or not its time is over."""
    row = reader.row(_SELECT + " WHERE help_calls.clerk = :clerk", {"clerk": clerk})
    return _help_call(row) if row else None


def at_site(reader: Reader, site: str) -> list[HelpCall]:
    """All of the site, the oldest first, whether or not their time is over."""
    rows = reader.rows(
        _SELECT + " WHERE help_calls.site = :site ORDER BY help_calls.called_at, help_calls.clerk",
        {"site": site},
    )
    return [_help_call(row) for row in rows]


def put(tx: Connection, site: str, counter: str, clerk: int, now: datetime) -> None:
    """A clerk who has none calls for help."""
    tx.write(
        """INSERT INTO help_calls (clerk, site, counter, called_at)
           VALUES (:clerk, :site, :counter, :now)""",
        {"clerk": clerk, "site": site, "counter": counter, "now": milliseconds(now)},
    )


def put_helper(tx: Connection, clerk: int, helper: int) -> int:
    """A colleague comes; returns 0 when somebody else was first, or the call has ended."""
    return tx.write(
        "UPDATE help_calls SET helper = :helper WHERE clerk = :clerk AND helper IS NULL",
        {"clerk": clerk, "helper": helper},
    )


def drop(tx: Connection, clerk: int) -> int:
    """The call has ended; returns how many there were."""
    return tx.write("DELETE FROM help_calls WHERE clerk = :clerk", {"clerk": clerk})


def _help_call(row: Row) -> HelpCall:
    return HelpCall(
        clerk=row["clerk"],
        clerk_name=row["clerk_name"],
        site=row["site"],
        counter=row["counter"],
        called_at=moment(row["called_at"]),
        coming=row["coming"],
    )
