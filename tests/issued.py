"""A ticket put into the database as it is, without the action that would draw it."""

from __future__ import annotations

from datetime import date

from queue_server.domain.events import TicketIssued
from queue_server.domain.ticket import Ticket
from queue_server.store.transaction import Transaction


def issue(tx: Transaction, ticket: Ticket, *, day: date, group: str, minutes: int) -> Ticket:
    """The ticket with the group's next number, waiting; its event stands in the journal."""
    issued = TicketIssued(
        at=ticket.issued_at,
        site=ticket.site,
        appointment=ticket.appointment,
        kind=ticket.kind,
        services=ticket.services,
        persons=ticket.persons,
        minutes=minutes,
        due_at=ticket.due_at,
        is_late=ticket.is_late,
    )
    return tx.issue(issued, ticket, day=day, group=group)
