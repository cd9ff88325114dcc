"""A whole office for tests: the application in this process, or a real server beside it.

The cast signs in with PASSWORD: Aylin and Bernd at Rathaus, Lea is its lead, Clara works at
Nordend and must see nothing of Rathaus.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from flask.testing import FlaskClient

from queue_server.actions import staff
from queue_server.app import create_app, open_store
from queue_server.settings import load_settings
from queue_server.store import identities
from queue_server.store.database import Store

PASSWORD = "sehr-geheim-123"
HERE = Path(__file__).parent
CAST = (
    ("Aylin", "rathaus", "clerk"),
    ("Bernd", "rathaus", "clerk"),
    ("Lea", "rathaus", "lead"),
    ("Clara", "nordend", "clerk"),
)
START_SECONDS = 30


@dataclass
class Clock:
    """Time as a value: Monday 8 June 2026, 08:00 in Berlin, until somebody lets it pass."""

    now: datetime = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Office:
    """The application in this process, with a clock of its own."""

    app: Flask
    clock: Clock = field(default_factory=Clock)

    @property
    def store(self) -> Store:
        store: Store = self.app.extensions["aufruf"].store
        return store

    def visitor(self) -> FlaskClient:
        """Somebody without any cookie."""
        return self.app.test_client()

    def clerk(self, name: str, counter: str | None = None) -> FlaskClient:
        """A signed-in clerk, with a counter open when named."""
        client = self.app.test_client()
        answer = client.post("/login", json={"username": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        if counter:
            opened = client.put(f"/api/v1/counters/{counter}/session", json={})
            assert opened.status_code == 200, opened.text
        return client

    def signed_in(self, name: str, counter: str | None = None) -> FlaskClient:
        """A clerk whose password was checked before: as `clerk`, a tenth of a second sooner."""
        with self.store.snapshot() as snapshot:
            clerk = identities.clerk_named(snapshot, name)
        assert clerk is not None
        client = self.app.test_client()
        token = staff.sign_in(self.store, clerk, now=self.clock())
        client.set_cookie("aufruf_session", token)
        if counter:
            opened = client.put(f"/api/v1/counters/{counter}/session", json={})
            assert opened.status_code == 200, opened.text
        return client

    def device(self, role: str, place: str) -> FlaskClient:
        """A paired kiosk or display."""
        settings = self.app.extensions["aufruf"].settings
        site, _ = settings.kiosk(place) if role == "kiosk" else settings.display(place)
        code = staff.expect_device(self.store, role, site.id, place, now=self.clock())
        client = self.app.test_client()
        answer = client.post("/devices/pair", json={"code": code})
        assert answer.status_code == 200, answer.text
        return client

    def kiosk(self, place: str = "eingang") -> FlaskClient:
        return self.device("kiosk", place)


def make_office(folder: Path, config: str = "") -> Office:
    """An office with its database in this folder, and the cast; `config` in place of its file."""
    text = config or (HERE / "office.toml").read_text("utf-8")
    (folder / "config.toml").write_text(text, "utf-8")
    clock = Clock()
    app = create_app(load_settings(folder / "config.toml", {}), clock=clock)
    app.testing = True
    office = Office(app, clock)
    _hire(office.store, clock())
    return office


def _hire(store: Store, now: datetime) -> None:
    for name, site, role in CAST:
        staff.add_clerk(store, name, site, role, _password_hash(), now=now)


_HASHES: list[str] = []


def _password_hash() -> str:
    """argon2 is slow on purpose; once a test session is enough."""
    if not _HASHES:
        _HASHES.append(staff.hash_password(PASSWORD))
    return _HASHES[0]


class Server:
    """`aufruf run` as a process of its own on a free loopback port; can be killed and restarted."""

    def __init__(self, folder: Path, config: Path = HERE / "office.toml") -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        shutil.copy(config, self.config)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[str] | None = None
        self._runs = 0
        self._clients: list[httpx.Client] = []
        self._drawing: httpx.Client | None = None
        with self._store() as store:
            _hire(store, datetime.now(UTC))

    def start(self) -> Server:
        self._runs += 1
        log = self.folder / f"server-{self._runs}.log"
        with log.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "queue_server", "run", "--port", str(self.port)],
                cwd=self.folder,
                env=self._environment(),
                text=True,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_ready(log)
        return self

    def kill(self) -> None:
        """kill -9, workers included: nothing gets a chance to tidy up."""
        assert self._process is not None
        children = subprocess.run(
            ["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True
        ).stdout.split()
        for pid in [self._process.pid, *map(int, children)]:
            os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._wait_until_gone(children)

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=20)

    def close(self) -> None:
        """At once: a polite stop, which takes a second or two, has tests of its own."""
        for client in self._clients:
            client.close()
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def aufruf(self, *arguments: str, input: str | None = None) -> str:
        """Run the command in the office's folder and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "queue_server", *arguments],
            cwd=self.folder, env=self._environment(), input=input, text=True,
            capture_output=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def client(self) -> httpx.Client:
        """Somebody without any cookie; closed with the office."""
        self._clients.append(httpx.Client(base_url=self.url))
        return self._clients[-1]

    def clerk(self, name: str, counter: str | None = None) -> httpx.Client:
        client = self.client()
        answer = client.post("/login", json={"username": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        if counter:
            assert client.put(f"/api/v1/counters/{counter}/session", json={}).status_code == 200
        return client

    def pairing_code(self, role: str, place: str) -> str:
        """As `aufruf device add` prints it, without the second that a process takes to start."""
        settings = load_settings(self.config, {})
        site, _ = settings.kiosk(place) if role == "kiosk" else settings.display(place)
        with self._store() as store:
            return staff.expect_device(store, role, site.id, place, now=datetime.now(UTC))

    def kiosk(self, place: str = "eingang") -> httpx.Client:
        client = self.client()
        code = self.pairing_code("kiosk", place)
        assert client.post("/devices/pair", json={"code": code}).status_code == 200
        return client

    def draw(self, *services: str) -> dict[str, Any]:
        """A walk-in ticket, drawn by a clerk of the front desk."""
        answer = self._front_desk().post(
            "/api/v1/sites/rathaus/tickets", json={"services": list(services)}
        )
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()
        return ticket

    def _front_desk(self) -> httpx.Client:
        self._drawing = self._drawing or self.clerk("Lea")
        return self._drawing

    @contextmanager
    def _store(self) -> Iterator[Store]:
        """The server's database from outside, as the command line uses it."""
        store = open_store(load_settings(self.config, {}))
        try:
            yield store
        finally:
            store.close()

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not re.match(r"AUFRUF_|COVERAGE", k)}
        return kept | {"PYTHONPATH": str(HERE.parent)}

    def _wait_until_ready(self, log: Path) -> None:
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            assert self._process is not None and self._process.poll() is None, log.read_text()
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{log.read_text()}")

    def _wait_until_gone(self, children: list[str]) -> None:
        while any(Path(f"/proc/{pid}").exists() and not _is_zombie(pid) for pid in children):
            time.sleep(0.01)


def _is_zombie(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
