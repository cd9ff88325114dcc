"""What happened, in the past tense. Recording one of these is publishing it.

Events hold ids, states and times, never names, addresses, codes or tokens: the journal may
outlive people. `ticket` events carry all that is needed to rebuild the tickets table from the
journal (see `domain/replay.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

EVENTS: dict[str, type[Event]] = {}
# Who cancelled an appointment or ticket: `by` of their events.
HOLDER, CLERK, OFFICE = "holder", "clerk", "office"
# These stand in columns of the journal; everything else is its JSON `data`.
COLUMNS = ("site", "ticket", "appointment", "counter", "clerk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One journal row. `at` is an aware UTC datetime; ids are those of the tables."""

    at: datetime
    site: str
    ticket: int | None = None
    appointment: int | None = None
    counter: str | None = None
    clerk: int | None = None

    @property
    def name(self) -> str:
        return type(self).__name__

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # dataclass(slots=True) makes the class twice; the second one is the real one.
        EVENTS[cls.__name__] = cls

    def data(self) -> dict[str, Any]:
        """What is not in a column, as JSON values; times as UTC milliseconds."""
        skip = {*COLUMNS, "at"}
        return {
            f.name: _plain(value)
            for f in fields(self)
            if f.name not in skip and (value := getattr(self, f.name)) is not None
        }


def _plain(value: Any) -> Any:
    return round(value.timestamp() * 1000) if isinstance(value, datetime) else value


def event_from(name: str, row: Mapping[str, Any], data: Mapping[str, Any]) -> Event:
    """The event of a journal row. Raises KeyError for a name that this version does not know."""
    cls = EVENTS[name]
    known = {f.name: f.type for f in fields(cls)}
    values = {key: _typed(known[key], value) for key, value in data.items() if key in known}
    columns = {key: row[key] for key in COLUMNS}
    return cls(at=_moment(row["at"]), **columns, **values)


def _typed(kind: Any, value: Any) -> Any:
    if "datetime" in str(kind) and value is not None:
        return _moment(value)
    return _tuples(value)


def _tuples(value: Any) -> Any:
    """JSON knows lists only; events hold tuples, also inside of each other."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketIssued(Event):
    number: str
    kind: str
    services: tuple[str, ...]
    persons: int = 1
    due_at: datetime | None = None
    is_late: bool = False
    by: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled(Event):
    """`reason` is the rule's reason code with its facts; `chosen` is True for a clerk's choice.

    `contested` and `guard` feed the guard's share; `pool` names the interchangeable counters.
    """

    call: int
    reason: str
    facts: Mapping[str, Any] | None = None
    chosen: bool = False
    contested: bool = False
    guard: bool = False
    pool: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecalled(Event):
    call: int
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketArrived(Event):
    """The called person is at the counter; service begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFinished(Event):
    outcome: str = "done"
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMissed(Event):
    """The clerk decided: not here after `calls` calls."""

    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketParked(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResumed(Event):
    """Back to waiting at the old place; not callable before `held_until`."""

    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReleased(Event):
    """A call made by mistake was taken back; the ticket waits where it was."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTransferred(Event):
    """Handed on to other services or another counter, keeping number and waiting since."""

    services: tuple[str, ...]
    bound_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUnbound(Event):
    """The counter it was handed to has closed; any suitable counter may call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketServicesChanged(Event):
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPreferred(Event):
    """A clerk gave precedence, with a reason code."""

    precedence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCancelled(Event):
    """`by` is `holder`, `clerk` or `day_end`."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBooked(Event):
    services: tuple[str, ...]
    persons: int
    start_at: datetime
    by: str = "clerk"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentReserved(Event):
    """A citizen has chosen a time; it is kept while the form is filled in."""

    services: tuple[str, ...]
    persons: int
    start_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentPreconfirmed(Event):
    """The form is complete; the link in the e-mail is waited for until `expires_at`."""

    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationAsked(Event):
    """The citizen asked for the e-mail with the link once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentConfirmed(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentExpired(Event):
    """Not confirmed in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCheckedIn(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMoved(Event):
    start_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCancelled(Event):
    """`by` is HOLDER, CLERK or, when a day falls out, OFFICE."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMissed(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsDeclared(Event):
    """The visitor said which of the documents to bring are missing; none when all are there."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDecided(Event):
    """A local day (ISO date) got other hours, in minutes after midnight; none when closed.

    `is_special` is False when it became a day like others again.
    """

    day: str
    spans: tuple[tuple[int, int], ...] = ()
    is_special: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterOpened(Event):
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterClosed(Event):
    """`by` is `clerk`, `sign_out`, `gone` or `day_end`."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayReported(Event):
    """A wall display told whether its sound works: `running`, `blocked` or `off`."""

    display: str
    sound: str
