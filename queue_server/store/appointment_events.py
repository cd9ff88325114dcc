"""Appointments by what happened to them: how many, which, and all that happened to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queue_server.domain.event import Event
from queue_server.store.database import Reader, milliseconds
from queue_server.store.journal import event_of


def count_by_event(reader: Reader, site: str, since: datetime, until: datetime) -> dict[str, int]:
    """To how many different appointments each event happened in the half-open span.

    A time that was only chosen in the calendar was no appointment yet: nobody cancels it.
    """
    rows = reader.rows(
        """SELECT name, COUNT(DISTINCT appointment) AS found FROM journal AS happened
           WHERE site = :site AND at >= :since AND at < :until AND appointment IS NOT NULL
             AND (name <> 'AppointmentCancelled' OR EXISTS (
                 SELECT 1 FROM journal AS made WHERE made.appointment = happened.appointment
                   AND made.name IN ('AppointmentBooked', 'AppointmentPreconfirmed')))
           GROUP BY name""",
        {"site": site, "since": milliseconds(since), "until": milliseconds(until)},
    )
    return {row["name"]: row["found"] for row in rows}


def met_by(reader: Reader, site: str, since: datetime, until: datetime, name: str) -> list[int]:
    """Those that `count_by_event` counts under this name, in the order in which it happened."""
    rows = reader.rows(
        """SELECT appointment, MIN(seq) AS seq FROM journal AS happened
           WHERE site = :site AND name = :name AND at >= :since AND at < :until
             AND appointment IS NOT NULL
             AND (name <> 'AppointmentCancelled' OR EXISTS (
                 SELECT 1 FROM journal AS made WHERE made.appointment = happened.appointment
                   AND made.name IN ('AppointmentBooked', 'AppointmentPreconfirmed')))
           GROUP BY appointment ORDER BY MIN(seq)""",
        {"site": site, "name": name, "since": milliseconds(since), "until": milliseconds(until)},
    )
    return [row["appointment"] for row in rows]


def of_appointment(reader: Reader, site: str, appointment: int) -> Sequence[Event]:
    """All that happened to it, in order."""
    rows = reader.rows(
        "SELECT * FROM journal WHERE site = :site AND appointment = :id ORDER BY seq",
        {"site": site, "id": appointment},
    )
    return [event_of(row) for row in rows]
