"""People with appointments at the Rathaus, and a context that sends letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from queue_server.actions import appointments, booking
from queue_server.domain.appointment import Appointment, AppointmentState
from queue_server.domain.site import Site
from queue_server.settings import Mail
from queue_server.store import appointments as rows
from queue_server.store import identities
from tests.office import Office

TODAY, WEDNESDAY = "2026-06-08", "2026-06-10"


def rathaus(office: Office) -> Site:
    site: Site = office.app.extensions["aufruf"].settings.site("rathaus")
    return site


def switch_mail_on(office: Office) -> None:
    """Letters are sent; nobody carries them here, so they stay in the outbox."""
    context = office.app.extensions["aufruf"]
    mail = Mail(smtp_url="smtp://127.0.0.1:1", sender="termine@rathaus.example")
    context.settings = replace(context.settings, mail=mail)


def berlin(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00+02:00")


def by_phone(
    office: Office, clock: str, *, day: str = TODAY, name: str = "", email: str = "",
    phone: str = "", service: str = "meldewesen",
) -> Appointment:  # fmt: skip
    """An appointment that a clerk has booked."""
    with office.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, "Lea")
    assert clerk is not None
    return appointments.book_by_clerk(
        office.store, rathaus(office), (service,), berlin(day, clock), name=name, email=email,
        phone=phone, clerk=clerk.id, people_days=1, now=office.clock(),
    )  # fmt: skip


def online(
    office: Office, clock: str, *, day: str = TODAY, email: str = "nadine@beispiel.example"
) -> Appointment:
    """A citizen's booking that waits for its confirmation."""
    return booking.book(
        office.store, rathaus(office), ("meldewesen",), berlin(day, clock), name="Nadine Neu",
        email=email, now=office.clock(),
    )  # fmt: skip


def chosen(office: Office, clock: str, *, day: str = TODAY) -> Appointment:
    """A time that somebody has just chosen; the form is not filled in yet."""
    return booking.reserve(
        office.store, rathaus(office), ("meldewesen",), berlin(day, clock), now=office.clock()
    )


def state_of(office: Office, appointment: Appointment) -> AppointmentState:
    with office.store.snapshot() as snapshot:
        return rows.get(snapshot, "rathaus", appointment.id).state


def count_on(office: Office, day: str) -> int:
    """How many appointments of whatever state begin on this day."""
    with office.store.snapshot() as snapshot:
        start, end = berlin(day, "00:00"), berlin(day, "23:59")
        return len(rows.between(snapshot, "rathaus", start, end))


CLOSED = {"day": WEDNESDAY, "open": "closed", "notice": "Personalversammlung"}


MORNING = {"day": WEDNESDAY, "open": "other", "from-1": "08:00", "to-1": "10:00"}


def words(page: Tag) -> str:
    return " ".join(page.get_text(" ").split())


def previewed(client: FlaskClient, form: dict[str, str], status: int = 200) -> BeautifulSoup:
    answer = client.get("/office/days/preview", query_string=form)
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def decided(client: FlaskClient, form: dict[str, Any]) -> BeautifulSoup:
    """Confirm, and look at where it leads."""
    answer = client.post("/office/days", data=form | {"sure": "1"})
    assert answer.status_code == 303, answer.text
    return BeautifulSoup(client.get(answer.location).text, "html.parser")


def three_kinds(office: Office) -> None:
    """One with an address, one with a phone number, one with a name alone."""
    by_phone(office, "09:00", day=WEDNESDAY, name="Erika", email="erika@b.example", phone="0431 1")
    by_phone(office, "11:00", day=WEDNESDAY, name="Jörg", phone="0431 2")
    by_phone(office, "12:00", day=WEDNESDAY, name="Olga")
