"""Today's counts for the desk, from the journal alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.hours import day_start
from queue_server.domain.site import Site
from queue_server.store import journal
from queue_server.store.database import Reader


@dataclass(frozen=True, slots=True)
class Today:
    """Since local midnight: numbers issued, calls, visits finished, no-shows, withdrawn."""

    issued: int
    called: int
    served: int
    no_show: int
    cancelled: int


_EVENTS = {
    "issued": "TicketIssued",
    "called": "TicketCalled",
    "served": "TicketFinished",
    "no_show": "TicketMissed",
    "cancelled": "TicketCancelled",
}


def today(reader: Reader, site: Site, now: datetime) -> Today:
    """The day's counts so far."""
    found = journal.count_since(reader, site.id, _EVENTS.values(), day_start(now, site.zone))
    return Today(**{key: found[name] for key, name in _EVENTS.items()})
