"""Webhooks of a real server: told at once, through a kill -9, by the examples of the documents."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import HERE, Server, free_port
from tests.receiver import HookReceiver, bad_receiver, is_signed

SECRET = "ein-geheimnis-aus-der-umgebung"
EXAMPLES = HERE.parent / "docs" / "examples"
# A clerk must not notice that a receiver hangs, which is given up after ten seconds.
QUICK_SECONDS = 9.0


@pytest.fixture
def receiver() -> Iterator[HookReceiver]:
    receiver = HookReceiver()
    yield receiver
    receiver.close()


def server_with(folder: Path, *urls: str) -> Server:
    hooks = "".join(f'\n[[webhook]]\nurl = "{url}"\nsecret = "{SECRET}"\n' for url in urls)
    config = folder / "hooks.toml"
    config.write_text((HERE / "office.toml").read_text() + hooks)
    return Server(folder, config).start()


def test_calls_are_told_at_once_and_a_hanging_receiver_is_felt_by_nobody(
    tmp_path: Path, receiver: HookReceiver
) -> None:
    with bad_receiver() as hanging:
        server = server_with(tmp_path, hanging, receiver.url)
        try:
            aylin = server.clerk("Aylin", "schalter-1")
            server.draw("meldewesen")
            asked = time.monotonic()
            assert aylin.post("/api/v1/counters/schalter-1/calls", json={}).status_code == 200
            assert time.monotonic() - asked < QUICK_SECONDS
            requests = receiver.wait_for(2)
        finally:
            server.close()

    assert receiver.events == ["TicketIssued", "TicketCalled"]
    assert all(is_signed(SECRET, each.signature, each.body) for each in requests)
    log = (tmp_path / "server-1.log").read_text()
    assert SECRET not in log and "geheimer-pfad" not in log


def test_what_was_committed_before_kill_9_is_told_once_after_the_restart(tmp_path: Path) -> None:
    port = free_port()
    server = server_with(tmp_path, f"http://127.0.0.1:{port}/")
    try:
        numbers = [server.draw("meldewesen")["number"] for _ in range(3)]
        server.kill()
        receiver = HookReceiver(port=port)
        server.start()
        receiver.wait_for(3)
        receiver.close()
    finally:
        server.close()

    assert receiver.numbers == numbers
    assert len({request.told["id"] for request in receiver.requests}) == 3


def test_the_examples_of_the_documents_work_as_they_stand(tmp_path: Path) -> None:
    port = free_port()
    secret = {**os.environ, "AUFRUF_WEBHOOK_SECRET": SECRET}
    program = [sys.executable, str(EXAMPLES / "receiver.py"), str(port)]
    with subprocess.Popen(program, env=secret, stdout=subprocess.PIPE, text=True) as listening:
        server = server_with(tmp_path, f"http://127.0.0.1:{port}/")
        try:
            number = server.draw("meldewesen")["number"]
            assert listening.stdout is not None
            assert listening.stdout.readline() == f"open the file of {number}\n"
            token = server.aufruf(
                *("token", "add", "Foyer", "--site", "rathaus", "--scope", "read")
            )
            assert asked(server, token) == (0, f"Rathaus: 1 waiting, next {number}\n")
            assert "read\tFoyer\tlast used" in server.aufruf("token", "list")
            server.aufruf("token", "revoke", "Foyer")
            assert asked(server, token)[0] == 1
        finally:
            server.close()
            listening.kill()


def asked(server: Server, token: str) -> tuple[int, str]:
    """What the example client says, and whether it was answered."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "client.py"), "rathaus"],
        env={**os.environ, "AUFRUF_URL": server.url, "AUFRUF_TOKEN": token},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_the_example_client_is_short_enough_to_read() -> None:
    assert len((EXAMPLES / "client.py").read_text().splitlines()) <= 36
