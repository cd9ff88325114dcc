"""Lines that are no request, or too long for one, are refused like everything else."""

from __future__ import annotations

import json
import socket

import pytest

from tests.office import ANSWER_SECONDS, Server

LONG = "x" * 200_000


def answered(server: Server, lines: bytes) -> tuple[dict[str, str], dict[str, object]]:
    """Headers and problem of the answer, read until the server closes the line."""
    with socket.create_connection(("127.0.0.1", server.port), ANSWER_SECONDS) as line:
        line.sendall(lines)
        said = b""
        while some := line.recv(65536):
            said += some
    head, _, body = said.decode().partition("\r\n\r\n")
    return dict(each.split(": ", 1) for each in head.split("\r\n")[1:]), json.loads(body)


@pytest.mark.parametrize(
    ("lines", "status", "code"),
    [
        ("GET /api/v1/sites/ä HTTP/1.1", 400, "bad_request"),
        ("GET /api/v1/sites HTTP/1.1\r\nContent-Length: viele", 400, "bad_request"),
        ("POST /login HTTP/1.1\r\nExpect: <b>Wunder</b>", 417, "bad_request"),
        (f"GET /api/v1/sites/{LONG} HTTP/1.1", 414, "too_large"),
        (f"GET /api/v1/sites HTTP/1.1\r\nX-Long: {LONG}", 431, "too_large"),
    ],
)
def test_what_is_no_request_is_answered_with_a_problem_that_can_be_read_to_its_end(
    shared: Server, lines: str, status: int, code: str
) -> None:
    headers, problem = answered(shared, f"{lines}\r\nHost: localhost\r\n\r\n".encode())

    assert headers["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"] and problem["detail"]
    assert problem["request_id"] == headers["X-Request-Id"]


def test_nothing_of_what_was_sent_comes_back(shared: Server) -> None:
    headers, problem = answered(shared, b"<script>alert(1)</script>\r\n\r\n")

    assert "script>" not in json.dumps(problem)
    assert (headers["X-Content-Type-Options"], headers["Connection"]) == ("nosniff", "close")


def test_the_log_knows_the_answer_by_its_name(server: Server) -> None:
    headers, _ = answered(server, b"GET /api/v1/sites HTTP/9.9\r\n\r\n")

    said = f"could not be read: Invalid HTTP Version request={headers['X-Request-Id']}"
    assert said in (server.folder / "server-1.log").read_text()
