"""Making a site's forecast: its state now, played forward at the pace that was measured there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from queue_server.domain.site import Site
from queue_server.forecast.forecast import Forecast, forecast
from queue_server.forecast.service_times import ServiceTimes
from queue_server.queries.measured_times import service_times_of
from queue_server.queries.office_snapshot import office_snapshot
from queue_server.store import journal, tickets
from queue_server.store.database import Reader
from queue_server.store.transaction import Store

MEASURED_FOR = timedelta(minutes=10)


def do_nothing() -> None:
    """Nobody else wants the interpreter."""


@dataclass(frozen=True, slots=True)
class MadeForecast:
    """A forecast, when (monotonic seconds) its making began, and what it knows.

    That is the state of the journal and the newest ticket, of whatever site.
    """

    forecast: Forecast
    version: int
    newest: int
    at: float


@dataclass
class ForecastMaker:
    """Makes forecasts; `pause` is called between futures, to let others work."""

    store: Store
    clock: Callable[[], datetime]
    pause: Callable[[], None] = do_nothing
    _measured: dict[str, tuple[datetime, ServiceTimes]] = field(default_factory=dict)

    def make(self, site: Site, futures: int) -> MadeForecast:
        """The forecast of a site as it stands, from so many futures. Blocks; run it off the hub."""
        now, began = self.clock(), time.monotonic()
        with self.store.snapshot() as snapshot:
            version, newest = journal.moved(snapshot, site.id), tickets.newest(snapshot)
            state = office_snapshot(snapshot, site, now, self._service_times(snapshot, site, now))
        return MadeForecast(forecast(state, futures, pause=self.pause), version, newest, began)

    def _service_times(self, snapshot: Reader, site: Site, now: datetime) -> ServiceTimes:
        """As measured in the last ten minutes, or now."""
        at, known = self._measured.get(site.id, (None, None))
        if known is None or at is None or not at <= now < at + MEASURED_FOR:
            known = service_times_of(snapshot, site, now)
            self._measured[site.id] = now, known
        return known
