"""Visitors of the demo: some just come, some have an appointment, a few change their mind."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from queue_server.actions import appointments, arrivals
from queue_server.demo.scene import Scene
from queue_server.domain.appointment import Appointment
from queue_server.domain.errors import Refused
from queue_server.domain.hours import local_day
from queue_server.domain.site import Counter, Service
from queue_server.domain.slots import Slot
from queue_server.queries import calendar
from queue_server.store.identities import Clerk

BOOK_EVERY = timedelta(minutes=30)
BOOKED_AHEAD = timedelta(minutes=75)
# Half of a counter's time is booked, the rest is for people who just come.
BOOKED_MINUTES = 15
# Come early, come late: minutes around the slot. Check-in opens 30 minutes before it.
EARLIEST, LATEST = -25.0, 8.0
# So many wait for a counter as a rule, and never more than so many when nobody works there.
WAITING_PEOPLE, MOST_WAITING = 3, 5
LANGUAGES = ("de",) * 16 + ("en", "uk", "tr", "ar")
NAMES = (
    "Sommer", "Yildiz", "Petersen", "Kowalski", "Brandt", "Nguyen", "Hansen", "Schuster",
    "Haddad", "Lorenz", "Bondarenko", "Vogel", "Jansen", "Popescu", "Keller", "Ahrens",
)  # fmt: skip


class Visitors:
    """Keeps a site's waiting room filled, neither empty nor bursting."""

    def __init__(self, scene: Scene, clerk: Clerk) -> None:
        self._scene = scene
        self._clerk = clerk

    def begin(self) -> None:
        """The doors open: a few people already stand there."""
        self._book()
        for counter in self._scene.wanted:
            for _ in range(self._scene.chance.randint(1, 2)):
                self._draw(counter)
            self._expect(counter)

    # -- without appointment ---------------------------------------------------------------

    def _expect(self, counter: Counter) -> None:
        """The next person for this counter, sooner when few are waiting."""
        waiting = self._scene.waiting_for(counter)
        crowding = 0.3 if waiting < 1 else 0.8 if waiting < WAITING_PEOPLE else 3.0
        mean = self._scene.usual_minutes(counter) * crowding
        self._scene.agenda.after(
            self._scene.chance.expovariate(1 / mean), lambda: self._come(counter)
        )

    def _come(self, counter: Counter) -> None:
        if self._scene.waiting_for(counter) < MOST_WAITING:
            self._draw(counter)
        self._expect(counter)

    def _draw(self, counter: Counter) -> None:
        scene = self._scene
        services = [service for service in scene.services_of(counter) if service.walk_in]
        if not services:
            return
        with suppress(Refused):
            ticket = arrivals.draw_ticket(
                scene.store,
                scene.site,
                self._wish(services),
                language=scene.chance.choice(LANGUAGES),
                now=scene.agenda.now,
            ).ticket
            if scene.chance.random() < 0.03:
                minutes = scene.chance.uniform(5, 20)
                scene.agenda.after(minutes, lambda: self._give_back(ticket.token))

    def _wish(self, services: list[Service]) -> tuple[str, ...]:
        """One concern, sometimes two."""
        first = self._scene.pick(services)
        if self._scene.chance.random() < 0.12:
            return tuple(dict.fromkeys((first.id, self._scene.pick(services).id)))
        return (first.id,)

    def _give_back(self, token: str) -> None:
        # Whoever has been called in the meantime stays.
        with suppress(Refused):
            arrivals.give_back(self._scene.store, token, now=self._scene.agenda.now)

    # -- with appointment ------------------------------------------------------------------

    def _book(self) -> None:
        """Some of the next free times; the rest stays for whoever tries the demo."""
        scene = self._scene
        for counter in scene.wanted:
            services = [service for service in scene.services_of(counter) if service.bookable]
            minutes = 0
            while services and minutes < BOOKED_MINUTES:
                service = scene.pick(services)
                self._book_one(service)
                minutes += service.minutes
        scene.agenda.at(scene.agenda.now + BOOK_EVERY, self._book)

    def _book_one(self, service: Service) -> None:
        scene = self._scene
        free = self._free(service)
        if not free:
            return
        with suppress(Refused):
            booked = appointments.book_by_clerk(
                scene.store,
                scene.site,
                (service.id,),
                scene.chance.choice(free).start_at,
                name=scene.chance.choice(NAMES),
                clerk=self._clerk.id,
                people_days=scene.people_days,
                now=scene.agenda.now,
            )
            self._will_come(booked)

    def _free(self, service: Service) -> list[Slot]:
        scene, now = self._scene, self._scene.agenda.now
        day = local_day(now, scene.site.zone)
        with scene.store.snapshot() as snapshot:
            slots = calendar.slots(
                snapshot, scene.site, (service.id,), 1, day, 2, now, for_clerk=True
            )
        return [slot for slot in slots if slot.start_at <= now + BOOKED_AHEAD]

    def _will_come(self, booked: Appointment) -> None:
        """Most come early, some late, one in fifteen not at all."""
        if self._scene.chance.random() < 1 / 15:
            return
        minutes = self._scene.chance.triangular(EARLIEST, LATEST, -6)
        self._scene.agenda.at(
            self._arrival(booked.start_at, minutes), lambda: self._check_in(booked)
        )

    def _arrival(self, start_at: datetime, minutes: float) -> datetime:
        return max(start_at + timedelta(minutes=minutes), self._scene.agenda.now)

    def _check_in(self, booked: Appointment) -> None:
        # Somebody who tries the demo may have cancelled it.
        with suppress(Refused):
            arrivals.check_in(
                self._scene.store, self._scene.site, booked.code, now=self._scene.agenda.now
            )
