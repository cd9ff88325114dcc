"""The journal folded into tickets: proof that journal and table tell the same story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from queue_server.domain import events as e
from queue_server.domain.ticket import TicketState


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the journal knows of a ticket; the same fields stand in the tickets table."""

    number: str
    kind: str
    state: TicketState
    services: tuple[str, ...]
    counter: str | None = None
    call: int | None = None
    calls: int = 0
    bound_to: str | None = None
    precedence: str | None = None
    missing: tuple[str, ...] = ()


def replay(journal: Iterable[e.Event]) -> dict[int, Replayed]:
    """Every ticket as the events tell it. Raises KeyError for an event before its ticket."""
    tickets: dict[int, Replayed] = {}
    for event in journal:
        if event.ticket is None:
            continue
        if isinstance(event, e.TicketIssued):
            tickets[event.ticket] = _issued(event)
        elif changes := _changes(event):
            tickets[event.ticket] = replace(tickets[event.ticket], **changes)
    return tickets


def _issued(event: e.TicketIssued) -> Replayed:
    return Replayed(event.number, event.kind, TicketState.WAITING, event.services)


_AWAY: dict[str, Any] = {"counter": None, "call": None, "calls": 0}


def _changes(event: e.Event) -> dict[str, Any]:
    """What the event changes in the ticket it is about."""
    return _move(event) or _correction(event)


def _move(event: e.Event) -> dict[str, Any]:
    match event:
        case e.TicketCalled(counter=counter, call=call):
            return {"state": TicketState.CALLED, "counter": counter, "call": call, "calls": 1}
        case e.TicketArrived():
            return {"state": TicketState.SERVING}
        case e.TicketFinished():
            return {"state": TicketState.SERVED, **_AWAY}
        case e.TicketMissed():
            return {"state": TicketState.NO_SHOW, "counter": None, "call": None}
        case e.TicketParked():
            return {"state": TicketState.PARKED, **_AWAY}
        case e.TicketResumed() | e.TicketReleased():
            return {"state": TicketState.WAITING, **_AWAY}
        case e.TicketTransferred(services=services, bound_to=counter):
            handed = {"services": services, "bound_to": counter}
            return {"state": TicketState.WAITING, **handed, **_AWAY}
        case e.TicketCancelled():
            return {"state": TicketState.CANCELLED, **_AWAY}
    return {}


def _correction(event: e.Event) -> dict[str, Any]:
    """What changes while the person stays where they are."""
    match event:
        case e.TicketRecalled():
            return {"calls": event.times}
        case e.TicketUnbound():
            return {"bound_to": None}
        case e.TicketServicesChanged():
            return {"services": event.services}
        case e.TicketPreferred():
            return {"precedence": event.precedence}
        case e.DocumentsDeclared():
            return {"missing": event.missing}
    return {}
