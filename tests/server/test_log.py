"""Whatever clients send to a real server, its log has a line: no trace, address or content."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import websocket

from tests.office import ANSWER_SECONDS, Server

LAST = b"GET / HTTP/7.7\r\n\r\n"
POLLING, WEBSOCKET = "/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=websocket"
# Each is answered with a refusal and leaves one line.
BROKEN_REQUESTS = (
    b"secret\r\n\r\n",
    b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03secret\r\n\r\n",
    b"GET /t/secret HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nsecret header: secret\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"secret" * 4_000 + b"\r\n\r\n",
    b"GET /" + b"secret" * 2_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: secret\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nExpect: secret\r\n\r\n",
    b"PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\nGET / HTTP/1.1\r\n\r\n",
)
JSON = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BROKEN_BODIES = (
    JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nsecret\r\n",
    JSON + b"Transfer-Encoding: chunked\r\n\r\n6\r\nsecretXX\r\n",
)
POLLED = (b'42["beat"', b"x", b"\xff", b"47", b"42{}", b"bAAAA", b'45-["secret"]')
SENT = ('42["secret"', '451-["beat",{"_placeholder":true,"num":5}]', "47", "42[]", b"\0secret")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("log")).start()
    yield server
    server.close()


@pytest.fixture
def log(server: Server) -> Path:
    return server.folder / "server-1.log"


def raw(server: Server, request: bytes) -> bytes:
    """The first bytes of the answer; the connection is closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=ANSWER_SECONDS) as line:
        line.sendall(request)
        return line.recv(100)


def polling(server: Server) -> str:
    """The address of a polling session that is connected."""
    opened = httpx.get(server.url + POLLING, timeout=ANSWER_SECONDS)
    sid = re.findall(r'"sid":"([\w-]+)"', opened.text)[0]
    address = f"{server.url}{POLLING}&sid={sid}"
    assert httpx.post(address, content=b"40", timeout=ANSWER_SECONDS).status_code == 200
    return address


def opened(server: Server) -> websocket.WebSocket:
    address = server.url.replace("http", "ws") + WEBSOCKET
    line = websocket.create_connection(address, timeout=ANSWER_SECONDS)
    assert line.recv()[0] == "0"
    line.send("40")
    assert line.recv().startswith("40")
    return line


def test_mistakes_of_clients_are_lines_without_trace_address_or_content(
    server: Server, log: Path
) -> None:
    before = len(log.read_text())

    assert server.client().post("/login", json={"username": "secret", "password": "secret"})
    kiosk = server.kiosk()
    for picture in (b"", b"\xff\xd8\xffsecret", b"GIF89asecret"):
        kiosk.post("/api/v1/sites/rathaus/check-ins", files={"image": ("a.jpg", picture)})
    for request in BROKEN_REQUESTS:
        assert raw(server, request).startswith((b"HTTP/1.1 4", b"HTTP/1.1 501"))
    for body in POLLED:
        httpx.post(polling(server), content=body, timeout=ANSWER_SECONDS)
    for message in SENT:
        _send(server, message)

    written = _written(server, log)[before:]
    assert written.count("a request could not be read") == len(BROKEN_REQUESTS) + 1
    assert written.count("a password was wrong") == 1
    assert written.count("a picture could not be read") == 3
    texts = [*POLLED, *(message for message in SENT if isinstance(message, str))]
    assert written.count("a socket message could not be read") == len(texts)
    assert "Traceback" not in written and "secret" not in written.lower()
    assert re.findall(r"127\.0\.0\.1|192\.0\.2|::1|ip=", written) == []
    assert all("WARNING" in line or "INFO" in line for line in written.splitlines()), written


def test_a_body_whose_framing_is_broken_is_the_client_s_mistake(server: Server, log: Path) -> None:
    before = len(log.read_text())

    answers = [raw(server, body) for body in BROKEN_BODIES]

    assert all(answer.startswith(b"HTTP/1.1 400") for answer in answers), answers
    assert "Traceback" not in _written(server, log)[before:]


def test_a_handshake_that_is_none_is_refused_and_not_a_fault(server: Server) -> None:
    head = f"GET {WEBSOCKET} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"

    for rest in ("", "Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Key: x\r\n"):
        assert raw(server, f"{head}{rest}\r\n".encode()).startswith(b"HTTP/1.1 400")


def _send(server: Server, message: str | bytes) -> None:
    """One message, and for a binary event its attachment."""
    line = opened(server)
    # The server may end the line before all of it is sent.
    with suppress(OSError, websocket.WebSocketException):
        line.send(message) if isinstance(message, str) else line.send_binary(message)
        if isinstance(message, str) and message.startswith("451"):
            line.send_binary(b"secret")
        line.send('427["beat",{}]')
        # It answers nothing more, and by then its log has the line.
        line.recv()
    # A line that the server has ended is no longer closed by `close`.
    line.shutdown()


def _written(server: Server, log: Path) -> str:
    """The log as soon as the line of one more, last mistake stands in it."""
    told = log.read_text().count("Invalid HTTP Version")
    raw(server, LAST)
    give_up = time.monotonic() + ANSWER_SECONDS
    while log.read_text().count("Invalid HTTP Version") == told:
        assert time.monotonic() < give_up, log.read_text()
        time.sleep(0.05)
    return log.read_text()
