"""The fronts of the lines, cached: only tickets that have changed since are read again.

Whatever happens to a ticket stands in the journal, so its seq tells what still holds. Of the rest
the indexes say who stands where.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from queue_server.domain.ticket import Ticket
from queue_server.store import journal, lines, tickets
from queue_server.store.database import Reader

MOST_SINGLY = 20
"""More tickets than that are read with one statement."""


class KeptFronts:
    """Whoever waited when last asked, by site, with the version at which that was true."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, Mapping[int, Ticket]]] = {}

    def of(
        self, reader: Reader, site: str, rule: str, most: int, now: datetime, *, version: int
    ) -> list[Ticket]:
        """As `lines.fronts`, in a snapshot of committed data at this version."""
        kept = self._that_holds(reader, site, version)
        ids = lines.front_ids(reader, site, rule, most, now)
        if sum(id not in kept for id in ids) > MOST_SINGLY:
            fronts = lines.fronts(reader, site, rule, most, now)
        else:
            fronts = [kept.get(id) or tickets.get(reader, site, id) for id in ids]
        self._kept[site] = version, {**kept, **{ticket.id: ticket for ticket in fronts}}
        return fronts

    def _that_holds(self, reader: Reader, site: str, version: int) -> dict[int, Ticket]:
        """What is kept and has not changed; nothing for a snapshot from before it was kept."""
        since, kept = self._kept.get(site, (0, {}))
        if not kept or since > version:
            return {}
        if since == version:
            return dict(kept)
        changed = {ticket for _, ticket in journal.happened(reader, site, since)}
        return {id: ticket for id, ticket in kept.items() if id not in changed}
