"""What a foreign page shows of a site: open or not, how long it takes now, the way to book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from queue_server.domain.hours import next_opening, open_until
from queue_server.domain.site import Site
from queue_server.domain.slots import bookable_counters
from queue_server.domain.waiting import Range, widest
from queue_server.languages import direction, texts, words
from queue_server.languages.office_texts import name_of
from queue_server.opening import days_of
from queue_server.queries.outlook import Outlook, ServiceOutlook, outlook
from queue_server.settings.practising import WORD
from queue_server.web import refusals
from queue_server.web.app_context import AppContext
from queue_server.web.practice import NOTE


@dataclass(frozen=True, slots=True)
class Look:
    """A site as it stands at a moment. `books` says whether citizens can book online,
    `is_practice` whether all of it is invented.
    """

    site: Site
    at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    outlook: Outlook
    books: bool
    is_practice: bool


@dataclass(frozen=True, slots=True)
class Box:
    """The words in one language; an empty one is not shown. Addresses begin with a slash.

    `stale` stands in for everything that is said of now, once the page hears no more of us.
    `practice` is German. `direction` is that of the language; `name_language` is German for a name
    without translation.
    """

    practice: str
    direction: str
    label: str
    name: str
    name_language: str
    is_open: bool
    opening: str
    waiting: str
    people: str
    phone: str
    book: str
    book_path: str
    more: str
    more_path: str
    at: str
    stale: str


def look_at(context: AppContext, site: Site) -> Look:
    """The site now."""
    now = context.now()
    told = context.forecasts.of(site)
    with context.store.snapshot() as snapshot:
        days, found = days_of(snapshot, site), outlook(snapshot, site, now, told)
    return Look(
        site=site,
        at=now,
        opens_at=next_opening(days, site.zone, now),
        closes_at=open_until(days, site.zone, now),
        outlook=found,
        books=context.settings.mail.is_on and _has_bookable(site),
        is_practice=context.settings.is_practice,
    )


def box(look: Look, language: str) -> Box:
    """What is to be read of it in this language."""
    site, said = look.site, texts(language)
    name = name_of(site, language)
    is_open = look.closes_at is not None
    opening = words.opening(look.opens_at, look.closes_at, site.zone, look.at, language)
    asked = urlencode({"site": site.id, "lang": language})
    return Box(
        practice=f"{WORD}: {NOTE}" if look.is_practice else "",
        direction=direction(language),
        label=said.gettext("Termin und Wartezeit: {place}").format(place=name.text),
        name=name.text,
        name_language=name.language,
        is_open=is_open,
        opening=opening[:1].upper() + opening[1:],
        waiting=_waiting(look, language) if is_open else "",
        people=_people(look.outlook.waiting, language) if is_open else "",
        phone="" if look.books else _phone(site, language),
        book=said.gettext("Termin buchen") if look.books else "",
        book_path=f"/termin?{asked}",
        more=said.gettext("Anliegen, Unterlagen und Wartezeiten"),
        more_path=f"/?{asked}",
        at=said.gettext("Stand {time}").format(time=words.clock(look.at, site.zone, language)),
        stale=said.gettext("Zurzeit keine aktuellen Angaben."),
    )


def _waiting(look: Look, language: str) -> str:
    """How long somebody waits who comes now without an appointment."""
    said = texts(language)
    if not any(service.walk_in for service in look.site.services):
        return said.gettext("Nur mit Termin.")
    refusal = look.outlook.refusal
    if refusal:
        if refusal.facts["why"] in ("stopped", "quota"):
            return refusals.sentence(refusal, look.site.zone, look.at, language)
        return said.gettext("Heute gibt es keine neuen Wartenummern mehr.")
    span = words.span(_widest(look), language)
    if not span:
        return said.gettext("Zurzeit ist kein Schalter besetzt.")
    wait = said.gettext("Wartezeit ohne Termin: {time}").format(time=span)
    if all(each.issuing for each in _walk_ins(look)):
        return wait
    # "1 Std. 45 Min." ends with a full stop of its own.
    some = said.gettext("Für einzelne Anliegen gibt es zurzeit keine Wartenummern.")
    return f"{wait.removesuffix('.')}. {some}"


def _widest(look: Look) -> Range | None:
    """One range that holds for every service with numbers for which a counter is open."""
    return widest(each.range for each in _walk_ins(look) if each.issuing)


def _walk_ins(look: Look) -> list[ServiceOutlook]:
    walk_in = {service.id for service in look.site.services if service.walk_in}
    return [each for each in look.outlook.services if each.service in walk_in]


def _people(waiting: int, language: str) -> str:
    said = texts(language)
    if waiting == 0:
        return said.gettext("Niemand wartet")
    many = said.ngettext("{count} Person wartet", "{count} Personen warten", waiting)
    return many.format(count=waiting)


def _phone(site: Site, language: str) -> str:
    """Where to make an appointment that can not be booked online."""
    text = texts(language).gettext("Termin vereinbaren: Telefon {phone}")
    return text.format(phone=site.phone) if site.phone else ""


def _has_bookable(site: Site) -> bool:
    return any(each.bookable and bookable_counters(site, (each.id,)) for each in site.services)
