"""The appointments behind a figure, each with what happened to it; nobody is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain import events as e
from queue_server.domain.event import Event
from queue_server.domain.site import Site
from queue_server.history.groups import By, names_of
from queue_server.history.past_appointments import (
    OUTCOMES,
    PastAppointment,
    past_appointment,
    which,
)
from queue_server.history.visits import Period
from queue_server.languages.words import date_words
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.paging import list_page
from queue_server.office.periods import asked_period
from queue_server.web.forms import text

OUTCOME_WORDS = {
    "booked": "gebucht",
    "confirmed": "bestätigt",
    "checked_in": "eingecheckt",
    "missed": "versäumt",
    "cancelled": "abgesagt",
    "expired": "nie bestätigt",
}
HAPPENED: Mapping[type[Event], str] = {
    e.AppointmentReserved: "Uhrzeit gewählt",
    e.AppointmentPreconfirmed: "gebucht, Bestätigung erbeten",
    e.ConfirmationAsked: "E-Mail noch einmal angefordert",
    e.AppointmentBooked: "am Platz gebucht",
    e.AppointmentConfirmed: "bestätigt",
    e.AppointmentExpired: "nie bestätigt",
    e.AppointmentMoved: "verschoben",
    e.AppointmentCheckedIn: "eingecheckt",
    e.TicketIssued: "Wartenummer ausgegeben",
    e.AppointmentMissed: "versäumt",
    e.AppointmentCancelled: "abgesagt",
    e.DocumentsDeclared: "Unterlagen angegeben",
    e.PersonForgotten: "Angaben zur Person gelöscht",
}
BY = {e.HOLDER: "von der Person selbst", e.CLERK: "am Platz", e.OFFICE: "weil der Tag ausfiel"}


@dataclass(frozen=True, slots=True)
class AppointmentShown:
    """An appointment in words; `events` are their moments and what happened."""

    day: str
    clock: str
    service: str
    events: Sequence[tuple[str, str]]


def appointments_url(period: Period, outcome: str, **more: str) -> str:
    """The address of the appointments behind a figure."""
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    asked: dict[str, Any] = {**days, "outcome": outcome, **more}
    return url_for("office.appointment_list_page", **asked)


@room.get("/office/figures/appointments")
def appointment_list_page() -> AnyResponse:
    """Which appointments a figure counts; without one of its names, those that were booked."""
    who = clerk_request()
    period, errors = asked_period(who)
    if period is None:
        return page(who, "office/appointment_list.html", 422, period=None, errors=errors)
    outcome = asked if (asked := text("outcome")) in OUTCOMES else "booked"
    found = who.context.pools.reports(lambda: _found(who, period, outcome))
    with who.store.snapshot() as snapshot:
        listed = list_page(
            found,
            lambda id: _shown(who.site, past_appointment(snapshot, who.site, id)),
            lambda number: appointments_url(period, outcome, page=number),
        )
    return page(
        who,
        "office/appointment_list.html",
        period=period,
        errors=errors,
        said=[OUTCOME_WORDS[outcome]],
        listed=listed,
        ends=[(words, appointments_url(period, id), id == outcome)
              for id, words in OUTCOME_WORDS.items()],
    )  # fmt: skip


def _found(who: ClerkRequest, period: Period, outcome: str) -> list[int]:
    with who.store.snapshot() as snapshot:
        return which(snapshot, who.site, period, outcome)


def _shown(site: Site, one: PastAppointment) -> AppointmentShown:
    names = names_of(site, By.SERVICE)
    start = one.start_at.astimezone(site.zone) if one.start_at else None
    return AppointmentShown(
        day=f"{date_words(start.date())} {start.year}" if start else "–",
        clock=f"{start:%H:%M}" if start else "–",
        service=" + ".join(names.get(id, id) for id in one.services) or "–",
        events=[(f"{each.at.astimezone(site.zone):%d.%m., %H:%M}", _said(site, each))
                for each in one.events],
    )  # fmt: skip


def _said(site: Site, event: Event) -> str:
    said = HAPPENED.get(type(event), type(event).__name__)
    if isinstance(event, e.AppointmentMoved):
        return f"{said} auf {event.start_at.astimezone(site.zone):%d.%m., %H:%M}"
    if isinstance(event, e.AppointmentCancelled):
        return f"{said} {BY.get(event.by, '')}".strip()
    return said
