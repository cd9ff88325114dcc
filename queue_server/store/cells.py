"""The time that is taken at each counter, in cells of five minutes.

Whatever an action thinks is free, the primary key of counter and cell refuses to give it twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from queue_server.domain.errors import SlotTaken
from queue_server.domain.slots import CELL_SECONDS, Taken
from queue_server.store.database import Connection, Reader, milliseconds, moment

CELL_MS = CELL_SECONDS * 1000
# Later than any rest: whoever compares with it need not wait.
EVER = 2**62


def taken(
    reader: Reader, site: str, start: datetime, end: datetime, rested_at: datetime | None
) -> Taken:
    """The cells in the half-open interval that nobody else may have.

    A freed cell rests for a while: at `rested_at` it is still taken unless its rest is over. With
    None, whoever asks need not wait.
    """
    # One row a counter: ten thousand appointments are thirty thousand cells, and making a row of
    # each would take longer than all the rest. PostgreSQL is given this aggregate by its schema.
    rows = reader.rows(
        """SELECT counter, group_concat(start_at / :cell) AS cells FROM cells
           WHERE site = :site AND start_at >= :start AND start_at < :end
           AND (appointment IS NOT NULL OR free_at > :rested_at)
           GROUP BY counter""",
        {
            "cell": CELL_MS,
            "site": site,
            "start": milliseconds(start) // CELL_MS * CELL_MS,
            "end": milliseconds(end),
            "rested_at": EVER if rested_at is None else milliseconds(rested_at),
        },
    )
    return {row["counter"]: set(map(int, row["cells"].split(","))) for row in rows}


def rests(
    reader: Reader, site: str, start: datetime, end: datetime, now: datetime
) -> list[tuple[datetime, datetime]]:
    """The freed cells in the half-open interval that still rest: when each begins, until when."""
    rows = reader.rows(
        """SELECT start_at, free_at FROM cells
           WHERE site = :site AND start_at >= :start AND start_at < :end
           AND appointment IS NULL AND free_at > :now""",
        {
            "site": site,
            "start": milliseconds(start),
            "end": milliseconds(end),
            "now": milliseconds(now),
        },
    )
    return [(moment(row["start_at"]), moment(row["free_at"])) for row in rows]


def unconfirmed(
    reader: Reader, site: str, start: datetime, end: datetime, now: datetime, besides: int
) -> dict[str, tuple[int, datetime]]:
    """How many cells of each counter unconfirmed bookings hold, and when the first of these ends.

    Without those of the appointment `besides`.
    """
    rows = reader.rows(
        """SELECT c.counter, COUNT(*) AS found, MIN(a.expires_at) AS ends FROM cells c
           JOIN appointments a ON a.id = c.appointment
           WHERE c.site = :site AND c.start_at >= :start AND c.start_at < :end
           AND a.state IN ('reserved', 'preconfirmed') AND a.expires_at > :now AND a.id <> :besides
           GROUP BY c.counter""",
        {
            "site": site,
            "start": milliseconds(start),
            "end": milliseconds(end),
            "now": milliseconds(now),
            "besides": besides,
        },
    )
    return {row["counter"]: (row["found"], moment(row["ends"])) for row in rows}


def take(
    tx: Connection,
    site: str,
    counter: str,
    cells: Iterable[int],
    appointment: int,
    rested_at: datetime | None,
) -> None:
    """Hold these cells for an appointment, in one order.

    A cell may be taken over when its rest is over at `rested_at`, or at once with None. Raises
    `SlotTaken` when the constraint says no.
    """
    for cell in sorted(cells):
        done = tx.write(
            """INSERT INTO cells (counter, start_at, site, appointment)
               VALUES (:counter, :start_at, :site, :appointment)
               ON CONFLICT (counter, start_at) DO UPDATE
               SET appointment = excluded.appointment, free_at = NULL
               WHERE cells.appointment IS NULL AND cells.free_at <= :rested_at""",
            {
                "counter": counter,
                "start_at": cell * CELL_MS,
                "site": site,
                "appointment": appointment,
                "rested_at": EVER if rested_at is None else milliseconds(rested_at),
            },
        )
        if done != 1:
            raise SlotTaken()


def let_go(tx: Connection, appointment: int, free_at: datetime) -> None:
    """Free an appointment's cells; citizens see them again at `free_at`."""
    tx.write(
        """UPDATE cells SET appointment = NULL, free_at = :free_at
           WHERE appointment = :appointment""",
        {"appointment": appointment, "free_at": milliseconds(free_at)},
    )


def put_to_rest(tx: Connection, site: str, freed_at: datetime, free_at: datetime) -> None:
    """What was freed at this moment, and not taken again, rests until `free_at`."""
    tx.write(
        """UPDATE cells SET free_at = :free_at
           WHERE site = :site AND appointment IS NULL AND free_at = :freed_at""",
        {
            "site": site,
            "freed_at": milliseconds(freed_at),
            "free_at": milliseconds(free_at),
        },
    )


def sweep(tx: Connection, now: datetime) -> int:
    """Forget cells whose rest is over; returns how many."""
    return tx.write("DELETE FROM cells WHERE free_at <= :now", {"now": milliseconds(now)})
