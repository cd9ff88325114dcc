"""What can be booked online: services and sites, in the words of their visitors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from queue_server.domain.site import Service, Site
from queue_server.domain.slots import bookable_counters, bookable_share
from queue_server.languages import GERMAN, Said, said, texts, words


@dataclass(frozen=True, slots=True)
class ServiceWords:
    """A service as visitors read it; `online_host` names where a link would lead.

    `bookable` services take appointments at all, `is_online` says that citizens may book them here.
    """

    id: str
    name: Said
    fee: Said
    duration: str
    documents: tuple[Said, ...]
    online_url: str
    online_host: str
    walk_in: bool
    bookable: bool
    is_online: bool


def is_possible(site: Site, services: Sequence[str]) -> bool:
    """Whether a bookable counter serves all of them in one visit."""
    return bookable_share(site, bookable_counters(site, services)) > 0


def is_online(site: Site, service: Service) -> bool:
    """Whether citizens may book it here."""
    return service.bookable and is_possible(site, (service.id,))


def bookable_services(site: Site) -> tuple[Service, ...]:
    """What citizens may book here, in the order of config.toml."""
    return tuple(service for service in site.services if is_online(site, service))


def service_words(site: Site, service: Service, language: str) -> ServiceWords:
    """The service in this language; what is not translated stays German, and says so."""
    shown = service.in_language(language)
    listed_in = GERMAN if shown.documents == service.documents else language
    return ServiceWords(
        id=service.id,
        name=said(service.name, shown.name, language),
        fee=said(service.fee, shown.fee, language),
        duration=words.minutes(service.minutes, language=language),
        documents=tuple(Said(each, listed_in) for each in shown.documents),
        online_url=shown.online_url,
        online_host=(urlsplit(shown.online_url).hostname or "").removeprefix("www."),
        walk_in=service.walk_in,
        bookable=service.bookable,
        is_online=is_online(site, service),
    )


def group_name(site: Site, letter: str, language: str) -> Said:
    """What the services of one letter are called together."""
    members = [service for service in site.services if service.group == letter]
    german = next((service.group_name for service in members if service.group_name), "")
    if not german:
        return Said(texts(language).gettext("Anliegen {letter}").format(letter=letter), language)
    # One service of the group names it in another language; the others still have German.
    shown = (service.in_language(language).group_name for service in members)
    return said(
        german, next((name for name in shown if name not in ("", german)), german), language
    )
