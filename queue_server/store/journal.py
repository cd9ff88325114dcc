"""Reading the journal: the board's version, the audit trail, the source of every figure.

Whoever looks back reads typed events from here, figures of months a few columns (`lives.py`).
Only figures that the database counts much faster than Python, and gaps between neighbouring rows
(`queries/measured_times.py`), are SQL.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from queue_server.domain import events as e
from queue_server.domain.event import values_from
from queue_server.domain.events import EVENTS, Event
from queue_server.store.database import (
    Reader,
    Row,
    milliseconds,
    moment,
    optional_moment,
    the_row,
    the_value,
)

# So many rows, or tickets, are read at once: a year must not stand in memory.
PAGE, TICKETS = 5_000, 2_000
END = 1 << 62
Kinds = Collection[type[Event]]
Numbered = tuple[int, Event]
Columns = tuple[Any, ...]
BRIEF = 64
_decoded = json.JSONDecoder().raw_decode
VERSION = "SELECT MAX(seq) AS seq FROM journal WHERE site = :site"
HAPPENED = "SELECT name, ticket FROM journal WHERE site = :site AND seq > :after"
# The same with those who wait of whom something has happened to; of others the columns are NULL.
NEWS = """SELECT journal.name, journal.ticket, tickets.* FROM journal
    LEFT JOIN tickets ON tickets.id = journal.ticket AND tickets.state = 'waiting'
    WHERE journal.site = :site AND journal.seq > :after"""


def version(reader: Reader, site: str) -> int:
    """The seq of the site's newest event; every message about the site carries it."""
    return the_value(reader, VERSION, {"site": site}) or 0


def newest_at(reader: Reader) -> datetime | None:
    """When the newest event of all sites was written; None when there is none."""
    row = reader.row("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")
    return moment(row["at"]) if row else None


def moved(reader: Reader, site: str) -> int:
    """The seq of the newest event that moves anybody; what people are told moves nobody."""
    row = reader.row(
        """SELECT seq FROM journal WHERE site = :site
           AND name NOT IN ('ForecastGiven', 'TicketRefused') ORDER BY seq DESC LIMIT 1""",
        {"site": site},
    )
    return row["seq"] if row else 0


def happened(reader: Reader, site: str, after: int) -> set[tuple[str, int | None]]:
    """The names of the site's events since this seq, and the tickets that they happened to."""
    rows = reader.rows(HAPPENED, {"site": site, "after": after})
    return {(row["name"], row["ticket"]) for row in rows}


def event_of(row: Row | Columns) -> Event:
    """The typed event of a whole row of the journal."""
    columns: Columns = tuple(row)
    _, at, site, name, ticket, appointment, counter, clerk, said = columns
    values = _brief(name, said) if len(said) < BRIEF else _values(name, said)
    return EVENTS[name](
        at=moment(at),
        site=site,
        ticket=ticket,
        appointment=appointment,
        counter=counter,
        clerk=clerk,
        **values,
    )


def _values(name: str, said: str) -> Mapping[str, Any]:
    return values_from(name, _decoded(said)[0])


# Most rows say nothing beyond their columns, or the same as thousands of others.
_brief = lru_cache(maxsize=1024)(_values)


def events(reader: Reader, site: str) -> Iterator[Event]:
    """All of the site's events in order."""
    return (event for _, event in numbered(reader, site))


def numbered(
    reader: Reader, site: str, *, after: int = 0, last: int = END, kinds: Kinds = ()
) -> Iterator[Numbered]:
    """The site's events with their seq, in order, page by page: those beyond `after` up to `last`.

    With `kinds` all others are passed over unread.
    """
    names = _names(kinds)
    while rows := reader.rows(
        """SELECT * FROM journal WHERE site = :site AND seq > :after AND seq <= :last
           ORDER BY seq LIMIT :page""",
        {"site": site, "after": after, "last": last, "page": PAGE},
    ):
        for row in rows:
            if not names or row["name"] in names:
                yield row["seq"], event_of(row)
        if len(rows) < PAGE:
            return
        after = rows[-1]["seq"]


def between(
    reader: Reader, site: str, since: datetime, until: datetime, kinds: Kinds = ()
) -> Iterator[Numbered]:
    """All that was written from the first to the last event of this half-open span.

    Two events of neighbouring moments may stand the other way round.
    """
    ends = the_row(
        reader,
        """SELECT MIN(seq) AS first, MAX(seq) AS last FROM journal
           WHERE site = :site AND at >= :since AND at < :until""",
        _span(site, since, until),
    )
    if ends["first"] is None:
        return iter(())
    return numbered(reader, site, after=ends["first"] - 1, last=ends["last"], kinds=kinds)


def pages_of_tickets(
    reader: Reader, site: str, since: datetime, until: datetime
) -> Iterator[list[Columns]]:
    """All rows of the tickets that came or were told a forecast in the span, ticket by ticket.

    Ticket, time, site, name, counter, clerk, and what figures need of the rest.
    """
    ends = reader.row(
        """SELECT MIN(ticket) AS first, MAX(ticket) AS last FROM journal
           WHERE site = :site AND name IN ('TicketIssued', 'ForecastGiven')
             AND at >= :since AND at < :until""",
        _span(site, since, until),
    )
    if not ends or ends["first"] is None:
        return
    for first in range(ends["first"], ends["last"] + 1, TICKETS):
        rows = reader.rows(
            """SELECT ticket, at, site, name, counter, clerk,
                   CASE WHEN name IN ('TicketIssued', 'ForecastGiven', 'DocumentsDeclared') OR
                   name = 'TicketFinished' AND data LIKE '%documents_missing%' THEN data END AS data
               FROM journal WHERE ticket >= :first AND ticket < :end ORDER BY ticket, seq""",
            {"first": first, "end": min(first + TICKETS, ends["last"] + 1)},
        )
        yield cast(list[Columns], rows)


