"""Rows of appointments, the slots they hold, and the people who booked them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from queue_server.domain.appointment import MOVES, Appointment, AppointmentState
from queue_server.domain.errors import MoveRefused, NotFound, SlotTaken
from queue_server.domain.slots import Hold
from queue_server.store.database import Reader, Row, Transaction, milliseconds, moment

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
    )


def by_code(reader: Reader, code: str) -> Appointment | None:
    """The appointment of a Termincode, at whatever site."""
    row = reader.row(_SELECT + " WHERE code = :code", {"code": code})
    return from_row(row) if row else None


def by_token(reader: Reader, token: str) -> Appointment:
    """The appointment of whoever holds this token; raises `NotFound`."""
    row = reader.row(_SELECT + " WHERE token = :token", {"token": token})
    if row is None:
        raise NotFound()
    return from_row(row)


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


def holds(reader: Reader, site: str, start: datetime, end: datetime) -> set[Hold]:
    """The counter steps that appointments hold in the half-open interval."""
    rows = reader.rows(
        """SELECT counter, start_at FROM slot_holds
           WHERE site = :site AND start_at >= :start AND start_at < :end""",
        {"site": site, "start": milliseconds(start), "end": milliseconds(end)},
    )
    return {(row["counter"], moment(row["start_at"])) for row in rows}


def insert(tx: Transaction, new: Appointment, now: datetime) -> Appointment:
    """Store a new appointment (its `id` is given by the database)."""
    row = tx.row(
        """INSERT INTO appointments (site, state, services, persons, start_at, end_at, code,
               token, language, booked_at)
           VALUES (:site, :state, :services, :persons, :start_at, :end_at, :code, :token,
               :language, :now)
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
        },
    )
    assert row is not None
    return from_row(row)


def hold(tx: Transaction, appointment: Appointment, places: Iterable[Hold]) -> None:
    """Take the slot's steps, in one order. Raises `SlotTaken` when the constraint says no."""
    for counter, start_at in sorted(places):
        done = tx.write(
            """INSERT INTO slot_holds (counter, start_at, site, appointment)
               VALUES (:counter, :start_at, :site, :appointment)
               ON CONFLICT (counter, start_at) DO NOTHING""",
            {
                "counter": counter,
                "start_at": milliseconds(start_at),
                "site": appointment.site,
                "appointment": appointment.id,
            },
        )
        if done != 1:
            raise SlotTaken(start=appointment.start_at)


def let_go(tx: Transaction, appointment: Appointment) -> None:
    """Free the slot's steps."""
    tx.write("DELETE FROM slot_holds WHERE appointment = :id", {"id": appointment.id})


def move(tx: Transaction, before: Appointment, to: AppointmentState) -> Appointment:
    """Write a move that the table of moves allows, guarded by the state it was read in.

    Raises `MoveRefused`.
    """
    if to not in MOVES[before.state]:
        raise MoveRefused(state=before.state, to=to)
    done = tx.write(
        "UPDATE appointments SET state = :to WHERE id = :id AND state = :was",
        {"id": before.id, "to": to, "was": before.state},
    )
    if done != 1:
        raise MoveRefused(state=before.state, to=to)
    return before.moved(to)


def set_start(tx: Transaction, appointment: Appointment, start: datetime, end: datetime) -> None:
    tx.write(
        "UPDATE appointments SET start_at = :start, end_at = :end WHERE id = :id",
        {"id": appointment.id, "start": milliseconds(start), "end": milliseconds(end)},
    )


def postpone_person(tx: Transaction, appointment: int, by: timedelta) -> None:
    """Whoever moves an appointment is remembered until the new date, or only until then."""
    tx.write(
        "UPDATE people SET delete_after = delete_after + :by WHERE appointment = :appointment",
        {"appointment": appointment, "by": by // timedelta(milliseconds=1)},
    )


def insert_person(
    tx: Transaction, appointment: int, name: str, email: str, phone: str, delete_after: datetime
) -> None:
    """The only place where people's data is kept."""
    tx.write(
        """INSERT INTO people (appointment, name, email, phone, delete_after)
           VALUES (:appointment, :name, :email, :phone, :delete_after)""",
        {
            "appointment": appointment,
            "name": name,
            "email": email,
            "phone": phone,
            "delete_after": milliseconds(delete_after),
        },
    )


def names(reader: Reader, site: str, start: datetime, end: datetime) -> dict[int, str]:
    """Names by appointment id, for the desk only."""
    rows = reader.rows(
        """SELECT appointment, name FROM people WHERE appointment IN (
               SELECT id FROM appointments WHERE site = :site AND start_at >= :start
               AND start_at < :end)""",
        {"site": site, "start": milliseconds(start), "end": milliseconds(end)},
    )
    return {row["appointment"]: row["name"] for row in rows}


def forget_people(tx: Transaction, now: datetime) -> int:
    """Delete people whose date has come; returns how many."""
    return tx.write("DELETE FROM people WHERE delete_after <= :now", {"now": milliseconds(now)})
