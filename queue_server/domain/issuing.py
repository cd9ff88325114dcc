"""May a walk-in draw a number now? Closed, closing soon, stopped, or the day's quota used up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from queue_server.domain.errors import NotIssuing
from queue_server.domain.hours import (
    DaySpans,
    at_wall_clock,
    local_day,
    next_opening,
    open_until,
)
from queue_server.domain.site import Service, Site
from queue_server.domain.stops import CLERK, NO_STOPS, Stop, Stops

IssuedToday = Callable[[str], int]
DAY_MINUTES = 24 * 60
# When every service is refused for another reason, the site is told the one that ends last.
GRAVEST = ("closing", "stopped", "quota")


def check_issuing(
    site: Site,
    services: tuple[Service, ...],
    issued_today: IssuedToday,
    days: DaySpans,
    now: datetime,
    stops: Stops = NO_STOPS,
) -> None:
    """Return when a ticket for these services may be issued; else raise `NotIssuing`.

    `why` is `closed` or `closing` (with `opens_at`, which may be None), `stopped` (with `service`,
    `by`, `reason`, `ends_at`, `opens_at`), `quota` or `not_walk_in` (with `service`). What a clerk
    has opened by hand is given out until the office closes. `issued_today(service)` is asked only
    for services with a quota.
    """
    check = Check(site, issued_today, days, now, stops)
    for service in services:
        if refusal := check.refusal(service):
            raise refusal


def site_refusal(
    site: Site,
    issued_today: IssuedToday,
    days: DaySpans,
    now: datetime,
    stops: Stops = NO_STOPS,
) -> NotIssuing | None:
    """What every walk-in would be told now; None while there is a number for anybody.

    A site without walk-in services is as its opening hours say. Without `service` in its facts.
    """
    check = Check(site, issued_today, days, now, stops)
    walk_ins = [service for service in site.services if service.walk_in]
    if check.closed or not walk_ins:
        return check.closed or check.closing
    refusals = []
    # Counting what was issued costs a look into the tickets: mostly the first one needs none.
    for service in sorted(walk_ins, key=lambda service: service.daily_quota > 0):
        refusal = check.refusal(service)
        if refusal is None:
            return None
        refusals.append(refusal)
    return _common(refusals)


class Check:
    """The refusals of one moment. Looks at the opening hours once for all services."""

    def __init__(
        self, site: Site, issued_today: IssuedToday, days: DaySpans, now: datetime, stops: Stops
    ) -> None:
        self._site, self._days, self._now = site, days, now
        self._issued_today, self._stops = issued_today, stops
        closes_at = open_until(days, site.zone, now)
        self.closed = None if closes_at else NotIssuing(why="closed", opens_at=self._next_opening())
        self.closing = self._closing(closes_at) if closes_at else None

    def refusal(self, service: Service) -> NotIssuing | None:
        """Why there is no number for this service; None when there is one."""
        if self.closed:
            return self.closed
        if not service.walk_in:
            return NotIssuing(why="not_walk_in", service=service.name)
        stop = self._stops.of(service.id)
        if stop and not stop.is_stopped:
            return None
        if self.closing:
            return self.closing
        return self._stopped(service, stop) if stop else self._used_up(service)

    def _closing(self, closes_at: datetime) -> NotIssuing | None:
        last_minutes = timedelta(minutes=self._site.tickets.stop_before_close_minutes)
        if closes_at - self._now > last_minutes:
            return None
        return NotIssuing(why="closing", closes_at=closes_at, opens_at=self._next_opening())

    def _stopped(self, service: Service, stop: Stop) -> NotIssuing:
        return NotIssuing(
            why="stopped",
            service=service.name,
            by=stop.by,
            reason=stop.reason,
            ends_at=stop.work_ends_at,
            opens_at=self._next_opening(another_day=stop.by == CLERK),
        )

    def _used_up(self, service: Service) -> NotIssuing | None:
        quota = service.daily_quota
        if quota and self._issued_today(service.id) >= quota:
            return NotIssuing(why="quota", service=service.name)
        return None

    def _next_opening(self, *, another_day: bool = False) -> datetime | None:
        """A clerk's word is for the rest of the day, everything else until the next span."""
        zone, after = self._site.zone, self._now
        if another_day:
            # A moment before midnight, so that an office that opens at midnight is found.
            midnight = at_wall_clock(local_day(after, zone), DAY_MINUTES, zone)
            after = midnight - timedelta(milliseconds=1)
        return next_opening(self._days, zone, after)


def _common(refusals: Sequence[NotIssuing]) -> NotIssuing:
    """One refusal for all: the gravest, with a clerk's word before the forecast's."""
    first = min(refusals, key=_gravity)
    facts: dict[str, Any] = {k: value for k, value in first.facts.items() if k != "service"}
    reasons = {refusal.facts.get("reason") for refusal in refusals}
    if facts["why"] == "stopped" and len(reasons) > 1:
        facts["reason"] = ""
    return NotIssuing(**facts)


def _gravity(refusal: NotIssuing) -> tuple[int, bool]:
    why = str(refusal.facts["why"])
    return GRAVEST.index(why), refusal.facts.get("by") != CLERK
