"""The demo as a newcomer meets it: one command, and the town is alive."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_server.demo.scene import Agenda
from queue_server.history.audit import MOST_DAYS
from tests.office import ANSWER_SECONDS, by_day, free_port
from tests.server_process import STOP_SECONDS

ROOT = Path(__file__).parents[1]
ALIVE_WITHIN_SECONDS = 120
NOON = datetime(2026, 6, 8, 10, tzinfo=UTC)


class Demo:
    """`aufruf demo` as a process of its own, its log in a file."""

    def __init__(self, folder: Path, verb: str = "demo", has_office: bool = True) -> None:
        self.log = folder / "demo.log"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        port = free_port()
        office = ["--config", str(_office_by_day(folder))] if has_office else []
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "queue_server", verb, "--port", str(port),
                 "--host", "127.0.0.1", "--speed", "60", "--seed", "7", *office],
                cwd=folder,
                env=self._environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_SECONDS)

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AUFRUF_")}
        return kept | {"PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary)}

    def board(self) -> dict[str, Any]:
        return self.client.get("/api/v1/sites/rathaus/board").json()

    def served(self) -> float:
        pattern = r'^aufruf_events_total\{name="TicketFinished",site="rathaus"\} ([\d.]+)$'
        found = re.search(pattern, self.client.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def calls_somebody(self) -> bool:
        """At Schalter 1, if somebody waits for it in this moment."""
        answer = self.client.post("/api/v1/counters/schalter-1/calls", json={})
        assert answer.status_code in (200, 204), answer.text
        return answer.status_code == 200

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=STOP_SECONDS)

    def close(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.stop()


def _office_by_day(folder: Path) -> Path:
    config = folder / "by-day.toml"
    text = (ROOT / "config.toml").read_text("utf-8").replace("# timezone = ", "timezone = ", 1)
    config.write_text(by_day(text), "utf-8")
    return config


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path)
    yield demo
    demo.close()


def soon(fact: Callable[[], Any]) -> Any:
    """The fact once it is true; a newcomer is shown it in a few seconds, if the machine is idle."""
    give_up = time.monotonic() + ALIVE_WITHIN_SECONDS
    while time.monotonic() < give_up:
        try:
            if found := fact():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("nothing of that kind came")


def test_a_newcomer_sees_a_town_alive_and_leaves_nothing_behind(demo: Demo) -> None:
    board = soon(lambda: (b := demo.board())["calls"] and b["next"] and b)
    served = demo.served()
    assert served > 0, "a morning has already happened"

    soon(lambda: demo.served() >= served + 3)
    called = {call["call"] for call in board["calls"]}
    soon(lambda: {call["call"] for call in demo.board()["calls"]} - called)

    _the_newcomer_calls_somebody(demo)

    assert demo.stop() == 0
    log = demo.log.read_text()
    assert "Traceback" not in log and "ERROR" not in log and "WARNING" not in log, log
    assert list(demo.temporary.glob("aufruf-demo-*")) == []


def test_a_newcomer_who_has_no_office_yet_sees_the_town_of_the_example(tmp_path: Path) -> None:
    demo = Demo(tmp_path, has_office=False)
    try:
        soon(lambda: demo.board()["next"])

        assert demo.stop() == 0
        assert list(demo.temporary.glob("aufruf-*")) == []
        assert {each.name for each in tmp_path.iterdir()} == {"demo.log", "tmp"}
    finally:
        demo.close()


def test_a_demo_whose_server_falls_goes_on_in_the_same_town(demo: Demo) -> None:
    soon(lambda: demo.board()["next"])
    name, password = re.findall(r"as “(\w+)” with the password (\S+)", demo.log.read_text())[0]
    demo.client.post("/login", json={"username": name, "password": password})
    (fallen,) = subprocess.check_output(["pgrep", "-P", str(demo.process.pid)]).split()

    os.kill(int(fallen), signal.SIGKILL)

    still = soon(lambda: demo.client.get("/api/v1/sites/rathaus/queue"))
    assert still.status_code == 200, "the newcomer is still signed in"
    assert demo.log.read_text().count("with the password") == 1
    assert demo.stop() == 0
    assert list(demo.temporary.glob("aufruf-demo-*")) == []


def _the_newcomer_calls_somebody(demo: Demo) -> None:
    printed = demo.log.read_text()
    name, password = re.findall(r"as “(\w+)” with the password (\S+)", printed)[0]
    answer = demo.client.post("/login", json={"username": name, "password": password})
    assert answer.status_code == 200, answer.text
    assert "open Schalter 1" in printed
    opened = demo.client.put("/api/v1/counters/schalter-1/session", json={})
    assert opened.status_code == 200, opened.text
    soon(demo.calls_somebody)
    figures = demo.client.get("/office/figures", params={"by": "weekday"})
    assert "Noch keine Zahlen" not in figures.text and "12 Monate" in figures.text
    nights = demo.client.get("/office/audit").text
    assert nights.count("0 Abweichungen in") >= MOST_DAYS // 2


def test_practice_needs_no_password_has_visitors_and_leaves_nothing_behind(tmp_path: Path) -> None:
    practice = Demo(tmp_path, "practice")
    try:
        soon(lambda: practice.board()["next"])
        answer = practice.client.post("/practice/sessions", data={"site": "rathaus"})
        assert answer.headers["Location"] == "/desk?tour=1"
        opened = practice.client.put("/api/v1/counters/schalter-1/session", json={})
        assert opened.status_code == 200, opened.text
        soon(practice.calls_somebody)

        assert practice.stop() == 0
        log = practice.log.read_text()
        assert "Traceback" not in log and "ERROR" not in log and "WARNING" not in log, log
        assert list(practice.temporary.glob("aufruf-*")) == []
    finally:
        practice.close()


def test_work_can_be_hurried_but_clocks_can_not() -> None:
    agenda = Agenda(NOON)
    done: list[str] = []
    agenda.after(20, lambda: done.append("work"))
    agenda.at(NOON + timedelta(minutes=20), lambda: done.append("appointment"))

    agenda.hurry(10)
    agenda.do_due(NOON + timedelta(minutes=2))
    assert done == ["work"]

    agenda.after(10, lambda: done.append("more work"))
    agenda.do_due(NOON + timedelta(minutes=3))
    assert done == ["work", "more work"]

    agenda.do_due(NOON + timedelta(minutes=20))
    assert done == ["work", "more work", "appointment"]


def test_the_past_is_lived_through_at_its_own_time() -> None:
    agenda = Agenda(NOON)
    seen: list[datetime] = []

    def work() -> None:
        seen.append(agenda.now)
        agenda.after(30, work)

    agenda.after(30, work)
    agenda.run_until(NOON + timedelta(hours=1))

    assert seen == [NOON + timedelta(minutes=30), NOON + timedelta(minutes=60)]
