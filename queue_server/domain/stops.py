"""Ticket stops: a clerk's word goes before the forecast's, and both end with their day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.errors import BadRequest
from queue_server.domain.hours import DaySpans, local_day, opening_spans
from queue_server.domain.site import EVERY_SERVICE, Site, TicketRules

FORECAST, CLERK = "forecast", "clerk"
STOPPED, OPEN, AUTOMATIC = "stopped", "open", "automatic"
MODES = (STOPPED, OPEN, AUTOMATIC)
# Stopped by the forecast, numbers come back only when it ends this much sooner.
REOPENS_BELOW = timedelta(minutes=5)
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

        A word about one service goes before one about all. The latter ends the former when it is
        spoken, so the newer one always counts.
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
