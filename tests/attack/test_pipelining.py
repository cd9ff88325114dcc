"""One connection that asks again and again without waiting for answers."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

import pytest

from tests.attack.crowd import Attacked, undisturbed
from tests.attack.raw_lines import connection
from tests.office import Server

ASKED = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
REQUESTS = 20_000
ATTACK_SECONDS = 3.0


@pytest.mark.parametrize("lines", [1, 10])
def test_requests_without_a_pause_let_others_have_their_turn(server: Attacked, lines: int) -> None:
    with undisturbed(server):
        attackers = [threading.Thread(target=ask_on, args=(server,)) for _ in range(lines)]
        for attacker in attackers:
            attacker.start()
        for attacker in attackers:
            attacker.join()


def ask_on(server: Server) -> None:
    """Send thousands of requests at once and read what comes, for some seconds."""
    with suppress(OSError), connection(server, source="127.0.0.2") as line:
        sender = threading.Thread(target=send_quietly, args=(line,))
        sender.start()
        give_up = time.monotonic() + ATTACK_SECONDS
        while time.monotonic() < give_up and line.recv(65536):
            pass
        line.shutdown(socket.SHUT_RDWR)
        sender.join()


def send_quietly(line: socket.socket) -> None:
    with suppress(OSError):
        line.sendall(ASKED * REQUESTS)
