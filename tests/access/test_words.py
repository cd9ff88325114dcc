"""Every word of the socket and everybody who may say it: all others join and hear nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask_socketio import SocketIO, SocketIOTestClient

from queue_server.realtime import messages
from tests.access.people import API, EVERYBODY, People
from tests.access.rules import ASKED, PUSHED
from tests.office import make_office

Line = SocketIOTestClient
FORBIDDEN = {"not_signed_in", "not_allowed", "not_found"}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    office = make_office(tmp_path_factory.mktemp("words"))
    yield People(office)
    office.store.close()


@pytest.fixture
def dial(people: People) -> Iterator[Callable[[str], Line]]:
    """`dial(who)` opens a socket with the cookie of this person."""
    lines: list[Line] = []
    socketio: SocketIO = people.office.app.extensions["socketio"]

    def dial(who: str) -> Line:
        headers = {"Cookie": people.cookie(who)}
        lines.append(SocketIOTestClient(people.office.app, socketio, headers=headers))
        return lines[-1]

    yield dial
    for line in lines:
        line.disconnect()


def say(people: People, line: Line, word: str, token: str = "") -> dict[str, Any]:
    """The right words, and what is answered."""
    token = token or people.ticket["token"]
    body = {"site": "rathaus", "token": token, "sound": "blocked", "display": "wand"}
    body |= {"version": "0.4", "camera": "ready"}
    answer: dict[str, Any] = line.emit(word, body, callback=True)
    return answer


def rooms(people: People) -> set[object]:
    socketio: SocketIO = people.office.app.extensions["socketio"]
    return {room for room in socketio.server.manager.rooms.get("/", {}) if ":" in str(room)}


def test_every_word_has_a_rule() -> None:
    assert sorted(messages.ASKED) == sorted(ASKED), (
        "write into ASKED of tests/access/rules.py who may say the new word"
    )
    assert sorted(messages.PUSHED) == sorted(PUSHED), (
        "write into PUSHED of tests/access/rules.py which watch the new word follows from"
    )


@pytest.mark.parametrize("word", ASKED)
def test_only_those_of_the_rule_may_say_it_and_nobody_else_joins_anything(
    people: People, dial: Callable[[str], Line], word: str
) -> None:
    others = {who: dial(who) for who in EVERYBODY if who not in ASKED[word]}
    before = rooms(people)

    refused = {who: say(people, line, word).get("error") for who, line in others.items()}
    assert set(refused.values()) <= FORBIDDEN and rooms(people) == before

    welcome = {who: say(people, dial(who), word).get("error") for who in ASKED[word]}
    assert set(welcome.values()) == {None}


@pytest.mark.parametrize("word", [word for word, asked in PUSHED.items() if asked])
def test_what_is_pushed_is_heard_by_those_who_were_allowed_to_ask(
    people: People, dial: Callable[[str], Line], word: str
) -> None:
    lines = {who: dial(who) for who in EVERYBODY}
    for line in lines.values():
        say(people, line, PUSHED[word])
        line.get_received()

    _something_happens(people)

    heard = {who for who, line in lines.items() if word in _words(line)}
    assert heard == set(ASKED[PUSHED[word]])


@pytest.mark.parametrize("word", ["watch_ticket", "ask_why"])
def test_another_token_watches_nothing(
    people: People, dial: Callable[[str], Line], word: str
) -> None:
    before = rooms(people)

    for token in ("made-up", people.appointment["token"], people.ticket["token"][:-1]):
        for who in ("nobody", "kiosk", "clerk", "admin"):
            assert say(people, dial(who), word, token) == {"error": "not_found"}

    assert rooms(people) == before


def test_a_page_of_another_origin_opens_no_socket(people: People) -> None:
    client = people.office.app.test_client(use_cookies=False)
    polling = "/socket.io/?EIO=4&transport=polling"
    for who in EVERYBODY:
        headers = {"Cookie": people.cookie(who), "Origin": "https://evil.example"}

        assert client.get(polling, headers=headers).status_code == 400


def _something_happens(people: People) -> None:
    """The person of the watched ticket gets precedence: board, queue, place and ticket change."""
    client = people.office.app.test_client(use_cookies=False)
    path = f"{API}/tickets/{people.ticket['id']}/precedence"
    headers = {"Cookie": people.cookie("clerk")}
    answer = client.post(path, json={"reason": "mobility"}, headers=headers)
    assert answer.status_code == 200, answer.text


def _words(line: Line) -> list[str]:
    return [message["name"] for message in line.get_received()]
