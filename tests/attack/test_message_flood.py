"""A WebSocket that sends as fast as the network carries: it is closed, and nobody else waits."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress

import pytest

from tests.attack.crowd import Attacked, undisturbed
from tests.attack.raw_lines import (
    BINARY,
    PING,
    connection,
    frame,
    heard_until,
    is_accepted,
    is_ended,
    text,
)
from tests.office import Server

WATCH = '42["watch_board",{"site":"rathaus"}]'
FLOODS = {
    "beats": text('421["beat"]'),
    "boards": text(f"421{WATCH[2:]}"),
    "pings of the protocol": frame(b"", PING),
    "pongs of Engine.IO": text("3"),
    "empty messages": text(""),
    "bytes": frame(b"\0", BINARY),
    "parts of a message without an end": frame(b"x", 0x0, last=False),
    "garbage": text("x"),
    "no frames at all": b"\xff\xff\xff\xff",
}
FLOOD_BYTES = 4_000_000
MESSAGES_IN_A_BURST = 35
ATTACK_SECONDS = 3.0
LINES_AT_ONCE = 20


@pytest.mark.parametrize("message", FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_ends_its_own_line_and_delays_no_number(server: Attacked, message: bytes) -> None:
    flood = message * (FLOOD_BYTES // len(message))

    with undisturbed(server), connection(server) as line:
        assert is_accepted(line)
        line.sendall(text("40"))
        with suppress(ConnectionError, BrokenPipeError):
            line.sendall(flood)

        assert is_ended(line)


def test_many_lines_that_flood_again_and_again_delay_no_number(server: Attacked) -> None:
    until = time.monotonic() + ATTACK_SECONDS
    attackers = [
        threading.Thread(target=flood_until, args=(server, until)) for _ in range(LINES_AT_ONCE)
    ]

    with undisturbed(server):
        for attacker in attackers:
            attacker.start()
        for attacker in attackers:
            attacker.join()


def test_a_message_that_grows_without_an_end_is_cut_off(server: Server) -> None:
    with connection(server) as line:
        assert is_accepted(line)
        line.sendall(frame(b"4" + b"x" * 10_000, last=False))
        line.sendall(frame(b"x" * 10_000, 0x0, last=False))

        assert is_ended(line)


def test_an_attachment_that_was_announced_ends_the_line(server: Server) -> None:
    with connection(server) as line:
        assert is_accepted(line)
        line.sendall(text("40") + text('451-["beat",{"_placeholder":true,"num":0}]'))

        assert is_ended(line)


def test_a_burst_as_a_page_sends_it_after_an_outage_is_answered(server: Server) -> None:
    with connection(server) as line:
        assert is_accepted(line)
        line.sendall(text("40") + text('421["beat"]') * MESSAGES_IN_A_BURST + text('4277["beat"]'))

        assert b"4377[" in heard_until(line, b"4377[")


def flood_until(server: Server, until: float) -> None:
    """Connect, send a burst, be closed, connect again."""
    burst = text("40") + text(f"421{WATCH[2:]}") * 500
    while time.monotonic() < until:
        with suppress(OSError, IndexError), ExitStack() as stack:
            line = stack.enter_context(connection(server, source="127.0.0.2"))
            send_all(line, (burst,))


def send_all(line: socket.socket, parts: Iterable[bytes]) -> None:
    if is_accepted(line):
        for part in parts:
            line.sendall(part)
        is_ended(line)
