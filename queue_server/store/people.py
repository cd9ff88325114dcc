"""The people who booked. This table is the only place where personal data is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.store.database import Connection, Reader, milliseconds, optional_moment, the_value

# A site that is in no configuration any more ends nobody's visit. So long after the plan nobody
# waits or comes any more.
NEVER_ENDED = timedelta(days=2)
# Longer than a letter is tried (see mail/postman.py), so it has left or was given up by then.
TOLD_WITHIN = timedelta(days=4)
# Whose visit has ended, and when they are forgotten: `due` is that end and the days to keep them.
# A visit ends when its ticket ends (served, given back, not there until the day's end), and without
# a ticket when the appointment is cancelled or missed. A request ends when its link expires.
# Nobody is due before a letter about the cancellation has left, nor, when the office cancelled and
# could not write, before the time at which they would come: somebody has to call them.
_ENDED = """
    SELECT p.appointment, p.keep_days * 86400000 + COALESCE(CASE
        WHEN t.state IN ('served', 'cancelled') THEN t.changed_at
        WHEN t.id IS NULL AND a.state IN ('reserved', 'preconfirmed') THEN a.expires_at
        WHEN t.id IS NULL AND a.state IN ('cancelled', 'missed', 'expired') THEN (
            SELECT MAX(j.at) FROM journal j WHERE j.appointment = a.id AND j.name IN (
                'AppointmentCancelled', 'AppointmentMissed', 'AppointmentExpired'))
        END, CASE WHEN a.end_at + :never_ended <= :now THEN a.end_at + :never_ended END) AS due
    FROM people p JOIN appointments a ON a.id = p.appointment
    LEFT JOIN tickets t ON t.appointment = a.id
    WHERE NOT (a.state = 'cancelled' AND a.end_at > :now AND (
        EXISTS (SELECT 1 FROM letters l WHERE l.appointment = a.id AND l.state = 'waiting'
            AND l.kind IN ('cancelled', 'cancelled_by_office') AND l.made_at > :not_told_since)
        OR EXISTS (SELECT 1 FROM journal j WHERE j.appointment = a.id AND p.email <> ''
            AND j.name = 'AppointmentCancelled' AND j.at > :not_told_since AND j.seq > (
                SELECT MAX(CAST(value AS BIGINT)) FROM marks
                WHERE name IN ('letters_made_up_to', 'letters_made_up_to ' || a.site)))
        OR EXISTS (SELECT 1 FROM journal j WHERE j.appointment = a.id
            AND j.name = 'AppointmentCancelled' AND j.data LIKE '%"by":"office"%')
        AND NOT EXISTS (SELECT 1 FROM letters l WHERE l.appointment = a.id
            AND l.kind = 'cancelled_by_office' AND l.state = 'sent')))
"""


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


def put(tx: Connection, appointment: int, person: Person, keep_days: int = 0) -> None:
    """Keep somebody for so many days after the visit; who corrects the form replaces what was."""
    tx.write(
        """INSERT INTO people (appointment, name, email, phone, keep_days)
           VALUES (:appointment, :name, :email, :phone, :keep_days)
           ON CONFLICT (appointment) DO UPDATE SET name = excluded.name, email = excluded.email,
               phone = excluded.phone, keep_days = excluded.keep_days""",
        {
            "appointment": appointment,
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "keep_days": keep_days,
        },
    )


def keep_for(tx: Connection, appointment: int, keep_days: int) -> None:
    """Another number of days after the visit."""
    tx.write(
        "UPDATE people SET keep_days = :keep_days WHERE appointment = :appointment",
        {"appointment": appointment, "keep_days": keep_days},
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
    """How many bookings of this address are still to come; case does not make another address.

    Those that cannot be confirmed do not count.
    """
    found = the_value(
        reader,
        """SELECT COUNT(*) AS found FROM people p JOIN appointments a ON a.id = p.appointment
           WHERE lower(p.email) = lower(:email) AND a.site = :site AND a.end_at > :now
           AND (a.state = 'confirmed' OR (a.state = 'preconfirmed' AND a.expires_at > :now
                AND a.confirmation_key <> ''))""",
        {"email": email, "site": site, "now": milliseconds(now)},
    )
    return found or 0


def forget(tx: Connection, appointment: int) -> None:
    """Forget the person of this appointment."""
    tx.write("DELETE FROM people WHERE appointment = :id", {"id": appointment})


def due_at(reader: Reader, appointment: int, now: datetime) -> datetime | None:
    """When this person is forgotten, as far as anybody knows now; None before the visit's end."""
    due = "SELECT MIN(due) AS at FROM (" + _ENDED + ") AS ended WHERE appointment = :appointment"
    return optional_moment(the_value(reader, due, {**_moments(now), "appointment": appointment}))


def next_due(reader: Reader, now: datetime) -> datetime | None:
    """When the next person is due to be forgotten, or was; None while nobody has a date.

    That is: nobody is known, or only people whose visit has not ended.
    """
    due = "SELECT MIN(due) AS at FROM (" + _ENDED + ") AS ended"
    return optional_moment(the_value(reader, due, _moments(now)))


def forget_due(tx: Connection, now: datetime) -> int:
    """Delete people whose date has come; returns how many."""
    return tx.write(
        """DELETE FROM people WHERE appointment IN (
               SELECT appointment FROM ("""
        + _ENDED
        + """) AS ended WHERE due <= :now)""",
        _moments(now),
    )


def _moments(now: datetime) -> dict[str, int]:
    return {
        "now": milliseconds(now),
        "not_told_since": milliseconds(now - TOLD_WITHIN),
        "never_ended": NEVER_ENDED // timedelta(milliseconds=1),
    }
