"""A thousand phones vanish without a word: nobody waits for them, and nothing of them stays."""

from __future__ import annotations

import json
import os
import resource
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import websocket

from tests.browser.wall_steps import call_next, press
from tests.faults.bad_line import OFFICE
from tests.faults.disks import workers_of
from tests.faults.reporting import LONG, Report
from tests.faults.two_networks import FarServer, Line, inside

MANY = 1000 if LONG else 100
CHANGES, FEW = 20, 8
WALL, PHONE = '["watch_board",{"site":"rathaus"}]', '["watch_ticket",{"token":"%s"}]'
# Silence ends a line after interval and timeout of its pings, half a minute; on a busy machine
# later.
GONE_SECONDS = 180


@pytest.fixture(autouse=True)
def many_files() -> Iterator[None]:
    """A socket is a file, and some systems allow a test only a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.timeout(600)
def test_sockets_that_vanished_delay_no_wall_and_are_forgotten(
    far_server: FarServer, line: Line, report: Report
) -> None:
    clerk = far_server.clerk("Aylin", "schalter-1")
    tokens = [far_server.draw("kfz")["token"] for _ in range(3 * CHANGES)]
    wall, before = watching(far_server, WALL), files_of(far_server)
    alone = [seconds_until_told(clerk, wall) for _ in range(CHANGES)]
    with inside(line.hall):
        phones = [watching(far_server, PHONE % tokens[n % len(tokens)]) for n in range(MANY)]
    assert files_of(far_server) >= before + MANY
    crowded = [seconds_until_told(clerk, wall) for _ in range(CHANGES)]

    line.order("cut")
    beside = [seconds_until_told(clerk, wall) for _ in range(CHANGES)]
    if LONG:
        until_forgotten(far_server, wall, before)

    told = [f"{statistics.median(some) * 1000:.0f} ms" for some in (alone, crowded, beside)]
    report.saw(
        MANY,
        f"From the clerk's key to the wall {told[0]} without phones, {told[1]} with {MANY} and "
        f"{told[2]} when these had vanished (medians of {CHANGES}); all their files were closed.",
    )
    for phone in phones:
        phone.sock.close()
    wall.close()


def watching(server: FarServer, what: str) -> Any:
    """A socket that watches this, from the network that this thread is inside of."""
    address = f"ws://{OFFICE}:{server.port}/socket.io/?EIO=4&transport=websocket"
    socket = websocket.create_connection(address, timeout=60)
    socket.send("40")
    socket.send(f"420{what}")
    heard(socket, "430")
    return socket


def heard(socket: Any, begins: str) -> str:
    """The next message that begins so; pings are answered."""
    while True:
        message: str = socket.recv()
        if message == "2":
            socket.send("3")
        if message.startswith(begins):
            return message


def seconds_until_told(clerk: httpx.Client, wall: Any) -> float:
    """From a clerk's key to the board with the call."""
    began = time.monotonic()
    number = call_next(clerk, "schalter-1")
    while all(call["number"] != number for call in board(wall)["calls"]):
        continue
    seconds = time.monotonic() - began
    for verb in ("arrival", "completion"):
        press(clerk, "schalter-1", verb)
    return seconds


def board(wall: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(heard(wall, '42["board",')[2:])[1]
    return found


def files_of(server: FarServer) -> int:
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in workers_of(server.pid))


def until_forgotten(server: FarServer, wall: Any, before: int) -> None:
    """Until no more files are open than a few that are nobody's phone."""
    wall.settimeout(1)
    give_up = time.monotonic() + GONE_SECONDS
    while (left := files_of(server) - before) > FEW:
        assert time.monotonic() < give_up, f"{left} files are still open"
        with suppress(websocket.WebSocketTimeoutException):
            heard(wall, "nothing")
