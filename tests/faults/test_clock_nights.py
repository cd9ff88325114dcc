"""The two nights in which the clocks change, on a server with screens connected."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.faults.reporting import Report
from tests.faults.test_clock import TICKETS, SetServer
from tests.office import ANSWER_SECONDS, ZONE
from tests.socket_client import SocketClient

BERLIN = ZoneInfo("Europe/Berlin")
NIGHTS = {
    "the hour that comes twice": datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
    "the hour that is missing": datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
}
EARLIER = timedelta(minutes=5)


@pytest.fixture
def german_server(tmp_path: Path) -> Iterator[SetServer]:
    """Where the clocks change, whatever hour it is; its own clock is set before anybody comes."""
    server = SetServer(tmp_path)
    text = server.config.read_text("utf-8")
    server.config.write_text(text.replace(f'"{ZONE.key}"', f'"{BERLIN.key}"'), "utf-8")
    server.start()
    yield server
    server.close()


@pytest.mark.parametrize("night", NIGHTS)
def test_numbers_calls_and_sockets_go_on_through_the_night(
    german_server: SetServer, night: str, report: Report
) -> None:
    change, boards, numbers = NIGHTS[night], list[dict[str, object]](), list[str]()
    german_server.set_clock(change - EARLIER - datetime.now(UTC))
    german_server.says("the clock was set")
    clerk = german_server.clerk("Aylin", "schalter-1")
    wall = SocketClient()
    wall.on("board", boards.append)
    wall.connect(german_server.url, transports=["websocket"], wait_timeout=ANSWER_SECONDS)
    wall.call("watch_board", {"site": "rathaus"})

    def draw() -> None:
        answer = clerk.post(TICKETS, json={"services": ["ausweise"]})
        assert answer.status_code == 201, answer.text
        numbers.append(answer.json()["number"])

    def here() -> datetime:
        found = clerk.get("/api/v1/sites/rathaus/board").json()["at"]
        return datetime.fromisoformat(found)

    draw()
    draw()
    assert here() < change
    german_server.set_clock(change - datetime.now(UTC) - timedelta(seconds=2))
    while here() < change:
        time.sleep(0.05)
    draw()
    draw()
    called = []
    for _ in numbers:
        call = clerk.post("/api/v1/counters/schalter-1/calls", json={})
        assert call.status_code == 200, call.text
        called.append(call.json()["ticket"]["number"])
        for verb in ("arrival", "completion"):
            assert clerk.post(f"/api/v1/counters/schalter-1/{verb}", json={}).status_code == 200

    assert wall.connected
    wall.disconnect()
    assert numbers == [f"A 00{n}" for n in range(1, 5)], "one day, one sequence of numbers"
    assert called == numbers
    versions = [int(str(board["version"])) for board in boards]
    assert versions and versions == sorted(versions)
    assert (
        here().astimezone(BERLIN).utcoffset() != (change - EARLIER).astimezone(BERLIN).utcoffset()
    )
    report.saw(1, "One sequence of numbers, called in its order; every socket stayed.")
