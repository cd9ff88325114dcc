"""The clock is set by an hour while the office works: back, ahead, and right again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.domain.timestamps import ClockWatch
from queue_server.store import tickets
from tests.office import ANSWER_SECONDS, Office, Server
from tests.socket_client import SocketClient
from tests.town import MONDAY, Town, moment

ROOT = Path(__file__).parents[2]
HOUR, BACK = timedelta(hours=1), timedelta(hours=-1)
TICKETS = "/api/v1/sites/rathaus/tickets"
# `aufruf run` with a clock that a file sets, and housekeeping every half second.
RUN = """
from gevent import monkey
monkey.patch_all()
import sys
from datetime import timedelta
from pathlib import Path
from queue_server import serving_app
from queue_server.commands import run
from queue_server.web.app_context import utc_now

serving_app.TIDY_EVERY_SECONDS = 0.5

def clock():
    return utc_now() + timedelta(seconds=int(Path("offset").read_text()))

run.serving_app = lambda settings: serving_app.serving_app(settings, clock)
run.run(["--port", sys.argv[1]])
"""


class SetServer(Server):
    """A real server whose clock can be set."""

    def start(self, errors: Path | None = None) -> Server:
        self.set_clock(timedelta())
        (self.folder / "run.py").write_text(RUN)
        return super().start(errors)

    def set_clock(self, offset: timedelta) -> None:
        new = self.folder / "offset.new"
        new.write_text(str(int(offset.total_seconds())))
        new.replace(self.folder / "offset")

    def _command(self) -> list[str]:
        return [sys.executable, "run.py", str(self.port)]

    def says(self, words: str) -> None:
        """Wait until these words are in its log."""
        log = self.folder / "server-1.log"
        give_up = time.monotonic() + ANSWER_SECONDS
        while words not in log.read_text():
            assert time.monotonic() < give_up, log.read_text()
            time.sleep(0.05)


@pytest.fixture
def set_server(tmp_path: Path) -> Iterator[SetServer]:
    server = SetServer(tmp_path)
    server.start()
    yield server
    server.close()


@pytest.mark.parametrize("first", [BACK, HOUR], ids=["back", "ahead"])
def test_numbers_calls_boards_and_sessions_stay_right(
    set_server: SetServer, first: timedelta
) -> None:
    aylin, kiosk = set_server.clerk("Aylin", "schalter-1"), set_server.kiosk()
    bernd = set_server.clerk("Bernd", "schalter-2")
    numbers, boards = list[str](), list[dict[str, object]]()
    wall = SocketClient()
    wall.on("board", boards.append)
    wall.connect(set_server.url, transports=["websocket"], wait_timeout=ANSWER_SECONDS)
    wall.call("watch_board", {"site": "rathaus"})

    def draw() -> None:
        answer = kiosk.post(TICKETS, json={"services": ["ausweise"]})
        assert answer.status_code == 201, answer.text
        numbers.append(answer.json()["number"])

    draw()
    draw()
    for offset in (first, timedelta()):
        steps = (set_server.folder / "server-1.log").read_text().count("the clock was set")
        set_server.set_clock(offset)
        while (set_server.folder / "server-1.log").read_text().count("the clock was set") == steps:
            time.sleep(0.05)
        draw()
        draw()
    waiting = aylin.get("/api/v1/sites/rathaus/queue").json()["waiting"]
    outlook = kiosk.get("/api/v1/sites/rathaus/outlook")
    called = [
        clerk.post(f"/api/v1/counters/{counter}/calls", json={}).json()["ticket"]["number"]
        for clerk, counter in ((aylin, "schalter-1"), (bernd, "schalter-2"))
    ]
    board = kiosk.get("/api/v1/sites/rathaus/board").json()
    wall.disconnect()

    assert [ticket["number"] for ticket in waiting] == numbers
    assert numbers == [f"A 00{n}" for n in range(1, 7)]
    assert called == numbers[:2], "both counters are still open, and nobody was overtaken"
    assert [call["number"] for call in board["calls"]] == called[::-1]
    versions = [one["version"] for one in boards]
    assert versions == sorted(versions) and outlook.status_code == 200


def test_who_draws_after_the_clock_went_back_waits_behind_the_others(town: Town) -> None:
    town.set_clock("10:00")
    before = [town.draw() for _ in range(3)]
    town.pass_time(minutes=-60)
    after = [town.draw() for _ in range(3)]

    assert [town.serve_next(minutes=5) for _ in range(6)] == [*before, *after]


def test_the_wall_shows_the_newest_call_first_though_the_clock_went_back(town: Town) -> None:
    first, second = town.draw("Ausweise"), town.draw("Ausweise")
    town.call_next("Schalter 1")
    town.pass_time(minutes=-60)
    town.call_next("Schalter 2")

    assert [call.number for call in town.board().calls] == [second.number, first.number]

    town.recall("Schalter 1")
    assert [call.number for call in town.board().calls] == [first.number, second.number]


def test_what_somebody_was_told_stands_for_a_minute_not_for_an_hour(office: Office) -> None:
    office.clock.pass_time(hours=2)
    clerk, context = office.signed_in("Aylin", "schalter-1"), office.app.extensions["aufruf"]
    drawn = [clerk.post(TICKETS, json={"services": ["kfz"]}).json for _ in range(6)]
    office.clock.pass_time(minutes=-50)
    for other in drawn[:-1]:
        assert clerk.delete(f"/api/v1/tickets/{other['token']}").status_code == 200

    last = clerk.get(f"/api/v1/tickets/{drawn[-1]['token']}").json
    with office.store.snapshot() as snapshot:
        ticket = tickets.by_token(snapshot, drawn[-1]["token"])
    standing = context.told.standing(context.site("rathaus"), ticket)

    assert last["high_minutes"] < drawn[-1]["high_minutes"]
    assert standing.range.high_minutes < drawn[-1]["high_minutes"]


@pytest.mark.parametrize("step", [BACK, HOUR], ids=["back", "ahead"])
def test_a_clock_that_was_set_is_noticed_and_a_busy_machine_is_not(step: timedelta) -> None:
    watch, now = ClockWatch(), datetime(2026, 6, 8, 8, 0, tzinfo=UTC)
    later = (timedelta(), timedelta(seconds=50), step + timedelta(seconds=70),
             step + timedelta(seconds=90))  # fmt: skip

    steps = []
    for number, passed in enumerate(later):
        steps.append(watch.was_set_by(now + passed, 100.0 + 20 * number))
        watch.settle(now + passed, 100.0 + 20 * number)

    assert steps == [timedelta(), timedelta(), step, timedelta()]


def test_a_clock_that_is_wrong_by_days_is_followed_when_it_is_put_right(town: Town) -> None:
    """Only so much is taken for a correction: numbers do not stay in the future."""
    town.set_clock("08:00", MONDAY + timedelta(days=7))
    town.draw()
    town.set_clock("09:00", MONDAY)

    who = town.draw()

    assert town.ticket(who).issued_at == moment(MONDAY, "09:00")
