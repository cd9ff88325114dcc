"""The first two steps: which concerns at which site, and what to bring for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import make_response, render_template

from queue_server.booking.blueprint import Errors, room, text
from queue_server.booking.requested_visit import (
    ServiceWords,
    Wanted,
    bookable_services,
    of_a_visit,
    read_wanted,
    service_words,
)
from queue_server.domain.site import Service, Site
from queue_server.languages import Said, marked_plural, words
from queue_server.languages.office_texts import group_name, name_of
from queue_server.web.app_context import app_context
from queue_server.web.language import current, to

PERSONS = marked_plural("{count} Person", "{count} Personen")
FEW = 8
"""So many concerns stand open at once; more of them are folded into their groups."""


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """Concerns under one letter; `chosen` counts those that are ticked."""

    id: str
    name: Said
    services: tuple[ServiceWords, ...]
    chosen: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """`sites` are those that offer anything: id, name, address of the page, whether chosen."""

    wanted: Wanted
    sites: tuple[tuple[Said, str, bool], ...]
    groups: tuple[ServiceGroup, ...]
    persons: tuple[tuple[int, str], ...]
    is_possible: bool
    early: int


@room.get("/termin")
def choose() -> str:
    """Choose concerns; also what the QR of a Termincode opens, the code in the fragment."""
    site = app_context().site(text("site")) if text("site") else _first_site()
    wanted, _wrong = read_wanted(site)
    return _choose_page(wanted, [])


def choose_again(wanted: Wanted, errors: Errors) -> Any:
    """The first page once more, with what is wrong."""
    return make_response(_choose_page(wanted, errors), 422)


@room.get("/termin/documents")
@of_a_visit(choose_again)
def documents(wanted: Wanted) -> str:
    """What to bring, what it costs, how long it takes, and what can be done online instead."""
    language = current()
    return render_template(
        "booking/documents.html",
        wanted=wanted,
        services=[service_words(wanted.site, service, language) for service in wanted.chosen],
        stressed=_stressed(wanted),
        duration=words.minutes(wanted.minutes, language=language),
    )


def _stressed(wanted: Wanted) -> set[tuple[str, int]]:
    """Service and place in its list of each document that visitors often forget."""
    often = app_context().often_forgotten.of(wanted.site)
    return {
        (service.id, place)
        for service in wanted.chosen
        for place, document in enumerate(service.documents)
        if (service.id, document) in often
    }


def _choose_page(wanted: Wanted, errors: Errors) -> str:
    page = _page(wanted)
    return render_template("booking/choose.html", page=page, errors=errors, wrong=dict(errors))


def _page(wanted: Wanted) -> ChoosePage:
    every = app_context().settings.sites
    offered = bookable_services(wanted.site)
    return ChoosePage(
        wanted=wanted,
        sites=tuple(_site_link(each, wanted.site) for each in every if bookable_services(each)),
        groups=tuple(_groups(wanted, offered)),
        persons=tuple(
            (count, words.counted(count, "", *PERSONS, language=current()))
            for count in range(1, max((s.max_persons for s in offered), default=1) + 1)
        ),
        is_possible=bool(offered) and app_context().settings.mail.is_on,
        early=min(site.checkin.early_minutes for site in every),
    )


def _first_site() -> Site:
    """The first one that offers anything."""
    every = app_context().settings.sites
    return next((site for site in every if bookable_services(site)), every[0])


def _site_link(site: Site, chosen: Site) -> tuple[Said, str, bool]:
    return name_of(site, current()), to("/termin", site=site.id), site == chosen


def _groups(wanted: Wanted, offered: tuple[Service, ...]) -> list[ServiceGroup]:
    """Groups in the order of config.toml; those with a chosen concern are open."""
    letters = dict.fromkeys(service.group for service in offered)
    return [_group(wanted, letter, offered) for letter in letters]


def _group(wanted: Wanted, letter: str, offered: tuple[Service, ...]) -> ServiceGroup:
    members = [service for service in offered if service.group == letter]
    chosen = sum(service.id in wanted.services for service in members)
    return ServiceGroup(
        id=letter,
        name=group_name(wanted.site, letter, current()),
        services=tuple(service_words(wanted.site, service, current()) for service in members),
        chosen=chosen,
        is_open=chosen > 0 or len(offered) <= FEW,
    )
