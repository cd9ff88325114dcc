"""Whether a walk-in may draw a number now: opening hours, ticket stops, the day's quota.

A clerk's decision overrides the forecast's, and both end with their day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from queue_server.domain.errors import BadRequest, NotIssuing
from queue_server.domain.hours import (
    DaySpans,
    at_wall_clock,
    local_day,
    next_opening,
    open_until,
    opening_spans,
)
from queue_server.domain.site import EVERY_SERVICE, Service, Site, TicketRules

FORECAST, CLERK = "forecast", "clerk"
STOPPED, OPEN, AUTOMATIC = "stopped", "open", "automatic"
MODES = (STOPPED, OPEN, AUTOMATIC)
# Stopped by the forecast, numbers come back only when it ends this much sooner.
REOPENS_BELOW = timedelta(minutes=5)
# In the first minutes the counters open one after the other; no forecast stops anything then.
SETTLES_AFTER = timedelta(minutes=15)
LONGEST_REASON = 120


@dataclass(frozen=True, slots=True)
class Stop:
    """A decision about the numbers of a service (`*`: all): stopped, or open by hand.

    `by` is `forecast` or `clerk`, `reason` what the clerk said, `work_ends_at` when the forecast
    expected the last person to be served as it decided.
    """

    service: str
    by: str
    is_stopped: bool
    since: datetime
    reason: str = ""
    work_ends_at: datetime | None = None

    @property
    def mode(self) -> str:
        return STOPPED if self.is_stopped else OPEN


class Stops:
    """The decisions in force at a site at one moment."""

    def __init__(self, some: Iterable[Stop] = ()) -> None:
        self._by_hand: dict[str, Stop] = {}
        self._forecast: dict[str, Stop] = {}
        for stop in some:
            (self._by_hand if stop.by == CLERK else self._forecast)[stop.service] = stop

    def by_hand(self, service: str) -> Stop | None:
        """What a clerk said of exactly this service, or of all of them (`*`)."""
        return self._by_hand.get(service)

    def by_forecast(self, service: str) -> Stop | None:
        return self._forecast.get(service)

    def of(self, service: str) -> Stop | None:
        """The decision that counts for a service; None: nobody has decided anything.

        A decision about one service overrides one about all. The latter replaces the former when it
        is made, so the newest always counts.
        """
        said = self.by_hand(service) or self.by_hand(EVERY_SERVICE)
        return said or self.by_forecast(service)


NO_STOPS = Stops()


def standing(some: Iterable[Stop], site: Site, days: DaySpans, now: datetime) -> Stops:
    """Those of a local day's decisions that still hold.

    The forecast speaks of one opening span: what it said of the morning is nothing in the
    afternoon. Switched off, it says nothing.
    """
    opened = opened_at(site, days, now) if site.tickets.forecast_stop else None
    return Stops(
        stop for stop in some if stop.by == CLERK or (opened is not None and stop.since >= opened)
    )


def must_stop(
    is_stopped: bool, ends_at: datetime | None, closes_at: datetime, rules: TicketRules
) -> bool:
    """Whether no more numbers are given out when work would end at `ends_at`.

    Past closing time plus the allowed overtime it stops, five minutes below it begins again, and
    in between (or without a forecast) all stays as it is, so that it never flaps.
    """
    if ends_at is None:
        return is_stopped
    limit = closes_at + timedelta(minutes=rules.allowed_overtime_minutes)
    return ends_at > (limit - REOPENS_BELOW if is_stopped else limit)


def checked_reason(reason: str) -> str:
    """The reason as visitors read it: one line, no full stop. Raises `BadRequest`."""
    said = " ".join(reason.split()).rstrip(".").rstrip()
    if not said:
        raise BadRequest(errors=[("reason", "missing", "")])
    if len(said) > LONGEST_REASON:
        raise BadRequest(errors=[("reason", "too_long", str(LONGEST_REASON))])
    return said


def opened_at(site: Site, days: DaySpans, now: datetime) -> datetime | None:
    """When today's present opening span began; None while the site is closed."""
    spans = opening_spans(days, local_day(now, site.zone), site.zone)
    return next((start for start, end in spans if start <= now < end), None)


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
    check = IssuingCheck(site, issued_today, days, now, stops)
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
    check = IssuingCheck(site, issued_today, days, now, stops)
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


class IssuingCheck:
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
        """A clerk's decision holds for the rest of the day, everything else until the next span."""
        zone, after = self._site.zone, self._now
        if another_day:
            # A moment before midnight, so that an office that opens at midnight is found.
            midnight = at_wall_clock(local_day(after, zone), DAY_MINUTES, zone)
            after = midnight - timedelta(milliseconds=1)
        return next_opening(self._days, zone, after)


def _common(refusals: Sequence[NotIssuing]) -> NotIssuing:
    """One refusal for all: the gravest, a clerk's decision before the forecast's."""
    first = min(refusals, key=_gravity)
    facts: dict[str, Any] = {k: value for k, value in first.facts.items() if k != "service"}
    reasons = {refusal.facts.get("reason") for refusal in refusals}
    if facts["why"] == "stopped" and len(reasons) > 1:
        facts["reason"] = ""
    return NotIssuing(**facts)


def _gravity(refusal: NotIssuing) -> tuple[int, bool]:
    why = str(refusal.facts["why"])
    return GRAVEST.index(why), refusal.facts.get("by") != CLERK
