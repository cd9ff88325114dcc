"""The same people three times: for the rule itself, for the simulation's room, for the tables."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from queue_server.domain.hours import day_start
from queue_server.domain.office import Office
from queue_server.domain.ticket import Ticket
from queue_server.domain.timestamps import milliseconds
from queue_server.domain.waiting_room import StaffedCounter, Visitor, WaitingRoom


def visitor_of(ticket: Ticket, minutes: int) -> Visitor:
    """The ticket as the simulation sees it."""
    return Visitor(
        id=ticket.id,
        service=ticket.services[0],
        line=int(ticket.rank_class),
        came=milliseconds(ticket.came_at),
        since=milliseconds(ticket.waits_since),
        issued=milliseconds(ticket.issued_at),
        minutes=minutes,
        bound_to=ticket.bound_to,
        held_until=milliseconds(ticket.held_until) if ticket.held_until else 0,
    )


def room_of(office: Office, now: datetime, zone: ZoneInfo) -> WaitingRoom:
    """The room of a simulation that begins where the office stands."""
    room = WaitingRoom(office.rules)
    for counter, session in office.counters.items():
        room.open(StaffedCounter(counter), session.services)
    for counter, ticket in office.here.items():
        staffed = room.counters[counter]
        staffed.here = visitor_of(ticket, office.minutes[ticket.id])
        staffed.serving_since = milliseconds(ticket.serving_at) if ticket.serving_at else None
    midnight = day_start(now, zone)
    for pool, shares in office.contested.items():
        todays = [(share.call, share.guard) for share in shares if share.at >= midnight]
        room.shares.setdefault(pool, []).extend(todays)
    for ticket in office.waiting.values():
        room.add(visitor_of(ticket, office.minutes[ticket.id]), milliseconds(now))
    return room
