"""The next free number of a group: counted by the local day, skipping whoever is still here."""

from __future__ import annotations

from datetime import date

from queue_server.domain.codes import HIGHEST_NUMBER, ticket_number
from queue_server.domain.errors import NumbersUsedUp
from queue_server.store.database import Reader, Transaction


def next_number(tx: Transaction, site: str, day: date, group: str) -> tuple[int, str]:
    """The next count whose number nobody alive holds, also nobody left over from yesterday.

    Raises `NumbersUsedUp` when 999 people of the group are alive at once.
    """
    last = tx.row(
        """SELECT MAX(count) AS count FROM tickets
           WHERE site = :site AND day = :day AND letter = :letter""",
        {"site": site, "day": day.isoformat(), "letter": group},
    )
    first = ((last["count"] if last else None) or 0) + 1
    for count in range(first, first + HIGHEST_NUMBER):
        number, _ = ticket_number(group, count)
        if not _is_alive(tx, site, number):
            return count, number
    raise NumbersUsedUp(group=group)


def _is_alive(reader: Reader, site: str, number: str) -> bool:
    row = reader.row(
        """SELECT 1 AS found FROM tickets WHERE site = :site AND number = :number
           AND state IN ('waiting', 'called', 'serving', 'parked', 'no_show')""",
        {"site": site, "number": number},
    )
    return row is not None
