"""An appointment: a booked time, from the reservation to the check-in that makes it a ticket."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from queue_server.domain.errors import (
    Cancelled,
    MoveRefused,
    NotConfirmed,
    OtherDay,
    OtherSite,
    TooEarly,
)
from queue_server.domain.site import CheckinRules


class AppointmentState(StrEnum):
    RESERVED = "reserved"
    PRECONFIRMED = "preconfirmed"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    MISSED = "missed"


RESERVED, PRECONFIRMED = AppointmentState.RESERVED, AppointmentState.PRECONFIRMED
CONFIRMED, CHECKED_IN = AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN
CANCELLED, EXPIRED = AppointmentState.CANCELLED, AppointmentState.EXPIRED
MISSED = AppointmentState.MISSED

MOVES: dict[AppointmentState, frozenset[AppointmentState]] = {
    RESERVED: frozenset({PRECONFIRMED, CONFIRMED, CANCELLED, EXPIRED}),
    PRECONFIRMED: frozenset({CONFIRMED, CANCELLED, EXPIRED}),
    CONFIRMED: frozenset({CHECKED_IN, CANCELLED, MISSED}),
    MISSED: frozenset({CHECKED_IN}),
    CHECKED_IN: frozenset(),
    CANCELLED: frozenset(),
    EXPIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booked time. `start_at` and `end_at` are aware UTC datetimes; `code` is the Termincode.

    `expires_at` is when an unconfirmed booking ends, `confirmation_key` what only the e-mail tells.
    `sequence` counts how often the time was changed, as calendars want to know (RFC 5545, 3.8.7.4).
    """

    id: int
    site: str
    state: AppointmentState
    services: tuple[str, ...]
    persons: int
    start_at: datetime
    end_at: datetime
    code: str
    token: str
    language: str = "de"
    expires_at: datetime | None = None
    confirmation_key: str = field(default="", repr=False)
    sequence: int = 0

    def check_move(self, to: AppointmentState) -> None:
        """Raise `MoveRefused` when the table of moves does not know this one."""
        if to not in MOVES[self.state]:
            raise MoveRefused(state=self.state, to=to)

    def at(self, start_at: datetime) -> Appointment:
        """The same visit at another time."""
        start_at = start_at.astimezone(UTC)
        return replace(self, start_at=start_at, end_at=start_at + (self.end_at - self.start_at))


def is_open(appointment: Appointment, now: datetime) -> bool:
    """Still to come: confirmed, or waiting for a confirmation that can still be given."""
    if appointment.state in (RESERVED, PRECONFIRMED):
        return not has_expired(appointment, now)
    return appointment.state is CONFIRMED


def has_expired(appointment: Appointment, now: datetime) -> bool:
    """Its last moment for a confirmation has come. The slot is held exactly until then."""
    return appointment.expires_at is not None and now >= appointment.expires_at


def opens_at(appointment: Appointment, rules: CheckinRules) -> datetime:
    """When check-in opens, `early_minutes` before the slot."""
    return appointment.start_at - timedelta(minutes=rules.early_minutes)


def is_late(appointment: Appointment, rules: CheckinRules, now: datetime) -> bool:
    """Later than the grace time: the person keeps a ticket but ranks like a walk-in."""
    return now > appointment.start_at + timedelta(minutes=rules.grace_minutes)


def may_check_in(
    appointment: Appointment, site: str, rules: CheckinRules, zone: ZoneInfo, now: datetime
) -> None:
    """Return when the person may check in here and now, else raise the refusal that says why not.

    Raises `OtherSite`, `NotConfirmed`, `Cancelled`, `OtherDay`, `TooEarly`.
    """
    if appointment.site != site:
        raise OtherSite(site=appointment.site, due_at=appointment.start_at)
    if appointment.state in (RESERVED, PRECONFIRMED):
        raise NotConfirmed(due_at=appointment.start_at)
    if CHECKED_IN not in MOVES[appointment.state]:
        raise Cancelled(due_at=appointment.start_at, state=appointment.state)
    _check_time(appointment, rules, zone, now)


def _check_time(
    appointment: Appointment, rules: CheckinRules, zone: ZoneInfo, now: datetime
) -> None:
    # A window may reach over midnight, so the window is asked before the day.
    closes_at = appointment.start_at + timedelta(minutes=rules.late_until_minutes)
    if opens_at(appointment, rules) <= now <= closes_at:
        return
    if appointment.start_at.astimezone(zone).date() != now.astimezone(zone).date():
        raise OtherDay(due_at=appointment.start_at)
    if now > closes_at:
        raise Cancelled(due_at=appointment.start_at, state=MISSED)
    raise TooEarly(due_at=appointment.start_at, opens_at=opens_at(appointment, rules))
