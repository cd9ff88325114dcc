"""The people who booked. This table is the only place where personal data is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.store.database import Reader, Transaction, milliseconds, optional_moment


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever booked; each of these may be empty."""

    name: str = ""
    email: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.email or self.phone)


def of(reader: Reader, appointment: int) -> Person:
    """Who booked this appointment; an empty one when nobody is kept."""
    row = reader.row(
        "SELECT name, email, phone FROM people WHERE appointment = :appointment",
        {"appointment": appointment},
    )
    return Person(**row) if row else Person()


def put(tx: Transaction, appointment: int, person: Person, delete_after: datetime) -> None:
    """Keep somebody until this date; whoever corrects the form replaces what was there."""
    tx.write(
        """INSERT INTO people (appointment, name, email, phone, delete_after)
           VALUES (:appointment, :name, :email, :phone, :delete_after)
           ON CONFLICT (appointment) DO UPDATE SET name = excluded.name, email = excluded.email,
               phone = excluded.phone, delete_after = excluded.delete_after""",
        {
            "appointment": appointment,
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "delete_after": milliseconds(delete_after),
        },
    )


def keep_until(tx: Transaction, appointment: int, delete_after: datetime) -> None:
    """Another date of forgetting."""
    tx.write(
        "UPDATE people SET delete_after = :delete_after WHERE appointment = :appointment",
        {"appointment": appointment, "delete_after": milliseconds(delete_after)},
    )


def postpone(tx: Transaction, appointment: int, by: timedelta) -> None:
    """Whoever moves an appointment is remembered until the new date, or only until then."""
    tx.write(
        "UPDATE people SET delete_after = delete_after + :by WHERE appointment = :appointment",
        {"appointment": appointment, "by": by // timedelta(milliseconds=1)},
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


def open_bookings(reader: Reader, site: str, email: str, now: datetime) -> int:
    """How many bookings of this address are still to come; case does not make another address."""
    row = reader.row(
        """SELECT COUNT(*) AS found FROM people p JOIN appointments a ON a.id = p.appointment
           WHERE lower(p.email) = lower(:email) AND a.site = :site AND a.end_at > :now
           AND (a.state = 'confirmed' OR (a.state = 'preconfirmed' AND a.expires_at > :now))""",
        {"email": email, "site": site, "now": milliseconds(now)},
    )
    return row["found"] if row else 0


def oldest(reader: Reader) -> datetime | None:
    """When the oldest record of a person was due to be deleted, or will be; None without any."""
    row = reader.row("SELECT MIN(delete_after) AS at FROM people")
    return optional_moment(row["at"]) if row else None


def forget(tx: Transaction, appointment: int) -> None:
    """Nobody is kept for this appointment any more."""
    tx.write("DELETE FROM people WHERE appointment = :id", {"id": appointment})


def forget_due(tx: Transaction, now: datetime) -> int:
    """Delete people whose date has come; returns how many."""
    return tx.write("DELETE FROM people WHERE delete_after <= :now", {"now": milliseconds(now)})
