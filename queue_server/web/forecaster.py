"""The forecast of each site, made away from the hub and shared by everybody who asks."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from queue_server.domain.events import CounterOpened, Event, TicketIssued
from queue_server.domain.site import Site
from queue_server.domain.ticket import Kind, RankClass, Ticket, TicketState
from queue_server.forecast.forecast import AS_FITS, FEWEST_FUTURES, Forecast
from queue_server.store import journal
from queue_server.store.database import Offload
from queue_server.store.transaction import Store
from queue_server.web.forecast_making import ForecastMaker, MadeForecast, do_nothing

log = logging.getLogger(__name__)
# Time alone moves people on; between two changes the answer may be this old.
OLDEST_SECONDS = 20.0
# However much happens, a site is forecast again at most this often.
EVERY_SECONDS = 1.0
# While one is made, the one before it serves those who come, at most for so many times as long.
TIMES_AS_LONG = 2
# More than come while a forecast is made and fresh, however large the city.
MOST_NEWCOMERS = 2_000


class RecentArrivals:
    """Who came to a site, and when (monotonic seconds) a counter opened there last."""

    def __init__(self) -> None:
        self.counter_opened = 0.0
        self._came: deque[TicketIssued] = deque(maxlen=MOST_NEWCOMERS)

    def hear(self, event: Event) -> None:
        if isinstance(event, CounterOpened):
            self.counter_opened = time.monotonic()
        # An appointment was expected: whoever keeps it is in the forecast already.
        elif isinstance(event, TicketIssued) and event.kind == Kind.WALK_IN:
            self._came.append(event)

    def add_to(self, made: MadeForecast) -> None:
        """Let a forecast know of everybody who came since; whom it knows no later one asks for."""
        while self._came and (self._came[0].ticket or 0) <= made.newest:
            self._came.popleft()
        new: list[TicketIssued] = []
        # Whoever came before somebody whom it knows, it knows, too.
        for event in reversed(tuple(self._came)):
            if (event.ticket or 0) <= made.newest or event.ticket in made.forecast.places:
                break
            new.append(event)
        for event in reversed(new):
            made.forecast.add(event.ticket or 0, event.services[0], event.minutes)


@dataclass
class Forecaster:
    """`of(site)` is the forecast now; no call of a person ever waits for one.

    With `shared` (a serving process) forecasts are kept until the journal moves on, at most 20 s,
    and made at most once a second, by one thread at a time; `pause` is called between futures,
    to let others work. One that is fresh serves all who come meanwhile, each behind those before.
    Without it (tests, commands) every answer is fresh.
    """

    store: Store
    clock: Callable[[], datetime]
    offload: Offload
    shared: bool = False
    pause: Callable[[], None] = do_nothing
    _made: dict[str, MadeForecast] = field(default_factory=dict)
    _arrivals: dict[str, RecentArrivals] = field(default_factory=dict)
    _turns: dict[str, threading.Lock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._maker = ForecastMaker(self.store, self.clock, lambda: self.pause())

    def of(self, site: Site, ticket: Ticket | None = None) -> Forecast:
        """The forecast; one that knows this waiting ticket, when given."""
        found = self._usable(site, ticket, EVERY_SECONDS)
        if found is not None:
            return found
        turn = self._turns.setdefault(site.id, threading.Lock())
        if not turn.acquire(blocking=False):
            # Somebody makes one. Whoever is told by the one before need not wait for it.
            found = self._usable(site, ticket, EVERY_SECONDS * TIMES_AS_LONG)
            if found is not None:
                return found
            turn.acquire()
        try:
            # Whoever waited for the turn may find what the one before has made.
            found = self._usable(site, ticket, EVERY_SECONDS)
            return found if found is not None else self._make(site)
        finally:
            turn.release()

    def as_it_stands(self, site: Site) -> Forecast:
        """One that knows of all that has happened: a ticket stop must not be told late."""
        with self._turns.setdefault(site.id, threading.Lock()):
            found = self._usable(site, None, 0)
            return found if found is not None else self._make(site)

    def is_behind(self, site: Site, told: Forecast) -> bool:
        """Whether something has happened that this one, the last that was made, knows nothing of.

        Whoever was told by it is told again; nothing else may happen for long.
        """
        made = self._made.get(site.id)
        if not self.shared or made is None or made.forecast is not told:
            return False
        with self.store.snapshot() as snapshot:
            return journal.moved(snapshot, site.id) != made.version

    def latest(self, site: Site) -> Forecast:
        """What is known without waiting; says nothing before the first one is made."""
        if not self.shared:
            return self._make(site)
        made = self._made_last(site)
        return made.forecast if made else Forecast()

    def hear(self, events: Sequence[Event]) -> None:
        """A listener of the store: newcomers are taken into account once somebody asks."""
        for event in events:
            self._arrivals_at(event.site).hear(event)

    def _usable(self, site: Site, ticket: Ticket | None, seconds: float) -> Forecast | None:
        """The last one, when it is younger than this or nothing has happened since."""
        made = self._made_last(site, seconds) if self.shared else None
        if made is None or not self._knows(made, site, ticket):
            return None
        if _is_fresh(made, seconds):
            return made.forecast
        with self.store.snapshot() as snapshot:
            moved = journal.moved(snapshot, site.id) != made.version
        is_old = time.monotonic() - made.at > OLDEST_SECONDS
        return None if moved or is_old else made.forecast

    def _made_last(self, site: Site, seconds: float = EVERY_SECONDS) -> MadeForecast | None:
        """The last one; while it is so fresh it knows of everybody who came since."""
        made = self._made.get(site.id)
        if made is not None and _is_fresh(made, seconds):
            self._arrivals_at(site.id).add_to(made)
        return made

    def _knows(self, made: MadeForecast, site: Site, ticket: Ticket | None) -> bool:
        """Whether it says something of this ticket, or needs not."""
        if ticket is None or ticket.state is not TicketState.WAITING:
            return True
        if ticket.id not in made.forecast.places:
            return False
        if ticket.id <= made.newest:
            return True
        # That nobody serves a newcomer may be over: a counter opens, and at once people come.
        opened = self._arrivals_at(site.id).counter_opened
        is_told = made.forecast.places[ticket.id] is not None or opened < made.at
        return is_told and ticket.rank_class is RankClass.OTHERS and ticket.bound_to is None

    def _make(self, site: Site) -> Forecast:
        before = self._made.get(site.id) if self.shared else None
        # Many who come within a second are told by fewer futures, so that none of them waits long.
        hurried = before is not None and _is_fresh(before, EVERY_SECONDS * TIMES_AS_LONG)
        futures = FEWEST_FUTURES if hurried else AS_FITS
        try:
            made = self.offload(lambda: self._maker.make(site, futures))
        except Exception:
            # Whoever draws a number gets it, and sees their place without a time.
            log.exception("no forecast for site %s", site.id)
            return Forecast()
        self._arrivals_at(site.id).add_to(made)
        self._made[site.id] = made
        return made.forecast

    def _arrivals_at(self, site: str) -> RecentArrivals:
        return self._arrivals.setdefault(site, RecentArrivals())


def _is_fresh(made: MadeForecast, seconds: float) -> bool:
    return time.monotonic() - made.at < seconds
