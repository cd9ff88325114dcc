"""May a walk-in draw a number now? Closed, closing soon, or the day's quota used up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from queue_server.domain.errors import NotIssuing
from queue_server.domain.hours import DaySpans, next_opening, open_until
from queue_server.domain.site import Service, Site


def check_issuing(
    site: Site,
    services: tuple[Service, ...],
    issued_today: Callable[[str], int],
    days: DaySpans,
    now: datetime,
) -> None:
    """Return when a ticket for these services may be issued; else raise `NotIssuing`.

    `why` is `closed` or `closing` (with `opens_at`, which may be None), `quota` or `not_walk_in`
    (with `service`). `issued_today(service)` is asked only for services with a quota.
    """
    check_open(site, days, now)
    for service in services:
        if not service.walk_in:
            raise NotIssuing(why="not_walk_in", service=service.name)
        if service.daily_quota and issued_today(service.id) >= service.daily_quota:
            raise NotIssuing(why="quota", service=service.name)


def check_open(site: Site, days: DaySpans, now: datetime) -> None:
    """Raise `NotIssuing` when the site is closed or about to close."""
    closes_at = open_until(days, site.zone, now)
    if closes_at is None:
        raise NotIssuing(why="closed", opens_at=next_opening(days, site.zone, now))
    if closes_at - now <= timedelta(minutes=site.tickets.stop_before_close_minutes):
        opens_at = next_opening(days, site.zone, now)
        raise NotIssuing(why="closing", closes_at=closes_at, opens_at=opens_at)


def is_issuing(site: Site, days: DaySpans, now: datetime) -> bool:
    """Whether the site gives out walk-in numbers at all now."""
    try:
        check_open(site, days, now)
    except NotIssuing:
        return False
    return True
