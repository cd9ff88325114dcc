"""Booked on the spot: whoever gets no number takes the next free appointment at the kiosk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from queue_server.actions import places
from queue_server.actions.booking import bookable_visit
from queue_server.domain import events
from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.site import Site
from queue_server.store import appointments
from queue_server.store.database import Store

BY_KIOSK = "kiosk"


@dataclass(frozen=True, slots=True)
class Taken:
    """An appointment, and whether this request made it or only found it again."""

    appointment: Appointment
    is_new: bool


def take_next_free(
    store: Store,
    site: Site,
    services: tuple[str, ...],
    start_at: datetime,
    *,
    persons: int = 1,
    language: str = "de",
    token: str = "",
    now: datetime,
) -> Taken:
    """Book without name and address: the person stands there and is handed the Termincode.

    So it is confirmed at once. The time must be one that citizens may book. With a `token` from
    the page the same token twice is the same appointment. Raises `UnknownService`,
    `TooManyPersons`, `NotBookable`, `SlotTaken`.
    """
    with store.transaction() as tx:
        if token and (known := appointments.find(tx, token)):
            return Taken(known, is_new=False)
        wanted = bookable_visit(site, services, persons)
        new = places.new_appointment(site, CONFIRMED, wanted, persons, start_at, language)
        places.check_start(tx, site, new, now, by_clerk=False)
        booked = appointments.insert(tx, replace(new, token=token or new.token), now)
        places.take(tx, site, booked, now, by_clerk=False)
        tx.record(_booked(booked, now))
        return Taken(booked, is_new=True)


def _booked(booked: Appointment, now: datetime) -> events.AppointmentBooked:
    return events.AppointmentBooked(
        at=now,
        site=booked.site,
        appointment=booked.id,
        services=booked.services,
        persons=booked.persons,
        start_at=booked.start_at,
        by=BY_KIOSK,
    )
