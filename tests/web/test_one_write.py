"""Head and body of an answer leave together; here each write is a packet that stays one."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from queue_server.web.one_write import TOGETHER_BYTES, Answer, date_of

ASKED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def lines() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def answer(ours: socket.socket, status: str, body: list[bytes], *, length: bool = True) -> None:
    config = Config()
    request = Request(config, IterUnreader(iter([ASKED])), ("127.0.0.1", 1))
    answering = Answer(request, ours, config)
    size = [("Content-Length", str(sum(map(len, body))))] if length else []
    answering.start_response(status, [("X-Word", "so"), *size])
    for part in body:
        answering.write(part)
    answering.close()


def packets(theirs: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(theirs.recv(4 * TOGETHER_BYTES))
        except BlockingIOError:
            return found


def test_a_short_answer_is_one_write(lines: tuple[socket.socket, socket.socket]) -> None:
    answer(lines[0], "200 OK", [b"all well"])

    (whole,) = packets(lines[1])
    head, _, body = whole.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n") and b"\r\nX-Word: so" in head
    assert body == b"all well"


def test_an_answer_without_a_body_is_its_head(
    lines: tuple[socket.socket, socket.socket],
) -> None:
    answer(lines[0], "204 NO CONTENT", [], length=False)

    (head,) = packets(lines[1])
    assert head.startswith(b"HTTP/1.1 204 NO CONTENT\r\n") and head.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("body", "length"),
    [([b"first ", b"second"], True), ([b"first ", b"second"], False), ([b"x" * 70_000], True)],
)
def test_of_a_longer_one_every_byte_comes_in_order(
    lines: tuple[socket.socket, socket.socket], body: list[bytes], length: bool
) -> None:
    answer(lines[0], "200 OK", body, length=length)

    head, _, rest = b"".join(packets(lines[1])).partition(b"\r\n\r\n")
    chunked = b"".join(b"%X\r\n%b\r\n" % (len(part), part) for part in [*body, b""])
    assert (b"Transfer-Encoding: chunked" in head) is not length
    assert rest == (b"".join(body) if length else chunked)


def test_all_answers_of_a_second_say_the_same_date() -> None:
    assert date_of(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert date_of(784111778) == "Sun, 06 Nov 1994 08:49:38 GMT"
