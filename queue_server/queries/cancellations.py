"""Who cancelled an appointment, and whom the office's own cancellations concern."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from queue_server.domain import events
from queue_server.domain.appointment import Appointment
from queue_server.domain.hours import at_wall_clock
from queue_server.domain.site import Site
from queue_server.store import appointments, letters, people
from queue_server.store.database import Reader, milliseconds
from queue_server.store.letters import Letter, LetterKind
from queue_server.store.people import Person


def cancelled_by(reader: Reader, appointment: int) -> str:
    """`holder`, `clerk` or `office`; empty when nobody has cancelled it."""
    row = reader.row(
        """SELECT data FROM journal
           WHERE appointment = :appointment AND name = 'AppointmentCancelled'
           ORDER BY seq DESC LIMIT 1""",
        {"appointment": appointment},
    )
    return str(json.loads(row["data"])["by"]) if row else ""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A cancelled appointment and who booked it; an empty person once they are forgotten.

    `letter` is the one that tells them, as soon as it is made.
    """

    appointment: Appointment
    person: Person
    letter: Letter | None = None


def concerned(reader: Reader, some: Iterable[Appointment]) -> list[Concerned]:
    """Whom these appointments are for."""
    return [Concerned(one, people.of(reader, one.id), _letter(reader, one.id)) for one in some]


def cancelled_by_office(reader: Reader, site: Site, day: date) -> list[Concerned]:
    """What the office has cancelled on a local day, earliest first."""
    start, end = at_wall_clock(day, 0, site.zone), at_wall_clock(day, 1440, site.zone)
    rows = reader.rows(
        """SELECT j.appointment, j.data FROM journal j JOIN appointments a ON a.id = j.appointment
           WHERE j.name = 'AppointmentCancelled' AND a.site = :site
           AND a.start_at >= :start AND a.start_at < :end""",
        {"site": site.id, "start": milliseconds(start), "end": milliseconds(end)},
    )
    gone = {row["appointment"] for row in rows if json.loads(row["data"])["by"] == events.OFFICE}
    of_that_day = appointments.between(reader, site.id, start, end)
    return concerned(reader, [one for one in of_that_day if one.id in gone])


def _letter(reader: Reader, appointment: int) -> Letter | None:
    found = letters.of(reader, appointment)
    return next((one for one in found if one.kind is LetterKind.CANCELLED_BY_OFFICE), None)
