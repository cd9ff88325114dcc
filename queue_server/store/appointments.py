"""Rows of appointments. Their time is held in `store/cells.py`, people stand in `people.py`."""

from __future__ import annotations

import json
from datetime import datetime

from queue_server.domain.appointment import PRECONFIRMED, Appointment, AppointmentState
from queue_server.domain.errors import MoveRefused, NotFound
from queue_server.store.database import (
    Reader,
    Row,
    Transaction,
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


def insert(tx: Transaction, new: Appointment, now: datetime) -> Appointment:
    """Store a new appointment (its `id` is given by the database)."""
    row = tx.row(
        """INSERT INTO appointments (site, state, services, persons, start_at, end_at, code,
               token, language, booked_at, expires_at)
           VALUES (:site, :state, :services, :persons, :start_at, :end_at, :code, :token,
               :language, :now, :expires_at)
           RETURNING *""",
        {
            "site": new.site,
            "state": new.state,
            "services": json.dumps(new.services),
            "persons": new.persons,
            "start_at": milliseconds(new.start_at),
            "end_at": milliseconds(new.end_at),
            "code": new.code,
            "token": new.token,
            "language": new.language,
            "now": milliseconds(now),
            "expires_at": optional_milliseconds(new.expires_at),
        },
    )
    assert row is not None
    return from_row(row)


def move(tx: Transaction, before: Appointment, to: AppointmentState) -> Appointment:
    """Write a move that the table of moves allows, guarded by the state it was read in.

    Only an unconfirmed booking ends by itself, so any move ends that. Raises `MoveRefused`.
    """
    return _moved(tx, before, before.moved(to, expires_at=None))


def await_confirmation(
    tx: Transaction, before: Appointment, key: str, expires_at: datetime
) -> Appointment:
    """Reserved becomes preconfirmed, until the link with this key expires. Raises `MoveRefused`."""
    after = before.moved(PRECONFIRMED, expires_at=expires_at, confirmation_key=key)
    return _moved(tx, before, after)


def choose_again(tx: Transaction, after: Appointment) -> None:
    """Another choice for a reservation that nobody has sent off yet. Raises `MoveRefused`."""
    done = tx.write(
        """UPDATE appointments SET services = :services, persons = :persons, start_at = :start,
               end_at = :end, language = :language, token = :token, expires_at = :expires_at
           WHERE id = :id AND state = 'reserved'""",
        {
            "id": after.id,
            "token": after.token,
            "services": json.dumps(after.services),
            "persons": after.persons,
            "start": milliseconds(after.start_at),
            "end": milliseconds(after.end_at),
            "language": after.language,
            "expires_at": optional_milliseconds(after.expires_at),
        },
    )
    if done != 1:
        raise MoveRefused(state=after.state, to=after.state)


def _moved(tx: Transaction, before: Appointment, after: Appointment) -> Appointment:
    done = tx.write(
        """UPDATE appointments
           SET state = :state, expires_at = :expires_at, confirmation_key = :key
           WHERE id = :id AND state = :was""",
        {
            "id": before.id,
            "state": after.state,
            "was": before.state,
            "expires_at": optional_milliseconds(after.expires_at),
            "key": after.confirmation_key,
        },
    )
    if done != 1:
        raise MoveRefused(state=before.state, to=after.state)
    return after


def set_start(tx: Transaction, after: Appointment) -> None:
    """Another time for the same visit; calendars count the change."""
    tx.write(
        """UPDATE appointments SET start_at = :start, end_at = :end, sequence = sequence + 1
           WHERE id = :id""",
        {
            "id": after.id,
            "start": milliseconds(after.start_at),
            "end": milliseconds(after.end_at),
        },
    )


def expired(reader: Reader, site: str, now: datetime) -> list[Appointment]:
    """Bookings that nobody has confirmed in time."""
    rows = reader.rows(
        _SELECT + " WHERE site = :site AND expires_at <= :now ORDER BY id",
        {"site": site, "now": milliseconds(now)},
    )
    return [from_row(row) for row in rows]
