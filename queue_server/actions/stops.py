"""Stop giving out numbers, resume, or leave it to the forecast; each for the rest of the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from queue_server.domain import events
from queue_server.domain.errors import NotFound
from queue_server.domain.hours import local_day, open_until
from queue_server.domain.site import EVERY_SERVICE, Site
from queue_server.domain.ticket_stop import (
    AUTOMATIC,
    CLERK,
    FORECAST,
    OPEN,
    SETTLES_AFTER,
    STOPPED,
    Stop,
    checked_reason,
    must_stop,
    opened_at,
)
from queue_server.opening import days_of
from queue_server.store import decisions
from queue_server.store.database import Reader
from queue_server.store.transaction import Store, Transaction


class Ends(Protocol):
    """The part of a forecast that is asked: when each walk-in service's last person is served."""

    @property
    def ends(self) -> Mapping[str, datetime | None]: ...


def stop(
    store: Store,
    site: Site,
    clerk: int,
    service: str = EVERY_SERVICE,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Give out no more numbers today for a service (`*`: for any).

    Twice is once. Raises `NotFound` for a service that gives no numbers, `BadRequest` without a
    reason that visitors can be told.
    """
    _decide(store, site, clerk, service, STOPPED, reason, now)


def open_again(
    store: Store,
    site: Site,
    clerk: int,
    service: str = EVERY_SERVICE,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Give out numbers until the office closes, whatever forecast, quota and closing time say.

    Twice is once. Raises `NotFound`, `BadRequest` as `stop` does.
    """
    _decide(store, site, clerk, service, OPEN, reason, now)


def automatic(
    store: Store, site: Site, clerk: int, service: str = EVERY_SERVICE, *, now: datetime
) -> None:
    """Undo the clerk's decision: forecast, quota and closing time decide again.

    With `*` all that was said of single services is taken back too. Twice is once. Raises
    `NotFound`.
    """
    _check_service(site, service)
    day = local_day(now, site.zone)
    with store.transaction(site.id) as tx:
        said = [each for each in decisions.stops_of_day(tx, site.id, day) if each.by == CLERK]
        decisions.drop_stops(tx, site.id, service)
        if any(service in (EVERY_SERVICE, each.service) for each in said):
            tx.record(_event(site, service, AUTOMATIC, CLERK, now, clerk=clerk))


def wants_forecast(store: Store, site: Site, now: datetime) -> bool:
    """Whether a forecast could stop anything now: switched on, and the site open for a while.

    In the first minutes the counters open one after the other, before a crowd that waited at the
    door; a forecast for the first of them alone would stop the numbers for nothing.
    """
    if not site.tickets.forecast_stop:
        return False
    with store.snapshot() as snapshot:
        since = opened_at(site, days_of(snapshot, site), now)
    return since is not None and now - since >= SETTLES_AFTER


def follow_forecast(store: Store, site: Site, forecast: Ends, now: datetime) -> bool:
    """Stop or open each walk-in service as the forecast has it; returns whether anything changed.

    Where nothing changes nothing is written. Says nothing while the site is closed.
    """
    with store.snapshot() as snapshot:
        if not _changes(snapshot, site, forecast, now):
            return False
    with store.transaction(site.id) as tx:
        changes = _changes(tx, site, forecast, now)
        for service, wanted in changes.items():
            _follow(tx, site, service, wanted, forecast.ends[service], now)
    return bool(changes)


def _decide(
    store: Store, site: Site, clerk: int, service: str, mode: str, reason: str, now: datetime
) -> None:
    _check_service(site, service)
    said = checked_reason(reason)
    day, is_stopped = local_day(now, site.zone), mode == STOPPED
    with store.transaction(site.id) as tx:
        words = [each for each in decisions.stops_of_day(tx, site.id, day) if each.by == CLERK]
        if _stands(words, service, is_stopped, said):
            return
        decisions.put_stop(tx, site.id, day, Stop(service, CLERK, is_stopped, now, said))
        tx.record(_event(site, service, mode, CLERK, now, clerk=clerk, reason=said))


def _stands(words: list[Stop], service: str, is_stopped: bool, reason: str) -> bool:
    """Whether exactly this is decided already, with no other decision about single services."""
    same = [each for each in words if (each.is_stopped, each.reason) == (is_stopped, reason)]
    is_said = any(each.service == service for each in same)
    return is_said and (service != EVERY_SERVICE or len(words) == 1)


def _check_service(site: Site, service: str) -> None:
    if not any(service in (EVERY_SERVICE, each.id) for each in site.services if each.walk_in):
        raise NotFound(service=service)


def _changes(reader: Reader, site: Site, forecast: Ends, now: datetime) -> dict[str, bool]:
    """The services for which the forecast has changed its mind: whether it stops them now."""
    days = days_of(reader, site)
    closes_at = open_until(days, site.zone, now)
    if closes_at is None or not site.tickets.forecast_stop:
        return {}
    decided = decisions.stops_in_force(reader, site, days, now)
    found = {}
    for service in (each.id for each in site.services if each.walk_in):
        was = decided.by_forecast(service) is not None
        wanted = must_stop(was, forecast.ends.get(service), closes_at, site.tickets)
        if wanted != was:
            found[service] = wanted
    return found


def _follow(
    tx: Transaction, site: Site, service: str, wanted: bool, ends_at: datetime | None, now: datetime
) -> None:
    if wanted:
        stop = Stop(service, FORECAST, True, now, work_ends_at=ends_at)
        decisions.put_stop(tx, site.id, local_day(now, site.zone), stop)
    else:
        decisions.drop_stops(tx, site.id, service, FORECAST)
    mode = STOPPED if wanted else OPEN
    tx.record(_event(site, service, mode, FORECAST, now, work_ends_at=ends_at))


def _event(
    site: Site,
    service: str,
    mode: str,
    by: str,
    now: datetime,
    *,
    clerk: int | None = None,
    reason: str = "",
    work_ends_at: datetime | None = None,
) -> events.TicketStopSet:
    return events.TicketStopSet(
        at=now,
        site=site.id,
        clerk=clerk,
        service=service,
        mode=mode,
        by=by,
        reason=reason,
        work_ends_at=work_ends_at,
    )
