"""The appointment for a calendar (RFC 5545), as the letters carry it.

It is published, not proposed: nobody is asked to answer, so there is an organizer (RFC 5546
demands one) and no attendee. Calendars are copied to other companies' servers, so neither
Termincode nor link stands in it, and it is marked as private.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from queue_server.languages import texts
from queue_server.mail.contents import Contents

if TYPE_CHECKING:
    from icalendar import Calendar, Event

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
PRODUCT = "-//Aufruf//Termine//DE"


def invitation(contents: Contents, sender: str, method: str) -> bytes:
    """The file: enters the appointment or moves it; with `CANCEL` it takes it out again."""
    # Imported late: it takes a seventh of a second, which no start has to wait for.
    from icalendar import Calendar

    event = _event(contents, sender, is_cancelled=method == CANCEL)
    calendar = Calendar.new(prodid=PRODUCT, method=method, subcomponents=[event])
    # A name for the calendar as a whole would change with every letter.
    calendar.pop("UID", None)
    _add_timezone(calendar, contents.appointment.start_at.astimezone(contents.site.zone).year)
    return bytes(calendar.to_ical())


def calendar_uid(token: str) -> str:
    """The same for an appointment through all its letters; tells nothing about the token."""
    return str(uuid.UUID(bytes=sha256(f"calendar:{token}".encode()).digest()[:16], version=4))


def _event(contents: Contents, sender: str, *, is_cancelled: bool) -> Event:
    from icalendar import CLASS, STATUS, Event, vCalAddress

    about, site = contents.appointment, contents.site
    organizer = vCalAddress(f"MAILTO:{sender}")
    organizer.params["CN"] = site.name
    title = texts(contents.language).gettext("Termin: {place}").format(place=site.name)
    return Event.new(
        uid=calendar_uid(about.token),
        # Calendars believe the highest number: a cancellation goes after every time it ever had.
        sequence=about.sequence + int(is_cancelled),
        stamp=contents.now,
        start=_for_calendars(about.start_at, site.zone),
        end=_for_calendars(about.end_at, site.zone),
        summary=title,
        location=", ".join(filter(None, (site.name, site.address))),
        description=None if is_cancelled else _description(contents),
        organizer=organizer,
        classification=CLASS.PRIVATE,
        status=STATUS.CANCELLED if is_cancelled else STATUS.CONFIRMED,
    )


def _description(contents: Contents) -> str:
    said = texts(contents.language)
    lines = [service.name for service in contents.services]
    documents = dict.fromkeys(each for service in contents.services for each in service.documents)
    if documents:
        lines += ["", said.gettext("Bitte bringen Sie mit:"), *(f"- {each}" for each in documents)]
    return "\n".join([*lines, "", said.gettext("Ihr Termincode steht in unserer E-Mail.")])


def _for_calendars(moment: datetime, zone: ZoneInfo) -> datetime:
    """Local time, but for the hour that the autumn night shows twice: calendars take its first."""
    local = moment.astimezone(zone)
    return moment if local.fold else local


def _add_timezone(calendar: Calendar, year: int) -> None:
    """The rules of the local time in that year, so that each change stands in it once."""
    calendar.add_missing_timezones(date(year, 1, 1), date(year + 1, 1, 1))
    for timezone in calendar.timezones:
        timezone.pop("COMMENT", None)
        for change in timezone.subcomponents:
            # The library tells the spring change in the new time; RFC 5545, 3.6.5 wants the old.
            gap = change.TZOFFSETTO - change.TZOFFSETFROM
            if gap > timedelta():
                change.DTSTART = change.DTSTART - gap
