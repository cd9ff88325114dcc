"""The queue as the desks see it: everybody present, in calling order, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.counters import OpenCounter
from queue_server.domain.help_call import HelpCall
from queue_server.domain.hours import day_start
from queue_server.domain.priority import (
    CallingCounter,
    Choice,
    Load,
    Reason,
    calling_order,
)
from queue_server.domain.rule import minutes_until_busy
from queue_server.domain.site import PriorityRules, Site
from queue_server.domain.ticket import Ticket, TicketState, waited_minutes
from queue_server.store import counters, help_calls, journal, lines, tickets
from queue_server.store.database import Reader
from queue_server.store.decisions import rules_in_force

WHOLE_SITE = CallingCounter(None)
# More people than this never wait in one office; a desk shows so many.
MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits: why they stand at this place, and whole minutes waited."""

    ticket: Ticket
    reason: Reason
    waited_minutes: int


@dataclass(frozen=True, slots=True)
class CounterView:
    """A configured counter: who has it open and who is there."""

    counter: str
    name: str
    open: bool
    clerk: str | None
    services: tuple[str, ...]
    ticket: Ticket | None


@dataclass(frozen=True, slots=True)
class Queue:
    version: int
    at: datetime
    site: str
    waiting: tuple[Waiting, ...]
    called: tuple[Ticket, ...]
    serving: tuple[Ticket, ...]
    parked: tuple[Ticket, ...]
    no_show: tuple[Ticket, ...]
    counters: tuple[CounterView, ...]
    help: tuple[HelpCall, ...]


def queue(reader: Reader, site: Site, now: datetime) -> Queue:
    """Everybody between arrival and end (of those who wait, the first 1000), and all counters."""
    alive = tickets.not_waiting(reader, site.id)
    sessions = counters.open_at(reader, site.id)
    order = _order(reader, site, sessions, MOST_SHOWN, now)
    return Queue(
        version=journal.version(reader, site.id),
        at=now,
        site=site.id,
        waiting=tuple(
            Waiting(choice.ticket, choice.reason, waited_minutes(choice.ticket, now))
            for choice in order
        ),
        called=_in(alive, TicketState.CALLED),
        serving=_in(alive, TicketState.SERVING),
        parked=_in(alive, TicketState.PARKED),
        no_show=_in(alive, TicketState.NO_SHOW),
        counters=tuple(_counter_views(site, alive, sessions)),
        help=tuple(help_standing(reader, site, now)),
    )


def help_standing(reader: Reader, site: Site, now: datetime) -> list[HelpCall]:
    """Clerks who call for help now, the oldest call first."""
    return [each for each in help_calls.at_site(reader, site.id) if each.stands(now)]


def help_from(reader: Reader, counter: str, now: datetime) -> HelpCall | None:
    """The call for help of whoever has this counter open; None as long as they don't call."""
    session = counters.session_at(reader, counter)
    clerk = session.clerk if session else None
    found = help_calls.of(reader, clerk) if clerk is not None else None
    return found if found and found.stands(now) else None


def calling_order_of(
    reader: Reader, site: Site, now: datetime, *, most: int = MOST_SHOWN
) -> list[Choice]:
    """The first `most` who wait, in the order in which they would be called; cheap for a few."""
    sessions = counters.open_at(reader, site.id)
    return _order(reader, site, sessions, most, now)


def _order(
    reader: Reader, site: Site, sessions: Sequence[OpenCounter], most: int, now: datetime
) -> list[Choice]:
    rules = rules_in_force(reader, site)
    waiting = lines.fronts(reader, site.id, rules.rule, most, now)
    recent = _recent(reader, site, rules, sessions, now)
    load = _load(reader, site, rules, len(sessions), now)
    return calling_order(waiting, WHOLE_SITE, rules, recent, load, now, most=most)


def _recent(
    reader: Reader,
    site: Site,
    rules: PriorityRules,
    sessions: Sequence[OpenCounter],
    now: datetime,
) -> list[bool]:
    """The guard's share as the counters with most services see it."""
    if not sessions:
        return []
    pool = max(sessions, key=lambda session: len(session.services)).pool
    since = day_start(now, site.zone)
    return lines.recent_contested(reader, site.id, pool, since, rules.guard_every - 1)


def _load(
    reader: Reader, site: Site, rules: PriorityRules, counters_open: int, now: datetime
) -> Load:
    until = minutes_until_busy(rules, counters_open)
    return lines.site_load(reader, site.id, counters_open, until, now)


def _in(alive: Sequence[Ticket], state: TicketState) -> tuple[Ticket, ...]:
    return tuple(ticket for ticket in alive if ticket.state is state)


def _counter_views(
    site: Site, alive: Sequence[Ticket], sessions: Sequence[OpenCounter]
) -> list[CounterView]:
    session_at = {session.counter: session for session in sessions}
    ticket_at = {ticket.counter: ticket for ticket in alive if ticket.counter}
    return [
        CounterView(
            counter=counter.id,
            name=counter.name,
            open=counter.id in session_at,
            clerk=session_at[counter.id].clerk_name if counter.id in session_at else None,
            services=session_at[counter.id].services if counter.id in session_at else (),
            ticket=ticket_at.get(counter.id),
        )
        for counter in site.counters
    ]