def told(reader: Reader, ticket: int) -> e.ForecastGiven | None:
    """The forecast that the holder of a ticket was given."""
    found = last_of(reader, ticket, e.ForecastGiven.__name__)
    return found if isinstance(found, e.ForecastGiven) else None


def last_of(reader: Reader, ticket: int, name: str = "") -> Event | None:
    """The last event of this name that happened to a ticket; of all but what its holder was told
    when no name is given."""
    row = reader.row(
        """SELECT * FROM journal WHERE ticket = :ticket
           AND (name = :name OR :name = '' AND name <> 'ForecastGiven')
           ORDER BY seq DESC LIMIT 1""",
        {"ticket": ticket, "name": name},
    )
    return event_of(row) if row else None


def last_by(reader: Reader, site: str, clerk: int, name: str) -> Event | None:
    """The last event of this name by a clerk at a site."""
    row = reader.row(
        """SELECT * FROM journal WHERE site = :site AND name = :name AND clerk = :clerk
           ORDER BY at DESC, seq DESC LIMIT 1""",
        {"site": site, "name": name, "clerk": clerk},
    )
    return event_of(row) if row else None


def newest(reader: Reader, site: str, name: str, most: int) -> list[Event]:
    """The site's last `most` events of this name, newest first."""
    rows = reader.rows(
        """SELECT * FROM journal WHERE site = :site AND name = :name
           ORDER BY seq DESC LIMIT :most""",
        {"site": site, "name": name, "most": most},
    )
    return [event_of(row) for row in rows]


def last_rules(reader: Reader, site: str, before: datetime) -> e.RulesSet | None:
    """The rule that was set last before a moment, as far as the journal tells."""
    row = reader.row(
        """SELECT * FROM journal WHERE site = :site AND name = 'RulesSet' AND at < :before
           ORDER BY seq DESC LIMIT 1""",
        {"site": site, "before": milliseconds(before)},
    )
    found = event_of(row) if row else None
    return found if isinstance(found, e.RulesSet) else None


def last_arrival(reader: Reader, site: str, before: datetime) -> datetime | None:
    """When the last ticket before this moment was issued; None when there was none."""
    last = the_value(
        reader,
        """SELECT MAX(at) AS at FROM journal
           WHERE site = :site AND name = 'TicketIssued' AND at < :before""",
        {"site": site, "before": milliseconds(before)},
    )
    return optional_moment(last)


def standing_before(reader: Reader, site: str, seq: int) -> Iterator[Event]:
    """What opened and closed counters and set rules before this seq, in order."""
    rows = reader.rows(
        """SELECT * FROM journal WHERE site = :site AND seq < :seq
           AND name IN ('CounterOpened', 'CounterClosed', 'RulesSet') ORDER BY seq""",
        {"site": site, "seq": seq},
    )
    return map(event_of, rows)


def first_arrival(reader: Reader, site: str, since: datetime) -> int:
    """The seq of the first arrival from this moment on; behind all that is there without one."""
    first = the_value(
        reader,
        """SELECT MIN(seq) AS seq FROM journal
           WHERE site = :site AND name = 'TicketIssued' AND at >= :since""",
        {"site": site, "since": milliseconds(since)},
    )
    return first or version(reader, site) + 1


# -- counts ----------------------------------------------------------------------------------


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


def moves_by_holder(reader: Reader, appointment: int) -> int:
    """How often whoever holds it has moved an appointment."""
    moves = """SELECT COUNT(*) AS found FROM journal
        WHERE appointment = :appointment AND name = 'AppointmentMoved' AND clerk IS NULL"""
    return the_value(reader, moves, {"appointment": appointment}) or 0


def placed_at(reader: Reader, appointment: int) -> datetime | None:
    """Since when an appointment holds the time that it holds now."""
    last = the_value(
        reader,
        """SELECT MAX(at) AS at FROM journal WHERE appointment = :appointment
           AND name IN ('AppointmentReserved', 'AppointmentBooked', 'AppointmentMoved')""",
        {"appointment": appointment},
    )
    return optional_moment(last)


def was_booked(reader: Reader, appointment: int) -> bool:
    """Whether it was ever more than a request: booked at the desk, or confirmed."""
    return count_of(reader, appointment, ("AppointmentBooked", "AppointmentConfirmed")) > 0


def _count(reader: Reader, site: str, name: str, since: datetime) -> int:
    events = """SELECT COUNT(*) AS found FROM journal
        WHERE site = :site AND name = :name AND at >= :since"""
    asked = {"site": site, "name": name, "since": milliseconds(since)}
    return the_value(reader, events, asked) or 0


def _span(site: str, since: datetime, until: datetime) -> dict[str, Any]:
    return {"site": site, "since": milliseconds(since), "until": milliseconds(until)}


def _names(kinds: Kinds) -> frozenset[str]:
    return frozenset(kind.__name__ for kind in kinds)
