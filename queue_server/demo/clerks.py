"""Clerks of the demo: they call, wait, serve, and do all that a desk can do now and then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from queue_server.actions import calling, desks, serving
from queue_server.demo.scene import Scene
from queue_server.domain.errors import Refused
from queue_server.domain.site import Counter, Service
from queue_server.domain.ticket import CALLED, Ticket
from queue_server.store import tickets
from queue_server.store.identities import Clerk

T = TypeVar("T")
SIGN_OF_LIFE = timedelta(minutes=5)
# People walk at the speed of people, and the wall needs the time to be read.
WALK_SECONDS = (6, 18)
PAUSE_SECONDS = (1, 4)
LONG_WAY_SECONDS = (8, 20)
PATIENCE_SECONDS = 15
ABSENT = 0.06
COMES_BACK = 0.5


class ClerkAtWork:
    """One clerk at one counter, for as long as the demo runs.

    Whoever tries the demo may interfere at any time: every refusal leads to a fresh look.
    """

    def __init__(self, scene: Scene, counter: Counter, clerk: Clerk) -> None:
        self._scene = scene
        self._counter = counter.id
        self._clerk = clerk
        self._turn = 0

    def begin(self) -> None:
        """Open the counter and start, also in the middle of a day."""
        with suppress(Refused):
            desks.open_counter(
                self._scene.store, self._scene.site, self._counter, self._clerk, now=self._now
            )
        self._stay()
        self._soon(PAUSE_SECONDS, self._look)

    def call_at_once(self) -> None:
        """Finish and call the next, who has a long way: something to see from the first second."""
        with suppress(Refused):
            self._do(serving.finish)
        called = self._call_next()
        if called is not None:
            self._soon(LONG_WAY_SECONDS, self._receive)

    # -- one person ------------------------------------------------------------------------

    def _look(self) -> None:
        """What is the matter at my counter? Go on from there."""
        with self._scene.store.snapshot() as snapshot:
            here = tickets.at_counter(snapshot, self._counter)
        if here is None:
            self._call()
        elif here.state is CALLED:
            self._await()
        else:
            self._serve(here)

    def _call(self) -> None:
        if self._call_next() is None:
            self._soon(PAUSE_SECONDS, self._look)
        else:
            self._await()

    def _await(self) -> None:
        if self._scene.chance.random() < ABSENT:
            self._seconds(PATIENCE_SECONDS, self._call_again)
        else:
            self._soon(WALK_SECONDS, self._receive)

    def _call_again(self) -> None:
        self._do(calling.recall)
        self._seconds(PATIENCE_SECONDS, self._give_up)

    def _give_up(self) -> None:
        gone = self._do(calling.no_show)
        if self._scene.chance.random() < COMES_BACK:
            self._scene.agenda.after(self._scene.chance.uniform(3, 9), lambda: self._back(gone))
        self._soon(PAUSE_SECONDS, self._look)

    def _receive(self) -> None:
        self._serve(self._do(serving.arrive))

    def _serve(self, ticket: Ticket) -> None:
        site = self._scene.site
        planned = site.visit_minutes(ticket.services, ticket.persons)
        minutes = planned * self._scene.chance.lognormvariate(-0.35, 0.4)
        self._later(minutes, lambda: self._end(ticket))

    def _end(self, ticket: Ticket) -> None:
        """Mostly finished; sometimes set aside, handed on, or one more thing."""
        ways: dict[Callable[[Ticket], None], float] = {
            self._finish: 0.86,
            self._park: 0.05,
            self._hand_on: 0.05,
            self._one_more_thing: 0.04,
        }
        way = self._scene.chance.choices(list(ways), list(ways.values()))[0]
        way(ticket)

    def _finish(self, ticket: Ticket) -> None:
        missing = self._scene.chance.random() < 0.06
        self._do(serving.finish, outcome="documents_missing" if missing else "done")
        self._soon(PAUSE_SECONDS, self._look)

    def _park(self, ticket: Ticket) -> None:
        """Off to the photo machine, and back in a few minutes."""
        parked = self._do(serving.park)
        self._scene.agenda.after(self._scene.chance.uniform(4, 10), lambda: self._back(parked))
        self._soon(PAUSE_SECONDS, self._look)

    def _hand_on(self, ticket: Ticket) -> None:
        mine = set(self._scene.site.served_by(self._scene.site.counter(self._counter).services))
        others = [
            service
            for counter in self._scene.staffed
            for service in self._scene.services_of(counter)
            if service.id not in mine
        ]
        if others:
            self._do(serving.transfer, services=(self._scene.pick(others).id,))
        else:
            self._do(serving.finish)
        self._soon(PAUSE_SECONDS, self._look)

    def _one_more_thing(self, ticket: Ticket) -> None:
        more = self._scene.pick(self._mine())
        services = tuple(dict.fromkeys((*ticket.services, more.id)))
        serving.set_services(
            self._scene.store, self._scene.site, self._clerk, ticket.id, services, now=self._now
        )
        self._later(more.minutes, lambda: self._finish(ticket))

    def _back(self, ticket: Ticket) -> None:
        """Whoever was away stands there again, unless somebody has dealt with it."""
        with suppress(Refused):
            serving.resume(
                self._scene.store, self._scene.site, self._clerk, ticket.id, now=self._now
            )

    # -- how ---------------------------------------------------------------------------------

    def _call_next(self) -> calling.Called | None:
        return calling.call_next(
            self._scene.store, self._scene.site, self._counter, self._clerk, now=self._now
        )

    def _do(self, action: Callable[..., T], **more: object) -> T:
        """An action on the person at my counter."""
        return action(
            self._scene.store, self._scene.site, self._counter, self._clerk, now=self._now, **more
        )

    def _mine(self) -> list[Service]:
        return self._scene.services_of(self._scene.site.counter(self._counter))

    @property
    def _now(self) -> datetime:
        return self._scene.agenda.now

    def _stay(self) -> None:
        """Signs of life, as an open desk page gives them; without, the counter would close."""
        desks.still_here(self._scene.store, self._clerk, now=self._now)
        self._scene.agenda.at(self._now + SIGN_OF_LIFE, self._stay)

    def _soon(self, seconds: tuple[float, float], act: Callable[[], object]) -> None:
        self._seconds(self._scene.chance.uniform(*seconds), act)

    def _seconds(self, seconds: float, act: Callable[[], object]) -> None:
        self._scene.agenda.after_seconds(seconds, self._my_next(act))

    def _later(self, minutes: float, act: Callable[[], object]) -> None:
        self._scene.agenda.after(minutes, self._my_next(act))

    def _my_next(self, act: Callable[[], object]) -> Callable[[], None]:
        """The one thing this clerk does next; whatever was planned before is off."""
        self._turn += 1
        turn = self._turn

        def go() -> None:
            if turn != self._turn:
                return
            try:
                act()
            except Refused:
                self._soon(PAUSE_SECONDS, self._begin_again)

        return go

    def _begin_again(self) -> None:
        """Somebody else has moved my person or closed my counter."""
        desks.open_counter(
            self._scene.store, self._scene.site, self._counter, self._clerk, now=self._now
        )
        self._look()
