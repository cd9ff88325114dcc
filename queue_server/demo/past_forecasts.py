"""What some of the visitors of a past day were told, as the office knew it at that moment."""

from __future__ import annotations

from random import Random

from queue_server.actions.ticket_notes import forecast_given
from queue_server.domain.events import Event, TicketIssued
from queue_server.domain.site import Site
from queue_server.forecast.forecast import FEWEST_FUTURES, forecast
from queue_server.forecast.service_times import ServiceTimes
from queue_server.queries.measured_times import service_times_of
from queue_server.queries.office_snapshot import office_snapshot
from queue_server.store.transaction import Transaction

# A forecast takes some milliseconds: enough for figures, too few for a start to wait for.
SHARE_TOLD = 0.2


class PastForecasts:
    """Tells a share of those who get a number at this site their real forecast."""

    def __init__(self, tx: Transaction, site: Site, seed: str) -> None:
        self._tx, self._site = tx, site
        self._chance = Random(f"told {seed}")
        self._times: ServiceTimes | None = None

    def tell(self, issued: Event) -> None:
        assert isinstance(issued, TicketIssued) and issued.ticket is not None
        if self._chance.random() >= SHARE_TOLD:
            return
        if self._times is None:
            self._times = service_times_of(self._tx, self._site, issued.at)
        state = office_snapshot(self._tx, self._site, issued.at, self._times)
        told = forecast(state, FEWEST_FUTURES).places.get(issued.ticket)
        if told is not None:
            self._tx.record(forecast_given(issued, told))
