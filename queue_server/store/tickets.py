"""Rows of the tickets table: narrow reads, guarded writes."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from queue_server.domain.errors import MoveRefused, NotFound
from queue_server.domain.ticket import MOVES, Kind, Ticket, TicketState
from queue_server.store.database import (
    Reader,
    Row,
    Transaction,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)
from queue_server.store.numbers import next_number

SELECT = "SELECT * FROM tickets"


def from_row(row: Row) -> Ticket:
    """The ticket of a row of the tickets table."""
    return Ticket(
        id=row["id"],
        site=row["site"],
        number=row["number"],
        kind=Kind(row["kind"]),
        state=TicketState(row["state"]),
        services=tuple(json.loads(row["services"])),
        persons=row["persons"],
        issued_at=moment(row["issued_at"]),
        token=row["token"],
        language=row["language"],
        due_at=optional_moment(row["due_at"]),
        is_late=bool(row["is_late"]),
        appointment=row["appointment"],
        counter=row["counter"],
        call=row["call"],
        calls=row["calls"],
        called_at=optional_moment(row["called_at"]),
        serving_at=optional_moment(row["serving_at"]),
        bound_to=row["bound_to"],
        precedence=row["precedence"],
        held_until=optional_moment(row["held_until"]),
        missing=tuple(json.loads(row["missing"])),
    )


# -- looking -------------------------------------------------------------------------------


def get(reader: Reader, site: str, id: int) -> Ticket:
    """The ticket with this id at this site; raises `NotFound`, also for another site's."""
    row = reader.row(SELECT + " WHERE id = :id AND site = :site", {"id": id, "site": site})
    if row is None:
        raise NotFound(ticket=id)
    return from_row(row)


def by_token(reader: Reader, token: str) -> Ticket:
    """The ticket of whoever holds this token; raises `NotFound`."""
    row = reader.row(SELECT + " WHERE token = :token", {"token": token})
    if row is None:
        raise NotFound()
    return from_row(row)


def newest(reader: Reader) -> int:
    """The id of the newest ticket of the house; 0 before the first."""
    row = reader.row("SELECT MAX(id) AS id FROM tickets")
    return (row["id"] if row else None) or 0


def of_appointment(reader: Reader, appointment: int) -> Ticket | None:
    row = reader.row(SELECT + " WHERE appointment = :id", {"id": appointment})
    return from_row(row) if row else None


def at_counter(reader: Reader, counter: str) -> Ticket | None:
    """The person called or served at this counter."""
    row = reader.row(
        SELECT + " WHERE counter = :counter AND state IN ('called', 'serving')",
        {"counter": counter},
    )
    return from_row(row) if row else None


def in_state(reader: Reader, site: str, state: TicketState) -> list[Ticket]:
    """All tickets of the site in a living state."""
    rows = reader.rows(
        SELECT
        + """ WHERE site = :site AND state = :state
              AND state IN ('waiting', 'called', 'serving', 'parked', 'no_show')""",
        {"site": site, "state": state},
    )
    return [from_row(row) for row in rows]


def alive(reader: Reader, site: str) -> list[Ticket]:
    """Everybody who is somewhere between arrival and end at this site."""
    rows = reader.rows(
        SELECT
        + """ WHERE site = :site
              AND state IN ('waiting', 'called', 'serving', 'parked', 'no_show')""",
        {"site": site},
    )
    return [from_row(row) for row in rows]


def not_waiting(reader: Reader, site: str) -> list[Ticket]:
    """Everybody alive who does not wait: called, served, parked, no-show."""
    rows = reader.rows(
        SELECT + """ WHERE site = :site AND state IN ('called', 'serving', 'parked', 'no_show')""",
        {"site": site},
    )
    return [from_row(row) for row in rows]


def at_counters(reader: Reader, site: str) -> list[Ticket]:
    """Everybody called or served at the site."""
    rows = reader.rows(
        SELECT + " WHERE site = :site AND state IN ('called', 'serving')", {"site": site}
    )
    return [from_row(row) for row in rows]


def waiting_by_service(reader: Reader, site: str) -> dict[str, tuple[int, int]]:
    """How many wait for each service, and their planned minutes."""
    rows = reader.rows(
        """SELECT service, COUNT(*) AS people, SUM(minutes) AS minutes FROM tickets
           WHERE site = :site AND state = 'waiting' GROUP BY service""",
        {"site": site},
    )
    return {row["service"]: (row["people"], row["minutes"]) for row in rows}


def issued_today(reader: Reader, site: str, day: date, service: str) -> int:
    """How many walk-in tickets a local day has seen for a service, for its quota."""
    row = reader.row(
        """SELECT COUNT(*) AS issued FROM tickets WHERE site = :site AND day = :day
           AND services LIKE :service AND kind = 'walk_in'""",
        {"site": site, "day": day.isoformat(), "service": f'%"{service}"%'},
    )
    return row["issued"] if row else 0


# -- writing -------------------------------------------------------------------------------


