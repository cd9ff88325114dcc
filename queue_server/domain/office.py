"""The journal folded into the office's state: who waits, who is where, which counters are open.

What the tables know about now, the office knows about any moment of the journal. The audit, the
replay of past days and the tests that hold journal and tables together all fold here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from queue_server.domain import events as e
from queue_server.domain.changes import new_ticket, ticket_after
from queue_server.domain.counters import OpenCounter
from queue_server.domain.hours import day_start
from queue_server.domain.priority import (
    NO_LOAD,
    CallingCounter,
    Choice,
    Load,
    asks_for_load,
    can_be_called,
    choose,
    is_held,
    rank,
)
from queue_server.domain.rule import Rank
from queue_server.domain.site import PriorityRules, Site
from queue_server.domain.ticket import ALIVE, RankClass, Ticket, TicketState
from queue_server.domain.timestamps import MINUTE_MS, milliseconds

# Planned minutes of a visit for these services by so many persons.
Planned = Callable[[tuple[str, ...], int], int]


class ContestedCall(NamedTuple):
    """A call that counts for the guard's share."""

    call: int
    at: datetime
    guard: bool


class Office:
    """The state of one site after the events applied so far.

    `rules` hold until the journal tells of others; `planned` gives the minutes of visits in
    journals that did not keep them. `zone` is where the guard's share restarts at midnight.

    `tickets` lack token and language, which no journal holds. `waiting` are those of them who
    wait, `here` is who is called or served at which counter, `guessed` whose planned minutes the
    journal does not know.
    """

    def __init__(self, rules: PriorityRules, planned: Planned, zone: ZoneInfo) -> None:
        self.rules = rules
        self.tickets: dict[int, Ticket] = {}
        self.waiting: dict[int, Ticket] = {}
        self.here: dict[str, Ticket] = {}
        self.minutes: dict[int, int] = {}
        self.guessed: set[int] = set()
        self.counters: dict[str, OpenCounter] = {}
        self.contested: dict[str, list[ContestedCall]] = {}
        self._planned = planned
        self._places: dict[int, tuple[Ticket, PriorityRules, tuple[RankClass, Rank]]] = {}
        self.zone = zone

    @classmethod
    def of(cls, site: Site) -> Office:
        """An empty office with the configured rule and minutes of a site."""
        return cls(site.priority, site.visit_minutes, site.zone)

    def fold(self, journal: Iterable[e.Event]) -> Office:
        """Apply all of these in order, and return this office. Raises KeyError like `apply`."""
        for event in journal:
            self.apply(event)
        return self

    def apply(self, event: e.Event) -> None:
        """The next event of the site's journal. Raises KeyError when it comes before its ticket."""
        change = _CHANGES.get(type(event))
        if change is not None:
            change(self, event)
        elif event.ticket is not None:
            self._about_a_ticket(event)

    def forget_ended(self) -> None:
        """Drop tickets whose life is over; no event will be about them."""
        for id in [id for id, ticket in self.tickets.items() if ticket.state not in ALIVE]:
            del self.tickets[id], self.minutes[id]
            self.guessed.discard(id)

    # -- the rule --------------------------------------------------------------------------

    def calling(self, counter: str) -> CallingCounter:
        """The open counter as the rule sees it. Raises KeyError when it is closed."""
        return CallingCounter(counter, self.counters[counter].served)

    def choice(self, counter: str, at: datetime) -> Choice | None:
        """Whom the rule would call to this counter; None when nobody suitable waits.

        Raises KeyError when the counter is closed.
        """
        return self.choice_among(self.heads(counter, at), counter, at)

    def choice_among(self, heads: list[Ticket], counter: str, at: datetime) -> Choice | None:
        """The same for somebody who knows the heads of the counter's lines already."""
        calling, rules = self.calling(counter), self.rules
        if not asks_for_load(heads, rules, at):
            return choose(heads, calling, rules, (), NO_LOAD, at)
        return choose(heads, calling, rules, self.recent(counter, at), self.load(counter, at), at)

    def heads(self, counter: str, at: datetime) -> list[Ticket]:
        """The heads of the lines that this counter could call: all that the rule must see.

        Whoever is in a lock-out stands in them only when nobody else can be called.
        """
        suitable = self.suitable(counter)
        places: dict[RankClass, Rank] = {}
        heads: dict[RankClass, Ticket] = {}
        for ticket in [each for each in suitable if not is_held(each, at)] or suitable:
            line, place = self._place(ticket)
            if line not in heads or place < places[line]:
                heads[line], places[line] = ticket, place
        return list(heads.values())

    def suitable(self, counter: str) -> list[Ticket]:
        """Everybody who waits and whom this counter may call."""
        calling = self.calling(counter)
        return [ticket for ticket in self.waiting.values() if can_be_called(ticket, calling)]

    def recent(self, counter: str, at: datetime) -> list[bool]:
        """The contested calls that bear on this counter's next one, newest first."""
        most = self.rules.guard_every - 1
        shares = self.contested.get(self.counters[counter].pool, ())[-most:] if most > 0 else ()
        since = day_start(at, self.zone)
        return [share.guard for share in reversed(shares) if share.at >= since]

    def load(self, counter: str, at: datetime) -> Load:
        """The planned work before the counter, and how many open counters share it."""
        session = self.counters[counter]
        waits = (ticket.id for ticket in self.suitable(counter))
        now = milliseconds(at)
        present = (t for t in self.here.values() if t.services[0] in session.served)
        return Load(
            waiting_minutes=sum(map(self.minutes.__getitem__, waits)),
            serving_minutes=sum(self._left(ticket, now) for ticket in present) / MINUTE_MS,
            counters_open=sum(
                each.services == session.services or not each.served.isdisjoint(session.served)
                for each in self.counters.values()
            ),
        )

    def _left(self, ticket: Ticket, now: int) -> int:
        """Planned milliseconds left of somebody who is called or served."""
        planned = self.minutes[ticket.id] * MINUTE_MS
        if ticket.serving_at is None:
            return planned
        return max(0, milliseconds(ticket.serving_at) + planned - now)

    def idle_counters(self) -> int:
        """How many open counters are free while somebody waits whom they could call."""
        free = [counter for counter in self.counters if counter not in self.here]
        if not (free and self.waiting):
            return 0
        bound = {ticket.bound_to for ticket in self.waiting.values()}
        wanted = {t.services[0] for t in self.waiting.values() if t.bound_to is None}
        return sum(
            counter in bound or not wanted.isdisjoint(self.counters[counter].served)
            for counter in free
        )

    # -- what happened -----------------------------------------------------------------------

    def _issued(self, event: e.TicketIssued) -> None:
        ticket = new_ticket(event)
        self._plan(ticket, event.minutes)
        self._put(ticket)

    def _about_a_ticket(self, event: e.Event) -> None:
        self._put(ticket_after(self.tickets[event.ticket or 0], event))

    def _about_its_services(self, event: e.TicketTransferred | e.TicketServicesChanged) -> None:
        self._about_a_ticket(event)
        self._plan(self.tickets[event.ticket or 0], event.minutes)

    def _called(self, event: e.TicketCalled) -> None:
        self._about_a_ticket(event)
        if event.contested:
            share = ContestedCall(event.call, event.at, event.guard)
            self.contested.setdefault(event.pool, []).append(share)

    def _released(self, event: e.TicketReleased) -> None:
        """The call was a mistake and uses up nobody's share."""
        self._about_a_ticket(event)
        for shares in self.contested.values():
            found = [share for share in shares[-_LATELY:] if share.call == event.call]
            for share in found:
                shares.remove(share)

    def _opened(self, event: e.CounterOpened) -> None:
        """A counter opens, or its clerk changes its services."""
        counter = event.counter or ""
        before = self.counters.get(counter)
        since = before.opened_at if before else event.at
        self.counters[counter] = OpenCounter(counter, event.services, event.clerk, since)

    def _closed(self, event: e.CounterClosed) -> None:
        self.counters.pop(event.counter or "", None)

    def _rules_set(self, event: e.RulesSet) -> None:
        self.rules = rules_set(event)

    def _place(self, ticket: Ticket) -> tuple[RankClass, Rank]:
        """Line and place, computed once while the rule and the ticket stay the same."""
        known = self._places.get(ticket.id)
        if known is None or known[0] is not ticket or known[1] is not self.rules:
            place = ticket.rank_class, rank(ticket, self.rules)
            known = self._places[ticket.id] = ticket, self.rules, place
        return known[2]

    # -- keeping the books -------------------------------------------------------------------

    def _put(self, ticket: Ticket) -> None:
        before = self.tickets.get(ticket.id)
        if before is not None and before.counter and self.here.get(before.counter) is before:
            del self.here[before.counter]
        if ticket.counter is not None:
            self.here[ticket.counter] = ticket
        if ticket.state is TicketState.WAITING:
            self.waiting[ticket.id] = ticket
        else:
            self.waiting.pop(ticket.id, None)
            self._places.pop(ticket.id, None)
        self.tickets[ticket.id] = ticket

    def _plan(self, ticket: Ticket, minutes: int) -> None:
        self.minutes[ticket.id] = minutes or self._planned(ticket.services, ticket.persons)
        (self.guessed.discard if minutes else self.guessed.add)(ticket.id)


def rules_set(event: e.RulesSet) -> PriorityRules:
    """The rule that was set."""
    return PriorityRules(**{f.name: getattr(event, f.name) for f in fields(PriorityRules)})


# Only a call that still stands is released, and no pool has more of them than it has counters.
_LATELY = 1000
_CHANGES: dict[type[e.Event], Callable[[Office, Any], None]] = {
    e.TicketIssued: Office._issued,
    e.TicketCalled: Office._called,
    e.TicketReleased: Office._released,
    e.TicketTransferred: Office._about_its_services,
    e.TicketServicesChanged: Office._about_its_services,
    e.CounterOpened: Office._opened,
    e.CounterClosed: Office._closed,
    e.RulesSet: Office._rules_set,
}
