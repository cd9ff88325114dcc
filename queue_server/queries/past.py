"""The office as it stood at a moment of its past, without reading the whole journal before it."""

from __future__ import annotations

import json
from datetime import datetime

from queue_server.domain.events import Event, event_from
from queue_server.domain.ledger import Ledger
from queue_server.domain.site import Site
from queue_server.store.database import Reader, Row, milliseconds


def ledger_before(reader: Reader, site: Site, at: datetime) -> tuple[Ledger, int]:
    """A ledger, and the seq after which to go on reading so that it is right at this moment.

    Counters and rules stand in it as they were then. Reading begins with the arrival of the
    first person who was still in the house at the moment; events about others, who came earlier
    and had left, are to be passed over. The guard's share is right from the local midnight on.
    """
    ledger = Ledger.of(site)
    start = _first_seq(reader, site, min(at, _earliest_arrival(reader, site, at)))
    for event in _standing(reader, site, start):
        ledger.apply(event)
    return ledger, start - 1


def _earliest_arrival(reader: Reader, site: Site, at: datetime) -> datetime:
    """When the first of those came who were still in the house then; `at` when nobody was."""
    row = reader.row(
        """SELECT MIN(issued_at) AS first FROM tickets
           WHERE site = :site AND issued_at < :at AND (changed_at >= :at
               OR state IN ('waiting', 'called', 'serving', 'parked', 'no_show'))""",
        {"site": site.id, "at": milliseconds(at)},
    )
    first = row["first"] if row else None
    return at if first is None else datetime.fromtimestamp(first / 1000, at.tzinfo)


def _first_seq(reader: Reader, site: Site, since: datetime) -> int:
    """The first arrival from this moment on; behind the whole journal when nobody came."""
    row = reader.row(
        """SELECT MIN(seq) AS seq FROM journal
           WHERE site = :site AND name = 'TicketIssued' AND at >= :since""",
        {"site": site.id, "since": milliseconds(since)},
    )
    if row and row["seq"] is not None:
        return int(row["seq"])
    newest = reader.row("SELECT MAX(seq) AS seq FROM journal WHERE site = :site", {"site": site.id})
    return int((newest["seq"] if newest else None) or 0) + 1


def _standing(reader: Reader, site: Site, before: int) -> list[Event]:
    """What opened and closed counters and set rules before this seq, in order."""
    rows: list[Row] = reader.rows(
        """SELECT * FROM journal WHERE site = :site AND seq < :before
           AND name IN ('CounterOpened', 'CounterClosed', 'RulesSet') ORDER BY seq""",
        {"site": site.id, "before": before},
    )
    return [event_from(row["name"], row, json.loads(row["data"])) for row in rows]