def insert(tx: Transaction, ticket: Ticket, *, day: date, group: str, minutes: int) -> Ticket:
    """Store a new ticket under the group's next free number of the local day.

    Raises `NumbersUsedUp` when 999 people of the group are alive at once.
    """
    count, number = next_number(tx, ticket.site, day, group)
    row = tx.row(
        """INSERT INTO tickets (site, day, letter, count, number, kind, state, services, service,
               persons, minutes, language, token, appointment, issued_at, due_at, is_late,
               rank_class, came_at, waits_since, changed_at)
           VALUES (:site, :day, :letter, :count, :number, :kind, 'waiting', :services, :service,
               :persons, :minutes, :language, :token, :appointment, :issued_at, :due_at, :is_late,
               :rank_class, :came_at, :waits_since, :issued_at)
           RETURNING *""",
        {
            "site": ticket.site,
            "day": day.isoformat(),
            "letter": group,
            "count": count,
            "number": number,
            "minutes": minutes,
            **_columns(ticket),
        },
    )
    assert row is not None
    return from_row(row)


def _columns(ticket: Ticket) -> dict[str, Any]:
    return {
        "kind": ticket.kind,
        "services": json.dumps(ticket.services),
        "service": ticket.services[0],
        "persons": ticket.persons,
        "language": ticket.language,
        "token": ticket.token,
        "appointment": ticket.appointment,
        "issued_at": milliseconds(ticket.issued_at),
        "due_at": optional_milliseconds(ticket.due_at),
        "is_late": int(ticket.is_late),
        "rank_class": ticket.rank_class,
        "came_at": milliseconds(ticket.came_at),
        "waits_since": milliseconds(ticket.waits_since),
    }


def move(tx: Transaction, before: Ticket, after: Ticket, now: datetime) -> Ticket:
    """Write a move that the table of moves allows, guarded by the state it was read in.

    Raises `MoveRefused` when the table or the row says no.
    """
    if after.state not in MOVES[before.state]:
        raise MoveRefused(number=before.number, state=before.state, to=after.state)
    done = tx.write(
        """UPDATE tickets SET state = :state, counter = :counter, call = :call, calls = :calls,
               called_at = :called_at, serving_at = :serving_at, bound_to = :bound_to,
               held_until = :held_until, changed_at = :now
           WHERE id = :id AND state = :was""",
        _move_params(before, after, now),
    )
    if done != 1:
        raise MoveRefused(number=before.number, state=before.state, to=after.state)
    return after


def _move_params(before: Ticket, after: Ticket, now: datetime) -> dict[str, Any]:
    return {
        "id": before.id,
        "was": before.state,
        "state": after.state,
        "counter": after.counter,
        "call": after.call,
        "calls": after.calls,
        "called_at": optional_milliseconds(after.called_at),
        "serving_at": optional_milliseconds(after.serving_at),
        "bound_to": after.bound_to,
        "held_until": optional_milliseconds(after.held_until),
        "now": milliseconds(now),
    }


def set_services(tx: Transaction, ticket: Ticket, minutes: int) -> None:
    """Write the ticket's services and the planned minutes that go with them."""
    tx.write(
        """UPDATE tickets SET services = :services, service = :service, minutes = :minutes
           WHERE id = :id""",
        {
            "id": ticket.id,
            "services": json.dumps(ticket.services),
            "service": ticket.services[0],
            "minutes": minutes,
        },
    )


def bound_to(reader: Reader, site: str, counter: str) -> list[Ticket]:
    """Whom only this counter may call, also those who are set aside for a while."""
    rows = reader.rows(
        SELECT
        + """ WHERE site = :site AND bound_to = :counter
              AND state IN ('waiting', 'parked', 'no_show')""",
        {"site": site, "counter": counter},
    )
    return [from_row(row) for row in rows]


def stranded(reader: Reader, site: str, before: datetime) -> list[Ticket]:
    """Who has waited since before that moment for a counter that is not open."""
    rows = reader.rows(
        SELECT
        + """ WHERE site = :site AND state = 'waiting' AND bound_to IS NOT NULL
              AND changed_at < :before
              AND bound_to NOT IN (SELECT counter FROM counter_sessions WHERE site = :site)""",
        {"site": site, "before": milliseconds(before)},
    )
    return [from_row(row) for row in rows]


def unbind(tx: Transaction, ticket: int) -> None:
    tx.write("UPDATE tickets SET bound_to = NULL WHERE id = :id", {"id": ticket})


def set_precedence(tx: Transaction, ticket: Ticket) -> None:
    tx.write(
        "UPDATE tickets SET precedence = :precedence, rank_class = :line WHERE id = :id",
        {"id": ticket.id, "precedence": ticket.precedence, "line": ticket.rank_class},
    )


def set_missing(tx: Transaction, ticket: Ticket) -> None:
    tx.write(
        "UPDATE tickets SET missing = :missing WHERE id = :id",
        {"id": ticket.id, "missing": json.dumps(ticket.missing, ensure_ascii=False)},
    )
