"""Calls are rendered beside the hub: once for all walls, and a hanging engine holds up nobody."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.hearing import loudness
from tests.office import HERE, Server
from tests.server.test_supervisor import soon, worker_of

WALLS = 6
Start = Callable[[str], Server]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """`start(script)`: an office that speaks, with this script in the place of espeak-ng."""
    servers: list[Server] = []

    def start(script: str) -> Server:
        (tmp_path / "bin").mkdir()
        engine = tmp_path / "bin" / "espeak-ng"
        engine.write_text(f"#!/bin/sh\n{script}\n")
        engine.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
        text = (HERE / "office.toml").read_text("utf-8").replace('engine = "off"', "", 1)
        (tmp_path / "speaking.toml").write_text(text, "utf-8")
        servers.append(Server(tmp_path, tmp_path / "speaking.toml").start())
        return servers[0]

    yield start
    for server in servers:
        server.close()


def wall(server: Server) -> httpx.Client:
    client = server.client()
    client.timeout = httpx.Timeout(60)
    code = server.pairing_code("display", "wand")
    assert client.post("/devices/pair", json={"code": code}).status_code == 200
    return client


def called(server: Server) -> str:
    """Somebody is called; the address of the spoken call."""
    server.draw("meldewesen")
    clerk = server.clerk("Aylin", "schalter-1")
    assert clerk.post("/api/v1/counters/schalter-1/calls", json={}).status_code == 200
    (call,) = clerk.get("/api/v1/sites/rathaus/board").json()["calls"]
    return f"/display/wand/calls/{call['call']}.wav"


def test_walls_that_ask_at_once_hear_the_same_and_it_is_rendered_once(
    start: Start, tmp_path: Path
) -> None:
    real = shutil.which("espeak-ng")
    server = start(f'echo "$@" >> {tmp_path}/rendered; exec {real} "$@"')
    path, walls = called(server), [wall(server) for _ in range(WALLS)]

    with ThreadPoolExecutor(WALLS) as pool:
        answers = list(pool.map(lambda client: client.get(path), walls))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert loudness(answers[0].content) > 0.02
    assert len((tmp_path / "rendered").read_text().splitlines()) == 1


def test_an_engine_that_hangs_holds_up_neither_tickets_nor_the_next_wall(
    start: Start, tmp_path: Path
) -> None:
    server = start(f"echo $$ >> {tmp_path}/tried; exec sleep 600")
    path, walls = called(server), [wall(server) for _ in range(WALLS)]

    with ThreadPoolExecutor(WALLS) as pool:
        waiting = [pool.submit(client.get, path) for client in walls]
        # Nobody has been answered yet, and the office goes on.
        drawn = server.draw("meldewesen")["number"]
        was_waiting = not any(each.done() for each in waiting)
        codes = {each.result().status_code for each in waiting}

    assert drawn == "M 002" and was_waiting
    assert codes == {204}
    (pid,) = (tmp_path / "tried").read_text().split()
    assert not Path(f"/proc/{pid}").exists()
    log = max(tmp_path.glob("server-*.log")).read_text()
    assert log.count("espeak-ng took longer than 6 s") == 1


def test_an_engine_that_outlives_its_server_keeps_no_other_from_beginning(
    start: Start, tmp_path: Path
) -> None:
    server, tried = start(f"echo $$ >> {tmp_path}/tried; exec sleep 600"), tmp_path / "tried"
    # From here on another one serves, under locks and on a socket that it was given.
    os.kill(worker_of(server), signal.SIGKILL)
    path, client = called(server), wall(server)

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.get, path)
        soon(lambda: tried.exists() and tried.read_text().endswith("\n"), "the engine has begun")
        server.kill()
        try:
            server.start()
        finally:
            os.kill(int(tried.read_text()), signal.SIGKILL)

    assert asked.exception() is not None, "the server that it asked is gone"
    assert server.draw("meldewesen")["number"] == "M 002"
