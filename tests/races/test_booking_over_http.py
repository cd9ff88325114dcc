"""The race for the last time as it reaches a real server."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.office import HERE, ForkedServer, Server
from tests.races.all_at_once import all_at_once

pytestmark = pytest.mark.sqlite

CROWD = 50


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An office where one of two counters may be booked; without proofs, which others test.

    Behind a proxy, because fifty people have fifty addresses.
    """
    config = tmp_path / "one-counter.toml"
    rules = "[site.booking]\nproof = false\nlead_minutes = 60\nwalk_in_share = 0.5"
    text = (HERE / "office.toml").read_text()
    text = text.replace("[server]\n", "[server]\nbehind_proxy = true\n", 1)
    config.write_text(re.sub(r"\[site\.booking\]\n.*\nwalk_in_share = 0\.0", rules, text))
    server = ForkedServer(tmp_path, config).start()
    yield server
    server.close()


def test_fifty_people_press_at_once_and_one_has_the_last_time(server: Server) -> None:
    visitor = server.client()
    slots = visitor.get("/api/v1/sites/rathaus/slots?services=trauung&days=2").json()["slots"]
    start = slots[len(slots) // 2]["start"]

    def book(n: int) -> httpx.Response:
        wish = {"services": ["trauung"], "start": start, "email": f"{n}@example.org"}
        address = {"X-Forwarded-For": f"203.0.113.{n}"}
        return visitor.post("/api/v1/sites/rathaus/appointments", json=wish, headers=address)

    answers = [future.result() for future in all_at_once(book, range(CROWD))]

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CROWD - 1}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {
        "slot_taken"
    }
    later = visitor.get("/api/v1/sites/rathaus/slots?services=trauung&days=2").json()["slots"]
    assert start not in [slot["start"] for slot in later]
