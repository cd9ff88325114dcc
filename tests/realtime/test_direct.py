"""Pushes past the queues: the same bytes, the same order, and a way back when they can't."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Any

import engineio
import gevent.queue
import pytest
import socketio
from engineio.async_drivers import gevent as gevent_driver
from engineio.socket import Socket
from hypothesis import example, given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from queue_server.realtime.direct import DirectManager, differences, framed
from tests.office import Office
from tests.realtime.conftest import Line

ROOT = Path(__file__).parents[2]
SEEDS = (1, 2, 3)


# -- frames and their order -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_directly_or_through_the_queue_every_push_arrives_whole_and_in_order(seed: int) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.realtime.pushing", str(seed)],
        cwd=ROOT, text=True, capture_output=True, timeout=300,
    )  # fmt: skip

    assert told.returncode == 0, told.stderr
    assert all(int(many) > 100 for many in told.stdout.split()), "both ways were taken"


@given(st.text())
@example("a" * 125)
@example("ä" * 63)
@example("x" * 65_535)
@example("x" * 65_536)
def test_a_frame_is_the_one_that_the_driver_would_write(text: str) -> None:
    assert framed(text) == Connection(ConnectionType.SERVER).send(TextMessage(data=text))


# -- what is relied on in the libraries -----------------------------------------------------------


@pytest.fixture
def engine() -> engineio.Server:
    return engineio.Server(async_mode="gevent")


def test_the_installed_libraries_are_those_that_it_was_written_for(engine: Any) -> None:
    assert differences(engine) == []


def test_the_office_pushes_directly_unless_told_otherwise(office: Office) -> None:
    assert office.app.extensions["socketio"].server.manager.is_direct
    assert not DirectManager(wanted=False).is_direct


def test_a_queue_that_can_not_be_looked_into_brings_back_the_usual_way(
    engine: Any, caplog: pytest.LogCaptureFixture
) -> None:
    # As if a new version had replaced the class of its queues.
    engine._async = {**engine._async, "queue": deque}
    manager, server = DirectManager(), socketio.Server(async_mode="gevent")
    server.eio = engine

    manager.set_server(server)

    assert not manager.is_direct
    assert "Socket.queue.empty" in caplog.text


def test_the_writer_of_engine_io_takes_a_packet_and_writes_it_without_a_pause_between() -> None:
    """Who has taken packets out of the queue has begun to write them when others run again."""
    handler = inspect.getsource(Socket._websocket_handler)
    writer = handler[handler.index("def writer():") : handler.index("writer_task =")]
    steps = [line.strip() for line in writer.splitlines() if "packets" in line or "ws." in line]

    assert steps == [
        "packets = None",
        "packets = self.poll()",
        "if not packets:",
        "for pkt in packets:",
        "ws.send(pkt.encode())",
        "ws.close()",
    ]
    assert "sleep" not in inspect.getsource(Socket.poll)
    assert issubclass(gevent_driver._async["queue"], gevent.queue.Queue)


def test_a_packet_for_all_is_queued_by_the_method_that_counts_them() -> None:
    assert "self.eio.send_packet(" in inspect.getsource(socketio.Server._send_eio_packet)
    assert "self.send_packet(" in inspect.getsource(engineio.Server.send)
    assert "self._send_eio_packet" in inspect.getsource(socketio.Manager.emit).replace(
        "self.server.", "self."
    )


# -- what is no push of ours ----------------------------------------------------------------------


@pytest.mark.parametrize("data", ["text", {"a": 1}, 7, None, [1, 2], ("two", 2), {"b": b"\0"}])
def test_whatever_is_emitted_arrives_as_the_usual_manager_sends_it(
    office: Office, wall: Line, data: Any
) -> None:
    server = office.app.extensions["socketio"].server
    usual, heard = DirectManager(wanted=False), []
    usual.set_server(server)
    usual.rooms = server.manager.rooms

    for manager in (server.manager, usual):
        manager.emit("word", data, "/", room="board:rathaus")
        heard.append(wall._client.get_received())

    assert heard[0] == heard[1] and len(heard[0]) == 1
    assert json.dumps(heard[0], default=repr)


def test_whoever_is_to_be_skipped_is_skipped(office: Office, wall: Line) -> None:
    server = office.app.extensions["socketio"].server
    ((session, _),) = server.manager.get_participants("/", "board:rathaus")

    server.emit("word", {"a": 1}, to="board:rathaus", skip_sid=session)

    assert wall.heard() == []


def test_a_room_that_nobody_is_in_is_no_mistake(office: Office) -> None:
    office.app.extensions["socketio"].server.emit("word", {"a": 1}, to="board:nowhere")
