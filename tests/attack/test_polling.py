"""A session of the polling transport that sends what no page of ours would."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.attack.crowd import Attacked, undisturbed
from tests.attack.raw_lines import ANSWER_SECONDS, PollingSession
from tests.office import Server

NO_PACKETS = {
    "an unknown kind": "9",
    "a ping, which only servers send": "2",
    "a second opening": "0{}",
    "a probe, which belongs to the other transport": "2probe garbage",
    "more than 16 kB": "4" + "x" * 20_000,
    "an empty body": "",
    "seventeen packets": "\x1e".join(["3"] * 17),
    "broken JSON": '42["beat"',
    "nesting without an end": "42" + "[" * 9_000,
    "an attachment that never comes": '451-["beat",{"_placeholder":true,"num":0}]',
    "no text": b"\xff\xfe",
}
SESSIONS = 200


@pytest.mark.parametrize("body", NO_PACKETS.values(), ids=NO_PACKETS.keys())
def test_what_is_no_packet_is_refused_at_once_and_ends_the_session(
    server: Server, body: str | bytes
) -> None:
    session = PollingSession(server)

    answer = session.post(body)

    assert answer.status_code == 400
    assert session.poll().status_code == 400


def test_hundreds_of_broken_sessions_hold_no_place_and_delay_nobody(server: Attacked) -> None:
    def break_one(number: int) -> int:
        return PollingSession(server).post("9" if number % 2 else "2").status_code

    with undisturbed(server), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(break_one, range(SESSIONS)))

    assert set(answers) == {400}
    assert httpx.get(f"{server.url}/healthz", timeout=ANSWER_SECONDS).status_code == 200


def test_a_session_that_sends_more_than_a_page_does_is_ended(server: Server) -> None:
    session = PollingSession(server)
    assert session.post("40").status_code == 200

    answers = [session.post("\x1e".join(['42["beat"]'] * 10)).status_code for _ in range(10)]

    assert answers[0] == 200 and answers[-1] == 400
