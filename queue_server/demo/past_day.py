"""One invented day of the past: who came, who was called when, and how each visit ended.

Everything is an event that the real store applies, and every call is the one that the rule gives:
statistics, what-if and audit find what they would find of a real day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from queue_server.actions.slot_holding import new_appointment
from queue_server.domain import events as e
from queue_server.domain.appointment import CONFIRMED, Appointment, is_late
from queue_server.domain.codes import new_token
from queue_server.domain.hours import local_day
from queue_server.domain.office import Office
from queue_server.domain.priority import Choice
from queue_server.domain.site import Site
from queue_server.domain.ticket import ALIVE, Kind, Ticket, TicketState
from queue_server.history.replay.day_script import DAY_END
from queue_server.simulation.arrivals import SimulatedArrivals, SimulatedVisitor
from queue_server.store.transaction import Transaction

BOOKED_BEFORE = timedelta(hours=2)
PAUSE_SECONDS, WALK_SECONDS, PATIENCE_SECONDS = (10, 110), (15, 70), (75, 120)
GIVEN_BACK_SECONDS = (600, 2400)
FORGETS_PAPERS, GIVES_BACK = 0.07, 0.02


def tell_nobody(issued: e.Event) -> None:
    """Forecasts are made for the newest days only."""


class PastDay:
    """A day of a site whose `clerks`, by counter, work from opening until nobody waits.

    `tell` hears of every number that is given out, before the next thing happens.
    """

    def __init__(
        self,
        tx: Transaction,
        site: Site,
        clerks: Mapping[str, int],
        midnight: datetime,
        seed: str,
        tell: Callable[[e.Event], None] = tell_nobody,
    ) -> None:
        self._tell = tell
        self._tx, self._site, self._clerks, self._midnight = tx, site, clerks, midnight
        self._chance = Random(seed)
        self._office = Office.of(site)
        self._people: dict[int, SimulatedVisitor] = {}
        self._booked: dict[tuple[str, int], list[Appointment]] = {}
        self._free: list[str] = []
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._now = midnight

    def live(self, day: SimulatedArrivals) -> None:
        """Write all of the day; afterwards nobody waits and every counter is closed."""
        opens = self._at(day.spans[0][0])
        self._now = opens - BOOKED_BEFORE
        self._book(day)
        for counter in self._clerks:
            self._do(opens, partial(self._open, counter))
        for person in day.people:
            self._do(self._at(person.comes), partial(self._come, person))
        while self._agenda:
            self._now, _, act = heappop(self._agenda)
            act()
        self._close()

    # -- visitors --------------------------------------------------------------------------

    def _book(self, day: SimulatedArrivals) -> None:
        for each in day.booked:
            start_at = self._at(each.start)
            new = new_appointment(self._site, CONFIRMED, (each.service,), 1, start_at, "de")
            about = self._about(services=new.services, persons=1, start_at=start_at)
            same = self._booked.setdefault((each.service, each.start), [])
            same.append(self._tx.apply(e.AppointmentBooked(**about), new))

    def _come(self, person: SimulatedVisitor) -> None:
        ticket = self._issue(person, self._check_in(person))
        self._people[ticket.id] = person
        if ticket.kind is Kind.WALK_IN and self._chance.random() < GIVES_BACK:
            self._soon(GIVEN_BACK_SECONDS, partial(self._give_back, ticket.id))
        for counter in self._chance.sample(self._free, len(self._free)):
            self._call(counter)

    def _check_in(self, person: SimulatedVisitor) -> Appointment | None:
        if person.due is None:
            return None
        booked = self._booked[person.service, person.due].pop()
        return self._tx.apply(e.AppointmentCheckedIn(**self._about(appointment=booked.id)), booked)

    def _issue(self, person: SimulatedVisitor, booked: Appointment | None) -> Ticket:
        service = self._site.service(person.service)
        issued = e.TicketIssued(
            **self._about(appointment=booked.id if booked else None),
            kind=Kind.APPOINTMENT if booked else Kind.WALK_IN,
            services=(service.id,),
            minutes=self._site.visit_minutes((service.id,), 1),
            due_at=booked.start_at if booked else None,
            is_late=booked is not None and is_late(booked, self._site.checkin, self._now),
        )
        day = local_day(self._now, self._site.zone)
        ticket = self._tx.issue(issued, _draft(issued), day=day, group=service.group)
        self._office.apply(self._tx.events[-1])
        self._tell(self._tx.events[-1])
        return ticket

    def _give_back(self, ticket: int) -> None:
        """Whoever has been called in the meantime stays."""
        if self._office.tickets[ticket].state is TicketState.WAITING:
            self._cancel(ticket, e.HOLDER)

    def _cancel(self, ticket: int, by: str) -> None:
        self._apply(e.TicketCancelled(**self._about(ticket=ticket), by=by))

    # -- clerks ----------------------------------------------------------------------------

    def _open(self, counter: str) -> None:
        served = self._site.served_by(self._site.counter(counter).services)
        opened = e.CounterOpened(**self._at_counter(counter), services=served)
        self._tx.apply_to_counter(opened)
        self._office.apply(opened)
        self._call(counter)

    def _call(self, counter: str) -> None:
        """The next person of the rule; a counter for which nobody waits is free."""
        choice = self._office.choice(counter, self._now)
        self._free = [other for other in self._free if other != counter]
        if choice is None:
            self._free.append(counter)
            return
        self._apply(self._called(counter, choice))
        gone = self._people[choice.ticket.id].gone
        self._soon(*((PATIENCE_SECONDS, partial(self._recall, counter)) if gone else
                     (WALK_SECONDS, partial(self._receive, counter))))  # fmt: skip

    def _called(self, counter: str, choice: Choice) -> e.TicketCalled:
        facts = choice.reason.facts.items()
        return e.TicketCalled(
            **self._at_counter(counter, ticket=choice.ticket.id),
            reason=choice.reason.code,
            facts={key: value for key, value in facts if isinstance(value, (int, str))},
            contested=choice.contested,
            guard=choice.guard,
            pool=self._office.counters[counter].pool,
        )

    def _recall(self, counter: str) -> None:
        here = self._office.here[counter]
        again = self._at_counter(counter, ticket=here.id)
        self._apply(e.TicketRecalled(**again, call=here.call or 0, times=2))
        self._soon(PATIENCE_SECONDS, partial(self._miss, counter))

    def _miss(self, counter: str) -> None:
        here = self._office.here[counter]
        held_until = self._now + timedelta(seconds=self._site.tickets.recall_lock_seconds)
        missed = self._at_counter(counter, ticket=here.id)
        self._apply(e.TicketMissed(**missed, calls=here.calls, held_until=held_until))
        self._soon(PAUSE_SECONDS, partial(self._call, counter))

    def _receive(self, counter: str) -> None:
        here = self._office.here[counter]
        self._apply(e.TicketArrived(**self._at_counter(counter, ticket=here.id)))
        done = self._now + timedelta(milliseconds=self._people[here.id].work)
        self._do(done, partial(self._finish, counter))

    def _finish(self, counter: str) -> None:
        here = self._office.here[counter]
        finished = self._at_counter(counter, ticket=here.id) | self._outcome(here)
        self._apply(e.TicketFinished(**finished))
        self._soon(PAUSE_SECONDS, partial(self._call, counter))

    def _outcome(self, here: Ticket) -> dict[str, Any]:
        documents = self._site.service(here.services[0]).documents
        if not documents or self._chance.random() >= FORGETS_PAPERS:
            return {}
        return {"outcome": "documents_missing", "missing": (self._chance.choice(documents),)}

    def _close(self) -> None:
        for counter in self._clerks:
            closed = e.CounterClosed(**self._at_counter(counter), by=e.CLERK)
            self._tx.apply_to_counter(closed)
        for ticket in [each for each in self._office.tickets.values() if each.state in ALIVE]:
            self._cancel(ticket.id, DAY_END)
        for booked in (each for same in self._booked.values() for each in same):
            self._tx.apply(e.AppointmentMissed(**self._about(appointment=booked.id)), booked)

    # -- how -------------------------------------------------------------------------------

    def _apply(self, event: e.Event) -> None:
        """Written, recorded and known to the rule; the store adds what only it knows."""
        self._tx.apply(event, self._office.tickets[event.ticket or 0])
        self._office.apply(self._tx.events[-1])

    def _about(self, **more: Any) -> dict[str, Any]:
        return {"at": self._now, "site": self._site.id, **more}

    def _at_counter(self, counter: str, **more: Any) -> dict[str, Any]:
        return self._about(counter=counter, clerk=self._clerks[counter], **more)

    def _at(self, milliseconds: int) -> datetime:
        return self._midnight + timedelta(milliseconds=milliseconds)

    def _soon(self, seconds: tuple[float, float], act: Callable[[], None]) -> None:
        milliseconds = round(self._chance.uniform(*seconds) * 1000)
        self._do(self._now + timedelta(milliseconds=milliseconds), act)

    def _do(self, at: datetime, act: Callable[[], None]) -> None:
        heappush(self._agenda, (at, next(self._order), act))


def _draft(issued: e.TicketIssued) -> Ticket:
    return Ticket(
        id=0,
        site=issued.site,
        number="",
        kind=Kind(issued.kind),
        state=TicketState.WAITING,
        services=issued.services,
        persons=issued.persons,
        issued_at=issued.at,
        token=new_token(),
        language="de",
    )
