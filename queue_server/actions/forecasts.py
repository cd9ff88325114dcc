"""Keeping what people were told: the journal knows every forecast, so that it can be judged."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.events import ForecastGiven
from queue_server.domain.ticket import Ticket
from queue_server.domain.waiting import Range
from queue_server.store.database import Store


def give(store: Store, ticket: Ticket, range: Range | None, *, now: datetime) -> None:
    """The holder of a new ticket is told this range; nothing is kept when none is known.

    A verb of its own, after the ticket is issued: nobody's number waits for it.
    """
    if range is None:
        return
    with store.transaction() as tx:
        tx.record(
            ForecastGiven(
                at=now,
                site=ticket.site,
                ticket=ticket.id,
                low_minutes=range.low_minutes,
                high_minutes=range.high_minutes,
                likely_minutes=range.likely_minutes,
            )
        )
