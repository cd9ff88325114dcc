"""Over real HTTP, many at once: one key is one ticket, and everybody is called exactly once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx

from tests.office import Server

TICKETS = "/api/v1/sites/rathaus/tickets"
PEOPLE = 100
CLERKS = 8


def test_the_same_key_20_times_at_once_is_one_ticket(shared: Server) -> None:
    kiosk, together = shared.kiosk(), Barrier(20)

    def touch(_: int) -> httpx.Response:
        together.wait()
        return kiosk.post(
            TICKETS, json={"services": ["kfz"]}, headers={"Idempotency-Key": "double touch"}
        )

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(touch, range(20)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert len({(answer.json()["id"], answer.json()["token"]) for answer in answers}) == 1


def test_eight_clerks_drain_the_queue_and_each_person_is_called_once(
    many_counters: Server,
) -> None:
    drawing = many_counters.clerk("Lea")
    drawn = [
        drawing.post(TICKETS, json={"services": ["ausweise"]}).json()["id"] for _ in range(PEOPLE)
    ]
    together = Barrier(CLERKS)

    def drain(number: int) -> list[str]:
        counter = f"/api/v1/counters/schalter-{number}"
        clerk = many_counters.clerk(f"Clerk {number}", f"schalter-{number}")
        called: list[str] = []
        together.wait()
        while (answer := clerk.post(f"{counter}/calls", json={})).status_code == 200:
            called.append(answer.json()["ticket"]["id"])
            assert clerk.post(f"{counter}/completion", json={}).status_code == 200
        assert answer.status_code == 204, answer.text
        return called

    with ThreadPoolExecutor(CLERKS) as pool:
        called = [id for ids in pool.map(drain, range(1, CLERKS + 1)) for id in ids]

    assert len(called) == PEOPLE and set(called) == set(drawn)
