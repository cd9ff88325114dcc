"""Behind a reverse proxy and without one: whose X-Forwarded-* headers are believed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import PASSWORD, ForkedServer, Server
from tests.server.conftest import ROOT

SIGN_IN = {"username": "Aylin", "password": PASSWORD}
FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "192.0.2.7",
    "X-Forwarded-Host": "termine.example.de",
}


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running office that believes its proxy."""
    folder: Path = tmp_path_factory.mktemp("proxied")
    text = (ROOT / "tests" / "office.toml").read_text()
    config = folder / "proxied.toml"
    config.write_text(text.replace("[server]\n", "[server]\nbehind_proxy = true\n", 1))
    server = ForkedServer(folder, config).start()
    yield server
    server.close()


def test_behind_a_proxy_with_tls_cookies_are_secure(proxied: Server) -> None:
    answer = proxied.client().post("/login", json=SIGN_IN, headers=FORWARDED)

    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_behind_a_proxy_the_public_host_is_our_own(proxied: Server) -> None:
    own, foreign = "https://termine.example.de", "https://evil.example"

    def sign_in(origin: str) -> int:
        headers = {**FORWARDED, "Origin": origin}
        return proxied.client().post("/login", json=SIGN_IN, headers=headers).status_code

    assert (sign_in(own), sign_in(foreign)) == (200, 403)
    socket = f"{proxied.url}/socket.io/?EIO=4&transport=polling"
    asked = [
        proxied.client().get(socket, headers={**FORWARDED, "Origin": o}) for o in (own, foreign)
    ]
    assert [answer.status_code for answer in asked] == [200, 400]


def test_behind_a_proxy_metrics_are_for_this_machine_still(proxied: Server) -> None:
    assert proxied.client().get("/metrics", headers=FORWARDED).status_code == 403
    assert proxied.client().get("/metrics").status_code == 200


def test_without_a_proxy_nobody_may_say_that_there_is_one(shared: Server) -> None:
    answer = shared.client().post("/login", json=SIGN_IN, headers=FORWARDED)

    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers
    loopback = {"X-Forwarded-For": "127.0.0.1"}
    assert shared.client().get("/metrics", headers=loopback).status_code == 403


def test_operators_see_health_readiness_and_figures(shared: Server) -> None:
    shared.draw("kfz")
    client = shared.client()

    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"
    metrics = client.get("/metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain")
    assert 'aufruf_events_total{name="TicketIssued",site="rathaus"}' in metrics.text
