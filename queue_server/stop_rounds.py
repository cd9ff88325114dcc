"""Ticket stops follow the forecast, in a separate greenlet: soon where somebody came, else in turn.

In a city of forty offices somebody comes every second, and each of these forecasts takes tens of
milliseconds. So only the offices that it happened to are looked at within seconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

import gevent
from gevent.event import Event as Bell

from queue_server.actions import stops
from queue_server.domain import events
from queue_server.domain.event import Event
from queue_server.domain.every_site import at_every_site
from queue_server.domain.site import Site
from queue_server.rounds import log_failure
from queue_server.web.app_context import AppContext

log = logging.getLogger(__name__)
EVERYWHERE_SECONDS, PAUSE_SECONDS = 20, 2
# What may let the work end at another time.
FILLING = (events.TicketIssued, events.CounterOpened, events.CounterClosed)


def follow_forecasts(context: AppContext) -> None:
    """From now on, and as long as the server runs."""
    rounds = StopRounds(context)
    context.store.listen(rounds.hear)
    gevent.spawn(rounds.go)


class StopRounds:
    """Stops the numbers of a site once the work would end too late."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._filled: set[str] = set()
        self._bell = Bell()
        self._everywhere_at = 0.0

    def hear(self, happened: Sequence[Event]) -> None:
        """A listener of the store: the work of these sites may end at another time now."""
        filled = {event.site for event in happened if isinstance(event, FILLING)}
        self._filled |= filled
        if filled:
            self._bell.set()

    def go(self) -> None:
        while True:
            try:
                self.round(time.monotonic())
            except Exception:
                log_failure(
                    self._context.store,
                    log,
                    "ticket stops stumbled; next look in %s s",
                    EVERYWHERE_SECONDS,
                )
            gevent.sleep(PAUSE_SECONDS)
            self._bell.wait(max(0, self._everywhere_at - time.monotonic()))

    def round(self, seconds: float) -> None:
        """Look where somebody came since the last time, and every 20 seconds everywhere."""
        self._bell.clear()
        filled, self._filled = self._filled, set()
        every = self._context.settings.sites
        if seconds >= self._everywhere_at:
            self._everywhere_at = seconds + EVERYWHERE_SECONDS
            filled = {site.id for site in every}
        if self._context.is_on_duty():
            at_every_site((site for site in every if site.id in filled), self._follow)

    def _follow(self, site: Site) -> None:
        context = self._context
        if stops.wants_forecast(context.store, site, context.now()):
            told = context.forecasts.as_it_stands(site)
            stops.follow_forecast(context.store, site, told, context.now())
