"""An appointment as its holder reads it, in every state of its life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.booking.requested_visit import ServiceWords, Wanted, anew, service_words
from queue_server.domain import events
from queue_server.domain.appointment import (
    CANCELLED,
    CONFIRMED,
    EXPIRED,
    MOVES,
    Appointment,
    AppointmentState,
    has_expired,
    opens_at,
)
from queue_server.domain.codes import code_link
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.languages import marked, texts, words
from queue_server.queries import cancellations
from queue_server.store import appointments, journal, tickets
from queue_server.web.app_context import app_context
from queue_server.web.language import current, speak

TITLES = {
    "reserved": marked("Ihre Angaben"),
    "preconfirmed": marked("Bitte sehen Sie in Ihr Postfach"),
    "confirmed": marked("Ihr Termin"),
    "checked_in": marked("Sie sind angemeldet"),
    "cancelled": marked("Termin abgesagt"),
    "expired": marked("Frist abgelaufen"),
    "missed": marked("Termin versäumt"),
}
BROKEN_OFF = marked("Buchung abgebrochen")


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """Everything on the page; dates and times in words.

    `visit` is the same visit once more, None when it can no longer be booked online.
    """

    found: Appointment
    site: Site
    state: AppointmentState
    language: str
    at: datetime
    was_valid: bool
    is_by_office: bool
    visit: Wanted | None
    ticket: str
    number: str

    @property
    def token(self) -> str:
        return self.found.token

    @property
    def title(self) -> str:
        is_broken_off = self.state is CANCELLED and not self.was_valid
        return texts(self.language).gettext(BROKEN_OFF if is_broken_off else TITLES[self.state])

    @property
    def services(self) -> tuple[ServiceWords, ...]:
        wanted = (s for s in self.site.services if s.id in self.found.services)
        return tuple(service_words(self.site, service, self.language) for service in wanted)

    @property
    def persons(self) -> int:
        return self.found.persons

    @property
    def duration(self) -> str:
        planned = (self.found.end_at - self.found.start_at) // timedelta(minutes=1)
        return words.minutes(planned, language=self.language)

    @property
    def day(self) -> str:
        return words.day(self.found.start_at, self.site.zone, language=self.language)

    @property
    def time(self) -> str:
        return self._clock(self.found.start_at)

    @property
    def code(self) -> str:
        """The Termincode, which only a confirmed appointment shows."""
        return self.found.code if self.state is CONFIRMED else ""

    @property
    def link(self) -> str:
        """What the QR holds."""
        return code_link(app_context().settings.public_url, self.code) if self.code else ""

    @property
    def opens(self) -> str:
        """When check-in opens."""
        return self._clock(opens_at(self.found, self.site.checkin))

    @property
    def grace(self) -> str:
        """The last punctual moment."""
        return self._clock_after(self.site.checkin.grace_minutes)

    @property
    def last(self) -> str:
        """The last moment for check-in."""
        return self._clock_after(self.site.checkin.late_until_minutes)

    @property
    def until(self) -> str:
        """Until when an unconfirmed time is held: `10:15 Uhr`, with the day if it is another."""
        until = self.found.expires_at or self.at
        if local_day(until, self.site.zone) == local_day(self.at, self.site.zone):
            return self._clock(until)
        day = words.day(until, self.site.zone, language=self.language)
        return f"{day}, {self._clock(until)}"

    @property
    def until_at(self) -> str:
        """The same in RFC 3339."""
        return (self.found.expires_at or self.at).isoformat()

    @property
    def now(self) -> str:
        """When the page was made, in RFC 3339."""
        return self.at.isoformat()

    @property
    def may_cancel(self) -> bool:
        return CANCELLED in MOVES[self.state]

    @property
    def may_move(self) -> bool:
        return self.state is CONFIRMED

    def _clock_after(self, minutes: int) -> str:
        return self._clock(self.found.start_at + timedelta(minutes=minutes))

    def _clock(self, moment: datetime) -> str:
        return words.clock(moment, self.site.zone, language=self.language)


def holder_of(token: str) -> Appointment:
    """The appointment of whoever holds this token; the page speaks their language.

    Raises `NotFound`.
    """
    with app_context().store.snapshot() as snapshot:
        found = appointments.by_token(snapshot, token)
    speak(found.language)
    return found


def state_now(found: Appointment) -> AppointmentState:
    """Its state: a time is over at its second, not only when somebody has tidied up."""
    return EXPIRED if has_expired(found, app_context().now()) else found.state


def visit_again(found: Appointment) -> Wanted | None:
    """The same visit once more; None when nothing of it can be booked online now."""
    visit = anew(found, app_context().site(found.site))
    return visit if visit.services and app_context().settings.mail.is_on else None


def appointment_page(found: Appointment) -> AppointmentPage:
    """The appointment now, in the language of the page."""
    with app_context().store.snapshot() as snapshot:
        ticket = tickets.of_appointment(snapshot, found.id)
        was_valid = journal.was_booked(snapshot, found.id)
        by = cancellations.cancelled_by(snapshot, found.id)
    return AppointmentPage(
        found=found,
        site=app_context().site(found.site),
        state=state_now(found),
        language=current(),
        at=app_context().now(),
        was_valid=was_valid,
        is_by_office=by == events.OFFICE,
        visit=visit_again(found),
        ticket=ticket.token if ticket else "",
        number=ticket.number if ticket else "",
    )
