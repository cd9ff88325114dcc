"""What can be booked online, and what somebody comes for, from page to page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import request

from queue_server.booking.blueprint import Errors, _, a_token, see, text
from queue_server.domain.appointment import Appointment
from queue_server.domain.errors import TooManyPersons
from queue_server.domain.site import Service, Site
from queue_server.domain.slots import bookable_counters, bookable_share
from queue_server.languages import Said, words
from queue_server.languages.office_texts import documents_of, fee_of, name_of
from queue_server.web.app_context import app_context
from queue_server.web.forms import whole
from queue_server.web.language import current, to


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
    return ServiceWords(
        id=service.id,
        name=name_of(service, language),
        fee=fee_of(service, language),
        duration=words.minutes(service.minutes, language=language),
        documents=documents_of(service, language),
        online_url=shown.online_url,
        online_host=(urlsplit(shown.online_url).hostname or "").removeprefix("www."),
        walk_in=service.walk_in,
        bookable=service.bookable,
        is_online=is_online(site, service),
    )


MOST_SERVICES = 10
MOST_PERSONS = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit that is being put together. `token` is of the time held so far, or empty."""

    site: Site
    services: tuple[str, ...] = ()
    persons: int = 1
    token: str = ""

    @property
    def chosen(self) -> tuple[Service, ...]:
        """The services themselves, in the order of config.toml."""
        return tuple(s for s in self.site.services if s.id in self.services)

    @property
    def minutes(self) -> int:
        return self.site.visit_minutes(self.services, self.persons)

    def fields(self) -> list[tuple[str, str]]:
        """What a form carries on in hidden fields."""
        names = [("services", id) for id in self.services]
        return [("site", self.site.id), *names, ("persons", str(self.persons))]

    def address(self, path: str, **more: str) -> str:
        """A page about this visit."""
        persons = self.persons if self.persons > 1 else ""
        services = list(self.services)
        said = {"site": self.site.id, "services": services, "persons": persons, "token": self.token}
        return to(path, **said, **more)


def read_wanted(site: Site) -> tuple[Wanted, Errors]:
    """What the address or form says, and what is wrong with it."""
    asked = tuple(dict.fromkeys(request.values.getlist("services")))
    offered = {service.id for service in bookable_services(site)}
    known = tuple(id for id in asked if id in offered)
    persons = _persons()
    held = a_token("instead" if request.method == "POST" else "token")
    wanted = Wanted(site, known, persons or 1, held)
    errors = _wrong_services(wanted, asked) or _wrong_persons(wanted, persons)
    return wanted, errors


def anew(found: Appointment, site: Site) -> Wanted:
    """The same visit once more, as far as it is still offered."""
    offered = {service.id for service in bookable_services(site)}
    return Wanted(site, tuple(id for id in found.services if id in offered), found.persons)


def of_a_visit(otherwise: Callable[[Wanted, Errors], Any]) -> Callable[..., Any]:
    """A page that needs to know the visit; `otherwise` answers when it cannot be booked so.

    Without mail nobody can book, and the first page says so.
    """

    def decorate(view: Callable[[Wanted], Any]) -> Callable[[], Any]:
        @wraps(view)
        def answer() -> Any:
            if not text("site") or not app_context().settings.mail.is_on:
                return see(to("/termin", site=text("site")))
            wanted, errors = read_wanted(app_context().site(text("site")))
            return otherwise(wanted, errors) if errors else view(wanted)

        return answer

    return decorate


def _persons() -> int | None:
    said = whole(text("persons") or "1", 3)
    return said if said and said <= MOST_PERSONS else None


def _wrong_services(wanted: Wanted, asked: tuple[str, ...]) -> Errors:
    if not asked:
        return [("services", _("Bitte wählen Sie mindestens ein Anliegen."))]
    if len(wanted.services) < len(asked):
        return [("services", _("Ein Anliegen gibt es hier online nicht. Bitte wählen Sie neu."))]
    if len(asked) > MOST_SERVICES:
        many = _("Bitte wählen Sie höchstens {most} Anliegen.").format(most=MOST_SERVICES)
        return [("services", many)]
    if not is_possible(wanted.site, wanted.services):
        return [
            (
                "services",
                _(
                    "Diese Anliegen lassen sich nicht an einem Schalter erledigen. "
                    "Bitte buchen Sie dafür zwei Termine."
                ),
            )
        ]
    return []


def _wrong_persons(wanted: Wanted, persons: int | None) -> Errors:
    if persons is None:
        return [("persons", _("Bitte wählen Sie, für wie viele Personen Sie kommen."))]
    try:
        wanted.site.checked_visit(wanted.services, persons)
    except TooManyPersons as refusal:
        return [("persons", _too_many(wanted.site.service(str(refusal.facts["service"]))))]
    return []


def _too_many(service: Service) -> str:
    name, most = service.in_language(current()).name, service.max_persons
    if most == 1:
        return _("„{service}“ geht in einem Termin nur für eine Person.").format(service=name)
    text = _("„{service}“ geht in einem Termin für höchstens {most} Personen.")
    return text.format(service=name, most=most)
