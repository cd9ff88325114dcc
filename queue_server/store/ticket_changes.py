"""Writing what an event makes of a ticket: narrow columns, guarded by the state it was read in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from queue_server.domain import events as e
from queue_server.domain.changes import new_ticket, state_after, ticket_after
from queue_server.domain.codes import HIGHEST_NUMBER, ticket_number
from queue_server.domain.errors import MoveRefused, NumbersUsedUp
from queue_server.domain.ticket import ALIVE, Ticket
from queue_server.store import subscriptions
from queue_server.store.database import (
    Connection,
    Reader,
    milliseconds,
    optional_milliseconds,
    the_value,
)
from queue_server.store.tickets import from_row

Params = dict[str, Any]


def insert(
    connection: Connection, event: e.TicketIssued, draft: Ticket, *, day: date, group: str
) -> tuple[Ticket, e.TicketIssued]:
    """Store a new ticket under the group's next free number of the local day.

    The draft brings what no journal holds, token and language; id and number come from here, and
    stand in the event that is returned. Raises `NumbersUsedUp` when 999 people of the group are
    alive at once.
    """
    count, number = next_number(connection, event.site, day, group)
    row = connection.row(
        _INSERT,
        {
            "day": day.isoformat(),
            "letter": group,
            "count": count,
            "number": number,
            "minutes": event.minutes,
            **_columns(replace(new_ticket(event), token=draft.token, language=draft.language)),
        },
    )
    assert row is not None
    return from_row(row), replace(event, ticket=row["id"], number=number)


def remember_key(tx: Connection, site: str, key: str, ticket: int, now: datetime) -> None:
    """Bind the key of a request to the ticket that it made."""
    tx.write(
        "INSERT INTO idempotency (site, key, ticket, at) VALUES (:site, :key, :ticket, :at)",
        {"site": site, "key": key, "ticket": ticket, "at": milliseconds(now)},
    )


def forget_keys(tx: Connection, before: datetime) -> None:
    """Forget the keys of requests before that moment."""
    tx.write("DELETE FROM idempotency WHERE at < :before", {"before": milliseconds(before)})


def write(connection: Connection, before: Ticket, event: e.Event) -> Ticket:
    """The ticket after the event, written. Raises `MoveRefused` when table or row says no."""
    after, to = ticket_after(before, event), state_after(event)
    if to is not None:
        before.check_move(to)
    change = _CHANGES.get(type(event), _MOVE)
    done = connection.write(
        change.sql, {"id": before.id, "was": before.state, **change.params(after, event)}
    )
    if done != 1:
        raise MoveRefused(number=before.number, state=before.state, to=after.state)
    if to is not None and to not in ALIVE:
        # Nothing that was kept of a visitor's phone outlives the visit.
        subscriptions.forget(connection, before.id)
    return after


class _Change(NamedTuple):
    """A statement, and what it is told of the ticket as it is afterwards."""

    sql: str
    params: Callable[[Ticket, Any], Params]


def _columns(ticket: Ticket) -> Params:
    return {
        "site": ticket.site,
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


def _place(after: Ticket, event: e.Event) -> Params:
    return {
        "state": after.state,
        "counter": after.counter,
        "call": after.call,
        "calls": after.calls,
        "called_at": optional_milliseconds(after.called_at),
        "serving_at": optional_milliseconds(after.serving_at),
        "held_until": optional_milliseconds(after.held_until),
        "now": milliseconds(event.at),
    }


def _services(after: Ticket, event: e.TicketServicesChanged | e.TicketTransferred) -> Params:
    return {
        "services": json.dumps(after.services),
        "service": after.services[0],
        "minutes": event.minutes,
    }


def _transfer(after: Ticket, event: e.TicketTransferred) -> Params:
    return {**_place(after, event), **_services(after, event), "bound_to": after.bound_to}


def _precedence(after: Ticket, event: e.Event) -> Params:
    return {"precedence": after.precedence, "line": after.rank_class}


def _postponement(after: Ticket, event: e.Event) -> Params:
    return {"until": optional_milliseconds(after.held_until)}


def _missing(after: Ticket, event: e.Event) -> Params:
    return {"missing": json.dumps(after.missing, ensure_ascii=False)}


_INSERT = """INSERT INTO tickets (site, day, letter, count, number, kind, state, services, service,
        persons, minutes, language, token, appointment, issued_at, due_at, is_late, rank_class,
        came_at, waits_since, changed_at)
    VALUES (:site, :day, :letter, :count, :number, :kind, 'waiting', :services, :service,
        :persons, :minutes, :language, :token, :appointment, :issued_at, :due_at, :is_late,
        :rank_class, :came_at, :waits_since, :issued_at)
    RETURNING *"""
_MOVE = _Change(
    """UPDATE tickets SET state = :state, counter = :counter, call = :call, calls = :calls,
           called_at = :called_at, serving_at = :serving_at, held_until = :held_until,
           changed_at = :now
       WHERE id = :id AND state = :was""",
    _place,
)
_CHANGES: Mapping[type[e.Event], _Change] = {
    e.TicketTransferred: _Change(
        """UPDATE tickets SET state = :state, counter = :counter, call = :call, calls = :calls,
               called_at = :called_at, serving_at = :serving_at, held_until = :held_until,
               bound_to = :bound_to, services = :services, service = :service,
               minutes = :minutes, changed_at = :now
           WHERE id = :id AND state = :was""",
        _transfer,
    ),
    e.TicketServicesChanged: _Change(
        """UPDATE tickets SET services = :services, service = :service, minutes = :minutes
           WHERE id = :id AND state = :was""",
        _services,
    ),
    e.TicketUnbound: _Change(
        "UPDATE tickets SET bound_to = NULL WHERE id = :id AND state = :was",
        lambda after, event: {},
    ),
    e.TicketPostponed: _Change(
        """UPDATE tickets SET is_postponed = 1, held_until = :until
           WHERE id = :id AND state = :was AND state = 'waiting' AND is_postponed = 0""",
        _postponement,
    ),
    e.CallAnswered: _Change(
        "UPDATE tickets SET coming_to = :call WHERE id = :id AND state = :was AND call = :call",
        lambda after, event: {"call": event.call},
    ),
    e.TicketPreferred: _Change(
        """UPDATE tickets SET precedence = :precedence, rank_class = :line
           WHERE id = :id AND state = :was""",
        _precedence,
    ),
    e.DocumentsDeclared: _Change(
        "UPDATE tickets SET missing = :missing WHERE id = :id AND state = :was", _missing
    ),
}


def next_number(tx: Connection, site: str, day: date, group: str) -> tuple[int, str]:
    """The next count whose number nobody alive holds, also nobody left over from yesterday.

    Raises `NumbersUsedUp` when 999 people of the group are alive at once.
    """
    last = the_value(
        tx,
        """SELECT MAX(count) AS count FROM tickets
           WHERE site = :site AND day = :day AND letter = :letter""",
        {"site": site, "day": day.isoformat(), "letter": group},
    )
    first = (last or 0) + 1
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
