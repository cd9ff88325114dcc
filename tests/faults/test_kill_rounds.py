"""kill -9 at any moment, again and again: what was answered is there, once, and nothing twice."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from queue_server.actions import slot_holding
from queue_server.app import open_store
from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.events import AppointmentBooked
from queue_server.settings import load_settings
from queue_server.store.database import Row
from queue_server.store.transaction import Store
from tests.office import Server

ROUNDS = 24 if os.environ.get("AUFRUF_LONG") else 3
BOOKED = 600
TICKETS, CHECK_INS = "/api/v1/sites/rathaus/tickets", "/api/v1/sites/rathaus/check-ins"
SEATS = (("Aylin", "schalter-1"), ("Bernd", "schalter-2"))
SERVICES = ("kfz", "meldewesen", "ausweise")


@dataclass
class Answered:
    """What the office has promised so far; each list is written by several threads."""

    drawn: list[tuple[int, str]] = field(default_factory=list)
    checked_in: list[tuple[str, int]] = field(default_factory=list)
    called: list[tuple[int, int, str]] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)


@pytest.fixture
def office(server: Server) -> Server:
    return server.start()


@pytest.fixture
def beside(office: Server) -> Iterator[Store]:
    """The database from outside, to book before and to compare afterwards."""
    with closing(open_store(load_settings(office.config, {}))) as store:
        yield store


def book(store: Store, server: Server) -> list[str]:
    """Appointments of this very moment, more than any calendar holds; returns their Termincodes."""
    site, now = load_settings(server.config, {}).site("rathaus"), datetime.now(UTC)
    start = now + timedelta(minutes=5)
    some = [
        slot_holding.new_appointment(site, CONFIRMED, ("kfz",), 1, start, "de")
        for _ in range(BOOKED)
    ]
    with store.transaction() as tx:
        for one in some:
            tx.apply(booked(one, now), one)
    return [one.code for one in some]


def booked(one: Appointment, now: datetime) -> AppointmentBooked:
    return AppointmentBooked(
        at=now,
        site=one.site,
        services=one.services,
        persons=one.persons,
        start_at=one.start_at,
    )


def draw(client: httpx.Client, answered: Answered) -> None:
    answer = client.post(TICKETS, json={"services": [random.choice(SERVICES)]})
    assert answer.status_code == 201, answer.text
    answered.drawn.append((int(answer.json()["id"]), answer.json()["number"]))


def check_in(client: httpx.Client, answered: Answered, codes: list[str]) -> None:
    code = codes.pop()
    try:
        answer = client.post(CHECK_INS, json={"code": code})
    except httpx.TransportError:
        # Whoever got no answer holds the code to the kiosk once more.
        codes.append(code)
        raise
    assert answer.status_code in (200, 201), answer.text
    answered.checked_in.append((code, int(answer.json()["id"])))


def serve(client: httpx.Client, answered: Answered, counter: str) -> None:
    desk = f"/api/v1/counters/{counter}"
    call = client.post(f"{desk}/calls", json={})
    if call.status_code == 200 and call.json():
        answered.called.append((call.json()["call"], int(call.json()["ticket"]["id"]), counter))
    # A call that was made but never answered is still there: the clerk goes on with it.
    here = client.post(f"{desk}/arrival", json={})
    if here.status_code == 200:
        answered.arrived.append(int(here.json()["id"]))
    done = client.post(f"{desk}/completion", json={})
    if done.status_code == 200:
        answered.finished.append(int(done.json()["id"]))


def work_until_the_end(work: Callable[[], None], wrong: list[BaseException]) -> threading.Thread:
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


@pytest.mark.timeout(60 * ROUNDS)
def test_every_answered_number_check_in_call_and_arrival_survives_every_kill(
    office: Server, beside: Store
) -> None:
    chance, answered, wrong = random.Random(8), Answered(), list[BaseException]()
    codes = book(beside, office)
    front = [office.clerk("Lea") for _ in range(4)]
    seats = [(office.clerk(name, counter), counter) for name, counter in SEATS]

    for _ in range(ROUNDS):
        works = [
            *(lambda c=client: draw(c, answered) for client in front[:2]),
            *(lambda c=client: check_in(c, answered, codes) for client in front[2:]),
            *(lambda c=client, s=seat: serve(c, answered, s) for client, seat in seats),
        ]
        threads = [work_until_the_end(work, wrong) for work in works]
        time.sleep(chance.uniform(0.2, 1.2))
        office.kill()
        for thread in threads:
            thread.join(timeout=30)
        office.start()
        assert wrong == []
        compare(beside, answered)

    assert min(map(len, (answered.drawn, answered.checked_in, answered.called))) >= ROUNDS
    assert min(map(len, (answered.arrived, answered.finished))) >= ROUNDS


def compare(store: Store, answered: Answered) -> None:
    with store.snapshot() as snapshot:
        tickets = {row["id"]: row for row in snapshot.rows("SELECT * FROM tickets")}
        calls = {row["id"]: row for row in snapshot.rows("SELECT * FROM calls")}
        booked = {row["code"]: row for row in snapshot.rows("SELECT * FROM appointments")}
        issued = events(snapshot.rows("SELECT * FROM journal WHERE name = 'TicketIssued'"))
        assert snapshot.rows("PRAGMA integrity_check")[0]["integrity_check"] == "ok"

    assert [one for one in answered.drawn if tickets[one[0]]["number"] != one[1]] == []
    assert len({row["number"] for row in tickets.values()}) == len(tickets)
    for code, ticket in answered.checked_in:
        appointment = booked[code]
        assert appointment["state"] == "checked_in"
        assert tickets[ticket]["appointment"] == appointment["id"]
    for call, ticket, counter in answered.called:
        assert (calls[call]["ticket"], calls[call]["counter"]) == (ticket, counter)
    assert {tickets[id]["state"] for id in answered.finished} <= {"served"}
    assert {tickets[id]["state"] for id in answered.arrived} <= {"serving", "served"}
    assert issued == Counter(tickets.keys()), "each ticket is told once in the journal"


def events(rows: list[Row]) -> Counter[int]:
    return Counter(row["ticket"] for row in rows)
