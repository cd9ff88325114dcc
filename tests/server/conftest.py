"""Real servers in processes of their own; one that only answers is shared by all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from queue_server.actions import staff
from queue_server.app import open_store
from queue_server.settings import load_settings
from queue_server.store import identities
from queue_server.web.app_context import utc_now
from tests.office import Server
from tests.server_process import COMMAND_SECONDS

ROOT = Path(__file__).parents[2]
Aufruf = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running office for all tests that do not stop it."""
    server = Server(tmp_path_factory.mktemp("office")).start()
    yield server
    server.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running office of this test's own."""
    server = Server(tmp_path).start()
    yield server
    server.close()


@pytest.fixture
def aufruf(tmp_path: Path) -> Aufruf:
    """`aufruf("run", …)` in this test's folder, to its end."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "queue_server", *words],
            cwd=tmp_path, env=environment() | more, text=True, capture_output=True,
            timeout=COMMAND_SECONDS,
        )  # fmt: skip

    return run


def environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not re.match(r"AUFRUF_|COVERAGE", k)}
    return kept | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def many_counters(tmp_path: Path) -> Iterator[Server]:
    """A running office with eight counters, and a clerk for each."""
    text = (ROOT / "tests" / "office.toml").read_text()
    head, branch = text.split('[[site]]\nid = "nordend"')
    counters = "".join(
        f'[[site.counter]]\nid = "schalter-{number}"\nname = "Schalter {number}"\n\n'
        for number in range(4, 9)
    )
    config = tmp_path / "eight.toml"
    config.write_text(f'{head}{counters}[[site]]\nid = "nordend"{branch}')
    server = Server(tmp_path, config)
    _hire(server, 8)
    yield server.start()
    server.close()


def _hire(server: Server, many: int) -> None:
    """Clerks with the password of the cast; hashing it once is enough."""
    store = open_store(load_settings(server.config, {}))
    with store.snapshot() as snapshot:
        lea = identities.clerk_named(snapshot, "Lea")
    assert lea is not None
    for number in range(1, many + 1):
        name, now = f"Clerk {number}", utc_now()
        staff.add_clerk(store, name, "rathaus", "clerk", lea.password_hash, now=now)
    store.close()
