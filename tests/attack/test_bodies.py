"""Bodies: 64 KiB for everybody, a picture for kiosks and clerks, and nobody waits for the rest."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from queue_server.scanning import MAX_BYTES
from tests.attack.crowd import Attacked, all_at_once, tickets_meanwhile
from tests.attack.raw_lines import ANSWER_SECONDS
from tests.office import Office, Server

MEBIBYTE = 1024 * 1024
TOO_LONG = b"x" * (64 * 1024 + 1)
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
HEAD = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
PICTURE = HEAD + b"%b\r\n--b--\r\n"
BOOKINGS = "/api/v1/sites/rathaus/appointments"
OPEN_ROUTES = ("/login", "/devices/pair", "/termin/reservation", BOOKINGS)
REFUSALS = (401, 403, 404, 413)


def routes(office: Office) -> Iterator[tuple[str, str]]:
    """Every address that takes a body, with something in place of its variables."""
    for rule in office.app.url_map.iter_rules():
        for method in rule.methods & {"POST", "PUT", "DELETE", "PATCH"}:
            values = dict.fromkeys(rule.arguments, "1") | {"site": "rathaus"}
            values |= {"kiosk": "eingang", "token": "t" * 22, "counter": "schalter-1"}
            yield method, rule.build({k: values[k] for k in rule.arguments})[1]


@pytest.mark.parametrize("kind", [JSON, FORM, MULTIPART])
def test_no_route_takes_more_than_64_kib_from_a_stranger(office: Office, kind: str) -> None:
    visitor = office.visitor()
    body = PICTURE % TOO_LONG if kind == MULTIPART else TOO_LONG

    answers = {
        path: visitor.open(path, method=method, data=body, content_type=kind)
        for method, path in routes(office)
    }

    # To sign in, for the desk; and whoever signs out is asked for nothing.
    refused = {path for path, answer in answers.items() if answer.status_code in REFUSALS}
    sent_away = {path for path, answer in answers.items() if "/login" in (answer.location or "")}
    assert len(answers) > 60 and set(answers) - refused - sent_away <= {"/logout"}


@pytest.mark.parametrize("path", ["/login", "/api/v1/sites/rathaus/tickets"])
def test_a_picture_is_taken_on_picture_routes_only(office: Office, path: str) -> None:
    aylin = office.signed_in("Aylin")

    answer = aylin.post(path, data=PICTURE % TOO_LONG, content_type=MULTIPART)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["/api/v1/sites/rathaus/check-ins", "/kiosk/eingang/check-ins", "/kiosk/eingang/frames"]
)
def test_a_paired_kiosk_sends_a_picture_of_eight_mebibytes_and_nobody_else_does(
    office: Office, path: str
) -> None:
    body = PICTURE % (b"\xff\xd8" + b"x" * (MAX_BYTES - 2))

    stranger = office.visitor().post(path, data=body, content_type=MULTIPART)
    kiosk = office.kiosk().post(path, data=body, content_type=MULTIPART)

    assert stranger.status_code in (401, 413)
    assert kiosk.status_code in (204, 422), "looked at, and no picture"


@pytest.mark.parametrize("kind", [JSON, FORM])
def test_a_kiosk_sends_no_large_form_instead_of_a_picture(office: Office, kind: str) -> None:
    path = "/api/v1/sites/rathaus/check-ins"

    assert office.kiosk().post(path, data=TOO_LONG, content_type=kind).status_code == 413


BOMBS = {
    "deep": (JSON, b"[" * 32_000 + b"]" * 32_000),
    "deep in a field": (JSON, b'{"username":' + b"[" * 30_000 + b"]" * 30_000 + b"}"),
    "many fields": (JSON, b"{" + b",".join(b'"%d":1' % n for n in range(6500)) + b"}"),
    "a long number": (JSON, b'{"persons":' + b"9" * 60_000 + b"}"),
    "many pairs": (FORM, b"&".join([b"a"] * 32_000)),
    "many parts": (MULTIPART, b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n" * 1100),
    "a long boundary": (MULTIPART, b"\r\n--" * 16_000),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("path", OPEN_ROUTES)
def test_whatever_fits_into_64_kib_is_read_in_a_moment(
    office: Office, path: str, bomb: str
) -> None:
    kind, body = BOMBS[bomb]
    visitor, seconds = office.visitor(), []
    for _ in range(3):
        began = time.thread_time()
        answer = visitor.post(path, data=body, content_type=kind)
        seconds.append(time.thread_time() - began)
        assert 300 <= answer.status_code < 500, answer.text

    # A wrong password costs argon2, which is counted; what is measured is the reading.
    assert min(seconds) < (0.1 if path != "/login" else 0.5)


def test_large_bodies_hold_nobody_up(server: Attacked) -> None:
    body = b'{"username":"' + b"x" * (8 * MEBIBYTE) + b'"}'

    def send(client: httpx.Client, n: int) -> int:
        kind = JSON if n % 2 else FORM
        try:
            path = OPEN_ROUTES[n % len(OPEN_ROUTES)]
            return client.post(path, content=body, headers={"Content-Type": kind}).status_code
        except httpx.TransportError:
            # Refused while it was still being sent.
            return 413

    with tickets_meanwhile(server) as draws:
        statuses = all_at_once(server, 20, send)

    assert set(statuses) == {413}
    assert draws.kept_their_promise(), draws


def raw(server: Server, *lines: str) -> socket.socket:
    """A request as it stands, without its body."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=ANSWER_SECONDS)
    line.sendall("\r\n".join((*lines, "Host: localhost", "", "")).encode())
    return line


def answered(line: socket.socket) -> bytes:
    """Everything until the server closes the line."""
    found = b""
    while some := line.recv(65536):
        found += some
    return found


@pytest.mark.parametrize(
    "first",
    ["POST /login HTTP/1.1", "POST /kiosk/eingang/frames HTTP/1.1", "GET /healthz HTTP/1.1"],
)
def test_nobody_waits_for_the_rest_of_a_refused_body(server: Server, first: str) -> None:
    with raw(server, first, f"Content-Type: {MULTIPART}", "Content-Length: 8000000") as line:
        said = answered(line)

    assert b"Connection: close" in said
    assert said.startswith((b"HTTP/1.1 413", b"HTTP/1.1 401", b"HTTP/1.1 200")), said[:100]


@pytest.mark.parametrize(("rest", "status"), [(0, b"401"), (1, b"413")])
def test_a_body_without_a_length_may_fill_64_kib_and_not_a_byte_more(
    server: Server, rest: int, status: bytes
) -> None:
    """What fits is a wrong password; cut off at the limit, it still would be one."""
    said = json.dumps({"username": "niemand", "password": "falsch"}).encode()
    body = said.ljust(64 * 1024 + rest)
    with raw(
        server, "POST /login HTTP/1.1", f"Content-Type: {JSON}", "Transfer-Encoding: chunked"
    ) as line:
        line.sendall(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
        said = line.recv(65536)

    assert said.split()[1] == status, said[:200]


def test_a_body_without_a_length_ends_at_64_kib(server: Server) -> None:
    chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    with raw(
        server, "POST /login HTTP/1.1", f"Content-Type: {JSON}", "Transfer-Encoding: chunked"
    ) as line:
        line.sendall(chunk * 9)
        said = line.recv(65536)

    assert said.startswith(b"HTTP/1.1 413"), said[:200]
    assert b"Connection: close" in said
