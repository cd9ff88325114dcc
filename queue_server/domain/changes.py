"""What each event makes of the ticket or the appointment it is about.

The database is written by it (`store/ticket_changes.py`, `store/appointments.py`), and the journal
is folded by it (`domain/office.py`): audit, replay and tests see the same lives as the desks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from queue_server.domain import events as e
from queue_server.domain.appointment import (
    CANCELLED,
    CHECKED_IN,
    CONFIRMED,
    EXPIRED,
    MISSED,
    PRECONFIRMED,
    Appointment,
    AppointmentState,
)
from queue_server.domain.ticket import Kind, Ticket, TicketState

Changes = dict[str, Any]

_GONE: Changes = {"counter": None, "call": None, "calls": 0}
_AWAY: Changes = {**_GONE, "called_at": None, "serving_at": None}


def new_ticket(event: e.TicketIssued) -> Ticket:
    """A new ticket. Token and language stand in no journal: empty and German."""
    return Ticket(
        id=event.ticket or 0,
        site=event.site,
        number=event.number,
        kind=Kind(event.kind),
        state=TicketState.WAITING,
        services=event.services,
        persons=event.persons,
        issued_at=event.at,
        token="",
        due_at=event.due_at,
        is_late=event.is_late,
        appointment=event.appointment,
    )


def ticket_after(ticket: Ticket, event: e.Event) -> Ticket:
    """The ticket after the event; itself when the event changes nothing of it."""
    change = _MOVES.get(type(event)) or _CORRECTIONS.get(type(event))
    return replace(ticket, **change(event)) if change else ticket


def state_after(event: e.Event) -> TicketState | None:
    """The state into which the event brings a ticket; None when it moves nobody."""
    move = _MOVES.get(type(event))
    return move(event)["state"] if move else None


def _called(event: e.TicketCalled) -> Changes:
    return {
        "state": TicketState.CALLED,
        "counter": event.counter,
        "call": event.call,
        "calls": 1,
        "called_at": event.at,
        "serving_at": None,
        "held_until": None,
    }


def _transferred(event: e.TicketTransferred) -> Changes:
    handed = {"services": event.services, "bound_to": event.bound_to}
    return {"state": TicketState.WAITING, **_AWAY, **handed}


_MOVES: dict[type[e.Event], Callable[[Any], Changes]] = {
    e.TicketCalled: _called,
    e.TicketReleased: lambda event: {"state": TicketState.WAITING, **_AWAY},
    e.TicketArrived: lambda event: {"state": TicketState.SERVING, "serving_at": event.at},
    e.TicketFinished: lambda event: {"state": TicketState.SERVED, **_GONE, "called_at": None},
    e.TicketMissed: lambda event: {
        "state": TicketState.NO_SHOW,
        "counter": None,
        "call": None,
        "held_until": event.held_until,
    },
    e.MissUndone: lambda event: {
        "state": TicketState.CALLED,
        "counter": event.counter,
        "call": event.call,
        "held_until": None,
    },
    e.TicketParked: lambda event: {"state": TicketState.PARKED, **_AWAY},
    e.TicketResumed: lambda event: {
        "state": TicketState.WAITING,
        **_AWAY,
        "held_until": event.held_until,
    },
    e.TicketTransferred: _transferred,
    e.TicketCancelled: lambda event: {"state": TicketState.CANCELLED, **_GONE},
}
# What changes while the person stays where they are.
_CORRECTIONS: dict[type[e.Event], Callable[[Any], Changes]] = {
    e.TicketPostponed: lambda event: {"is_postponed": True, "held_until": event.held_until},
    e.CallAnswered: lambda event: {"coming_to": event.call},
    e.TicketRecalled: lambda event: {"calls": event.times},
    e.TicketUnbound: lambda event: {"bound_to": None},
    e.TicketServicesChanged: lambda event: {"services": event.services},
    e.TicketPreferred: lambda event: {"precedence": event.precedence},
    e.DocumentsDeclared: lambda event: {"missing": event.missing},
}


_APPOINTMENT_STATES: Mapping[type[e.Event], AppointmentState] = {
    e.AppointmentPreconfirmed: PRECONFIRMED,
    e.AppointmentConfirmed: CONFIRMED,
    e.AppointmentExpired: EXPIRED,
    e.AppointmentCheckedIn: CHECKED_IN,
    e.AppointmentCancelled: CANCELLED,
    e.AppointmentMissed: MISSED,
}


def appointment_after(appointment: Appointment, event: e.Event) -> Appointment:
    """The appointment after the event; itself when the event changes nothing of it.

    Only an unconfirmed booking ends by itself, so any other move ends that. Raises `MoveRefused`
    when the table of moves does not know the move.
    """
    if isinstance(event, e.AppointmentMoved):
        return replace(appointment.at(event.start_at), sequence=appointment.sequence + 1)
    to = _APPOINTMENT_STATES.get(type(event))
    if to is None:
        return appointment
    appointment.check_move(to)
    expires_at = event.expires_at if isinstance(event, e.AppointmentPreconfirmed) else None
    return replace(appointment, state=to, expires_at=expires_at)
