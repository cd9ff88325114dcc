"""Remembering an appointment: a file for the visitor's calendar, and the place on a map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response

from queue_server.booking.appointment_view import holder_of, state_now
from queue_server.booking.blueprint import of_a_holder, own, room, see
from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.site import Service, Site
from queue_server.languages.office_texts import name_of
from queue_server.mail.invitation import PUBLISH, invitation
from queue_server.store import people
from queue_server.web.app_context import app_context
from queue_server.web.language import current

MAP_HOST = "openstreetmap.org"


@dataclass(frozen=True, slots=True)
class HolderEntry:
    """What the file says."""

    appointment: Appointment
    site: Site
    language: str
    services: tuple[Service, ...]
    email: str
    now: datetime

    @property
    def office(self) -> str:
        return name_of(self.site, self.language).text


@room.get("/termin/<token>/termin.ics")
@of_a_holder
def calendar_file(token: str) -> Any:
    """The same entry as in the letter: a calendar that has it already changes it."""
    found = holder_of(token)
    if state_now(found) is not CONFIRMED:
        return see(own(token))
    answer = Response(invitation(_entry(found), _sender(), PUBLISH), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="termin.ics"'
    return answer


def map_link(site: Site) -> str:
    """Where the address is on a map; empty without one. Nothing is told to the map before."""
    address = site.address.strip()
    return f"https://www.{MAP_HOST}/search?{urlencode({'query': address})}" if address else ""


def _entry(found: Appointment) -> HolderEntry:
    context = app_context()
    site = context.site(found.site)
    with context.store.snapshot() as snapshot:
        email = people.of(snapshot, found.id).email
    services = tuple(each.in_language(current()) for each in site.services
                     if each.id in found.services)  # fmt: skip
    return HolderEntry(found, site, current(), services, email, context.now())


def _sender() -> str:
    return app_context().settings.mail.sender
