"""The shape of a `[[site]]` in config.toml: every table, every key, and what it may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from queue_server.printing import check_address
from queue_server.settings.file_link import problem_of
from queue_server.settings.schema_languages import (
    Line,
    OwnWordsTable,
    ServiceWordsTable,
    SlipWordsTable,
    lines,
)
from queue_server.settings.schema_wall import PageTable, ThemeTable
from queue_server.settings.types import (
    REQUIRED,
    Link,
    LocalDay,
    OpeningSpans,
    Table,
    TimeZone,
    WebAddress,
    choice,
    key,
    matching,
    number,
    one_of,
    said,
    text,
    whole,
    yes_no,
)

# fmt: off
LANDS = (
    "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV",
    "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH",
)
# fmt: on
LANGUAGES = ("de", "de-x-leicht", "en", "tr", "ar", "uk", "ru", "pl", "ro", "fa")
SPAN = 'a span "HH:MM-HH:MM" with its start before its end, no later than "24:00"'
RULES = ("due_first", "strict", "arrival", "accumulating")
ENGINES = ("espeak-ng", "piper", "recordings", "off")
LAYOUTS = ("calls_next", "calls", "calls_information")
DIRECTIONS = ("", "left", "right", "straight", "up", "down")


def _printer(value: str) -> str:
    if problem := check_address(value):
        raise said(problem, "printer", value=value)
    return value


def _file_link(value: str) -> str:
    if value and (problem := problem_of(value)):
        raise said(problem, "file_link", value=value)
    return value


def _rows(value: Any) -> Any:
    return None if value == "auto" else value


Language = Annotated[str, StringConstraints(pattern=f"^(?:{'|'.join(LANGUAGES)})$")]
Printer = Annotated[str, AfterValidator(_printer)]
FileLink = Annotated[str, AfterValidator(_file_link)]
Rows = Annotated[int | None, BeforeValidator(_rows)]


def ident() -> Any:
    words = 'an id of lower-case letters, digits and "-"'
    return matching("[a-z0-9][a-z0-9-]{0,59}", words, default=REQUIRED)


def opening_spans() -> Any:
    words = 'a list of spans such as ["08:00-12:00", "14:00-18:00"]'
    # A day without spans is a closed day.
    return key(words, each=SPAN, default=[])


class HoursTable(Table):
    mon: OpeningSpans = opening_spans()
    tue: OpeningSpans = opening_spans()
    wed: OpeningSpans = opening_spans()
    thu: OpeningSpans = opening_spans()
    fri: OpeningSpans = opening_spans()
    sat: OpeningSpans = opening_spans()
    sun: OpeningSpans = opening_spans()


class TicketsTable(Table):
    stop_before_close_minutes: int = whole(0, 480)
    allowed_overtime_minutes: int = whole(0, 240)
    forecast_stop: bool = yes_no()
    calls_before_no_show: int = whole(1, 10)
    recall_lock_seconds: int = whole(0, 600)


class CheckinTable(Table):
    early_minutes: int = whole(0, 480)
    grace_minutes: int = whole(0, 240)
    late_until_minutes: int = whole(0, 1440)


class BookingTable(Table):
    horizon_days: int = whole(1, 365)
    lead_minutes: int = whole(0, 20160)
    step_minutes: int = whole(1, 120)
    form_minutes: int = whole(2, 120)
    hold_minutes: int = whole(5, 1440)
    walk_in_share: float = number(0, 1)
    release_pause_minutes: int = whole(0, 1440)
    open_per_address: int = whole(1, 20)
    proof: bool = yes_no()
    proof_work: int = whole(1000, 5_000_000)
    per_client_hour: int = whole(1, 100_000)
    per_hour: int = whole(1, 100_000)
    unconfirmed_share: float = number(0.05, 1)
    unconfirmed_client_minutes: int = whole(15, 100_000)
    most_moves: int = whole(0, 100)
    unproven_per_client_hour: int = whole(0, 100_000)
    unproven_per_hour: int = whole(0, 100_000)


class PriorityTable(Table):
    rule: str = choice(*RULES)
    busy_from_minutes: int = whole(0, 480)
    guard_after_minutes: int = whole(0, 480)
    guard_every: int = whole(2, 100)
    ratio: float = number(1, 100)


class VoicesTable(Table):
    """A name or a file for each further language."""

    en: str = text()
    tr: str = text()
    ar: str = text()
    uk: str = text()
    ru: str = text()
    pl: str = text()
    ro: str = text()
    fa: str = text()


class VoiceTable(Table):
    engine: str = choice(*ENGINES)
    voice: str = text()
    voices: VoicesTable = Field(default_factory=VoicesTable)
    folder: str = text()
    volume: int = whole(0, 100)
    speed: int = whole(50, 200)
    quiet: OpeningSpans = key('a list of spans such as ["12:00-13:00"]', each=SPAN)


class SpecialDayTable(Table):
    """A special day: closed without `hours`."""

    day: LocalDay = key('a date such as "2026-12-24"', default=REQUIRED)
    hours: OpeningSpans = opening_spans()
    notice: str = text(200)


class ServiceTable(Table):
    id: str = ident()
    name: str = text(120, least=1, default=REQUIRED)
    group: str = matching("[A-Z]", "one capital letter from A to Z", default=REQUIRED)
    minutes: int = whole(1, 480, default=REQUIRED)
    group_name: str = text(60)
    fee: str = text()
    documents: list[Line] = lines()
    leika: str = matching("|[0-9]{14}", 'the 14 digits of a LeiKa key or ""')
    online_url: WebAddress = key('an address such as "https://example.de/form" or ""')
    walk_in: bool = yes_no()
    bookable: bool = yes_no()
    daily_quota: int = whole(0, 10000)
    max_persons: int = whole(1, 20)
    translated: ServiceWordsTable = Field(default_factory=ServiceWordsTable)


class CounterTable(Table):
    id: str = ident()
    name: str = text(40, least=1, default=REQUIRED)
    services: list[str] = key('["*"] or a list of service ids', each="a service id", min_length=1)
    direction: str = choice(*DIRECTIONS)
    area: str = text(40)
    bookable: bool = yes_no()
    spoken: str = text(60)


class DisplayTable(Table):
    id: str = ident()
    name: str = text(60)
    diagonal_inches: float = number(5, 300)
    distance_m: float = number(0.3, 60)
    rows: Rows = key('"auto" or a whole number from 1 to 20', ge=1, le=20)
    voice: bool = yes_no()
    languages: list[Language] = key(
        'a list such as ["de", "en"]', each=one_of(LANGUAGES), min_length=1
    )
    volume: int = whole(0, 100)
    quiet: OpeningSpans = key('a list of spans such as ["12:00-13:00"]', each=SPAN)
    layout: str = choice(*LAYOUTS)
    sites: list[str] = key("a list of site ids", each="a site id")
    areas: list[str] = key("a list of areas of counters", each="an area")


class KioskTable(Table):
    id: str = ident()
    name: str = text(60)
    printer: Printer = key("a printer address")
    camera: bool = yes_no()
    print: str = choice("always", "ask", "never")
    paper_mm: Literal[58, 80] = key("58 or 80")
    slip_as: str = choice("auto", "picture")
    diagonal_inches: float = number(7, 100)
    speech: bool = yes_no()


class SlipTable(Table):
    """What the office has printed on every slip."""

    text: str = text(300)
    translated: SlipWordsTable = Field(default_factory=SlipWordsTable)


class DeskTable(Table):
    file_url: FileLink = key("the address of a digital file")


class LinksTable(Table):
    imprint: Link = key('an address such as "https://example.de/impressum" or ""')
    privacy: Link = key('an address such as "https://example.de/datenschutz" or ""')
    accessibility: Link = key('an address such as "https://example.de/barrierefrei" or ""')


class SiteTable(Table):
    id: str = ident()
    name: str = text(120, least=1, default=REQUIRED)
    short_name: str = text(30)
    timezone: TimeZone = key('a time zone such as "Europe/Berlin"')
    land: str = choice("", *LANDS)
    address: str = text()
    phone: str = text(40)
    counter_word: str = text(30, least=1)
    notices: list[Line] = lines()
    hours: HoursTable = Field(default_factory=HoursTable)
    tickets: TicketsTable = Field(default_factory=TicketsTable)
    checkin: CheckinTable = Field(default_factory=CheckinTable)
    booking: BookingTable = Field(default_factory=BookingTable)
    priority: PriorityTable = Field(default_factory=PriorityTable)
    voice: VoiceTable = Field(default_factory=VoiceTable)
    slip: SlipTable = Field(default_factory=SlipTable)
    desk: DeskTable = Field(default_factory=DeskTable)
    links: LinksTable = Field(default_factory=LinksTable)
    service: list[ServiceTable] = Field(default_factory=list)
    counter: list[CounterTable] = Field(default_factory=list)
    display: list[DisplayTable] = Field(default_factory=list)
    kiosk: list[KioskTable] = Field(default_factory=list)
    special_day: list[SpecialDayTable] = Field(default_factory=list)
    theme: ThemeTable = Field(default_factory=ThemeTable)
    page: list[PageTable] = Field(default_factory=list)
    translated: OwnWordsTable = Field(default_factory=OwnWordsTable)
