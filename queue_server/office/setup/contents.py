"""What the parts of an office hold now: entries of lists, subjects of forms, its own texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from queue_server.domain.site import Site
from queue_server.office.setup.fields import SetupField
from queue_server.office.setup.parts import SetupPart, spoken_languages


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language other than German, with its German name."""

    id: str
    name: str


def entries(part: SetupPart, site: Site) -> list[Any]:
    """What a list holds now, in its order."""
    found: dict[str, Sequence[Any]] = {
        "service": site.services,
        "counter": site.counters,
        "page": site.pages,
        "special_day": site.special_days,
        "display": site.displays,
        "kiosk": site.kiosks,
        "translated": [SpokenLanguage(*each) for each in spoken_languages(site)[1:]],
    }
    return list(found[part.kind])


def entry_id(thing: Any, number: int) -> str:
    """What an address calls an entry: its id or day, else its number in the list."""
    return str(getattr(thing, "id", getattr(thing, "day", number)))


def own_texts(site: Site) -> list[SetupField]:
    """A field for everything that the office has written itself, services aside."""
    written = [
        *(site.theme.name, site.name, site.short_name, site.counter_word, *site.notices),
        *(counter.name for counter in site.counters),
        *(counter.area for counter in site.counters),
        *(display.name for display in site.displays),
        *(day.notice for day in site.special_days),
        *(page.alt for page in site.pages),
    ]
    return [
        SetupField(german, german, form_name=f"words-{number}")
        for number, german in enumerate(dict.fromkeys(filter(None, written)))
    ]


def subject(part: SetupPart, site: Site) -> Any:
    """What a single form is about."""
    return getattr(site, part.inner[0]) if part.inner else site
