"""A site and what is in it: services, counters, displays, kiosks and the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from queue_server.domain.desk_rules import DeskRules
from queue_server.domain.errors import BadRequest, NotFound, TooManyPersons, UnknownService
from queue_server.domain.hours import Hours, Span, SpecialDay
from queue_server.domain.kiosk import Kiosk, SlipWords
from queue_server.domain.theme import Links, Theme

EVERY_SERVICE = "*"


@dataclass(frozen=True, slots=True)
class Translation:
    """Words of a service in another language; what is empty is not translated."""

    name: str = ""
    group_name: str = ""
    fee: str = ""
    documents: tuple[str, ...] = ()
    online_url: str = ""

    def given(self) -> dict[str, Any]:
        """The fields that say something."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}


@dataclass(frozen=True, slots=True)
class Service:
    """A municipal service (Dienstleistung). `minutes` is the planned service time per person.

    `fee` is free text as printed on a notice; `leika` the key of the German service catalogue.
    `daily_quota` is the number of walk-in tickets a local day, 0 for no limit.
    """

    id: str
    name: str
    group: str
    minutes: int
    group_name: str = ""
    fee: str = ""
    documents: tuple[str, ...] = ()
    leika: str = ""
    online_url: str = ""
    walk_in: bool = True
    bookable: bool = True
    daily_quota: int = 0
    max_persons: int = 1
    translations: Mapping[str, Translation] = field(default_factory=dict)

    def in_language(self, language: str) -> Service:
        """The service as its visitors read it; what is not translated stays German."""
        found = self.translations.get(language)
        return self if found is None else replace(self, **found.given())


@dataclass(frozen=True, slots=True)
class Counter:
    """Where people are served. `services` may hold `"*"`; `direction` is an arrow on the wall.

    Only a `bookable` counter takes appointments. `spoken` follows "bitte" when it is called out
    ("zum Trausaal"); when empty, the name does.
    `area` is the waiting area that it calls from.
    """

    id: str
    name: str
    services: tuple[str, ...] = (EVERY_SERVICE,)
    direction: str = ""
    bookable: bool = True
    spoken: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Display:
    """A wall display; diagonal in inches and distance of the last chair in metres.

    It speaks German, and to whoever chose one of its other `languages` that one, too. Without
    `volume` and `quiet` it sounds as its site says.

    `layout` is `calls_next`, `calls` or `calls_information`. It shows the calls of `sites`, its
    own when none is named, and of counters in `areas`, all when none is named.
    """

    id: str
    name: str = ""
    diagonal_inches: float = 43
    distance_m: float = 5
    rows: int | None = None
    voice: bool = True
    languages: tuple[str, ...] = ("de",)
    volume: int | None = None
    quiet: tuple[Span, ...] | None = None
    layout: str = "calls_next"
    sites: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InformationPage:
    """Information for walls: a Markdown text or a picture (a file), from and until a local day.

    On all displays if none is named. `translated` is the text by language, `alt` what it shows.
    """

    text: str = ""
    picture: str = ""
    alt: str = ""
    shown_from: date | None = None
    until: date | None = None
    displays: tuple[str, ...] = ()
    translated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VoiceRules:
    """How calls sound. `volume` goes from 0 to 100, `speed` is 100 for an ordinary pace.

    `voice` is the German one and `voices` are those of other languages: a name for espeak-ng, a
    file for piper. `folder` holds recordings. In the `quiet` hours nothing sounds.
    """

    engine: str = "espeak-ng"
    voice: str = ""
    voices: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    volume: int = 80
    speed: int = 100
    quiet: tuple[Span, ...] = ()

    def voice_of(self, language: str) -> str:
        """What is named for this language; empty when nothing is."""
        return self.voice if language == "de" else self.voices.get(language, "")

    def at(self, display: Display) -> VoiceRules:
        """As this display sounds."""
        return replace(
            self,
            engine=self.engine if display.voice else "off",
            volume=self.volume if display.volume is None else display.volume,
            quiet=self.quiet if display.quiet is None else display.quiet,
        )


@dataclass(frozen=True, slots=True)
class TicketRules:
    stop_before_close_minutes: int = 15
    allowed_overtime_minutes: int = 15
    forecast_stop: bool = True
    calls_before_no_show: int = 2
    recall_lock_seconds: int = 60


@dataclass(frozen=True, slots=True)
class CheckinRules:
    """Minutes around the slot: check-in opens, grace before "late", last check-in."""

    early_minutes: int = 30
    grace_minutes: int = 10
    late_until_minutes: int = 120


