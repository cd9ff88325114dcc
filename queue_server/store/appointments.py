"""Rows of appointments, and writing what an event makes of one.

Their time is held in `cells.py`, people stand in `people.py`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from queue_server.domain import events as e
from queue_server.domain.appointment import Appointment, AppointmentState
from queue_server.domain.changes import appointment_after
from queue_server.domain.errors import MoveRefused, NotFound
from queue_server.store.database import (
    Connection,
    Reader,
    Row,
    SiteOf,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)

_SELECT = "SELECT * FROM appointments"


def from_row(row: Row) -> Appointment:
    return Appointment(
        id=row["id"],
        site=row["site"],
        state=AppointmentState(row["state"]),
        services=tuple(json.loads(row["services"])),
        persons=row["persons"],
        start_at=moment(row["start_at"]),
        end_at=moment(row["end_at"]),
        code=row["code"],
        token=row["token"],
        language=row["language"],
        expires_at=optional_moment(row["expires_at"]),
        confirmation_key=row["confirmation_key"] or "",
        sequence=row["sequence"],
    )


def by_code(reader: Reader, code: str) -> Appointment | None:
    """The appointment of a Termincode, at whatever site."""
    row = reader.row(_SELECT + " WHERE code = :code", {"code": code})
    return from_row(row) if row else None


def find(reader: Reader, token: str) -> Appointment | None:
    """The appointment under this token, if there is one."""
    row = reader.row(_SELECT + " WHERE token = :token", {"token": token})
    return from_row(row) if row else None


def by_token(reader: Reader, token: str) -> Appointment:
    """The appointment of whoever holds this token; raises `NotFound`."""
    found = find(reader, token)
    if found is None:
        raise NotFound()
    return found


def site_of(token: str) -> SiteOf:
    """The site of whoever holds this token, for `store.transaction`; raises `NotFound`."""
    return lambda reader: by_token(reader, token).site


def get(reader: Reader, site: str, id: int) -> Appointment:
    """Raises `NotFound`, also for another site's."""
    row = reader.row(_SELECT + " WHERE id = :id AND site = :site", {"id": id, "site": site})
    if row is None:
        raise NotFound(appointment=id)
    return from_row(row)


def between(reader: Reader, site: str, start: datetime, end: datetime) -> list[Appointment]:
    """Appointments that begin in the half-open interval, earliest first."""
    rows = reader.rows(
        _SELECT
        + """ WHERE site = :site AND start_at >= :start AND start_at < :end
              ORDER BY start_at, id""",
        {"site": site, "start": milliseconds(start), "end": milliseconds(end)},
    )
    return [from_row(row) for row in rows]


def expired(reader: Reader, site: str, now: datetime) -> list[Appointment]:
    """Bookings that nobody has confirmed in time."""
    rows = reader.rows(
        _SELECT + " WHERE site = :site AND expires_at <= :now ORDER BY id",
        {"site": site, "now": milliseconds(now)},
    )
    return [from_row(row) for row in rows]


NEW = 0
"""The id of an appointment that the database does not know yet."""


def write(
    connection: Connection, before: Appointment, event: e.Event
) -> tuple[Appointment, e.Event]:
    """The appointment after the event, written; a new one has its id then, and so has the event.

    What no journal holds (code, token, key, language, times of a reservation) comes with the
    appointment. Raises `MoveRefused` when the table of moves or the row says no.
    """
    if before.id == NEW:
        made = _insert(connection, before, event)
        return made, replace(event, appointment=made.id)
    after = appointment_after(before, event)
    statement = _CHANGES.get(type(event), _MOVE)
    if connection.write(statement, {**_columns(after), "was": before.state}) != 1:
        raise MoveRefused(state=before.state, to=after.state)
    return after, event


def _insert(connection: Connection, new: Appointment, event: e.Event) -> Appointment:
    row = connection.row(_INSERT, {**_columns(new), "now": milliseconds(event.at)})
    assert row is not None
    return from_row(row)


def _columns(appointment: Appointment) -> dict[str, Any]:
    return {
        "id": appointment.id,
        "site": appointment.site,
        "state": appointment.state,
        "services": json.dumps(appointment.services),
        "persons": appointment.persons,
        "start_at": milliseconds(appointment.start_at),
        "end_at": milliseconds(appointment.end_at),
        "code": appointment.code,
        "token": appointment.token,
        "language": appointment.language,
        "expires_at": optional_milliseconds(appointment.expires_at),
        "key": appointment.confirmation_key,
        "sequence": appointment.sequence,
    }


_INSERT = """INSERT INTO appointments (site, state, services, persons, start_at, end_at, code,
        token, language, booked_at, expires_at)
    VALUES (:site, :state, :services, :persons, :start_at, :end_at, :code, :token, :language,
        :now, :expires_at)
    RETURNING *"""
_MOVE = """UPDATE appointments
    SET state = :state, expires_at = :expires_at, confirmation_key = :key
    WHERE id = :id AND state = :was"""
_CHANGES = {
    # Whoever asks again may be given the key that there was none of before.
    e.ConfirmationAsked: """UPDATE appointments SET confirmation_key = :key
        WHERE id = :id AND state = :was""",
    # Another choice for a reservation that nobody has sent off yet.
    e.AppointmentReserved: """UPDATE appointments SET services = :services, persons = :persons,
            start_at = :start_at, end_at = :end_at, language = :language, token = :token,
            expires_at = :expires_at
        WHERE id = :id AND state = :was""",
    # Another time for the same visit; calendars count the change.
    e.AppointmentMoved: """UPDATE appointments SET start_at = :start_at, end_at = :end_at,
            sequence = :sequence
        WHERE id = :id AND state = :was""",
}
