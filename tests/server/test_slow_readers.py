"""Pages that take little or nothing of what is pushed: no frame is torn, and nobody waits for them.

A buffer that is full shows itself by sums: the system keeps at most some hundred kilobytes of what
a page does not read, and more than that is pushed before it reads on.
"""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import websocket

from queue_server.realtime.engine import MOST_UNSENT
from tests.attack.raw_lines import PING, TEXT, PollingSession, frame, handshake, text
from tests.office import ForkedServer, Server

WAITING = 80
CHANGES = 18
KEPT_BY_THE_SYSTEM = 300_000
MOST_CHANGES = 2000
PATIENCE_SECONDS = 60.0
PONG = 0xA
# A page that only reads slowly is still alive.
PONG_OF_ENGINE_IO = "3"
SITE = {"site": "rathaus"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A crowded office."""
    server = ForkedServer(tmp_path_factory.mktemp("crowded")).start()
    yield crowded(server)
    server.close()


@pytest.fixture
def usual_office(tmp_path: Path) -> Iterator[Server]:
    """One that pushes as Socket.IO does."""
    server = ForkedServer(tmp_path)
    config = server.config.read_text("utf-8")
    server.config.write_text(f"[realtime]\ndirect = false\n\n{config}", "utf-8")
    yield crowded(server.start())
    server.close()


@pytest.fixture(params=["office", "usual_office"])
def either_way(request: pytest.FixtureRequest) -> Server:
    server: Server = request.getfixturevalue(request.param)
    return server


def crowded(server: Server) -> Server:
    for _ in range(WAITING):
        server.draw("ausweise")
    return server


class Desk:
    """A desk that keeps up with the queue."""

    def __init__(self, server: Server, cookie: str) -> None:
        self._line = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket",
            cookie=cookie,
            timeout=PATIENCE_SECONDS,
        )
        for packet in ("40", f"421{json.dumps(['watch_queue', SITE])}"):
            self._line.send(packet)
        self._heard("431[")

    def hear_of(self, ticket: dict[str, Any]) -> None:
        """Until a push shows this ticket."""
        while is_new_in(ticket) not in self._heard("42["):
            pass

    def close(self) -> None:
        self._line.close()

    def _heard(self, head: str) -> str:
        while not (packet := str(self._line.recv())).startswith(head):
            if packet == "2":
                self._line.send("3")
        return packet


def is_new_in(ticket: dict[str, Any]) -> str:
    """What a push says that shows this ticket."""
    return f'"id":"{ticket["id"]}"'


@contextmanager
def sleeper(server: Server, *watches: str, cookie: str = "") -> Iterator[socket.socket]:
    """A page with a small buffer that has asked for everything and reads nothing."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(PATIENCE_SECONDS)
        line.connect(("127.0.0.1", server.port))
        assert " 101 " in handshake(line, cookie)
        line.sendall(text("40"))
        for number, watch in enumerate(watches, start=1):
            line.sendall(text(f"42{number}{json.dumps([watch, SITE])}"))
        yield line


def clerks_cookie(server: Server) -> str:
    return f"aufruf_session={server.clerk('Aylin').cookies['aufruf_session']}"


class Frames:
    """Frames as they come out of a line, one after the other, to the byte."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._bytes = bytearray()
        self.read_bytes = 0

    def next(self) -> tuple[int, bytes]:
        head = self._take(2)
        assert head[0] & 0xF0 == 0x80 and head[1] < 128, f"no head of a frame: {head!r}"
        more = {126: 2, 127: 8}.get(head[1], 0)
        length = int.from_bytes(self._take(more), "big") if more else head[1]
        return head[0] & 0x0F, self._take(length)

    def until(self, is_last: Callable[[bytes], bool]) -> list[tuple[int, bytes]]:
        found = [self.next()]
        while not is_last(found[-1][1]):
            found.append(self.next())
        return found

    def _take(self, count: int) -> bytes:
        while len(self._bytes) < count:
            piece = self._line.recv(65536)
            assert piece, "the line ended in the middle"
            self._bytes += piece
            self.read_bytes += len(piece)
        taken = bytes(self._bytes[:count])
        del self._bytes[:count]
        return taken


def test_a_page_that_reads_late_gets_every_frame_whole_and_in_order(either_way: Server) -> None:
    cookie = clerks_cookie(either_way)
    keeps_up = Desk(either_way, cookie)
    with sleeper(either_way, "watch_board", "watch_queue", cookie=cookie) as line:
        for number in range(1, CHANGES + 1):
            ticket = either_way.draw("ausweise")
            keeps_up.hear_of(ticket)
            # Answers to pings are written by another greenlet than pushes are.
            line.sendall(frame(str(number).encode(), PING) + text(PONG_OF_ENGINE_IO))

        frames, last = Frames(line), is_new_in(ticket).encode()
        heard = frames.until(lambda payload: payload.startswith(b'42["queue"') and last in payload)
        while sum(kind == PONG for kind, _ in heard) < CHANGES:
            heard.append(frames.next())

    assert frames.read_bytes > KEPT_BY_THE_SYSTEM, "the line was full"
    assert [int(data) for kind, data in heard if kind == PONG] == list(range(1, CHANGES + 1))
    packets = [payload.decode() for kind, payload in heard if kind == TEXT]
    for word, at_least in (("board", CHANGES), ("queue", CHANGES // 2)):
        pushes = [json.loads(each[2:])[1] for each in packets if each.startswith(f'42["{word}"')]
        versions = [push["version"] for push in pushes]
        assert len(versions) >= at_least and versions == sorted(versions)
    keeps_up.close()


def test_a_page_that_never_reads_is_cut_off_while_the_desk_beside_it_misses_nothing(
    office: Server,
) -> None:
    cookie = clerks_cookie(office)
    keeps_up = Desk(office, cookie)
    with sleeper(office, "watch_board", "watch_queue", cookie=cookie) as line:
        watched = select.poll()
        watched.register(line, 0)
        changes = 0
        while not watched.poll(0):
            changes += 1
            assert changes < MOST_CHANGES, "it is still waited for"
            keeps_up.hear_of(office.draw("ausweise"))

    with sleeper(office, "watch_queue", cookie=cookie) as again:
        heard = Frames(again).until(lambda payload: payload.startswith(b"431["))
        newest = office.draw("ausweise")
    assert changes > 10 and len(json.loads(heard[-1][1][3:])[0]["waiting"]) > WAITING
    keeps_up.hear_of(newest)
    keeps_up.close()


def test_a_session_that_never_polls_again_is_ended(office: Server) -> None:
    session = PollingSession(office)
    assert session.post("40").status_code == 200
    assert session.post(f'421["watch_board",{json.dumps(SITE)}]').status_code == 200

    for _ in range(MOST_UNSENT + 20):
        office.draw("kfz")

    assert session.poll().status_code == 400
    assert PollingSession(office).post("40").status_code == 200


def test_a_page_that_upgrades_while_much_happens_hears_everything_in_order(office: Server) -> None:
    stop = threading.Event()
    busy = threading.Thread(target=lambda: draw_until(office, stop))
    busy.start()
    try:
        for _ in range(3):
            page = PollingSession(office)
            page.post("40")
            page.post(f'421["watch_board",{json.dumps(SITE)}]')
            polled = pushes_in(page.packets())
            while len(polled) < 5:
                polled += pushes_in(page.packets())
            last, line = page.upgraded()
            heard = polled + pushes_in(last)
            while len(heard) < len(polled) + 30:
                heard += pushes_in([str(line.recv())])
            line.close()
            # Housekeeping pushes the newest once more from time to time.
            assert heard == sorted(heard)
    finally:
        stop.set()
        busy.join()


def pushes_in(packets: list[str]) -> list[int]:
    """The versions of the boards that were pushed in these packets."""
    return [json.loads(each[2:])[1]["version"] for each in packets if each.startswith('42["board"')]


def draw_until(server: Server, stop: threading.Event) -> None:
    while not stop.is_set():
        server.draw("kfz")
