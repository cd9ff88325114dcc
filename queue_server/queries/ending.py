"""How an appointment came to its end."""

from __future__ import annotations

import json

from queue_server.store.database import Reader


def cancelled_by(reader: Reader, appointment: int) -> str:
    """`holder`, `clerk` or `office`; empty when nobody has cancelled it."""
    row = reader.row(
        """SELECT data FROM journal
           WHERE appointment = :appointment AND name = 'AppointmentCancelled'
           ORDER BY seq DESC LIMIT 1""",
        {"appointment": appointment},
    )
    return str(json.loads(row["data"])["by"]) if row else ""
