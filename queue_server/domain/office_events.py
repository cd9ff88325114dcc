"""What the office decided about itself: days, the rule, settings, ticket stops.

The same is said of all events in `domain/events.py`, through which everybody knows these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDecided(Event):
    """A local day (ISO date) got other hours, in minutes after midnight; none when closed.

    `is_special` is False when it became a day like others again.
    """

    day: str
    spans: tuple[tuple[int, int], ...] = ()
    is_special: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSet(Event):
    """The calling rule from here on; `by` is `config` at a start or `office`."""

    rule: str
    busy_from_minutes: int
    guard_after_minutes: int
    guard_every: int
    ratio: float
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    """Other settings are in force. `keys` are their names, never values; `by` says how they came.

    `office` is a page of the office, `file` a hand that edited config.toml, `start` one that did so
    while nobody was served. `more` keys changed that are not named.
    """

    keys: tuple[str, ...]
    by: str
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketStopSet(Event):
    """Numbers for a service (`*`: all) are stopped, open or, with `automatic`, the forecast's.

    `mode` is `stopped`, `open` or `automatic`, `by` is `forecast` or `clerk`, `reason` what the
    clerk said. `work_ends_at` is when the forecast expects the last person to be served.
    """

    service: str
    mode: str
    by: str
    reason: str = ""
    work_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRepeated(Event):
    """A message to another system is sent once more, because somebody of the office wants it."""

    delivery: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChanged(Event):
    """A clerk changed what another one may do. `about` is the other's id; `change` is `added`,
    `role`, `password` or `removed`, `role` what they are from then on.
    """

    about: int
    change: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChanged(Event):
    """A kiosk or display got a new pairing code (`expected`) or lost its pairing (`revoked`)."""

    device: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenChanged(Event):
    """A program was `added` with what its `scope` allows, or `revoked`; `program` is an id."""

    program: int
    change: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForgotten(Event):
    """Whoever booked `appointment` was deleted at their wish; `by` is `office` or `command`."""

    by: str
