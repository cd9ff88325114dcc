"""Messages to phones from a real server: sent after the commit, and nobody waits for them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.office import HERE, Server
from tests.phone import Phone, PushService, with_push

COUNTER = "/api/v1/counters/schalter-1"
# A page must not notice that eight threads wait for push services, which are given up after five
# seconds. The machine itself may hold up one answer, and not half of them.
QUICK_SECONDS = 4.0


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    text = with_push((HERE / "office.toml").read_text("utf-8"), is_local=True)
    (tmp_path / "push.toml").write_text(text, "utf-8")
    server = Server(tmp_path, tmp_path / "push.toml").start()
    yield server
    server.close()


def subscribe(server: Server, phone: Phone, url: str) -> str:
    """A ticket whose phone wants to be told; returns its token."""
    token: str = server.draw("meldewesen")["token"]
    address = f"/api/v1/tickets/{token}/push"
    answer = server.client().put(address, json=phone.subscription(url))
    assert answer.status_code == 204, answer.text
    return token


def test_a_phone_hears_of_call_and_recall_and_the_log_knows_no_address(
    server: Server, service: PushService
) -> None:
    phone, clerk = Phone(), server.clerk("Aylin", "schalter-1")
    token = subscribe(server, phone, service.url())

    clerk.post(f"{COUNTER}/calls", json={})
    service.wait_for(1)
    clerk.post(f"{COUNTER}/recall", json={})
    called, again = service.wait_for(2)

    assert phone.read(called.sealed)["title"] == "M\u00a0001: jetzt zu Schalter 1"
    assert "schon mehrmals" in phone.read(again.sealed)["body"]
    clerk.post(f"{COUNTER}/arrival", json={})
    clerk.post(f"{COUNTER}/completion", json={"outcome": "done"})
    log = (server.folder / "server-1.log").read_text()
    for secret in (token, service.url(), phone.p256dh, "vapid"):
        assert secret not in log


def test_a_call_that_was_not_told_before_kill_9_is_told_after_it(
    server: Server, service: PushService
) -> None:
    phone, clerk = Phone(), server.clerk("Aylin", "schalter-1")
    service.answers = [503] * 2
    subscribe(server, phone, service.url())
    clerk.post(f"{COUNTER}/calls", json={})
    service.wait_for(1)

    server.kill()
    server.start()

    messages = service.wait_for(2)
    assert "jetzt zu Schalter 1" in phone.read(messages[-1].sealed)["title"]


def test_push_services_that_hang_hold_up_neither_calls_nor_numbers_nor_pages(
    server: Server, service: PushService
) -> None:
    service.hangs, phone = True, Phone()
    clerk, visitor = server.clerk("Aylin", "schalter-1"), server.client()
    tokens = [subscribe(server, phone, service.url(f"phone-{place}")) for place in range(10)]
    took = list[float]()
    for place in range(10):
        for verb in ("calls", "arrival", "completion"):
            asked = time.monotonic()
            body = {"outcome": "done"} if verb == "completion" else {}
            assert clerk.post(f"{COUNTER}/{verb}", json=body).status_code == 200
            assert visitor.get("/healthz").status_code == 200
            took.append(time.monotonic() - asked)
            if place == 0 and verb == "calls":
                # From here on a service has the message and says nothing.
                service.wait_for(1)
    assert median(took) < QUICK_SECONDS
    assert server.draw("meldewesen")["number"] == "M 011"
    assert visitor.get(f"/t/{tokens[-1]}").status_code == 200
