"""Many sockets of one address: a waiting room fits, and nobody takes all places."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.attack.crowd import Attacked, undisturbed
from tests.attack.raw_lines import connection, handshake, heard_until, is_accepted, text
from tests.office import Server

WAITING_ROOM = 300
ASLEEP = 200
HALF_OPEN_OF_EACH = 500
DRAWN_MEANWHILE = 60
READY_SECONDS = 30.0
FEW = 5
pytestmark = pytest.mark.usefixtures("many_files")


@pytest.fixture
def strict_server(tmp_path: Path) -> Iterator[Server]:
    """Five sockets an address."""
    server = Server(tmp_path)
    limit = f"[realtime]\nsockets_per_address = {FEW}\n\n"
    server.config.write_text(limit + server.config.read_text("utf-8"), "utf-8")
    yield server.start()
    server.close()


def test_a_whole_waiting_room_behind_one_address_is_live_within_seconds(server: Attacked) -> None:
    with ExitStack() as room, undisturbed(server):
        began = time.monotonic()
        phones = [room.enter_context(connection(server)) for _ in range(WAITING_ROOM)]
        for phone in phones:
            assert is_accepted(phone)
            phone.sendall(text("40") + text('421["watch_board",{"site":"rathaus"}]'))
        for phone in phones:
            heard_until(phone, b"431[")

        assert time.monotonic() - began < READY_SECONDS


def test_pages_that_never_read_again_delay_nobody(server: Attacked) -> None:
    with ExitStack() as room, undisturbed(server):
        for _ in range(ASLEEP):
            page = room.enter_context(connection(server, source="127.0.0.3"))
            assert is_accepted(page)
            page.sendall(text("40") + text('421["watch_board",{"site":"rathaus"}]'))
        awake = room.enter_context(connection(server))
        assert is_accepted(awake)
        awake.sendall(text("40") + text('421["watch_board",{"site":"rathaus"}]'))
        heard_until(awake, b"431[")

        for _ in range(DRAWN_MEANWHILE):
            server.draw("kfz")
            heard_until(awake, b'42["board"')


def test_a_thousand_handshakes_that_stop_in_the_middle_delay_nobody(server: Attacked) -> None:
    begun = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgr"
    with ExitStack() as room, undisturbed(server):
        for source in ("127.0.0.4", "127.0.0.5"):
            for number in range(HALF_OPEN_OF_EACH):
                line = room.enter_context(connection(server, source))
                line.sendall(begun if number % 2 else b"")

        with connection(server) as page:
            assert is_accepted(page)
            page.sendall(text("40") + text('421["watch_board",{"site":"rathaus"}]'))
            heard_until(page, b"431[")
            server.draw("kfz")
            heard_until(page, b'42["board"')


def test_one_socket_too_many_is_refused_and_the_neighbour_gets_in(strict_server: Server) -> None:
    with ExitStack() as room:
        lines = [room.enter_context(connection(strict_server)) for _ in range(FEW)]
        assert all(is_accepted(line) for line in lines)

        with connection(strict_server) as one_too_many:
            assert "429" in handshake(one_too_many)

        with connection(strict_server, source="127.0.0.2") as neighbour:
            assert is_accepted(neighbour)


def test_whoever_has_signed_in_or_is_paired_is_not_counted(strict_server: Server) -> None:
    kiosk = strict_server.kiosk().cookies["aufruf_device"]
    clerk = strict_server.clerk("Aylin").cookies["aufruf_session"]

    with ExitStack() as room:
        for _ in range(FEW):
            assert is_accepted(room.enter_context(connection(strict_server)))
        for cookie in (f"aufruf_device={kiosk}", f"aufruf_session={clerk}") * FEW:
            assert is_accepted(room.enter_context(connection(strict_server)), cookie)

        with connection(strict_server) as stranger:
            assert not is_accepted(stranger, "aufruf_device=made-up; aufruf_session=made-up")


def test_opening_and_closing_without_a_pause_is_slowed_down_too(strict_server: Server) -> None:
    accepted = 0
    for _ in range(FEW * 3):
        with connection(strict_server) as line:
            accepted += is_accepted(line)

    assert FEW <= accepted < FEW * 3
