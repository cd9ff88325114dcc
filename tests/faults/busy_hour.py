"""An office at its busiest: everything that people do there, at once, until its server is gone."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx

from queue_server.actions import slot_holding
from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.events import AppointmentBooked
from queue_server.settings import load_settings
from queue_server.store import appointments
from queue_server.store.transaction import Store
from tests.faults.promised import Promised
from tests.office import Server

API = "/api/v1"
SITE = f"{API}/sites/rathaus"
SEATS = (("Aylin", "schalter-1"), ("Bernd", "schalter-2"))
SERVICES = ("kfz", "meldewesen", "ausweise")
# Limits are about one client that takes what belongs to all, and here one books for everybody.
NO_LIMITS = """[site.booking]
proof = false
unconfirmed_share = 1
unconfirmed_client_minutes = 100000
per_client_hour = 100000
per_hour = 100000
unproven_per_client_hour = 100000
unproven_per_hour = 100000
most_moves = 100
"""
NO_STOP = """[site.tickets]
forecast_stop = false
"""
# So many people are expected at any time, with Termincodes of this very moment.
EXPECTED = 40
SIX_WEEKS = 42


def without_limits(config: Path) -> None:
    """Let an office give out as many numbers and times as a test asks for, at any hour."""
    text = config.read_text("utf-8").replace("[site.booking]\n", NO_LIMITS, 1)
    config.write_text(text.replace("[site.tickets]\n", NO_STOP, 1), "utf-8")


class BusyHour:
    """The people of a running office, and the log of what each was answered.

    `refused` are the codes of answers that say that the server can do nothing now.
    """

    def __init__(self, server: Server, store: Store) -> None:
        self.promised = Promised()
        self.refused: list[str] = []
        self._chance = random.Random(8)
        self._unanswered: list[str] = []
        self._unconfirmed: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._site = load_settings(server.config, {}).site("rathaus")
        self._codes: list[str] = []
        self._expect(store)
        self._times = _free_times(server.client())
        citizen, lea, *front = server.client(), *(server.clerk("Lea") for _ in range(4))
        seats = [(server.clerk(name, counter), counter) for name, counter in SEATS]
        self._works: list[Callable[[], None]] = [
            partial(self._draw, front[0]),
            partial(self._draw, front[1]),
            partial(self._check_in, front[2]),
            partial(self._book_and_move, lea),
            partial(self._book_and_confirm, citizen),
            *(partial(self._serve, client, counter) for client, counter in seats),
        ]
        for client in (citizen, lea, *front, *(client for client, _ in seats)):
            client.event_hooks = {"response": [self._must_be_an_answer]}

    def _has_done(self, many: int) -> Callable[[], bool]:
        """Whether so many more were answered, and something of every kind that can be."""
        before = self.promised.counts()
        if not self._links:
            del before["confirmed"]

        def is_done() -> bool:
            grown = {
                kind: count - before.get(kind, -1) for kind, count in self.promised.counts().items()
            }
            return min(grown.values()) > 0 and sum(grown.values()) >= many

        return is_done

    @contextmanager
    def at_work(self, many: int) -> Iterator[None]:
        """The body runs in the middle of the work, and has to see to it that nothing answers."""
        wrong, is_done = list[BaseException](), self._has_done(many)
        threads = [_until_nothing_answers(work, wrong) for work in self._works]
        while not is_done() and not wrong:
            time.sleep(0.005)
        yield
        for thread in threads:
            thread.join(timeout=60)
        assert wrong == [], [repr(each) for each in wrong]

    def compare(self, store: Store) -> None:
        """What was promised is there; citizens open the links of what they have booked."""
        self.promised.compare(store)
        with store.snapshot() as reader:
            for token in self._unconfirmed:
                found = appointments.by_token(reader, token)
                self._links.append((token, found.confirmation_key or ""))
        self._unconfirmed.clear()
        self._expect(store)

    def _expect(self, store: Store) -> None:
        """More people with an appointment of now than a calendar holds."""
        now = datetime.now(UTC)
        some = [
            slot_holding.new_appointment(
                self._site, CONFIRMED, ("kfz",), 1, now + timedelta(minutes=5), "de"
            )
            for _ in range(EXPECTED - len(self._codes))
        ]
        with store.transaction() as tx:
            for one in some:
                tx.apply(_booked(one, now), one)
        self._codes += [one.code for one in some]

    def _must_be_an_answer(self, answer: httpx.Response) -> None:
        if answer.status_code >= 500:
            answer.read()
            self.refused.append(answer.json()["code"])
            raise httpx.TransportError(answer.text)

    def _draw(self, client: httpx.Client) -> None:
        key = self._unanswered.pop() if self._unanswered else secrets.token_hex(8)
        self.promised.keys.add(key)
        wish = {"services": [self._chance.choice(SERVICES)]}
        try:
            answer = client.post(f"{SITE}/tickets", json=wish, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            self._unanswered.append(key)
            raise
        assert answer.status_code in (200, 201), answer.text
        self.promised.drawn.append((int(answer.json()["id"]), answer.json()["number"]))

    def _check_in(self, client: httpx.Client) -> None:
        if not self._codes:
            time.sleep(0.01)
            return
        code = self._codes.pop()
        try:
            answer = client.post(f"{SITE}/check-ins", json={"code": code})
        except httpx.TransportError:
            # Whoever got no answer holds the code to the kiosk once more.
            self._codes.append(code)
            raise
        assert answer.status_code in (200, 201), answer.text
        self.promised.checked_in.append((code, int(answer.json()["id"])))

    def _serve(self, client: httpx.Client, counter: str) -> None:
        desk, promised = f"{API}/counters/{counter}", self.promised
        call = client.post(f"{desk}/calls", json={})
        if call.status_code == 200 and call.json():
            found = call.json()
            promised.called.append((found["call"], int(found["ticket"]["id"]), counter))
        # A call that was made but never answered is still there: the clerk goes on with it.
        here = client.post(f"{desk}/arrival", json={})
        if here.status_code == 200:
            promised.arrived.append(int(here.json()["id"]))
        done = client.post(f"{desk}/completion", json={})
        if done.status_code == 200:
            promised.finished.append(int(done.json()["id"]))

    def _book_and_move(self, clerk: httpx.Client) -> None:
        start, later = self._times.pop(), self._times.pop()
        wish = {"services": ["kfz"], "start": start, "name": "Muster"}
        token = _created(clerk.post(f"{SITE}/appointments", json=wish))
        stands = self.promised.starts[token] = [datetime.fromisoformat(start)]
        self.promised.booked.append(token)
        stands.append(datetime.fromisoformat(later))
        moved = clerk.put(f"{API}/appointments/{token}/start", json={"start": later})
        assert moved.status_code == 200, moved.text
        del stands[0]
        self.promised.moved.append(token)

    def _book_and_confirm(self, citizen: httpx.Client) -> None:
        start = self._times.pop()
        wish = {"services": ["kfz"], "start": start, "email": f"{secrets.token_hex(6)}@a.example"}
        token = _created(citizen.post(f"{SITE}/appointments", json=wish))
        self.promised.starts[token] = [datetime.fromisoformat(start)]
        self._unconfirmed.append(token)
        if self._links:
            token, key = self._links.pop()
            path = f"{API}/appointments/{token}/confirmation"
            answer = citizen.post(path, json={"key": key})
            assert answer.status_code == 200, answer.text
            self.promised.confirmed.append(token)


def _free_times(citizen: httpx.Client) -> list[str]:
    """Every quarter of an hour of six weeks once, so that nobody is in anybody's way."""
    first = (datetime.now(UTC) + timedelta(days=2)).date()
    answer = citizen.get(f"{SITE}/slots?services=kfz&from={first}&days={SIX_WEEKS}")
    assert answer.status_code == 200, answer.text
    return [slot["start"] for slot in answer.json()["slots"]]


def _booked(one: Appointment, now: datetime) -> AppointmentBooked:
    return AppointmentBooked(
        at=now, site=one.site, services=one.services, persons=one.persons, start_at=one.start_at
    )


def _created(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


def _until_nothing_answers(
    work: Callable[[], None], wrong: list[BaseException]
) -> threading.Thread:
    def run() -> None:
        try:
            while True:
                work()
        except httpx.TransportError:
            return
        except BaseException as error:
            wrong.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread
