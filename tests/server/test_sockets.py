"""Real sockets on the real server: both transports, our own pages only."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import socketio
import websocket

from tests.office import ANSWER_SECONDS, Server
from tests.socket_client import SimpleSocketClient

ENGINE = "/socket.io/?EIO=4&transport="


@pytest.fixture(params=["websocket", "polling"])
def line(request: pytest.FixtureRequest, shared: Server) -> Iterator[socketio.SimpleClient]:
    line = connected(shared, request.param)
    yield line
    line.disconnect()


def connected(server: Server, *transports: str, **more: Any) -> socketio.SimpleClient:
    line = SimpleSocketClient()
    ways = list(transports or ("websocket",))
    line.connect(server.url, transports=ways, wait_timeout=ANSWER_SECONDS, **more)
    return line


def asked(url: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.get(url, headers=headers, timeout=ANSWER_SECONDS)


def test_a_wall_hears_of_a_new_ticket_over_either_transport(
    line: socketio.SimpleClient, shared: Server
) -> None:
    board = line.call("watch_board", {"site": "rathaus"})

    number = shared.draw("kfz")["number"]

    # What was pushed before the ticket may come first; others may stand before it on the board.
    word, pushed = line.receive(timeout=ANSWER_SECONDS)
    while pushed["version"] <= board["version"]:
        word, pushed = line.receive(timeout=ANSWER_SECONDS)
    assert word == "board"
    assert number in pushed["next"] or pushed["next"] == board["next"]


def test_a_clerk_watches_the_queue_with_the_session_cookie(shared: Server) -> None:
    cookie = shared.clerk("Aylin").cookies["aufruf_session"]
    line = connected(shared, headers={"Cookie": f"aufruf_session={cookie}"})

    assert line.call("watch_queue", {"site": "rathaus"})["site"] == "rathaus"
    assert line.call("watch_queue", {"site": "nordend"}) == {"error": "not_allowed"}
    line.disconnect()


def test_a_socket_starts_by_polling_and_is_offered_the_upgrade(shared: Server) -> None:
    answer = asked(f"{shared.url}{ENGINE}polling")

    assert json.loads(answer.text[1:])["upgrades"] == ["websocket"]


def test_another_pages_socket_is_refused(shared: Server) -> None:
    foreign = {"Origin": "https://evil.example"}
    own = {"Origin": shared.url}

    assert asked(f"{shared.url}{ENGINE}polling", foreign).status_code == 400
    assert asked(f"{shared.url}{ENGINE}polling", own).status_code == 200


def test_the_socket_is_not_compressed(shared: Server) -> None:
    """A board is one packet; deflate would nearly double its time."""
    line = websocket.create_connection(
        f"ws://127.0.0.1:{shared.port}{ENGINE}websocket",
        header=["Sec-WebSocket-Extensions: permessage-deflate"],
    )

    assert "sec-websocket-extensions" not in line.getheaders()
    line.close()


def test_garbage_on_the_line_does_not_hurt_the_server(shared: Server) -> None:
    for garbage in ("x", "42", "42[", '42["watch_board"', "4" + "9" * 50_000, "\0"):
        line = websocket.create_connection(f"ws://127.0.0.1:{shared.port}{ENGINE}websocket")
        line.send("40")
        line.send(garbage)
        line.close()
    with socket.create_connection(("127.0.0.1", shared.port)) as raw:
        raw.sendall(b"\x16\x03\x01\x02\x00\x01\x00")

    assert asked(f"{shared.url}/readyz").status_code == 200
