"""Rows of the tickets table. What an event makes of them is written in `ticket_changes.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from queue_server.domain.errors import NotFound
from queue_server.domain.ticket import Kind, Ticket, TicketState
from queue_server.store.database import (
    Reader,
    Row,
    SiteOf,
    by_name,
    milliseconds,
    moment,
    names_in,
    optional_moment,
    the_value,
)

SELECT = "SELECT * FROM tickets"
GET = SELECT + " WHERE id = :id AND site = :site"


_KINDS, _STATES = {kind.value: kind for kind in Kind}, {state.value: state for state in TicketState}
# A desk shows a hundred people ten times a second, and of those hardly one has changed. Each takes
# four kilobytes with its row; longer queues are kept in `kept_fronts.py`, without rows.
MOST_KNOWN = 512
_known: dict[int, tuple[Row, Ticket]] = {}


def from_row(row: Row) -> Ticket:
    """The ticket of a row of the tickets table; the same one as long as nothing in it changes."""
    last, ticket = _known.get(row["id"], (None, None))
    if ticket is None or last != row:
        ticket = _read(by_name(row))
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[ticket.id] = row, ticket
    return ticket


def _read(values: Mapping[str, Any]) -> Ticket:
    return Ticket(
        id=values["id"],
        site=values["site"],
        number=values["number"],
        kind=_KINDS[values["kind"]],
        state=_STATES[values["state"]],
        services=names_in(values["services"]),
        persons=values["persons"],
        issued_at=moment(values["issued_at"]),
        token=values["token"],
        language=values["language"],
        due_at=optional_moment(values["due_at"]),
        is_late=bool(values["is_late"]),
        appointment=values["appointment"],
        counter=values["counter"],
        call=values["call"],
        calls=values["calls"],
        called_at=optional_moment(values["called_at"]),
        serving_at=optional_moment(values["serving_at"]),
        bound_to=values["bound_to"],
        precedence=values["precedence"],
        held_until=optional_moment(values["held_until"]),
        missing=names_in(values["missing"]),
        **_answers(values),
    )


def _answers(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the holder has said from the phone."""
    return {"is_postponed": bool(values["is_postponed"]), "coming_to": values["coming_to"]}


# -- looking -------------------------------------------------------------------------------


def get(reader: Reader, site: str, id: int) -> Ticket:
    """The ticket with this id at this site; raises `NotFound`, also for another site's."""
    row = reader.row(GET, {"id": id, "site": site})
    if row is None:
        raise NotFound(ticket=id)
    return from_row(row)


def by_token(reader: Reader, token: str) -> Ticket:
    """The ticket of whoever holds this token; raises `NotFound`."""
    row = reader.row(SELECT + " WHERE token = :token", {"token": token})
    if row is None:
        raise NotFound()
    return from_row(row)


def site_of(token: str) -> SiteOf:
    """The site of whoever holds this token, for `store.transaction`; raises `NotFound`."""
    return lambda reader: by_token(reader, token).site


def of_key(reader: Reader, site: str, key: str) -> Ticket | None:
    """The ticket that was drawn with this key."""
    row = reader.row(
        SELECT + " WHERE id = (SELECT ticket FROM idempotency WHERE site = :site AND key = :key)",
        {"site": site, "key": key},
    )
    return from_row(row) if row else None


def newest(reader: Reader) -> int:
    """The id of the newest ticket of all sites; 0 before the first."""
    return the_value(reader, "SELECT MAX(id) AS id FROM tickets") or 0


def earliest_arrival(reader: Reader, site: str, at: datetime) -> datetime | None:
    """When the first of those came who were still there at this moment; None when nobody was."""
    row = reader.row(
        """SELECT MIN(issued_at) AS first FROM tickets
           WHERE site = :site AND issued_at < :at AND (changed_at >= :at
               OR state IN ('waiting', 'called', 'serving', 'parked', 'no_show'))""",
        {"site": site, "at": milliseconds(at)},
    )
    return optional_moment(row["first"]) if row else None


def of_appointment(reader: Reader, appointment: int) -> Ticket | None:
    row = reader.row(SELECT + " WHERE appointment = :id", {"id": appointment})
    return from_row(row) if row else None


def of_appointments(reader: Reader, site: str, start: datetime, end: datetime) -> dict[int, Ticket]:
    """The tickets of appointments that begin from `start` until before `end`, by appointment."""
    rows = reader.rows(
        SELECT
        + """ WHERE appointment IN (SELECT id FROM appointments
              WHERE site = :site AND start_at >= :start AND start_at < :end)""",
        {"site": site, "start": milliseconds(start), "end": milliseconds(end)},
    )
    return {row["appointment"]: from_row(row) for row in rows}


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


def last_walk_in_at(reader: Reader, site: str) -> datetime | None:
    """The arrival of whoever waits last in the line of walk-ins; one look into an index."""
    last = """SELECT MAX(came_at) AS at FROM tickets
        WHERE site = :site AND rank_class = 2 AND state = 'waiting'"""
    return optional_moment(the_value(reader, last, {"site": site}))


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
