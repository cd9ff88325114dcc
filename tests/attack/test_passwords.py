"""Passwords: guessed all at once, from many addresses, and slowly at one account."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack, suppress

from werkzeug.test import TestResponse

from queue_server.domain.errors import TooManyTries
from queue_server.web.limits import at
from tests.attack.crowd import Attacked, undisturbed
from tests.attack.raw_lines import connection, heard_until
from tests.office import PASSWORD, Office

BURST = 10


def guess(n: int) -> bytes:
    body = json.dumps({"username": "Aylin", "password": f"guess {n}"}).encode()
    return (
        b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    ) + body


def sign_in(office: Office, address: str, password: str, name: str = "Aylin") -> TestResponse:
    return office.visitor().post(
        "/login",
        json={"username": name, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_of_a_hundred_wrong_passwords_at_once_ten_are_looked_at_and_tickets_are_drawn_meanwhile(
    server: Attacked,
) -> None:
    with undisturbed(server), ExitStack() as lines:
        attackers = [lines.enter_context(connection(server)) for _ in range(100)]
        for number, line in enumerate(attackers):
            line.sendall(guess(number))
        statuses = Counter(heard_until(line, b"\r\n")[9:12] for line in attackers[::-1])

    assert statuses.keys() == {b"401", b"429"} and statuses[b"401"] <= BURST + 1, statuses


def test_guesses_at_one_account_from_everywhere_end_and_its_clerk_signs_in_all_the_same(
    office: Office,
) -> None:
    assert sign_in(office, "192.0.2.1", PASSWORD).status_code == 200
    for n in range(32):
        assert sign_in(office, f"203.0.113.{n}", "guess").status_code == 401

    again = [sign_in(office, f"203.0.113.{n}", "guess").status_code for n in (30, 31)]

    assert again == [429, 429], "one try an hour at her account"
    assert sign_in(office, "203.0.113.30", "guess", "Bernd").status_code == 401
    assert sign_in(office, "192.0.2.1", "a slip").status_code == 401
    assert sign_in(office, "192.0.2.1", PASSWORD).status_code == 200
    assert sign_in(office, "198.51.100.1", PASSWORD).status_code == 200, "from a new place, too"


def test_ten_networks_of_one_attacker_lock_nobody_else_out(office: Office) -> None:
    throttle = office.app.extensions["aufruf"].throttle
    for n in range(200):
        with suppress(TooManyTries):
            throttle.spend("password", at(f"2001:db8:1:{n % 10:x}::1"))

    assert sign_in(office, "2001:db8:1:1::1", PASSWORD).status_code == 429
    assert sign_in(office, "2001:db8:2::1", PASSWORD).status_code == 200
    assert sign_in(office, "192.0.2.1", PASSWORD).status_code == 200
