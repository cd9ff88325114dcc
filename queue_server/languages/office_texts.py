"""What the office itself has written, in the visitor's language as far as it is translated.

Names, notices, fees, documents: config.toml holds them in German and perhaps in
other languages. Each comes with the language it is really in, so that pages can mark it.
"""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.domain.site import Display, Service, Site
from queue_server.languages import GERMAN, Said, said, texts
from queue_server.languages.words import NO_BREAK


def own_words(site: Site, german: str, language: str) -> Said:
    """A text that the office has written (a notice, its name), translated or German."""
    return said(german, site.translated.get(language, {}).get(german, german), language)


def counter_name(site: Site, counter: str, language: str) -> Said:
    """What a counter is called. "Schalter 3" has its number in every language: where the whole
    name is not translated, its first word may be."""
    german = site.counter_name(counter)
    word, _, sign = german.partition(" ")
    known = site.translated.get(language, {})
    if german in known or not sign or word not in known:
        return own_words(site, german, language)
    return said(german, f"{known[word]}{NO_BREAK}{sign}", language)


def name_of(thing: Service | Site | Display, language: str, site: Site | None = None) -> Said:
    """What a service, a site or a wall display is called; a display needs its `site`."""
    if isinstance(thing, Service):
        return said(thing.name, thing.in_language(language).name, language)
    home = thing if isinstance(thing, Site) else site
    return own_words(home, thing.name, language) if home else Said(thing.name)


def short_name_of(site: Site, language: str = GERMAN) -> Said:
    """What a site is called where room is scarce: its short name, if it has one."""
    return own_words(site, site.short_name or site.name, language)


def fee_of(service: Service, language: str) -> Said:
    """The fee as on a notice."""
    return said(service.fee, service.in_language(language).fee, language)


def documents_of(service: Service, language: str) -> tuple[Said, ...]:
    """What to bring for a service."""
    shown = service.in_language(language)
    listed_in = GERMAN if shown.documents == service.documents else language
    return tuple(Said(each, listed_in) for each in shown.documents)


def documents_for(site: Site, services: Sequence[str], language: str) -> dict[str, Said]:
    """What to bring for these services, by its German name; each once.

    A translation is known by its place, so one with more or fewer lines counts as none.
    """
    found: dict[str, Said] = {}
    for service in (each for each in site.services if each.id in services):
        shown = documents_of(service, language)
        fits = len(shown) == len(service.documents)
        pairs = zip(service.documents, shown if fits else map(Said, service.documents), strict=True)
        found = dict(pairs) | found
    return {german: found[german] for german in site.documents_for(services)}


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
