"""What the start page tells of a site: open or not, how long it takes now, what to bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queue_server.booking.requested_visit import ServiceWords, bookable_services, service_words
from queue_server.booking.special_days import DayAhead, days_ahead
from queue_server.domain.errors import NotIssuing
from queue_server.domain.hours import DaySpans, local_day, next_opening, open_until
from queue_server.domain.site import Service, Site
from queue_server.domain.waiting import widest
from queue_server.languages import Said, marked, marked_plural, words
from queue_server.languages.office_texts import group_name, name_of, own_words
from queue_server.opening import days_of
from queue_server.queries.outlook import Outlook, ServiceOutlook, outlook
from queue_server.queries.stops import Issuing, issuing
from queue_server.web import refusals
from queue_server.web.app_context import AppContext
from queue_server.web.language import current

# Closed and closing stand in the opening hours, and by appointment only stands beside the service.
TOLD = frozenset({"stopped", "quota"})


@dataclass(frozen=True, slots=True)
class NoNumbers:
    """A sentence in the visitor's language, what a clerk said in the clerk's own words, and from
    when there are numbers again."""

    sentence: str
    reason: Said | None
    again: str


def no_numbers(
    refusal: NotIssuing | None, site: Site, now: datetime, language: str
) -> NoNumbers | None:
    """None while there are numbers, or where the page says it elsewhere."""
    if refusal is None or refusal.facts["why"] not in TOLD:
        return None
    reason = str(refusal.facts.get("reason", ""))
    # The clerk's words are German, so they stand apart from the translated sentences.
    whole = NotIssuing(**{**refusal.facts, "reason": ""}) if reason else refusal
    first = NotIssuing(**{**whole.facts, "opens_at": None})
    both, sentence = (refusals.sentence(each, site.zone, now, language) for each in (whole, first))
    again = both.removeprefix(sentence).strip()
    return NoNumbers(sentence, own_words(site, reason, language) if reason else None, again)


def stopped_services(
    given: Issuing, site: Site, now: datetime, language: str
) -> Mapping[str, NoNumbers]:
    """By service, where there are numbers for others."""
    if given.refusal is not None:
        return {}
    told = {
        each.service.id: no_numbers(each.refusal, site, now, language) for each in given.services
    }
    return {service: words for service, words in told.items() if words}


WAITING = (
    marked("Niemand wartet"),
    *marked_plural("{count} Person wartet", "{count} Personen warten"),
)
COUNTERS = (
    marked("Kein Schalter besetzt"),
    *marked_plural("{count} Schalter besetzt", "{count} Schalter besetzt"),
)


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A site to choose, with its opening state in words."""

    id: str
    name: Said
    is_open: bool
    opening: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """Services under one letter. `span` is the waiting time in words, empty when unknown.

    `is_given`: whether there are numbers for any of them.
    """

    id: str
    name: Said
    services: tuple[ServiceWords, ...]
    walk_ins: tuple[str, ...]
    waiting: words.Count
    span: str
    is_given: bool


@dataclass(frozen=True, slots=True)
class StartPage:
    """Everything on the page. `books` says whether anything can be booked on these pages.

    `stopped` says why there are no numbers at all, `stops` why there are none for a service.
    """

    site: Site
    place: PlaceView
    places: tuple[PlaceView, ...]
    issuing: bool
    stopped: NoNumbers | None
    stops: Mapping[str, NoNumbers]
    books: bool
    waiting: words.Count
    counters: words.Count
    groups: tuple[GroupView, ...]
    hours: tuple[tuple[str, str, bool], ...]
    ahead: tuple[DayAhead, ...]
    at: str
    words: Mapping[str, Any]


def start_page(context: AppContext, site: Site) -> StartPage:
    """The whole start page for one site, now, in the language of the request."""
    now, every, language = context.now(), context.settings.sites, current()
    told = context.forecasts.of(site)
    with context.store.snapshot() as snapshot:
        found = outlook(snapshot, site, now, told)
        places = {each.id: _place(each, days_of(snapshot, each), now, language) for each in every}
        given = issuing(snapshot, site, now)
        ahead = days_ahead(snapshot, site, now, language)
    return StartPage(
        site=site,
        place=places[site.id],
        places=tuple(places.values()),
        issuing=found.issuing,
        stopped=no_numbers(given.refusal, site, now, language),
        stops=stopped_services(given, site, now, language),
        books=context.settings.mail.is_on and bool(bookable_services(site)),
        waiting=words.count_of(found.waiting, *WAITING, language=language),
        counters=words.count_of(found.counters_open, *COUNTERS, language=language),
        groups=tuple(_groups(site, found, language)),
        hours=_hours(site, now, language),
        ahead=ahead,
        at=words.clock(now, site.zone, language),
        words=words.for_scripts(language),
    )


def _place(site: Site, days: DaySpans, now: datetime, language: str) -> PlaceView:
    closes_at = open_until(days, site.zone, now)
    opens_at = next_opening(days, site.zone, now)
    opening = words.opening(opens_at, closes_at, site.zone, now, language)
    return PlaceView(site.id, name_of(site, language), closes_at is not None, opening)


def _groups(site: Site, found: Outlook, language: str) -> Iterator[GroupView]:
    """Groups in the order of config.toml."""
    looks = {look.service: look for look in found.services}
    for letter in dict.fromkeys(service.group for service in site.services):
        members = tuple(service for service in site.services if service.group == letter)
        yield _group(site, letter, members, looks, language)


def _group(
    site: Site,
    letter: str,
    members: tuple[Service, ...],
    looks: Mapping[str, ServiceOutlook],
    language: str,
) -> GroupView:
    walk_ins = tuple(service.id for service in members if service.walk_in)
    waiting = sum(looks[service.id].waiting for service in members)
    return GroupView(
        id=letter,
        name=group_name(site, letter, language),
        services=tuple(service_words(site, service, language) for service in members),
        walk_ins=walk_ins,
        waiting=words.count_of(waiting, *WAITING, language=language),
        span=words.span(widest(looks[id].range for id in walk_ins if looks[id].issuing), language),
        is_given=any(looks[id].issuing for id in walk_ins),
    )


def _hours(site: Site, now: datetime, language: str) -> tuple[tuple[str, str, bool], ...]:
    """The week: day, hours in words, whether it is today."""
    today = local_day(now, site.zone).weekday()
    return tuple(
        (words.weekday(index, language), words.spans(spans, language), index == today)
        for index, spans in enumerate(site.hours.days)
    )
