"""The appointments that a figure counts, each with all that happened to it: from the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain import events as e
from queue_server.domain.event import Event
from queue_server.domain.site import Site
from queue_server.history.visits import Period
from queue_server.store import appointment_events
from queue_server.store.database import Reader

# What must have happened to an appointment for the figure of this name to count it.
OUTCOMES: Mapping[str, Sequence[type[Event]]] = {
    "booked": (e.AppointmentBooked, e.AppointmentPreconfirmed),
    "confirmed": (e.AppointmentBooked, e.AppointmentConfirmed),
    "checked_in": (e.AppointmentCheckedIn,),
    "missed": (e.AppointmentMissed,),
    "cancelled": (e.AppointmentCancelled,),
    "expired": (e.AppointmentExpired,),
}


@dataclass(frozen=True, slots=True)
class PastAppointment:
    """An appointment with its time as it is by now, and what it was booked for."""

    id: int
    start_at: datetime | None
    services: Sequence[str]
    events: Sequence[Event]


def which(reader: Reader, site: Site, period: Period, outcome: str) -> list[int]:
    """The appointments that the figure of this outcome counts. KeyError for one that is none."""
    span = period.since(site.zone), period.until(site.zone)
    return [
        id
        for kind in OUTCOMES[outcome]
        for id in appointment_events.met_by(reader, site.id, *span, kind.__name__)
    ]


def past_appointment(reader: Reader, site: Site, id: int) -> PastAppointment:
    """All that the journal knows of it."""
    found = appointment_events.of_appointment(reader, site.id, id)
    starts = [at for each in found if (at := getattr(each, "start_at", None)) is not None]
    services = [some for each in found if (some := getattr(each, "services", ()))]
    return PastAppointment(
        id, starts[-1] if starts else None, services[-1] if services else (), found
    )
