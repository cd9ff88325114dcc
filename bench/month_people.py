"""Who lives through the month: visitors with and without appointment, their phones, the clerks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import httpx
import websocket

from bench.pace import ZONE, Pace, is_open

API, SITE = "/api/v1", "/api/v1/sites/rathaus"
PASSWORD = "ein-langer-Monat"
BETWEEN_VISITORS_MINUTES = 2.6
VISIT_MINUTES = 7.5
SERVICES = ("anliegen-a", "anliegen-b", "anliegen-e")


@dataclass
class Seen:
    """What was done and how long it took, by the day of the office."""

    calls: dict[date, list[float]] = field(default_factory=dict)
    bare: dict[date, list[float]] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1


class People:
    """They stop when they are told to; whatever is answered wrongly stands in `seen.wrong`."""

    def __init__(self, port: int, pace: Pace, counters: list[str]) -> None:
        self.seen, self.over = Seen(), threading.Event()
        self._url, self._pace, self._port = f"http://127.0.0.1:{port}", pace, port
        self._codes: dict[date, list[str]] = {}
        self._phones: list[Any] = []
        works: list[Callable[[], None]] = [self._visitors]
        works += [lambda c=counter: self._clerk(c) for counter in counters]  # type: ignore[misc]
        self._threads = [threading.Thread(target=self._guarded, args=(work,)) for work in works]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self.over.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self.seen.wrong.append(repr(error))
            self.over.set()

    def _visitors(self) -> None:
        chance = Random(1)
        while self._until_open():
            with closing(self._signed_in("front")) as front:
                while is_open(self._pace.now()) and not self.over.is_set():
                    self._pause(chance.expovariate(1 / BETWEEN_VISITORS_MINUTES))
                    if chance.random() < 0.3:
                        self._book(front, chance)
                    self._arrive(front, chance)

    def _arrive(self, front: httpx.Client, chance: Random) -> None:
        """With an appointment of today when there is one that is due, else for a number."""
        codes, now = self._codes.get(self._today(), []), self._pace.now()
        if codes and chance.random() < 0.5:
            answer = front.post(f"{SITE}/check-ins", json={"code": codes.pop(0)})
            self._note("check-ins", answer, also=(409, 410))
        elif is_open(now + timedelta(minutes=20)):
            service = chance.choice(SERVICES)
            answer = front.post(f"{SITE}/tickets", json={"services": [service]})
            if self._note("tickets", answer, also=(409,)) == 201 and chance.random() < 0.2:
                self._follow(answer.json()["token"])

    def _book(self, front: httpx.Client, chance: Random) -> None:
        """For one of the next days."""
        day = (self._pace.now() + timedelta(days=1)).astimezone(ZONE)
        found = front.get(f"{SITE}/slots?services=anliegen-b&from={day.date()}&days=4")
        starts = [each["start"] for each in found.json()["slots"]]
        if self._note("looks", found) != 200 or not starts:
            return
        start = chance.choice(starts)
        body = {"services": ["anliegen-b"], "start": start, "name": "Muster"}
        answer = front.post(f"{SITE}/appointments", json=body)
        if self._note("bookings", answer, also=(409,)) == 201:
            codes = self._codes.setdefault(datetime.fromisoformat(start).date(), [])
            codes.append(answer.json()["code"])

    def _follow(self, token: str) -> None:
        """A phone that says goodbye, or, one in two, is only put away."""
        phone = websocket.create_connection(
            f"ws://127.0.0.1:{self._port}/socket.io/?EIO=4&transport=websocket", timeout=20
        )
        phone.send("40")
        phone.send(f'420["watch_ticket",{{"token":"{token}"}}]')
        self._phones.append(phone)
        self.seen.count("phones")
        if len(self._phones) > 20:
            old = self._phones.pop(0)
            with suppress(OSError, websocket.WebSocketException):
                old.close(timeout=0) if len(token) % 2 else old.shutdown()

    def _clerk(self, counter: str) -> None:
        chance = Random(counter)
        while self._until_open():
            with closing(self._signed_in(f"clerk of {counter}")) as clerk:
                desk = f"{API}/counters/{counter}"
                self._note("openings", clerk.put(f"{desk}/session", json={}))
                while is_open(self._pace.now()) and not self.over.is_set():
                    self._serve(clerk, desk, chance)
                clerk.delete(f"{desk}/session")
                clerk.post("/logout")

    def _serve(self, clerk: httpx.Client, desk: str, chance: Random) -> None:
        began = time.perf_counter()
        bare = clerk.get("/healthz")
        between = time.perf_counter()
        call = clerk.post(f"{desk}/calls", json={})
        ended = time.perf_counter()
        self._note("probes", bare)
        status = self._note("calls", call, also=(204, 409))
        if status == 409:
            # A visit that lasts into the night: the counter was closed meanwhile.
            self._note("openings", clerk.put(f"{desk}/session", json={}))
        if status != 200:
            return self._pause(1)
        today = self._today()
        self.seen.bare.setdefault(today, []).append(between - began)
        self.seen.calls.setdefault(today, []).append(ended - between)
        if chance.random() < 0.05:
            self._note("no-shows", clerk.post(f"{desk}/no-show", json={}), also=(409,))
            return None
        self._note("arrivals", clerk.post(f"{desk}/arrival", json={}), also=(409,))
        self._pause(chance.expovariate(1 / VISIT_MINUTES))
        self._note("visits", clerk.post(f"{desk}/completion", json={}), also=(409,))
        return None

    def _signed_in(self, name: str) -> httpx.Client:
        client = httpx.Client(base_url=self._url, timeout=60)
        answer = client.post("/login", json={"username": name, "password": PASSWORD})
        self._note("sign-ins", answer)
        return client

    def _note(self, what: str, answer: httpx.Response, also: tuple[int, ...] = ()) -> int:
        """Count it, or say what was wrong with it."""
        status = answer.status_code
        if status in (200, 201):
            self.seen.count(what)
        elif status not in also:
            self.seen.wrong.append(f"{what}: {status} {answer.text[:200]}")
        return status

    def _pause(self, minutes: float) -> None:
        self.over.wait(self._pace.seconds_for(minutes))

    def _until_open(self) -> bool:
        while not is_open(self._pace.now()) and not self.over.is_set():
            self.over.wait(0.05)
        return not self.over.is_set()

    def _today(self) -> date:
        return self._pace.now().astimezone(ZONE).date()
