"""What the one-page guides say: made from the running configuration, so that they are never old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from queue_server.domain.site import Counter, Service, Site
from queue_server.office import guide_words
from queue_server.settings import Settings
from queue_server.web.desk_keys import KEYS
from queue_server.web.wording import LANGUAGES_IN_GERMAN, PRECEDENCE


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A sentence, and in front of it the key or the number that it is about."""

    words: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class GuidePart:
    """A heading with its lines."""

    title: str
    lines: tuple[GuideLine, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A page for one kind of work. `about` says in a line whom it is for."""

    id: str
    title: str
    about: str
    parts: tuple[GuidePart, ...]


def guides(settings: Settings, site: Site) -> tuple[Guide, ...]:
    """All guides of a site."""
    facts = _facts(settings, site)
    counters = GuidePart(f"{site.counter_word} und Anliegen", tuple(_counters(site)))
    services = GuidePart("Anliegen, Minuten, und wie man kommen kann", tuple(_services(site)))
    groups = GuidePart("Bereiche", tuple(_groups(site)))
    about = f"Für alle, die dort helfen. Terminals: {facts['kiosks']}"
    return (
        Guide("clerk", "Am Schalter", "Für alle, die aufrufen und bearbeiten",
              (*_parts(guide_words.CLERK, facts), counters)),
        Guide("front-desk", "Am Empfang", "Für alle, die Nummern ausgeben und Termine vergeben",
              (*_parts(guide_words.FRONT_DESK, facts), services)),
        Guide("kiosk", "Am Check-in-Terminal", about,
              (*_parts(guide_words.KIOSK, facts), groups)),
    )  # fmt: skip


def _facts(settings: Settings, site: Site) -> Mapping[str, str]:
    """What the words leave open; empty for what this office does not have."""
    has_camera = any(kiosk.camera for kiosk in site.kiosks)
    return {
        "desk": f"{settings.public_url}/desk",
        "place": site.counter_word,
        "file": site.desk.file_url,
        "reasons": ", ".join(PRECEDENCE.values()),
        "early": str(site.checkin.early_minutes),
        "grace": str(site.checkin.grace_minutes),
        "kiosks": ", ".join(kiosk.name or kiosk.id for kiosk in site.kiosks) or "keines",
        "scan": "QR-Code vor die Kamera halten oder" if has_camera else "Auf dem Bildschirm",
        "read_aloud": ", vorlesen" if any(kiosk.speech for kiosk in site.kiosks) else "",
        "languages": ", ".join(_languages(settings)),
    }


def _parts(page: guide_words.Page, facts: Mapping[str, str]) -> Iterator[GuidePart]:
    for title, lines in page:
        said = (
            GuideLine(words.format_map(facts), KEYS[mark].key if mark in KEYS else mark)
            for mark, words in lines
            if mark != "file" or facts["file"]
        )
        yield GuidePart(title, tuple(said))


def _languages(settings: Settings) -> list[str]:
    """Those that visitors are offered, German first."""
    wanted = settings.server.languages
    return [
        name
        for language, name in LANGUAGES_IN_GERMAN.items()
        if not wanted or language in ("de", *wanted)
    ]


def _counters(site: Site) -> Iterator[GuideLine]:
    for counter in site.counters:
        yield GuideLine(f"{counter.name}: {_served(site, counter)}")


def _served(site: Site, counter: Counter) -> str:
    """Whole groups by their name, and what else is served."""
    served = site.served_by(counter.services)
    if len(served) == len(site.services):
        return "alle Anliegen"
    words: list[str] = []
    for letter, services in _by_group(site).items():
        mine = [service for service in services if service.id in served]
        if len(mine) == len(services):
            words.append(_group_name(letter, services))
        else:
            words += [service.name for service in mine]
    return ", ".join(words)


def _services(site: Site) -> Iterator[GuideLine]:
    for letter, services in _by_group(site).items():
        named = ", ".join(f"{each.name} ({each.minutes}{_ways(each)})" for each in services)
        yield GuideLine(f"{named}.", letter)


def _ways(service: Service) -> str:
    if service.walk_in and service.bookable:
        return ""
    return ", nur ohne Termin" if service.walk_in else ", nur mit Termin"


def _groups(site: Site) -> Iterator[GuideLine]:
    for letter, services in _by_group(site).items():
        named = ", ".join(each.name for each in services if each.walk_in)
        yield GuideLine(f"{_group_name(letter, services)}: {named or 'nur mit Termin'}.", letter)


def _by_group(site: Site) -> dict[str, list[Service]]:
    found: dict[str, list[Service]] = {}
    for service in site.services:
        found.setdefault(service.group, []).append(service)
    return found


def _group_name(letter: str, services: list[Service]) -> str:
    return next((each.group_name for each in services if each.group_name), f"Bereich {letter}")
