"""What happened, in the past tense. Recording one of these is publishing it.

Events hold ids, states and times, never names, addresses, codes or tokens: the journal may
outlive people. `ticket` events carry all that is needed to rebuild the tickets table from the
journal (see `domain/changes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queue_server.domain.event import COLUMNS as COLUMNS
from queue_server.domain.event import EVENTS as EVENTS
from queue_server.domain.event import Event as Event
from queue_server.domain.event import event_from as event_from
from queue_server.domain.help_call import HelpAnswered as HelpAnswered
from queue_server.domain.help_call import HelpCalled as HelpCalled
from queue_server.domain.help_call import HelpEnded as HelpEnded
from queue_server.domain.office_events import DayDecided as DayDecided
from queue_server.domain.office_events import DeliveryRepeated as DeliveryRepeated
from queue_server.domain.office_events import DeviceChanged as DeviceChanged
from queue_server.domain.office_events import PersonForgotten as PersonForgotten
from queue_server.domain.office_events import RulesSet as RulesSet
from queue_server.domain.office_events import SettingsChanged as SettingsChanged
from queue_server.domain.office_events import StaffChanged as StaffChanged
from queue_server.domain.office_events import TicketStopSet as TicketStopSet
from queue_server.domain.office_events import TokenChanged as TokenChanged
from queue_server.domain.undone_events import MissUndone as MissUndone

# Who cancelled an appointment or ticket: `by` of their events.
HOLDER, CLERK, OFFICE = "holder", "clerk", "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketIssued(Event):
    """Ticket and number are given by the database.

    `minutes` are the planned minutes of the visit; 0 in journals from before they were kept.
    """

    number: str = ""
    kind: str
    services: tuple[str, ...]
    persons: int = 1
    minutes: int = 0
    due_at: datetime | None = None
    is_late: bool = False
    by: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRefused(Event):
    """No number was given, which changes nobody's state: figures alone read it.

    `service` is the first one asked for, `reason` the refusal's `why` or, without one, its code.
    `door` is the kiosk's place in config.toml or `program 3`, and empty where a `clerk` asked.
    """

    service: str
    reason: str
    door: str = ""
    by: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled(Event):
    """`call` is given by the database, `reason` is the rule's reason code with its facts.

    `chosen` is True for a clerk's choice.
    `contested` and `guard` feed the guard's share; `pool` names the interchangeable counters.
    """

    call: int = 0
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
    """The clerk decided: not here after `calls` calls. The lock-out ends at `held_until`; it is
    missing in journals from before it was kept, and known there once the person waits again.
    """

    calls: int
    held_until: datetime | None = None


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
class TicketPostponed(Event):
    """The holder, who waits, asked for a few minutes more: others go first until `held_until`.

    The place in line stays. A call that stood was taken back just before.
    """

    held_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(Event):
    """The holder said that they are on their way."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTransferred(Event):
    """Handed on to other services or another counter, keeping number and waiting since."""

    services: tuple[str, ...]
    bound_to: str | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUnbound(Event):
    """The counter it was handed to has closed; any suitable counter may call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketServicesChanged(Event):
    services: tuple[str, ...]
    minutes: int = 0


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
class ForecastGiven(Event):
    """The waiting time that the holder of a ticket was told, in minutes from `at`.

    Eight of ten are called between `low_minutes` and `high_minutes`, half of them by
    `likely_minutes`.
    """

    low_minutes: int
    high_minutes: int
    likely_minutes: int


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
