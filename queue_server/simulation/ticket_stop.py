"""The ticket stop of a simulated day: the product's own forecast and rule, asked now and then."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt

from queue_server.domain.site import Site
from queue_server.domain.ticket_stop import SETTLES_AFTER, must_stop
from queue_server.domain.timestamps import MINUTE_MS, moment
from queue_server.domain.waiting_room import StaffedCounter, WaitingRoom
from queue_server.forecast.forecast import forecast
from queue_server.forecast.service_times import ServiceTimes, VisitLength
from queue_server.forecast.snapshot import OfficeSnapshot
from queue_server.simulation.arrivals import Demand, SimulatedArrivals, SimulatedVisitor

# A server makes a forecast every few seconds; here a day would take a second instead of 20 ms.
EVERY_MS = 5 * MINUTE_MS
# Enough for the middle of what may happen, which is all that a stop asks for.
FUTURES = 6
SETTLES_MS = round(SETTLES_AFTER.total_seconds() * 1000)


class TicketStop:
    """Whether a walk-in gets a number on the simulated day of `room`. Times as in the room."""

    def __init__(self, site: Site, morning: SimulatedArrivals, room: WaitingRoom) -> None:
        self._site, self._room, self._spans = site, room, morning.spans
        self._stopped: dict[str, bool] = {}
        self._due = 0
        self._expected = list(morning.booked)
        self._service_times = measured(site, morning.demand)

    def lets_in(self, person: SimulatedVisitor, now: int) -> bool:
        """Whoever has an appointment always comes in."""
        if person.due is not None:
            self._checked_in(person)
            return True
        if now >= self._due:
            self._follow_forecast(now)
            self._due = now + EVERY_MS
        return not self._stopped.get(person.service, False)

    def _checked_in(self, person: SimulatedVisitor) -> None:
        came = (e for e in self._expected if (e.start, e.service) == (person.due, person.service))
        self._expected.remove(next(came))

    def _follow_forecast(self, now: int) -> None:
        opened, closes = next((s for s in self._spans if now <= s[1]), self._spans[-1])
        if now - opened < SETTLES_MS:
            return
        ends = forecast(self._snapshot(now, closes), FUTURES).ends
        for service, end in ends.items():
            stopped = self._stopped.get(service, False)
            self._stopped[service] = must_stop(stopped, end, moment(closes), self._site.tickets)

    def _snapshot(self, now: int, closes: int) -> OfficeSnapshot:
        """What the office knows: the rest of this opening span is still to come."""
        latest = now - self._site.checkin.late_until_minutes * MINUTE_MS
        counters = self._room.counters.values()
        return OfficeSnapshot(
            now=now,
            rules=self._room.rules,
            waiting=tuple(self._room.waiting.values()),
            counters=tuple(_as_known(counter, now) for counter in counters),
            expected=tuple(e for e in self._expected if latest <= e.start < closes),
            shares={
                counter.pool: tuple(guard for _, guard in counter.share) for counter in counters
            },
            walk_ins={each.id: each.minutes for each in self._site.services if each.walk_in},
            checkin=self._site.checkin,
            service_times=self._service_times,
        )


def _as_known(counter: StaffedCounter, now: int) -> StaffedCounter:
    """Nobody knows yet when somebody still on the way there will arrive."""
    arrives = counter.serving_since
    return counter if arrives is None or arrives <= now else replace(counter, serving_since=None)


def measured(site: Site, demand: Demand) -> ServiceTimes:
    """What an office with this demand has measured of itself."""
    sigma = max(0.01, sqrt(log(1 + demand.variation**2)))
    length = VisitLength(exp(-(sigma**2) / 2), sigma, doubt=0.01)
    return ServiceTimes(
        lasting={service.id: length for service in site.services},
        shows=1 - demand.no_shows,
        early=-demand.early_minutes * MINUTE_MS,
        spread=demand.spread_minutes * MINUTE_MS,
        misses=demand.gone,
        walk=demand.walk_seconds * 1000,
        pause=0,
        vain=demand.vain_minutes * MINUTE_MS,
    )
