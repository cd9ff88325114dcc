"""Rows of the calls table: which call is whose, how often announced, and the guard's share."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.priority import Choice
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.store.database import Reader, Row, Transaction, milliseconds
from queue_server.store.tickets import move


def insert(
    tx: Transaction, choice: Choice, counter: str, clerk: int, pool: str, code: str, now: datetime
) -> int:
    """A new call; returns its id, which walls and recalls keep."""
    row = tx.row(
        """INSERT INTO calls (site, ticket, counter, clerk, at, last_at, reason, pool, contested,
               guard)
           VALUES (:site, :ticket, :counter, :clerk, :at, :at, :reason, :pool, :contested, :guard)
           RETURNING id""",
        {
            "site": choice.ticket.site,
            "ticket": choice.ticket.id,
            "counter": counter,
            "clerk": clerk,
            "at": milliseconds(now),
            "reason": code,
            "pool": pool,
            "contested": int(choice.contested),
            "guard": int(choice.guard),
        },
    )
    assert row is not None
    return int(row["id"])


def count_recall(tx: Transaction, ticket: Ticket, now: datetime) -> Ticket:
    """One more announcement of the same call."""
    tx.write(
        "UPDATE calls SET times = times + 1, last_at = :now WHERE id = :call",
        {"call": ticket.call, "now": milliseconds(now)},
    )
    return move(tx, ticket, ticket.moved(TicketState.CALLED, calls=ticket.calls + 1), now)


def uncount_call(tx: Transaction, call: int) -> None:
    """A released call was a mistake and must not use up anybody's share."""
    tx.write("UPDATE calls SET contested = 0, guard = 0 WHERE id = :call", {"call": call})


def standing(reader: Reader, site: str) -> list[Row]:
    """The calls whose person is still called, newest first, with number and counter."""
    return reader.rows(
        """SELECT calls.id, calls.counter, calls.times, calls.at, calls.last_at, tickets.number,
               tickets.kind, tickets.id AS ticket
           FROM tickets JOIN calls ON calls.id = tickets.call
           WHERE tickets.site = :site AND tickets.state = 'called'
             AND tickets.state IN ('called', 'serving')
           ORDER BY calls.last_at DESC, calls.id DESC""",
        {"site": site},
    )
