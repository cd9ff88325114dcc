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


class WhyOut(BaseModel):
    """Why not yet: a stable code and the sentence."""

    code: str
    text: str


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
    likely_minutes: int | None = None
    waited_minutes: int | None = None
    counter: str | None = None
    counter_name: str | None = None
    bound_to: str | None = None
    precedence: str | None = None
    missing: list[str] = []
    coming: bool = False
    postponed: bool = False
    calls: int
    reason: ReasonOut | None = None
    why: WhyOut | None = None


class CallOut(BaseModel):
    """The answer to a call: its id, the ticket, and why this person."""

    call: int
    ticket: TicketOut
    reason: ReasonOut | None = None


class SpeechOut(BaseModel):
    language: str
    url: str


class BoardCallOut(BaseModel):
    call: int
    number: str
    counter: str
    direction: str
    kind: str
    times: int
    at: datetime
    speech: list[SpeechOut] | None = Field(default=None, exclude_if=lambda some: some is None)


class NotIssuingOut(BaseModel):
    """Why there are no numbers now: `why` is `closed`, `closing`, `stopped` or `quota`.

    `text` is the German sentence, `reason` what a clerk said, `opens_at` the next opening.
    """

    why: str
    text: str
    reason: str = ""
    opens_at: datetime | None = None


class BoardOut(BaseModel):
    """The whole wall; equal or newer versions replace, older ones are dropped.

    `not_issuing` says why there are no numbers, when `issuing` is false.
    """

    version: int
    at: datetime
    site: str
    calls: list[BoardCallOut]
    next: list[str]
    issuing: bool
    not_issuing: NotIssuingOut | None = Field(default=None, exclude_if=lambda why: why is None)
    notices: list[str]


class CounterOut(BaseModel):
    counter: str
    name: str
    open: bool
    clerk: str | None = None
    services: list[str]
    ticket: TicketOut | None = None


class HelpCallOut(BaseModel):
    """A clerk who calls for help. `coming` is the colleague who was first to say that they come."""

    id: str
    counter: str | None = None
    name: str | None = None
    clerk: str
    at: datetime
    coming: str | None = None


class QueueOut(BaseModel):
    """Everybody present, `waiting` in calling order; `help` only while somebody calls for it."""

    version: int
    at: datetime
    site: str
    waiting: list[TicketOut]
    called: list[TicketOut]
    serving: list[TicketOut]
    parked: list[TicketOut]
    no_show: list[TicketOut]
    counters: list[CounterOut]
    help: list[HelpCallOut] | None = Field(default=None, exclude_if=lambda some: some is None)


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
    issuing: bool
    waiting: int
    low_minutes: int | None
    high_minutes: int | None
    likely_minutes: int | None


class OutlookOut(BaseModel):
    open: bool
    issuing: bool
    waiting: int
    counters_open: int
    services: list[ServiceOutlookOut]
    not_issuing: NotIssuingOut | None = None


class StopOut(BaseModel):
    """A decision about numbers: `mode` is `stopped` or `open`, `by` is `clerk` or `forecast`.

    `work_ends_at` is when the forecast expected the last person to be served.
    """

    mode: str
    by: str
    reason: str = ""
    since: datetime
    work_ends_at: datetime | None = None


class ServiceStopOut(BaseModel):
    """`issuing` is what comes of it; `stop` is the decision that counts, whoever made it.

    `mode` is what a clerk said of exactly this service; `automatic` when nothing.
    """

    service: str
    issuing: bool
    mode: str
    stop: StopOut | None = None
    not_issuing: NotIssuingOut | None = None


class StopsOut(BaseModel):
    """Walk-in services; `mode` is what a clerk said of all of them at once."""

    site: str
    issuing: bool
    mode: str
    stop: StopOut | None = None
    not_issuing: NotIssuingOut | None = None
    services: list[ServiceStopOut]


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


class OpenCounterOut(BaseModel):
    counter: str
    name: str
    services: list[str]
    opened_at: datetime


class CrowdOut(BaseModel):
    """One message for all phones of a site, in calling order.

    Each of `waiting` is `[number, ahead, low_minutes, high_minutes, likely_minutes]`.
    """

    version: int
    at: datetime
    site: str
    waiting: list[tuple[str, int, int | None, int | None, int | None]]
    called: list[str]


class PushKeyOut(BaseModel):
    """The public key of this office's messages to phones, base64url."""

    key: str
