"""One request, whatever the receiver does."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from queue_server.domain.webhook import Webhook
from queue_server.webhooks.sending import ReceiverTrouble, knock, send
from tests.mailbox import CERTIFICATE
from tests.office import free_port
from tests.receiver import HookReceiver, bad_receiver

AT = 1_780_898_400
# Of a second that a receiver has; what hangs for good would take for ever.
PATIENCE_SECONDS = 30.0


def trouble_with(url: str, seconds: float = PATIENCE_SECONDS) -> str:
    with pytest.raises(ReceiverTrouble) as refusal:
        send(Webhook(url, "geheim"), "{}", AT, seconds)
    assert refusal.value.sentence
    return str(refusal.value)


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_everything_but_2xx_is_no_yes_and_no_redirect_is_followed(
    receiver: HookReceiver, status: int
) -> None:
    receiver.statuses = [status]
    receiver.location = receiver.url

    assert trouble_with(receiver.url) == f"answered {status}"
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [200, 202, 204])
def test_2xx_is_taken_and_the_address_is_asked_as_it_is_written(
    receiver: HookReceiver, status: int
) -> None:
    receiver.statuses = [status]

    send(Webhook(receiver.url, "geheim"), "{}", AT)

    assert receiver.requests[0].path == "/aufruf?token=geheimer-pfad"


@pytest.mark.parametrize(
    ("answer", "drip_seconds"),
    [
        (b"", 0),
        (b"HTTP/1.1 200 OK\r\nX-Endless: " + b"x" * 10_000, 0.01),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, 0.0001),
    ],
    ids=["silent", "dripping", "always going on"],
)
def test_a_receiver_that_takes_its_time_is_cut_off(answer: bytes, drip_seconds: float) -> None:
    with bad_receiver(answer, drip_seconds) as url:
        began = time.monotonic()
        assert trouble_with(url, 0.3) == "timeout"
        assert time.monotonic() - began < PATIENCE_SECONDS


def test_an_endless_answer_is_not_read() -> None:
    with bad_receiver(
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 1000
    ) as url:
        send(Webhook(url, "geheim"), "{}", AT)


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_speaks_no_http_has_not_taken_anything(answer: bytes) -> None:
    with bad_receiver(answer) as url:
        assert trouble_with(url) == "hung_up"


def test_nobody_there_is_told_at_once() -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    assert trouble_with(url) == "unreachable"
    with pytest.raises(ReceiverTrouble):
        knock(Webhook(url, "geheim"))


def test_a_tls_handshake_that_never_ends_is_cut_off() -> None:
    with bad_receiver(b"\x16\x03\x03\x40\x00" + b"\x02" * 16_000, 0.01) as url:
        assert trouble_with(url.replace("http:", "https:"), 0.3) == "timeout"


@pytest.fixture
def encrypted() -> Iterator[str]:
    """The address of a receiver with the certificate of `localhost`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_certificates_are_looked_at(encrypted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trouble_with(encrypted) == "certificate"

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    send(Webhook(encrypted, "geheim"), "{}", AT)
    knock(Webhook(encrypted, "geheim"))
    assert trouble_with(encrypted.replace("localhost", "127.0.0.1")) == "certificate"
