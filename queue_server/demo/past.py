"""The past of the town: invented days, so that figures and audit have something to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from queue_server.actions.ticket_notes import forecast_given
from queue_server.demo.past_day import PastDay, tell_nobody
from queue_server.domain.events import Event, TicketIssued
from queue_server.domain.hours import at_wall_clock, local_day
from queue_server.domain.site import Site
from queue_server.forecast.forecast import FEWEST_FUTURES, forecast
from queue_server.forecast.service_times import ServiceTimes
from queue_server.opening import planned_days
from queue_server.queries.measured_times import service_times_of
from queue_server.queries.office_snapshot import office_snapshot
from queue_server.simulation.arrivals import Demand, arrivals
from queue_server.store.transaction import Store, Transaction

PAST_DAYS = 60
# The newest of them, on which some were told how long they would wait.
TOLD_DAYS = 7
# Of the counters' time, by weekday: nobody likes to come on a Friday.
LOADS = (0.84, 0.7, 0.74, 0.78, 0.6, 0.7, 0.7)
LOAD_SPREAD = 0.1
Clerks = Mapping[str, Mapping[str, int]]
# A forecast takes some milliseconds: enough for figures, too few for a start to wait for.
SHARE_TOLD = 0.2


def write_past(
    store: Store,
    sites: tuple[Site, ...],
    clerks: Clerks,
    *,
    now: datetime,
    seed: int,
    days: int = PAST_DAYS,
) -> None:
    """The last `days` days of every site, by the hours that it has; today stays free.

    `clerks` are the ids of those who work, by site and counter. Each day is one transaction.
    """
    for before in range(days, 0, -1):
        for site in sites:
            day = local_day(now, site.zone) - timedelta(days=before)
            if clerks[site.id] and planned_days(site)(day):
                seeded = f"{seed} {site.id} {day}"
                _write_day(store, site, clerks[site.id], day, seeded, is_told=before <= TOLD_DAYS)


def _write_day(
    store: Store, site: Site, clerks: Mapping[str, int], day: date, seed: str, *, is_told: bool
) -> None:
    staffed = replace(site, counters=tuple(c for c in site.counters if c.id in clerks))
    load = Random(seed).gauss(LOADS[day.weekday()], LOAD_SPREAD)
    demand = Demand(load=min(max(load, 0.4), 0.92), no_shows=0.1, gone=0.04)
    people = arrivals(staffed, planned_days(site)(day), demand, seed)
    midnight = at_wall_clock(day, 0, site.zone)
    with store.transaction() as tx:
        tell = PastForecasts(tx, staffed, seed).tell if is_told else tell_nobody
        PastDay(tx, staffed, clerks, midnight, seed, tell).live(people)


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
