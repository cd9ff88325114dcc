"""What everybody in a demo's office shares: site, store, chance, and who does what when."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from queue_server.domain.site import Counter, Service, Site
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.store import tickets
from queue_server.store.transaction import Store

CALLING_MINUTES = 1.5


@dataclass(frozen=True)
class Scene:
    """One site of the town: invented clerks work at the `staffed` counters, visitors come for the
    `wanted` ones.
    """

    store: Store
    site: Site
    staffed: tuple[Counter, ...]
    wanted: tuple[Counter, ...]
    agenda: Agenda
    chance: Random
    people_days: int

    def services_of(self, counter: Counter) -> list[Service]:
        return [self.site.service(id) for id in self.site.served_by(counter.services)]

    def pick(self, services: Sequence[Service]) -> Service:
        """A concern at random; short ones are more frequent, as in every town hall."""
        weights = [1 / service.minutes for service in services]
        return self.chance.choices(services, weights)[0]

    def usual_minutes(self, counter: Counter) -> float:
        """How long a person takes at this counter on average, calling included."""
        services = self.services_of(counter)
        weight = sum(1 / service.minutes for service in services)
        return len(services) / weight + CALLING_MINUTES

    def waiting_for(self, counter: Counter) -> int:
        """How many people wait for each counter that could take them."""
        mine = set(self.site.served_by(counter.services))
        waiting = [t for t in self.in_state(TicketState.WAITING) if t.services[0] in mine]
        sharing = [c for c in self.wanted if mine & set(self.site.served_by(c.services))]
        return len(waiting) // max(1, len(sharing))

    def in_state(self, state: TicketState) -> list[Ticket]:
        with self.store.snapshot() as snapshot:
            return tickets.in_state(snapshot, self.site.id, state)

    def ticket(self, id: int) -> Ticket:
        with self.store.snapshot() as snapshot:
            return tickets.get(snapshot, self.site.id, id)


Act = Callable[[], None]


@dataclass(order=True)
class Entry:
    """Something to do. `by_the_clock` entries keep their time when the pace changes."""

    at: datetime
    order: int
    act: Act = field(compare=False)
    by_the_clock: bool = field(compare=False)


class Agenda:
    """A list of things to do in the order of time. `pace` says how many minutes pass in one."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.pace = 1.0
        self._entries: list[Entry] = []
        self._order = count()

    def after(self, minutes: float, act: Act) -> None:
        """In so many minutes of the town, which pass faster when the town is in a hurry."""
        self._add(self.now + timedelta(minutes=minutes / self.pace), act, by_the_clock=False)

    def after_seconds(self, seconds: float, act: Act) -> None:
        """In so many seconds, whatever the pace: people walk no faster."""
        self.at(self.now + timedelta(seconds=seconds), act)

    def at(self, moment: datetime, act: Act) -> None:
        self._add(moment, act, by_the_clock=True)

    def hurry(self, pace: float) -> None:
        """From now on `pace` minutes pass in one; also what is under way ends sooner."""
        change = self.pace / pace
        for entry in self._entries:
            if not entry.by_the_clock:
                entry.at = self.now + (entry.at - self.now) * change
        heapq.heapify(self._entries)
        self.pace = pace

    def run_until(self, until: datetime) -> None:
        """Do everything up to a moment of the past, each thing at its own time."""
        while self._entries and self._entries[0].at <= until:
            entry = heapq.heappop(self._entries)
            self.now = entry.at
            entry.act()
        self.now = until

    def do_due(self, now: datetime) -> None:
        """Everything that is due, now. A machine that was suspended does not make up for it."""
        self.now = now
        while self._entries and self._entries[0].at <= now:
            heapq.heappop(self._entries).act()

    def _add(self, at: datetime, act: Act, *, by_the_clock: bool) -> None:
        heapq.heappush(self._entries, Entry(at, next(self._order), act, by_the_clock))
