"""Rows of the calls table: which call is whose, how often announced, and the guard's share."""

from __future__ import annotations

from dataclasses import replace

from queue_server.domain import events as e
from queue_server.store.database import Connection, Reader, Row, milliseconds


def begin(connection: Connection, event: e.TicketCalled) -> e.TicketCalled:
    """Store a new call; the event that is returned has its id, which walls and recalls keep."""
    row = connection.row(
        """INSERT INTO calls (site, ticket, counter, clerk, at, last_at, reason, pool, contested,
               guard)
           VALUES (:site, :ticket, :counter, :clerk, :at, :at, :reason, :pool, :contested, :guard)
           RETURNING id""",
        {
            "site": event.site,
            "ticket": event.ticket,
            "counter": event.counter,
            "clerk": event.clerk,
            "at": milliseconds(event.at),
            "reason": event.reason,
            "pool": event.pool,
            "contested": int(event.contested),
            "guard": int(event.guard),
        },
    )
    assert row is not None
    return replace(event, call=row["id"])


def repeat(connection: Connection, event: e.TicketRecalled) -> None:
    """One more announcement of the same call."""
    connection.write(
        "UPDATE calls SET times = :times, last_at = :now WHERE id = :call",
        {"call": event.call, "times": event.times, "now": milliseconds(event.at)},
    )


def uncount(connection: Connection, event: e.TicketReleased) -> None:
    """A released call was a mistake and does not count towards the guard's share."""
    connection.write(
        "UPDATE calls SET contested = 0, guard = 0 WHERE id = :call", {"call": event.call}
    )


def has_later(reader: Reader, counter: str, call: int) -> bool:
    """Whether anybody was called to the counter after this call."""
    row = reader.row(
        "SELECT id FROM calls WHERE id > :call AND counter = :counter LIMIT 1",
        {"counter": counter, "call": call},
    )
    return row is not None


def standing(reader: Reader, site: str) -> list[Row]:
    """The calls whose person is still called, newest first, with number and counter.

    The journal's order is that of what happened, whatever was done to the clock meanwhile.
    """
    return reader.rows(
        """SELECT calls.id, calls.counter, calls.times, calls.at, calls.last_at, tickets.number,
               tickets.kind, tickets.language, tickets.id AS ticket
           FROM tickets JOIN calls ON calls.id = tickets.call
           WHERE tickets.site = :site AND tickets.state = 'called'
             AND tickets.state IN ('called', 'serving')
           ORDER BY (SELECT MAX(seq) FROM journal WHERE journal.ticket = tickets.id
               AND journal.name IN ('TicketCalled', 'TicketRecalled')) DESC, calls.id DESC""",
        {"site": site},
    )
