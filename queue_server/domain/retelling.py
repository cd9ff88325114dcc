"""What each event makes of the ticket it is about: the tickets table, told by the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from queue_server.domain import events as e
from queue_server.domain.ticket import Kind, Ticket, TicketState

Changes = dict[str, Any]

_GONE: Changes = {"counter": None, "call": None, "calls": 0}
_AWAY: Changes = {**_GONE, "called_at": None, "serving_at": None}


def issued(event: e.TicketIssued) -> Ticket:
    """A new ticket. Token and language stand in no journal: empty and German."""
    assert event.ticket is not None
    return Ticket(
        id=event.ticket,
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


def retold(ticket: Ticket, event: e.Event) -> Ticket:
    """The ticket after the event; itself when the event changes nothing.

    A no-show's lock-out is known once the person waits again.
    """
    change = _MOVES.get(type(event)) or _CORRECTIONS.get(type(event))
    return replace(ticket, **change(event)) if change else ticket


def leads_to(event: e.Event) -> TicketState | None:
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
    e.TicketMissed: lambda event: {"state": TicketState.NO_SHOW, "counter": None, "call": None},
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
    e.TicketRecalled: lambda event: {"calls": event.times},
    e.TicketUnbound: lambda event: {"bound_to": None},
    e.TicketServicesChanged: lambda event: {"services": event.services},
    e.TicketPreferred: lambda event: {"precedence": event.precedence},
    e.DocumentsDeclared: lambda event: {"missing": event.missing},
}
