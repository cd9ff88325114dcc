"""How an appointment came to its end."""

from __future__ import annotations

import json

from queue_server.store import journal
from queue_server.store.database import Reader

WAS_VALID = ("AppointmentConfirmed", "AppointmentBooked")


def cancelled_by(reader: Reader, appointment: int) -> str:
    """`holder`, `clerk` or `office`; empty when nobody has cancelled it."""
    row = reader.row(
        """SELECT data FROM journal
           WHERE appointment = :appointment AND name = 'AppointmentCancelled'
           ORDER BY seq DESC LIMIT 1""",
        {"appointment": appointment},
    )
    return str(json.loads(row["data"])["by"]) if row else ""


def was_valid(reader: Reader, appointment: int) -> bool:
    """Whether it has ever been more than a reservation."""
    return journal.count_of(reader, appointment, WAS_VALID) > 0
