"""Bodies that never come, and connections without an end, take nobody's place."""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from pathlib import Path
from select import select

import httpx
import pytest

from queue_server.settings import ServerSettings
from tests.attack.crowd import Attacked, undisturbed
from tests.attack.raw_lines import ANSWER_SECONDS, connection, heard_until, is_ended
from tests.office import Server

MOST, IDLE = 20, 3000
BODY_SECONDS = 1
# What a server allows that nobody has told otherwise.
UNLESS_SET_SECONDS = ServerSettings(Path()).body_seconds
ATTACKER = "127.0.0.2"
PROMISED_BYTES = 50
PROMISED = (
    b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n" % PROMISED_BYTES
)
# Answered at once, though the body never comes.
REFUSED = PROMISED.replace(b"/login", b"/api/v1/sites/rathaus/tickets")
CHUNKED = PROMISED.replace(b"Content-Length: 50", b"Transfer-Encoding: chunked")


@pytest.mark.parametrize(
    "head", [PROMISED, CHUNKED, PROMISED + b"{"], ids=["promised", "chunked", "begun"]
)
def test_a_body_that_never_comes_is_answered_408_and_hung_up(
    small_server: Server, head: bytes
) -> None:
    began = time.monotonic()
    with connection(small_server) as line:
        line.sendall(head)

        assert heard_until(line, b"\r\n").startswith(b"HTTP/1.1 408")
        assert is_ended(line)
    assert BODY_SECONDS <= time.monotonic() - began < UNLESS_SET_SECONDS


def test_a_body_that_drips_is_answered_408_as_well(small_server: Server) -> None:
    with connection(small_server) as line:
        line.sendall(PROMISED)
        # All but one of the promised bytes, or as many as somebody still waits for.
        for _ in range(PROMISED_BYTES - 1):
            if select([line], [], [], BODY_SECONDS / 10)[0]:
                break
            line.sendall(b"x")

        assert select([line], [], [], 0)[0], "each byte has bought it more time"
        assert heard_until(line, b"\r\n").startswith(b"HTTP/1.1 408")


def test_a_body_that_nobody_reads_is_not_waited_for_either(small_server: Server) -> None:
    with connection(small_server) as line:
        line.sendall(PROMISED.replace(b"/login", b"/nowhere"))

        assert heard_until(line, b"\r\n").startswith(b"HTTP/1.1 404")
        assert is_ended(line)


def test_the_connections_of_one_address_are_counted_and_others_get_in(small_server: Server) -> None:
    with ExitStack() as idle:
        lines = [idle.enter_context(connection(small_server, ATTACKER)) for _ in range(MOST * 3)]
        for line in lines[:MOST]:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")

        assert all(is_ended(line) for line in lines[MOST:])
        assert httpx.get(f"{small_server.url}/healthz", timeout=ANSWER_SECONDS).status_code == 200

    assert _gets_in_again(small_server)


@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize("addresses", [1, 3])
def test_thousands_of_bodies_that_never_come_delay_nobody(server: Attacked, addresses: int) -> None:
    with ExitStack() as idle, undisturbed(server):
        for number in range(IDLE):
            source = f"127.0.{addresses}.{2 + number * addresses // IDLE}"
            line = idle.enter_context(connection(server, source))
            with suppress(ConnectionError):
                line.sendall(REFUSED)


def test_a_polling_post_without_its_body_ends_within_the_same_time(small_server: Server) -> None:
    with connection(small_server) as line:
        line.sendall(PROMISED.replace(b"/login", b"/socket.io/?EIO=4&transport=polling&sid=x"))

        assert heard_until(line, b"\r\n").startswith(b"HTTP/1.1 400")


def _gets_in_again(server: Server) -> bool:
    """Whether the address has room once its connections are closed."""
    give_up = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < give_up:
        with connection(server, ATTACKER) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            if line.recv(12) == b"HTTP/1.1 200":
                return True
    return False
