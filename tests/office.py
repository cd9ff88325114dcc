"""A whole office for tests: the application in this process, or a real server beside it.

The cast signs in with PASSWORD: Aylin and Bernd at Rathaus, Lea is its lead, Clara works at
Nordend and must see nothing of Rathaus.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import argon2
import httpx
from flask import Flask
from flask.testing import FlaskClient

import tests.spared_templates  # noqa: F401
from queue_server.actions import staff
from queue_server.app import create_app, open_store
from queue_server.settings import load_settings
from queue_server.store import identities
from queue_server.store.transaction import Store
from tests.server_process import ServerProcess
from tests.server_process import free_port as free_port
from tests.spared import NO_TLS, put_database

PASSWORD = "sehr-geheim-123"
HERE = Path(__file__).parent
CAST = (
    ("Aylin", "rathaus", "clerk"),
    ("Bernd", "rathaus", "clerk"),
    ("Lea", "rathaus", "lead"),
    ("Clara", "nordend", "clerk"),
)
# argon2 is slow on purpose. What it costs stands in the hash, so whoever signs in waits as long.
USUAL_HASHER = argon2.PasswordHasher()
QUICK_HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
ANSWER_SECONDS = 60


def _zone_by_day(now: datetime) -> ZoneInfo:
    """Of real offices in real time: in the evening few free times are left of a day, at midnight
    numbers begin anew and counters close, and a test could not come back from tomorrow. So while
    Germany has no day they stand in Hawaii, where the clocks never change."""
    germany = ZoneInfo("Europe/Berlin")
    is_day = 4 <= now.astimezone(germany).hour < 18
    return germany if is_day else ZoneInfo("Pacific/Honolulu")


ZONE = _zone_by_day(datetime.now(UTC))


def by_day(config: str) -> str:
    """This configuration where it is day for as long as tests run."""
    return config.replace('timezone = "Europe/Berlin"', f'timezone = "{ZONE.key}"')


@dataclass
class Clock:
    """Time as a value: Monday 8 June 2026, 08:00 in Berlin, until somebody lets it pass."""

    now: datetime = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    passed: float = 0.0

    def seconds(self) -> float:
        """As monotonic clocks tell it: how much time has passed, whatever `now` was set to."""
        return self.passed

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)
        self.passed += timedelta(**amount).total_seconds()


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
    settings = load_settings(folder / "config.toml", {})
    put_database(settings.database_path, _hire)
    app = create_app(settings, clock=clock, seconds=clock.seconds)
    app.testing = True
    return Office(app, clock)


def _hire(
    store: Store, now: datetime = Clock.now, hasher: argon2.PasswordHasher = QUICK_HASHER
) -> None:
    for name, site, role in CAST:
        staff.add_clerk(store, name, site, role, _password_hash(hasher), now=now)


@cache
def _password_hash(hasher: argon2.PasswordHasher) -> str:
    return hasher.hash(PASSWORD)


class Server(ServerProcess):
    """A whole office served by `aufruf run`, with its configuration, its database and its cast."""

    hasher = USUAL_HASHER

    def __init__(self, folder: Path, config: Path = HERE / "office.toml") -> None:
        super().__init__(folder)
        self.config = folder / "config.toml"
        self.config.write_text(by_day(config.read_text("utf-8")), "utf-8")
        self._clients: list[httpx.Client] = []
        self._drawing: httpx.Client | None = None
        settings = load_settings(self.config, {})
        if not settings.database.is_postgres:
            put_database(settings.database_path)
        self.hire_cast()

    def hire_cast(self) -> None:
        """Everybody who works in the offices, with their password."""
        with self._store() as store:
            _hire(store, datetime.now(UTC), self.hasher)

    def close(self) -> None:
        for client in self._clients:
            client.close()
        super().close()

    def client(self) -> httpx.Client:
        """Somebody without any cookie; closed with the office."""
        self._clients.append(httpx.Client(base_url=self.url, timeout=ANSWER_SECONDS, verify=NO_TLS))
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


class ForkedServer(Server):
    """A server that is there in a fifth of the time, for tests that are not about its start."""

    forks = True
    hasher = QUICK_HASHER
