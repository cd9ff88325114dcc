"""A clerk's own panel: their counter and the person there, the day's counts, silent displays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain import events
from queue_server.domain.counters import OpenCounter
from queue_server.domain.hours import day_start
from queue_server.domain.priority import Reason, ReasonCode
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket, waited_minutes
from queue_server.store import counters, identities, journal, people, tickets
from queue_server.store.database import Reader
from queue_server.store.decisions import rules_in_force

# What each reason for a call speaks of, as the ticket knows it.
FACTS: Mapping[ReasonCode, tuple[str, ...]] = {
    "precedence": (),
    "appointment_due": ("due_at",),
    "appointment_first": ("due_at",),
    "appointment_early": ("due_at",),
    "guard": ("waited_minutes",),
    "arrival": ("waited_minutes",),
    "chosen": ("waited_minutes",),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """What a clerk's own panel shows, as of `version`.

    `session` is None without an open counter, `ticket` while nobody is called or served there.
    `waited_minutes` ended with the call. `name` is who booked, if told; for this clerk's eyes only.
    """

    version: int
    session: OpenCounter | None
    ticket: Ticket | None = None
    reason: Reason | None = None
    waited_minutes: int = 0
    name: str = ""


def seat(reader: Reader, site: Site, clerk: int) -> Seat:
    """This clerk's counter at their site."""
    version = journal.version(reader, site.id)
    session = counters.session_of(reader, clerk)
    ticket = tickets.at_counter(reader, session.counter) if session else None
    if session is None or ticket is None:
        return Seat(version, session)
    called_at = ticket.called_at or ticket.issued_at
    waited = waited_minutes(ticket, called_at)
    reason = _reason(reader, site, ticket, waited)
    return Seat(version, session, ticket, reason, waited, _name(reader, ticket))


def last_counter(reader: Reader, site: Site, clerk: int) -> str:
    """The counter of this site that the clerk opened last; empty when there was none."""
    opened = journal.last_by(reader, site.id, clerk, events.CounterOpened.__name__)
    return (opened.counter if opened else None) or ""


def _reason(reader: Reader, site: Site, ticket: Ticket, waited: int) -> Reason | None:
    """The call remembers the code; its facts have not changed since, the rule perhaps."""
    row = reader.row("SELECT reason FROM calls WHERE id = :call", {"call": ticket.call})
    if row is None:
        return None
    known = {"due_at": ticket.due_at, "waited_minutes": waited}
    facts = {name: known[name] for name in FACTS[row["reason"]]}
    if row["reason"] in ("guard", "arrival") and ticket.is_late:
        facts["due_at"] = ticket.due_at
    if row["reason"] == "guard":
        facts["every"] = _every(reader, site, ticket)
    return Reason(row["reason"], facts)


def _every(reader: Reader, site: Site, ticket: Ticket) -> int:
    """The guard's share as it was at the call; the office may have decided otherwise since."""
    called = journal.last_of(reader, ticket.id, events.TicketCalled.__name__)
    facts = called.facts if isinstance(called, events.TicketCalled) else None
    return int((facts or {}).get("every", rules_in_force(reader, site).guard_every))


def _name(reader: Reader, ticket: Ticket) -> str:
    if ticket.appointment is None or ticket.due_at is None:
        return ""
    at_that_time = ticket.due_at + timedelta(milliseconds=1)
    names = people.names(reader, ticket.site, ticket.due_at, at_that_time)
    return names.get(ticket.appointment, "")


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Since local midnight: numbers issued, calls, visits finished, no-shows, withdrawn."""

    issued: int
    called: int
    served: int
    no_show: int
    cancelled: int


_COUNTED = {
    "issued": "TicketIssued",
    "called": "TicketCalled",
    "served": "TicketFinished",
    "no_show": "TicketMissed",
    "cancelled": "TicketCancelled",
}


_UNDONE = "MissUndone"


def day_counts(reader: Reader, site: Site, now: datetime) -> DayCounts:
    """The day's counts so far."""
    names = (*_COUNTED.values(), _UNDONE)
    found = journal.count_since(reader, site.id, names, day_start(now, site.zone))
    counts = {key: found[name] for key, name in _COUNTED.items()}
    return DayCounts(**counts | {"no_show": max(0, counts["no_show"] - found[_UNDONE])})


def silent_displays(reader: Reader, site: Site, now: datetime) -> list[str]:
    """Names of the displays that reported today that their browser blocks the sound."""
    since = day_start(now, site.zone)
    names = {display.id: display.name or display.id for display in site.displays}
    silent = {
        device.place
        for device in identities.devices(reader, site.id)
        if device.role == "display" and device.sound == "blocked"
        if device.seen_at is not None and device.seen_at >= since
    }
    return [name for id, name in names.items() if id in silent]
