"""How the office is at this moment, in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.site import Site
from queue_server.domain.ticket import TicketState, waited_minutes
from queue_server.forecast.forecast import Forecast
from queue_server.store import counters, tickets
from queue_server.store.database import Reader


@dataclass(frozen=True, slots=True)
class OfficeNow:
    """Who waits, the longest of them in whole minutes, who is called or served, and where.

    `done_at` is when the forecast expects everybody of today to be served; None: nobody is there,
    or nobody serves what is waited for.
    """

    waiting: int
    longest_minutes: int
    at_counters: int
    counters_open: int
    counters: int
    done_at: datetime | None


def office_now(reader: Reader, site: Site, forecast: Forecast, now: datetime) -> OfficeNow:
    """The office now, with the latest forecast."""
    waiting = tickets.in_state(reader, site.id, TicketState.WAITING)
    here = tickets.at_counters(reader, site.id)
    ends = [at for at in forecast.ends.values() if at is not None]
    return OfficeNow(
        waiting=len(waiting),
        longest_minutes=max((waited_minutes(each, now) for each in waiting), default=0),
        at_counters=len(here),
        counters_open=len(counters.open_at(reader, site.id)),
        counters=len(site.counters),
        done_at=max(ends, default=None) if waiting or here else None,
    )
