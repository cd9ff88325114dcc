"""A day of a city: who comes, who calls, who is served, and what the walls of both servers show."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from bench.city_lines import Person, Watcher
from bench.city_offices import SERVERS, SERVICES, Office, Servers
from bench.followers import EVENT

API = "/api/v1"
VISIT_MINUTES, ARRIVAL_MINUTES = 7.5, 1.0
LONGEST_MINUTES = 20
# No page of a desk is open here, and a counter closes after half an hour without a word.
STAY_MINUTES = 15
SHOWN_SECONDS = 10


@dataclass
class Seen:
    """What was answered, and when a wall of the other server has shown it (seconds)."""

    opened: list[float] = field(default_factory=list)
    draws: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    called: list[tuple[str, int]] = field(default_factory=list)
    drawn: list[tuple[str, int]] = field(default_factory=list)
    served: int = 0
    behind: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def visits(self) -> float:
        """Visits done: a number, a call, an arrival and a completion are a quarter each."""
        return (len(self.draws) + len(self.calls) + len(self.shown) + self.served) / 4


class CityOffice:
    """The people of one office. Even counters stand at the first server, odd ones at the other."""

    def __init__(self, office: Office, servers: Servers, number: int, seen: Seen) -> None:
        self.office, self.servers, self.seen = office, servers, seen
        self.site, self.chance = office.site.id, Random(number)
        self.kiosk = Person(servers.ports[number % SERVERS], office.kiosk)
        self.desks = {
            counter: Person(servers.ports[n % SERVERS], cookie)
            for n, (counter, cookie) in enumerate(office.clerks.items())
        }
        self.waiting = asyncio.Semaphore(0)
        # The calls that each server's wall has shown, and when.
        self.walls: list[dict[int, float]] = [{} for _ in range(SERVERS)]

    # -- watching --------------------------------------------------------------------------

    def watchers(self, *, desks: bool) -> list[Watcher]:
        ports = self.servers.ports
        walls = [
            Watcher(port, "", "watch_board", self.site, lambda *said, n=n: self._show(n, *said))
            for n, port in enumerate(ports)
        ]
        cookies = self.office.clerks.values() if desks else ()
        return walls + [
            Watcher(ports[n % SERVERS], cookie, "watch_queue", self.site, lambda *said: None)
            for n, cookie in enumerate(cookies)
        ]

    def _show(self, wall: int, message: str, at: float) -> None:
        word, body = json.loads(message[len(EVENT) :])
        if word == "board":
            for call in body["calls"]:
                self.walls[wall].setdefault(call["call"], at)

    # -- coming ----------------------------------------------------------------------------

    async def visitors(self, arrivals: list[datetime]) -> None:
        for at in arrivals:
            late = (self.servers.pace.now() - at).total_seconds() / self.servers.pace.speed
            if late < 0:
                await asyncio.sleep(-late)
            self.seen.behind.append(max(0.0, late))
            await self._arrive(at)

    async def _arrive(self, at: datetime) -> None:
        kind, body = "tickets", {"services": [self.chance.choice(SERVICES)[0]]}
        if code := self.office.codes.get(at):
            kind, body = "check-ins", {"code": code}
        began = time.perf_counter()
        status, ticket = await self.kiosk.ask("POST", f"{API}/sites/{self.site}/{kind}", body)
        if status != 201:
            return self.seen.wrong.append(f"{kind} {status} {ticket}")
        self.seen.draws.append(time.perf_counter() - began)
        self.seen.drawn.append((self.site, ticket["number"]))
        self.waiting.release()

    # -- serving ---------------------------------------------------------------------------

    async def open(self) -> None:
        """Every clerk sits down."""
        await asyncio.gather(*(self._open(*each) for each in self.desks.items()))

    async def _open(self, counter: str, clerk: Person) -> None:
        began = time.perf_counter()
        if await self._done(clerk, "PUT", f"{API}/counters/{counter}/session"):
            self.seen.opened.append(time.perf_counter() - began)

    async def stay(self) -> None:
        """The clerks look at their queue from time to time, one after the other."""
        while True:
            for clerk in self.desks.values():
                pause = self.servers.pace.seconds_for(STAY_MINUTES) / len(self.desks)
                await asyncio.sleep(pause * self.chance.uniform(0.5, 1.5))
                await self._done(clerk, "GET", f"{API}/sites/{self.site}/queue")

    def clerks(self) -> list[Coroutine[Any, Any, None]]:
        return [self._clerk(n, *each) for n, each in enumerate(self.desks.items())]

    async def _clerk(self, number: int, counter: str, clerk: Person) -> None:
        desk, chance = f"{API}/counters/{counter}", Random(counter)
        while True:
            await self.waiting.acquire()
            await self._serve(clerk, desk, (number + 1) % SERVERS, chance)

    async def _serve(self, clerk: Person, desk: str, other: int, chance: Random) -> None:
        began = time.perf_counter()
        status, called = await clerk.ask("POST", f"{desk}/calls")
        at = time.perf_counter()
        if status == 409:
            # Nobody has come for half an hour, so the counter was closed.
            await self._done(clerk, "PUT", f"{desk}/session")
            self.waiting.release()
            return
        if status != 200:
            self.seen.wrong.append(f"calls {status} {called}")
            return
        self.seen.calls.append(at - began)
        self.seen.called.append((self.site, called["ticket"]["number"]))
        await asyncio.sleep(self.servers.pace.seconds_for(ARRIVAL_MINUTES))
        await self._look(other, called["call"], at)
        await self._done(clerk, "POST", f"{desk}/arrival")
        minutes = min(chance.expovariate(1 / (VISIT_MINUTES - ARRIVAL_MINUTES)), LONGEST_MINUTES)
        await asyncio.sleep(self.servers.pace.seconds_for(minutes))
        await self._done(clerk, "POST", f"{desk}/completion")
        self.seen.served += 1

    async def _look(self, wall: int, call: int, called_at: float) -> None:
        """At the wall of the other server; it must show the call before the person comes."""
        give_up = time.perf_counter() + SHOWN_SECONDS
        while call not in self.walls[wall] and time.perf_counter() < give_up:
            await asyncio.sleep(0.05)
        if shown := self.walls[wall].get(call):
            self.seen.shown.append(max(0.0, shown - called_at))
        else:
            self.seen.wrong.append(f"a wall of the other server did not show call {call}")

    async def _done(self, clerk: Person, method: str, path: str) -> bool:
        status, said = await clerk.ask(method, path)
        if status != 200:
            self.seen.wrong.append(f"{path} {status} {said}")
        return status == 200
