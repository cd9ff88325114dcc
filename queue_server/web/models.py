"""The models of API answers and socket messages; the OpenAPI document is generated from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class ReasonOut(BaseModel):
    """Why this person: a stable code, the German sentence, and its facts."""

    code: str
    text: str
    facts: dict[str, Any]


class TicketOut(BaseModel):
    """A ticket. `token` is given once, to whoever drew it; minutes are whole minutes.

    `missing` are the documents to bring that the visitor said are not there.
    """

    id: str
    number: str
    token: str | None = None
    site: str
    services: list[str]
    persons: int
    state: str
    kind: str
    due_at: datetime | None = None
    issued_at: datetime
    place: int | None = None
    low_minutes: int | None = None
    high_minutes: int | None = None
    waited_minutes: int | None = None
    counter: str | None = None
    counter_name: str | None = None
    bound_to: str | None = None
    precedence: str | None = None
    missing: list[str] = []
    calls: int
    reason: ReasonOut | None = None


class CallOut(BaseModel):
    """The answer to a call: its id, the ticket, and why this person."""

    call: int
    ticket: TicketOut
    reason: ReasonOut | None = None


class BoardCallOut(BaseModel):
    call: int
    number: str
    counter: str
    direction: str
    kind: str
    times: int
    at: datetime


class BoardOut(BaseModel):
    """The whole wall; equal or newer versions replace, older ones are dropped."""

    version: int
    at: datetime
    site: str
    calls: list[BoardCallOut]
    next: list[str]
    issuing: bool
    notices: list[str]


class CounterOut(BaseModel):
    counter: str
    name: str
    open: bool
    clerk: str | None = None
    services: list[str]
    ticket: TicketOut | None = None


class QueueOut(BaseModel):
    """Everybody present, `waiting` in calling order."""

    version: int
    at: datetime
    site: str
    waiting: list[TicketOut]
    called: list[TicketOut]
    serving: list[TicketOut]
    parked: list[TicketOut]
    no_show: list[TicketOut]
    counters: list[CounterOut]


class ServiceOut(BaseModel):
    id: str
    name: str
    group: str
    group_name: str
    minutes: int
    fee: str
    documents: list[str]
    leika: str
    online_url: str
    walk_in: bool
    bookable: bool
    max_persons: int


class SiteOut(BaseModel):
    id: str
    name: str
    address: str
    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    services: list[ServiceOut]


class SitesOut(BaseModel):
    sites: list[SiteOut]


class ServiceOutlookOut(BaseModel):
    service: str
    waiting: int
    low_minutes: int | None
    high_minutes: int | None


class OutlookOut(BaseModel):
    open: bool
    issuing: bool
    waiting: int
    counters_open: int
    services: list[ServiceOutlookOut]


class SlotOut(BaseModel):
    start: datetime
    end: datetime


class SlotsOut(BaseModel):
    slots: list[SlotOut]


class AppointmentOut(BaseModel):
    """An appointment as its holder sees it; the Termincode only while it is confirmed.

    `expires_at` is when an unconfirmed booking ends; none for a confirmed one.
    """

    id: str
    token: str
    site: str
    state: str
    services: list[str]
    persons: int
    start: datetime
    end: datetime
    expires_at: datetime | None = None
    code: str | None = Field(default=None, exclude_if=lambda code: code is None)


class ChallengeOut(BaseModel):
    """A proof of work in ALTCHA's format: which number behind `salt` hashes to `challenge`?"""

    algorithm: str
    challenge: str
    salt: str
    maxnumber: int
    signature: str


class CounterSessionOut(BaseModel):
    counter: str
    name: str
    services: list[str]
    opened_at: datetime


class CrowdOut(BaseModel):
    """One message for all phones of a site: `[number, ahead, low, high]` in calling order."""

    version: int
    at: datetime
    site: str
    waiting: list[tuple[str, int, int | None, int | None]]
    called: list[str]
