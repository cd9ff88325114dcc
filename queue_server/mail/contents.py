"""What a letter is about, read from the tables at the moment it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain import events
from queue_server.domain.appointment import Appointment
from queue_server.domain.errors import NotFound, UnknownService
from queue_server.domain.hours import local_day
from queue_server.domain.site import Service, Site
from queue_server.languages import usable
from queue_server.languages.office_texts import name_of, own_words
from queue_server.mail.letter_rules import is_moot, is_superseded
from queue_server.opening import notice_of
from queue_server.settings import Settings
from queue_server.store import appointments, journal, letters, people
from queue_server.store.database import Reader
from queue_server.store.letters import Letter, LetterKind


@dataclass(frozen=True, slots=True)
class Contents:
    """A letter before it has words.

    `services` speak the language of the letter; those that config.toml no longer has are missing.
    `name` is empty as long as nobody has proven that this address is theirs, so that no stranger
    can have words of their own sent to others. `by_office` is a day that fell out, `notice` what
    the office says about that day, and `was_booked` whether it was ever more than a request.
    """

    letter: Letter
    appointment: Appointment
    site: Site
    language: str
    services: tuple[Service, ...]
    email: str
    name: str
    notice: str
    by_office: bool
    was_booked: bool
    now: datetime

    @property
    def office(self) -> str:
        """The name of the site in the language of the letter."""
        return name_of(self.site, self.language).text


def contents_of(
    reader: Reader, settings: Settings, letter: Letter, now: datetime
) -> Contents | None:
    """What to write now; None when nobody needs the letter any more."""
    try:
        site = settings.site(letter.site)
        about = appointments.get(reader, site.id, letter.appointment)
    except NotFound:
        return None
    person = people.of(reader, about.id)
    if not person.email or is_moot(letter, about, now):
        return None
    if is_superseded(letter, letters.of(reader, about.id)):
        return None
    is_proven = journal.was_booked(reader, about.id)
    return Contents(
        letter=letter,
        appointment=about,
        site=site,
        language=usable(about.language),
        services=_services(site, about),
        email=person.email,
        name=person.name if is_proven else "",
        notice=_notice(reader, site, about, letter),
        by_office=_by(reader, letter) == events.OFFICE,
        was_booked=is_proven,
        now=now,
    )


def _services(site: Site, about: Appointment) -> tuple[Service, ...]:
    found = []
    for id in about.services:
        try:
            found.append(site.service(id).in_language(usable(about.language)))
        except UnknownService:
            continue
    return tuple(found)


def _by(reader: Reader, letter: Letter) -> str:
    event = letters.cause_of(reader, letter)
    return event.by if isinstance(event, events.AppointmentCancelled) else events.HOLDER


def _notice(reader: Reader, site: Site, about: Appointment, letter: Letter) -> str:
    """What the office has to say about the day; only when it had to cancel."""
    if letter.kind is not LetterKind.CANCELLED_BY_OFFICE:
        return ""
    day = local_day(about.start_at, site.zone)
    return own_words(site, notice_of(reader, site, day), usable(about.language)).text
