"""Appointments by what happened to them: how many, which, and all that happened to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queue_server.domain.event import Event
from queue_server.store.database import Params, Reader, milliseconds, the_value
from queue_server.store.journal import event_of

# A time that was only chosen in the calendar was no appointment yet: nobody cancels it.
_MET = """ FROM journal AS happened
    WHERE site = :site AND name = :name AND at >= :since AND at < :until
      AND appointment IS NOT NULL
      AND (name <> 'AppointmentCancelled' OR EXISTS (
          SELECT 1 FROM journal AS made WHERE made.appointment = happened.appointment
            AND made.name IN ('AppointmentBooked', 'AppointmentPreconfirmed')))"""


def count_met(reader: Reader, site: str, since: datetime, until: datetime, name: str) -> int:
    """To how many different appointments this event happened in the half-open span."""
    sql = "SELECT COUNT(DISTINCT appointment) AS found" + _MET
    return the_value(reader, sql, _met(site, since, until, name)) or 0


def met_by(reader: Reader, site: str, since: datetime, until: datetime, name: str) -> list[int]:
    """Those that `count_met` counts, in the order in which it happened."""
    rows = reader.rows(
        "SELECT appointment, MIN(seq) AS seq" + _MET + " GROUP BY appointment ORDER BY MIN(seq)",
        _met(site, since, until, name),
    )
    return [row["appointment"] for row in rows]


def _met(site: str, since: datetime, until: datetime, name: str) -> Params:
    span = {"since": milliseconds(since), "until": milliseconds(until)}
    return {"site": site, "name": name, **span}


def of_appointment(reader: Reader, site: str, appointment: int) -> Sequence[Event]:
    """All that happened to it, in order."""
    rows = reader.rows(
        "SELECT * FROM journal WHERE site = :site AND appointment = :id ORDER BY seq",
        {"site": site, "id": appointment},
    )
    return [event_of(row) for row in rows]
