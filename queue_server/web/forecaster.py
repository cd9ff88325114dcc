"""The forecast of each site, made away from the hub and shared by everybody who asks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from queue_server.actions import forecasts
from queue_server.domain.events import ForecastGiven
from queue_server.domain.site import Site
from queue_server.domain.ticket import RankClass, Ticket, TicketState
from queue_server.domain.waiting import Range
from queue_server.queries.durations import pace_of
from queue_server.queries.outlook import Place, place_of
from queue_server.queries.present import present
from queue_server.simulation.forecast import AS_FITS, FEWEST_FUTURES, Forecast, forecast
from queue_server.simulation.pace import Pace
from queue_server.store import journal, tickets
from queue_server.store.database import Store

log = logging.getLogger(__name__)
# Time alone moves people on; between two changes the answer may be this old.
OLDEST_SECONDS = 20.0
# However much happens, a site is reckoned anew at most this often.
EVERY_SECONDS = 1.0
MEASURED_FOR = timedelta(minutes=10)
# So long do screen and paper say the same as the first answer did.
JUST_TOLD = timedelta(minutes=1)


def no_breath() -> None:
    """Nobody else wants the interpreter."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A forecast, when (monotonic) it was made, and what it knows.

    That is the state of the journal and the newest ticket, of whatever site.
    """

    forecast: Forecast
    version: int
    newest: int
    at: float


@dataclass
class Forecaster:
    """`of(site)` is the forecast now; no call of a person ever waits for one.

    With `shared` (a serving process) forecasts are kept until the journal moves on, at most 20 s,
    and made at most once a second, by one thread at a time; `breathe` is called between futures,
    to let others work. Without it (tests, commands) every answer is fresh.
    """

    store: Store
    clock: Callable[[], datetime]
    offload: Callable[[Callable[[], Any]], Any]
    shared: bool = False
    breathe: Callable[[], None] = no_breath
    _made: dict[str, _Made] = field(default_factory=dict)
    _paces: dict[str, tuple[datetime, Pace]] = field(default_factory=dict)
    _turns: dict[str, threading.Lock] = field(default_factory=dict)

    def of(self, site: Site, ticket: Ticket | None = None) -> Forecast:
        """The forecast; one that knows this waiting ticket, when given."""
        found = self._usable(site, ticket)
        if found is not None:
            return found
        with self._turns.setdefault(site.id, threading.Lock()):
            # Whoever waited for the turn may find what the one before has made.
            found = self._usable(site, ticket)
            return found if found is not None else self._make(site)

    def latest(self, site: Site) -> Forecast:
        """What is known without waiting; says nothing before the first one is made."""
        if not self.shared:
            return self._make(site)
        made = self._made.get(site.id)
        return made.forecast if made else Forecast()

    def standing(self, site: Site, ticket: Ticket) -> Place | None:
        """The place of a ticket, with what its holder was told a moment ago while that stands."""
        now, forecast_now = self.clock(), self.of(site, ticket)
        with self.store.snapshot() as snapshot:
            place = place_of(snapshot, site, ticket, now, forecast_now)
            told = journal.told(snapshot, ticket.id) if place and place.range else None
        if place is None or told is None or now - told.at > JUST_TOLD:
            return place
        return replace(place, range=_range_told(told))

    def tell(self, site: Site, ticket: Ticket) -> Place | None:
        """The place of a ticket that is new: what its holder is told, and the journal keeps."""
        told = self.of(site, ticket)
        with self.store.snapshot() as snapshot:
            place = place_of(snapshot, site, ticket, self.clock(), told)
        if place is not None:
            forecasts.give(self.store, ticket, place.range, now=self.clock())
        return place

    def _usable(self, site: Site, ticket: Ticket | None) -> Forecast | None:
        made = self._made.get(site.id) if self.shared else None
        if made is None or not _knows(made, ticket):
            return None
        age = time.monotonic() - made.at
        if age < EVERY_SECONDS:
            return made.forecast
        with self.store.snapshot() as snapshot:
            moved = journal.moved(snapshot, site.id) != made.version
        return None if moved or age > OLDEST_SECONDS else made.forecast

    def _make(self, site: Site) -> Forecast:
        before = self._made.get(site.id) if self.shared else None
        # Many who come within a second are told by fewer futures, so that none of them waits long.
        hurried = before is not None and time.monotonic() - before.at < EVERY_SECONDS
        futures = FEWEST_FUTURES if hurried else AS_FITS
        try:
            made: _Made = self.offload(lambda: self._reckoned(site, futures))
        except Exception:
            # Whoever draws a number gets it, and sees their place without a time.
            log.exception("no forecast for site %s", site.id)
            return Forecast()
        self._made[site.id] = made
        return made.forecast

    def _reckoned(self, site: Site, futures: int) -> _Made:
        """Runs away from the hub."""
        now, began = self.clock(), time.monotonic()
        with self.store.snapshot() as snapshot:
            version, newest = journal.moved(snapshot, site.id), tickets.newest(snapshot)
            measured, pace = self._paces.get(site.id, (None, None))
            if pace is None or measured is None or not measured <= now < measured + MEASURED_FOR:
                pace = pace_of(snapshot, site, now)
                self._paces[site.id] = now, pace
            state = present(snapshot, site, now, pace)
        return _Made(forecast(state, futures, breathe=self.breathe), version, newest, began)


def _range_told(told: ForecastGiven) -> Range:
    return Range(told.low_minutes, told.high_minutes, told.likely_minutes)


def _knows(made: _Made, ticket: Ticket | None) -> bool:
    """Whether it says something of this ticket: by name, or because it is the next newcomer.

    That nobody serves them may be over: a counter opens, and at once people draw numbers.
    """
    found = made.forecast
    if ticket is None or ticket.state is not TicketState.WAITING or ticket.id in found.places:
        return True
    is_next = ticket.id == made.newest + 1
    like_a_newcomer = ticket.rank_class is RankClass.OTHERS and ticket.bound_to is None
    return is_next and like_a_newcomer and found.newcomers.get(ticket.services[0]) is not None
