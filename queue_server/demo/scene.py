"""What everybody in a demo's office shares: the site, the store, the agenda and chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from queue_server.demo.agenda import Agenda
from queue_server.domain.site import Counter, Service, Site
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.store import tickets
from queue_server.store.database import Store

CALLING_MINUTES = 1.5


@dataclass(frozen=True)
class Scene:
    """One site of the town. `staffed` are the counters at which the demo's clerks work."""

    store: Store
    site: Site
    staffed: tuple[Counter, ...]
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
        """How many people wait for each staffed counter that could take them."""
        mine = set(self.site.served_by(counter.services))
        waiting = [t for t in self.in_state(TicketState.WAITING) if t.services[0] in mine]
        sharing = [c for c in self.staffed if mine & set(self.site.served_by(c.services))]
        return len(waiting) // max(1, len(sharing))

    def in_state(self, state: TicketState) -> list[Ticket]:
        with self.store.snapshot() as snapshot:
            return tickets.in_state(snapshot, self.site.id, state)

    def ticket(self, id: int) -> Ticket:
        with self.store.snapshot() as snapshot:
            return tickets.get(snapshot, self.site.id, id)
