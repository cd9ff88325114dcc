"""What the start page tells of a site: open or not, how long it takes now, what to bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from queue_server.domain.hours import DaySpans, local_day, next_opening, open_until
from queue_server.domain.site import Service, Site
from queue_server.domain.waiting import Range
from queue_server.languages import words
from queue_server.opening import days_of
from queue_server.queries.outlook import Outlook, ServiceOutlook, outlook
from queue_server.web.hall import Hall

WAITING = ("Niemand wartet", "1 Person wartet", "# Personen warten")
COUNTERS = ("Kein Schalter besetzt", "1 Schalter besetzt", "# Schalter besetzt")


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A site to choose, with its opening state in words."""

    id: str
    name: str
    is_open: bool
    opening: str


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as visitors read it; `online_host` names where a link would lead."""

    id: str
    name: str
    fee: str
    duration: str
    documents: tuple[str, ...]
    online_url: str
    online_host: str
    walk_in: bool
    bookable: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """Services under one letter. `span` is the waiting time in words, empty when unknown."""

    id: str
    name: str
    services: tuple[ServiceView, ...]
    walk_ins: tuple[str, ...]
    waiting: str
    span: str


@dataclass(frozen=True, slots=True)
class StartPage:
    site: Site
    place: PlaceView
    places: tuple[PlaceView, ...]
    issuing: bool
    waiting: str
    counters: str
    groups: tuple[GroupView, ...]
    hours: tuple[tuple[str, str, bool], ...]
    at: str


def start_page(house: Hall, site: Site) -> StartPage:
    """The whole start page for one site, now."""
    now, every = house.now(), house.settings.sites
    with house.store.snapshot() as snapshot:
        found = outlook(snapshot, site, now)
        places = {each.id: _place(each, days_of(snapshot, each), now) for each in every}
    return StartPage(
        site=site,
        place=places[site.id],
        places=tuple(places.values()),
        issuing=found.issuing,
        waiting=words.counted(found.waiting, *WAITING),
        counters=words.counted(found.counters_open, *COUNTERS),
        groups=tuple(_groups(site, found)),
        hours=_hours(site, now),
        at=words.clock(now, site.zone),
    )


def _place(site: Site, days: DaySpans, now: datetime) -> PlaceView:
    closes_at = open_until(days, site.zone, now)
    opens_at = next_opening(days, site.zone, now)
    opening = words.opening(opens_at, closes_at, site.zone, now)
    return PlaceView(site.id, site.name, closes_at is not None, opening)


def _groups(site: Site, found: Outlook) -> Iterator[GroupView]:
    """Groups in the order of config.toml."""
    looks = {look.service: look for look in found.services}
    for letter in dict.fromkeys(service.group for service in site.services):
        members = tuple(service for service in site.services if service.group == letter)
        yield _group(letter, members, looks)


def _group(
    letter: str, members: tuple[Service, ...], looks: dict[str, ServiceOutlook]
) -> GroupView:
    walk_ins = tuple(service.id for service in members if service.walk_in)
    waiting = sum(looks[service.id].waiting for service in members)
    return GroupView(
        id=letter,
        name=members[0].group_name or f"Anliegen {letter}",
        services=tuple(_service(service) for service in members),
        walk_ins=walk_ins,
        waiting=words.counted(waiting, *WAITING),
        span=words.span(_widest(looks[id].range for id in walk_ins)),
    )


def _widest(ranges: Iterable[Range | None]) -> Range | None:
    """One range that holds for every concern of a group for which a counter is open."""
    known = [each for each in ranges if each is not None]
    if not known:
        return None
    return Range(min(r.low_minutes for r in known), max(r.high_minutes for r in known))


def _service(service: Service) -> ServiceView:
    return ServiceView(
        id=service.id,
        name=service.name,
        fee=service.fee,
        duration=words.minutes(service.minutes),
        documents=service.documents,
        online_url=service.online_url,
        online_host=(urlsplit(service.online_url).hostname or "").removeprefix("www."),
        walk_in=service.walk_in,
        bookable=service.bookable,
    )


def _hours(site: Site, now: datetime) -> tuple[tuple[str, str, bool], ...]:
    """The week: day, hours in words, whether it is today."""
    today = local_day(now, site.zone).weekday()
    return tuple(
        (name, words.spans(spans), index == today)
        for index, (name, spans) in enumerate(zip(words.WEEKDAYS, site.hours.days, strict=True))
    )
