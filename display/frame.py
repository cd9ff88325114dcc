"""What stays the same on a wall until the configuration or the program changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from display.boards import label_of, places_shown
from display.information import ShownPage, pages_of
from display.legibility import rows_of
from display.place import breakable
from display.words import sayings, spoken_by
from queue_server.domain.hours import Span
from queue_server.domain.site import Display, Site
from queue_server.domain.theme import Theme
from queue_server.languages import GERMAN, Said
from queue_server.languages.office_texts import counter_name, own_words
from queue_server.languages.words import NO_BREAK
from queue_server.settings import VERSION
from queue_server.web.app_context import app_context

INFORMATION = "calls_information"


@dataclass(frozen=True, slots=True)
class WatchedSite:
    """A site whose calls a wall shows; `places` are the counters it is limited to, if it is.

    `label` tells it from the other sites of the wall, and is empty when it is alone.
    """

    id: str
    label: str
    places: list[str] | None


@dataclass(frozen=True)
class Frame:
    """`booking` is the address where appointments are booked, to be read and typed; empty for
    none. `zone` is what the wall's clock goes by. `places` has the names of counters by language
    and German name, as far as they differ: translated, and with soft hyphens where they may break.
    `volume` goes from 0 to 100.
    """

    site: str
    site_name: str
    zone: str
    display: str
    name: str
    layout: str
    rows: int
    rows_upright: int
    watched: tuple[WatchedSite, ...]
    places: Mapping[str, Mapping[str, str]]
    languages: tuple[str, ...]
    sayings: Mapping[str, Mapping[str, str]]
    notices: Mapping[str, list[Said]]
    theme: Theme
    pages: tuple[ShownPage, ...]
    booking: str = ""
    speaks: bool = False
    volume: int = 0
    quiet: tuple[Span, ...] = ()
    version: str = VERSION

    @property
    def quiet_words(self) -> str:
        """ "12:00-13:00 18:00-24:00"."""
        return " ".join(f"{_clock(each.start)}-{_clock(each.end)}" for each in self.quiet)

    @cached_property
    def fingerprint(self) -> str:
        return sha256(repr(asdict(self)).encode()).hexdigest()[:16]


def sites_of(site: Site, display: Display) -> list[Site]:
    """The sites whose calls this wall shows."""
    settings = app_context().settings
    return [settings.site(id) for id in display.sites] or [site]


def frame_of(site: Site, display: Display, today: date) -> Frame:
    """The frame of this wall, a display of `site`."""
    sounds = site.voice.at(display)
    sites, languages = sites_of(site, display), spoken_by(display.languages)
    booking = _booking_address(site)
    return Frame(
        site=site.id,
        site_name=site.name,
        zone=site.zone.key,
        display=display.id,
        name=display.name,
        layout=display.layout,
        rows=rows_of(display),
        rows_upright=rows_of(display, upright=True),
        watched=tuple(_watched(display, sites)),
        places={language: _places(sites, language) for language in (GERMAN, *languages)},
        languages=tuple(languages),
        sayings={language: _sayings(language, booking) for language in languages},
        notices=_notices(sites, languages),
        theme=site.theme,
        pages=pages_of(site, display, today, languages) if display.layout == INFORMATION else (),
        booking=booking,
        speaks=sounds.engine != "off",
        volume=sounds.volume,
        quiet=sounds.quiet,
    )


def _watched(display: Display, sites: list[Site]) -> list[WatchedSite]:
    return [
        WatchedSite(site.id, label_of(site, sites), places_shown(display, site)) for site in sites
    ]


def _notices(sites: list[Site], languages: list[str]) -> dict[str, list[Said]]:
    """By the German notice, what it is in further languages of the wall."""
    return {
        notice: found
        for site in sites
        for notice in site.notices
        if (found := _translated(site, notice, languages))
    }


def _translated(site: Site, notice: str, languages: list[str]) -> list[Said]:
    said = (own_words(site, notice, language) for language in languages)
    return [each for each in said if each.language != GERMAN]


def _places(sites: list[Site], language: str) -> dict[str, str]:
    names = {
        counter.name: counter_name(site, counter.id, language)
        for site in sites
        for counter in site.counters
    }
    # The sign is set apart from its word, so none but a blank stands between them.
    shown = {
        name: breakable(said.text.replace(NO_BREAK, " "), said.language)
        for name, said in sorted(names.items())
        if said.language == language
    }
    return {name: text for name, text in shown.items() if text != name}


def _sayings(language: str, booking: str) -> dict[str, str]:
    """A wall without online booking does not speak of it."""
    found = sayings(language)
    return found if booking else {key: text for key, text in found.items() if key != "online"}


def _booking_address(site: Site) -> str:
    settings = app_context().settings
    if not settings.mail.is_on or not any(service.bookable for service in site.services):
        return ""
    return f"{settings.public_url.partition('://')[2]}/termin"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
