"""Stopping: cleanly with sockets open, and by kill -9 without losing what was answered."""

from __future__ import annotations

import threading
import time

import httpx
import socketio

from tests.office import Server

TICKETS = "/api/v1/sites/rathaus/tickets"
SECONDS_TO_STOP = 8


def test_sigterm_ends_with_0_within_seconds_though_sockets_are_open(server: Server) -> None:
    lines = [socketio.SimpleClient(reconnection=False) for _ in range(3)]
    for line in lines:
        line.connect(server.url, transports=["websocket"])
        assert line.call("watch_board", {"site": "rathaus"})["site"] == "rathaus"

    began = time.monotonic()
    code = server.stop()

    assert (code, time.monotonic() - began < SECONDS_TO_STOP) == (0, True)
    for line in lines:
        line.disconnect()
    assert "Traceback" not in (server.folder / "server-1.log").read_text()


def test_kill_9_loses_nothing_that_was_answered(server: Server) -> None:
    clerk, drawn = server.clerk("Lea"), list[str]()
    stop = threading.Thread(target=lambda: (time.sleep(0.4), server.kill()))
    stop.start()
    try:
        while True:
            drawn.append(clerk.post(TICKETS, json={"services": ["kfz"]}).json()["id"])
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
