"""Everything that is kept about the person who booked one appointment (Art. 15 DSGVO)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from queue_server.domain.appointment import Appointment
from queue_server.domain.events import Event
from queue_server.domain.ticket import Ticket
from queue_server.store import appointments, letters, people, subscriptions, tickets
from queue_server.store.database import Reader
from queue_server.store.journal import event_of
from queue_server.store.letters import Letter
from queue_server.store.people import Person


@dataclass(frozen=True, slots=True)
class PersonalData:
    """`due_at` is when the person is forgotten; None before the visit's end, or when nobody is
    known any more. `phones` are told of the call."""

    appointment: Appointment
    person: Person
    ticket: Ticket | None
    letters: tuple[Letter, ...]
    phones: int
    events: tuple[Event, ...]
    due_at: datetime | None

    def plain(self, zone: ZoneInfo) -> dict[str, Any]:
        """The same for whoever wants to take it along, in values that JSON knows."""

        def at(moment: datetime | None) -> str | None:
            return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

        booked, person = self.appointment, self.person
        return {
            "person": {"name": person.name, "email": person.email, "phone": person.phone},
            "deleted_at": at(self.due_at),
            "appointment": {
                "site": booked.site,
                "state": booked.state,
                "services": list(booked.services),
                "persons": booked.persons,
                "start": at(booked.start_at),
                "end": at(booked.end_at),
                "code": booked.code,
                "language": booked.language,
            },
            "ticket": self.ticket and {"number": self.ticket.number, "state": self.ticket.state},
            "phones": self.phones,
            "letters": [
                {"kind": one.kind, "state": one.state, "made": at(one.made_at)}
                for one in self.letters
            ],
            "journal": [{"at": at(one.at), "event": one.name} for one in self.events],
        }


def personal_data(reader: Reader, site: str, id: int, now: datetime) -> PersonalData:
    """What is known about the holder of this appointment. Raises `NotFound`."""
    ticket = tickets.of_appointment(reader, id)
    return PersonalData(
        appointment=appointments.get(reader, site, id),
        person=people.of(reader, id),
        ticket=ticket,
        letters=tuple(letters.of(reader, id)),
        phones=subscriptions.count_of(reader, ticket.id) if ticket else 0,
        events=_events(reader, id, ticket),
        due_at=people.due_at(reader, id, now),
    )


def _events(reader: Reader, appointment: int, ticket: Ticket | None) -> tuple[Event, ...]:
    rows = reader.rows(
        "SELECT * FROM journal WHERE appointment = :appointment OR ticket = :ticket ORDER BY seq",
        {"appointment": appointment, "ticket": ticket.id if ticket else None},
    )
    return tuple(event_of(row) for row in rows)