@dataclass(frozen=True, slots=True)
class BookingRules:
    """How citizens book.

    There are three time limits: for `form_minutes` a chosen time is held while the form is filled
    in, for `hold_minutes` until the link in the e-mail expires, and a freed time is shown again
    after a random part of `release_pause_minutes`. Without being confirmed, no more is held than
    `unconfirmed_share` of a day and `unconfirmed_client_minutes` by one client; a holder moves an
    appointment at most `most_moves` times. What ends with `hour` are bookings an hour, from one
    client and from all; those without a proof of work have their own limits.
    """

    horizon_days: int = 42
    lead_minutes: int = 60
    step_minutes: int = 5
    form_minutes: int = 15
    hold_minutes: int = 60
    walk_in_share: float = 0.4
    release_pause_minutes: int = 30
    open_per_address: int = 1
    proof: bool = True
    proof_work: int = 50_000
    per_client_hour: int = 200
    per_hour: int = 2000
    unconfirmed_share: float = 0.5
    unconfirmed_client_minutes: int = 240
    most_moves: int = 5
    unproven_per_client_hour: int = 10
    unproven_per_hour: int = 60


@dataclass(frozen=True, slots=True)
class PriorityRules:
    """The site's calling rule; see `domain/priority.py`. Minutes, except `guard_every` (calls)."""

    rule: str = "due_first"
    busy_from_minutes: int = 10
    guard_after_minutes: int = 45
    guard_every: int = 3
    ratio: float = 3.0


@dataclass(frozen=True)
class Site:
    """A building with counters and a wall. Everything in it comes from config.toml.

    `translated` holds, by language, the office's own words under the German ones.
    """

    id: str
    name: str
    zone: ZoneInfo
    hours: Hours
    short_name: str = ""
    land: str = ""
    address: str = ""
    counter_word: str = "Schalter"
    services: tuple[Service, ...] = ()
    counters: tuple[Counter, ...] = ()
    displays: tuple[Display, ...] = ()
    kiosks: tuple[Kiosk, ...] = ()
    notices: tuple[str, ...] = ()
    slip: SlipWords = field(default_factory=SlipWords)
    phone: str = ""
    special_days: tuple[SpecialDay, ...] = ()
    tickets: TicketRules = field(default_factory=TicketRules)
    checkin: CheckinRules = field(default_factory=CheckinRules)
    booking: BookingRules = field(default_factory=BookingRules)
    priority: PriorityRules = field(default_factory=PriorityRules)
    voice: VoiceRules = field(default_factory=VoiceRules)
    desk: DeskRules = field(default_factory=DeskRules)
    theme: Theme = field(default_factory=Theme)
    links: Links = field(default_factory=Links)
    pages: tuple[InformationPage, ...] = ()
    translated: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def _services(self) -> dict[str, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def _counters(self) -> dict[str, Counter]:
        return {counter.id: counter for counter in self.counters}

    def service(self, id: str) -> Service:
        """The service with this id; raises `UnknownService`."""
        if id not in self._services:
            raise UnknownService(service=id)
        return self._services[id]

    def counter(self, id: str) -> Counter:
        """The counter with this id; raises `NotFound`."""
        if id not in self._counters:
            raise NotFound(counter=id)
        return self._counters[id]

    def counter_name(self, id: str) -> str:
        """The counter's name on the wall; its id for a counter that config.toml no longer has."""
        return self._counters[id].name if id in self._counters else id

    def served_by(self, services: tuple[str, ...]) -> tuple[str, ...]:
        """The service ids meant by a counter's list, in the order of the catalogue."""
        every = EVERY_SERVICE in services
        return tuple(id for id in self._services if every or id in services)

    def documents_for(self, services: Sequence[str]) -> tuple[str, ...]:
        """What visitors bring for these services, each once, in the order of the catalogue."""
        found = (self._services[id].documents for id in self._services if id in services)
        return tuple(dict.fromkeys(document for some in found for document in some))

    def checked_visit(self, services: tuple[str, ...], persons: int) -> tuple[Service, ...]:
        """The services of a visit.

        Raises `UnknownService`, `TooManyPersons`, or `BadRequest` for none of either.
        """
        if not services:
            raise BadRequest(errors=[("services", "missing", "")])
        if persons < 1:
            raise BadRequest(errors=[("persons", "too_few", "1")])
        wanted = tuple(self.service(id) for id in dict.fromkeys(services))
        for service in wanted:
            if persons > service.max_persons:
                raise TooManyPersons(service=service.id, most=service.max_persons)
        return wanted

    def visit_minutes(self, services: tuple[str, ...], persons: int) -> int:
        """Planned minutes of a visit: service times add up over services and persons."""
        planned = [self._services[id].minutes for id in services if id in self._services]
        return max(1, sum(planned)) * persons
