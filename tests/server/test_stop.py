"""Stopping: cleanly with sockets open, and by kill -9 without losing what was answered."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import websocket

from queue_server.app import open_store
from queue_server.settings import load_settings
from queue_server.store import journal
from tests.office import HERE, Server
from tests.server.conftest import environment
from tests.server_process import START_SECONDS, STOP_SECONDS, free_port

TICKETS = "/api/v1/sites/rathaus/tickets"
SOCKET = "/socket.io/?EIO=4&transport=websocket"


def test_sigterm_ends_with_0_within_seconds_though_sockets_are_open(server: Server) -> None:
    lines = [websocket.create_connection(f"ws://127.0.0.1:{server.port}{SOCKET}") for _ in range(3)]
    for line in lines:
        assert line.recv().startswith("0"), "the line is open"
        line.send("40")
        assert line.recv().startswith("40"), "it has joined"
        line.send('420["watch_board",{"site":"rathaus"}]')
        assert line.recv().startswith("430"), "it is told the board"

    # A worker that waits for them is killed after some seconds, and the log says so.
    assert server.stop() == 0
    for line in lines:
        line.close()
    log = (server.folder / "server-1.log").read_text()
    assert "Traceback" not in log and "ERROR" not in log, log


def test_a_stop_keeps_what_the_last_one_was_told(server: Server) -> None:
    server.clerk("Aylin", "schalter-1")
    ticket = server.draw("kfz")
    assert "low_minutes" in ticket, "a counter is open, so there is a range"

    assert server.stop() == 0

    store = open_store(load_settings(server.config, {}))
    with store.snapshot() as snapshot:
        told = journal.told(snapshot, int(ticket["id"]))
    store.close()
    assert told is not None and told.low_minutes == ticket["low_minutes"]


def test_kill_9_loses_nothing_that_was_answered(server: Server) -> None:
    clerk, drawn = server.clerk("Lea"), list[str]()
    some = threading.Event()
    stop = threading.Thread(target=lambda: (some.wait(60), server.kill()))
    stop.start()
    try:
        while True:
            drawn.append(clerk.post(TICKETS, json={"services": ["kfz"]}).json()["id"])
            if len(drawn) > 3:
                some.set()
    except httpx.TransportError:
        stop.join()

    server.start()

    queue = server.clerk("Lea").get("/api/v1/sites/rathaus/queue").json()
    assert len(drawn) > 3, "some were answered before the end"
    assert set(drawn) <= {ticket["id"] for ticket in queue["waiting"]}


def test_a_standing_call_is_on_the_board_again_after_kill_9(server: Server) -> None:
    aylin = server.clerk("Aylin", "schalter-1")
    server.draw("kfz")
    call = aylin.post("/api/v1/counters/schalter-1/calls", json={}).json()

    server.kill()
    server.start()

    (standing,) = server.client().get("/api/v1/sites/rathaus/board").json()["calls"]
    assert (standing["call"], standing["times"]) == (call["call"], 1)
    again = aylin.post("/api/v1/counters/schalter-1/arrival", json={})
    assert again.status_code == 200, "the clerk is still signed in and goes on"


def test_a_demo_that_is_ended_while_it_begins_leaves_nothing_behind(tmp_path: Path) -> None:
    shutil.copy(HERE / "office.toml", tmp_path / "config.toml")
    demo = subprocess.Popen(
        [sys.executable, "-m", "queue_server", "demo", "--port", str(free_port())],
        cwd=tmp_path, env=environment() | {"TMPDIR": str(tmp_path)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    give_up = time.monotonic() + START_SECONDS
    while not (made := list(tmp_path.glob("aufruf-demo-*/*"))):
        assert time.monotonic() < give_up, "it writes its database"
        time.sleep(0.01)

    demo.terminate()

    assert demo.wait(STOP_SECONDS) == 0
    assert not made[0].parent.exists()
