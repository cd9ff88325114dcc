"""What the log says of mistakes: a client's in a line without what it sent, ours with a trace."""

from __future__ import annotations

import logging
import subprocess
import sys
from types import TracebackType

import pytest
from engineio import packet

from queue_server.commands import logs
from queue_server.realtime.sockets import answering

Caught = tuple[type[BaseException], BaseException, TracebackType | None]


def record(message: str, *args: object, caught: Caught | None = None) -> logging.LogRecord:
    return logging.LogRecord("any", logging.ERROR, "file.py", 1, message, args, caught)


def caught(fails: object, *args: object) -> Caught:
    try:
        fails(*args)  # type: ignore[operator]
    except Exception:
        return sys.exc_info()  # type: ignore[return-value]
    raise AssertionError("it did not fail")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute in which nothing was written yet."""
    monkeypatch.setattr(logs, "of_clients", logs.LineLimit())


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::7", "::1", ""])
def test_a_request_that_can_not_be_read_is_a_line_without_address_and_content(address: str) -> None:
    said = f"Invalid request from ip={address}: Invalid HTTP request line: 'GET /t/secret: x'"
    line = record(said)

    assert logs.about_http(line)
    assert line.getMessage() == "a request could not be read: Invalid HTTP request line"


def test_a_client_s_mistake_on_a_socket_is_a_line_with_its_kind_and_no_trace() -> None:
    line = record("message handler error", caught=caught(packet.Packet, None, None, "secret"))

    assert logs.about_sockets(line)
    assert line.getMessage().startswith("a socket message could not be handled: ValueError at")
    assert line.exc_info is None and line.levelno == logging.WARNING


def test_our_own_fault_on_a_socket_keeps_its_trace() -> None:
    def broken(body: object) -> dict[str, object]:
        raise KeyError("ours")

    line = record("message handler error", caught=caught(answering(broken), {}))

    assert logs.about_sockets(line)
    assert line.exc_info is not None and line.levelno == logging.ERROR


def test_the_path_of_a_request_that_failed_is_not_written() -> None:
    line = record("Error handling request %s %s", "GET", "/t/secret", caught=caught(int, "x"))

    assert logs.about_http(line)
    assert line.getMessage() == "a request could not be answered" and line.exc_info is not None


@pytest.mark.parametrize(
    "said", ["Invalid session se\ncret", "https://secret.example is not an accepted origin."]
)
def test_what_a_refused_socket_asked_for_is_not_written(said: str) -> None:
    line = record(said)

    assert logs.about_sockets(line)
    assert "cret" not in line.getMessage() and "a socket" in line.getMessage()


def test_lines_about_clients_are_few_and_the_next_minute_says_how_many_more_there_were() -> None:
    seconds = [0.0]
    sparing = logs.LineLimit(lambda: seconds[0])

    passed = [sparing.allows(record("nonsense")) for _ in range(100)]
    seconds[0] = 60.0
    later = record("nonsense")

    assert passed.count(True) == 30 and sparing.allows(later)
    assert later.getMessage() == "nonsense (and 70 more before)"


def test_a_greenlet_that_fails_tells_its_trace_and_not_what_it_was_given() -> None:
    program = """
import gevent
from queue_server.commands import logs
logs.install()
gevent.spawn(lambda message: 1 / 0, {"token": "sec" "ret"}).join()
"""

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stderr

    assert "ZeroDivisionError" in said and "secret" not in said
