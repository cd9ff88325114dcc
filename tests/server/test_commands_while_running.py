"""Every command works while the server runs, and the server knows at once what was changed."""

from __future__ import annotations

import subprocess
import sys

from tests.office import PASSWORD, Server
from tests.server.conftest import environment
from tests.server_process import COMMAND_SECONDS


def sign_in(server: Server, name: str, password: str = PASSWORD) -> int:
    body = {"username": name, "password": password}
    return server.client().post("/login", json=body).status_code


def test_clerks_come_change_and_go(shared: Server) -> None:
    options = ("--site", "rathaus", "--password-stdin")
    shared.aufruf("clerk", "add", "Dora", *options, input=PASSWORD)
    dora = shared.clerk("Dora")
    assert dora.get("/api/v1/sites/rathaus/queue").status_code == 200

    shared.aufruf("clerk", "password", "Dora", "--password-stdin", input="noch-laenger-1")
    assert dora.get("/api/v1/sites/rathaus/queue").status_code == 401
    assert [sign_in(shared, "Dora"), sign_in(shared, "Dora", "noch-laenger-1")] == [401, 200]

    shared.aufruf("clerk", "remove", "Dora")
    assert sign_in(shared, "Dora", "noch-laenger-1") == 401


def test_kiosks_are_paired_and_revoked(shared: Server) -> None:
    kiosk, ticket = shared.kiosk("nordend-kiosk"), {"services": ["meldewesen"]}
    path = "/api/v1/sites/nordend/tickets"
    assert kiosk.post(path, json=ticket).status_code in (201, 409)

    shared.aufruf("device", "revoke", "nordend-kiosk")

    assert kiosk.post(path, json=ticket).status_code == 401


def test_the_database_is_checked_copied_and_read(shared: Server) -> None:
    number = shared.draw("kfz")["number"]

    assert "nothing is wrong" in shared.aufruf("check")
    assert "up to date" in shared.aufruf("migrate")
    assert "forgotten" in shared.aufruf("forget")
    assert number in shared.aufruf("export", "--site", "rathaus")
    shared.aufruf("backup", "running.db")
    refused = subprocess.run(
        [sys.executable, "-m", "queue_server", "restore", "running.db"],
        cwd=shared.folder, env=environment(), text=True, capture_output=True,
        timeout=COMMAND_SECONDS,
    )  # fmt: skip
    assert refused.returncode == 1 and "running" in refused.stderr
    assert shared.draw("kfz")["number"] != number
