"""What a webhook is told of an event: ids, number and counter; never a name or an address."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from queue_server.domain.errors import NotFound
from queue_server.domain.event import Event
from queue_server.domain.events import TicketFinished
from queue_server.domain.site import Site
from queue_server.domain.timestamps import milliseconds
from queue_server.domain.webhook import TOLD_AS
from queue_server.store import tickets
from queue_server.store.database import Reader


def body_of(reader: Reader, site: Site, seq: int, event: Event, office: str) -> str:
    """The body of the request. `office` is a random text that no other office has."""
    told: dict[str, Any] = {
        "id": _id(office, seq, event.at),
        "event": TOLD_AS[type(event)],
        "at": event.at.astimezone(site.zone).isoformat(timespec="milliseconds"),
        "site": event.site,
        **_about(reader, event),
        "counter": event.counter,
        "outcome": event.outcome if isinstance(event, TicketFinished) else None,
    }
    return json.dumps({k: v for k, v in told.items() if v is not None}, ensure_ascii=False)


def _id(office: str, seq: int, at: datetime) -> str:
    """The same for every webhook; after a restored backup, a seq that comes again is another."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{office} {seq} {milliseconds(at)}"))


def _about(reader: Reader, event: Event) -> dict[str, Any]:
    """The ticket with its number and the appointment behind it, as far as there are any."""
    appointment, number = event.appointment, None
    if event.ticket is not None:
        try:
            ticket = tickets.get(reader, event.site, event.ticket)
        except NotFound:
            pass
        else:
            number, appointment = ticket.number, appointment or ticket.appointment
    return {"ticket": _text(event.ticket), "appointment": _text(appointment), "number": number}


def _text(id: int | None) -> str | None:
    return None if id is None else str(id)
