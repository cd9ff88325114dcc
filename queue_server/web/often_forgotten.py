"""Which documents visitors often forgot lately, so that the next ones hear of it when they book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from queue_server.domain.hours import day_start, local_day
from queue_server.domain.site import Site
from queue_server.history.forgotten import forgotten, frequent
from queue_server.history.visits import visits
from queue_server.store.database import Offload
from queue_server.store.transaction import Store

DAYS = 60
Pairs = frozenset[tuple[str, str]]


class OftenForgotten:
    """Computed once a day for each site: reading sixty days is no work for every page."""

    def __init__(self, store: Store, now: Callable[[], datetime], offload: Offload) -> None:
        self._store, self._now, self._offload = store, now, offload
        self._known: dict[str, tuple[date, Pairs]] = {}

    def of(self, site: Site) -> Pairs:
        """Service and document of what enough visitors came without in the last sixty days."""
        today = local_day(self._now(), site.zone)
        day, known = self._known.get(site.id, (None, frozenset()))
        if day == today:
            return known
        # Whoever asks meanwhile reads what was known before, instead of computing it again.
        self._known[site.id] = today, known
        self._known[site.id] = today, self._offload(lambda: self._reckoned(site))
        return self._known[site.id][1]

    def _reckoned(self, site: Site) -> Pairs:
        until = day_start(self._now(), site.zone)
        with self._store.snapshot() as snapshot:
            some = visits(snapshot, site.id, until - timedelta(days=DAYS), until)
        return frequent(forgotten(some, site))
