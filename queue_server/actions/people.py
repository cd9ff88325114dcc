"""Somebody asks what is known about them, or to be deleted before it is due."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain import events
from queue_server.domain.appointment import Appointment
from queue_server.domain.codes import parse_code
from queue_server.domain.errors import UnknownCode
from queue_server.store import appointments, people, subscriptions, tickets
from queue_server.store.database import Reader
from queue_server.store.transaction import Store


def holder_of(reader: Reader, code: str, site: str = "") -> Appointment:
    """The appointment of a typed Termincode, at this site if one is named.

    It may be over. Raises `UnknownCode`.
    """
    plain = parse_code(code)
    found = appointments.by_code(reader, plain) if plain else None
    if found is None or site not in ("", found.site):
        raise UnknownCode()
    return found


def forget_person(
    store: Store, site: str, appointment: int, *, by: str, clerk: int | None = None, now: datetime
) -> bool:
    """Delete name, addresses and phones of whoever booked; False when nobody is known any more.

    The appointment stays as it is, and so does its Termincode; nobody can be written to. The
    database's log is for the caller to wipe. Raises `NotFound`.
    """
    with store.transaction(site) as tx:
        booked = appointments.get(tx, site, appointment)
        if not people.of(tx, booked.id):
            return False
        people.forget(tx, booked.id)
        if ticket := tickets.of_appointment(tx, booked.id):
            subscriptions.forget(tx, ticket.id)
        tx.record(
            events.PersonForgotten(at=now, site=site, appointment=booked.id, clerk=clerk, by=by)
        )
        return True
