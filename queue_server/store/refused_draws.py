"""Draws that were refused: what of them is in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from queue_server.domain.events import TicketRefused
from queue_server.store import journal
from queue_server.store.database import Reader, milliseconds


def refused_between(
    reader: Reader, site: str, since: datetime, until: datetime
) -> Iterator[TicketRefused]:
    """Those of the half-open span, in order."""
    rows = reader.rows(
        """SELECT * FROM journal WHERE site = :site AND name = 'TicketRefused'
           AND at >= :since AND at < :until ORDER BY at, seq""",
        {"site": site, "since": milliseconds(since), "until": milliseconds(until)},
    )
    found = (journal.event_of(row) for row in rows)
    return (event for event in found if isinstance(event, TicketRefused))


def is_noted(reader: Reader, event: TicketRefused, within: timedelta) -> bool:
    """Whether the same door or clerk was refused the same service just before.

    Or just after, by a clock that was set back meanwhile.
    """
    moment = timedelta(milliseconds=1)
    near = refused_between(reader, event.site, event.at - within + moment, event.at + within)
    wanted = _who_and_what(event)
    return any(_who_and_what(each) == wanted for each in near)


def _who_and_what(event: TicketRefused) -> tuple[str, str, int | None]:
    return event.service, event.door, event.clerk
