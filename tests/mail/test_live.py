"""The whole way on a real server: booked over HTTP, a letter arrives, its key brings the code."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest

from tests.mailbox import CERTIFICATE, Mailbox, hanging_server, office_with_mail
from tests.office import ANSWER_SECONDS, Server, free_port

EMAIL = "yilmaz@example.org"
# A page must not notice that the postman waits for a quarter of a minute.
QUICK_SECONDS = 10.0


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Encrypted and with a password, as real ones are."""
    with Mailbox(user="aufruf", password="geheim") as mailbox:
        yield mailbox


@pytest.fixture
def server(tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    server = office_with_mail(tmp_path, mailbox.url.replace("127.0.0.1", "aufruf:geheim@localhost"))
    yield server
    server.close()


def book(server: Server, email: str = EMAIL) -> dict[str, Any]:
    start = (datetime.now(UTC) + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    wish = {"services": ["ausweise"], "start": start.isoformat(), "email": email, "language": "en"}
    answer = server.client().post("/api/v1/sites/rathaus/appointments", json=wish)
    assert answer.status_code == 201, answer.text
    booked: dict[str, Any] = answer.json()
    return booked


def test_from_booking_to_the_code_by_real_letters(server: Server, mailbox: Mailbox) -> None:
    booked = book(server)
    (asked,) = mailbox.wait_for(1)

    token, key = booked["token"], asked.link_to("/confirmation").partition("?key=")[2]
    confirmed = server.client().post(
        f"/api/v1/appointments/{token}/confirmation", json={"key": key}
    )

    assert confirmed.json()["state"] == "confirmed"
    told = mailbox.wait_for(2)[1]
    assert told.code == confirmed.json()["code"]
    assert (told.to, told.calendar[:15]) == (EMAIL, b"BEGIN:VCALENDAR")
    assert "Your appointment" in told.subject


def test_a_mail_server_that_hangs_is_not_felt_by_anybody_else(tmp_path: Path) -> None:
    with hanging_server() as url:
        server = office_with_mail(tmp_path, url)
        try:
            client = server.client()
            book(server)
            took = list[float]()
            for _ in range(20):
                asked = time.monotonic()
                assert client.get("/").status_code == 200
                took.append(time.monotonic() - asked)
            assert median(took) < QUICK_SECONDS
            assert outbox_with_letters(client) == {"mail": True, "waiting": 1, "stuck": False}
        finally:
            server.close()


def outbox_with_letters(client: httpx.Client) -> dict[str, Any]:
    """As operators see it once the postman has made letters of what was booked."""
    give_up = time.monotonic() + ANSWER_SECONDS
    while True:
        outbox: dict[str, Any] = client.get("/readyz").json()["outbox"]
        if outbox["waiting"] or time.monotonic() > give_up:
            return outbox
        time.sleep(0.05)


def test_a_letter_survives_kill_9_and_a_mail_server_that_is_not_there(tmp_path: Path) -> None:
    port = free_port()
    server = office_with_mail(tmp_path, f"smtp://127.0.0.1:{port}")
    try:
        book(server)
        server.kill()
        with Mailbox(port=port) as mailbox:
            server.start()
            # The second booking is no condition: it rings the bell before the pause has ended.
            book(server, "second@example.org")
            assert {letter.to for letter in mailbox.wait_for(2)} == {
                EMAIL,
                "second@example.org",
            }
    finally:
        server.close()


def test_no_log_line_holds_an_address_a_code_or_a_token(server: Server, mailbox: Mailbox) -> None:
    mailbox.refuses.add("nobody@example.org")
    booked = [book(server), book(server, "nobody@example.org")]
    mailbox.wait_for(1)
    book(server, "last@example.org")
    mailbox.wait_for(2)

    log = (server.folder / "server-1.log").read_text()

    assert "sent letter=" in log and "refused letter=" in log
    for secret in (EMAIL, "nobody@", "last@", "geheim", *(each["token"] for each in booked)):
        assert secret not in log
