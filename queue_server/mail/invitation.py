"""The appointment for a calendar (RFC 5545), as letters and the holder's page give it out.

It is published, not proposed: nobody is asked to answer, so there is an organizer (RFC 5546
demands one) and no attendee. Calendars are copied to other companies' servers, so neither
Termincode nor link stands in it, and it is marked as private.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from queue_server.domain.appointment import Appointment
from queue_server.domain.site import Service, Site
from queue_server.languages import texts

if TYPE_CHECKING:
    from icalendar import Calendar, Event, vCalAddress

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
PRODUCT = "-//Aufruf//Termine//DE"


class CalendarEntry(Protocol):
    """What a calendar entry holds; `email` is empty when no letter tells the Termincode."""

    @property
    def appointment(self) -> Appointment: ...
    @property
    def site(self) -> Site: ...
    @property
    def office(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def services(self) -> tuple[Service, ...]: ...
    @property
    def email(self) -> str: ...
    @property
    def now(self) -> datetime: ...


def invitation(entry: CalendarEntry, sender: str, method: str) -> bytes:
    """The file: enters the appointment or moves it; with `CANCEL` it takes it out again."""
    # Imported late: it takes a seventh of a second, which no start has to wait for.
    from icalendar import Calendar

    event = _event(entry, sender, is_cancelled=method == CANCEL)
    calendar = Calendar.new(prodid=PRODUCT, method=method, subcomponents=[event])
    # A name for the calendar as a whole would change with every letter.
    calendar.pop("UID", None)
    _add_timezone(calendar, entry.appointment.start_at.astimezone(entry.site.zone).year)
    return bytes(calendar.to_ical())


def calendar_uid(token: str) -> str:
    """The same for an appointment through all its letters; tells nothing about the token."""
    return str(uuid.UUID(bytes=sha256(f"calendar:{token}".encode()).digest()[:16], version=4))


def _event(entry: CalendarEntry, sender: str, *, is_cancelled: bool) -> Event:
    from icalendar import CLASS, STATUS, Event

    about, site = entry.appointment, entry.site
    title = texts(entry.language).gettext("Termin: {place}").format(place=entry.office)
    return Event.new(
        uid=calendar_uid(about.token),
        # Calendars believe the highest number: a cancellation goes after every time it ever had.
        sequence=about.sequence + int(is_cancelled),
        stamp=entry.now,
        start=_for_calendars(about.start_at, site.zone),
        end=_for_calendars(about.end_at, site.zone),
        summary=title,
        location=", ".join(filter(None, (entry.office, site.address))),
        description=None if is_cancelled else _description(entry),
        organizer=_organizer(site, sender),
        classification=CLASS.PRIVATE,
        status=STATUS.CANCELLED if is_cancelled else STATUS.CONFIRMED,
    )


def _organizer(site: Site, sender: str) -> vCalAddress | None:
    """None for an office that writes no letters."""
    from icalendar import vCalAddress

    organizer = vCalAddress(f"MAILTO:{sender}")
    organizer.params["CN"] = site.name
    return organizer if sender else None


def _description(entry: CalendarEntry) -> str:
    said = texts(entry.language)
    lines = [service.name for service in entry.services]
    documents = dict.fromkeys(each for service in entry.services for each in service.documents)
    if documents:
        lines += ["", said.gettext("Bitte bringen Sie mit:"), *(f"- {each}" for each in documents)]
    if entry.email:
        lines += ["", said.gettext("Ihr Termincode steht in unserer E-Mail.")]
    return "\n".join(lines)


def _for_calendars(moment: datetime, zone: ZoneInfo) -> datetime:
    """Local time, but for the hour that the autumn night shows twice: calendars take its first."""
    local = moment.astimezone(zone)
    return moment if local.fold else local


def _add_timezone(calendar: Calendar, year: int) -> None:
    """The rules of the local time in that year, so that it holds each change once."""
    calendar.add_missing_timezones(date(year, 1, 1), date(year + 1, 1, 1))
    for timezone in calendar.timezones:
        timezone.pop("COMMENT", None)
        for change in timezone.subcomponents:
            # The library tells the spring change in the new time; RFC 5545, 3.6.5 wants the old.
            gap = change.TZOFFSETTO - change.TZOFFSETFROM
            if gap > timedelta():
                change.DTSTART = change.DTSTART - gap
