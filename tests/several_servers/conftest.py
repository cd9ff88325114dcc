"""Two running servers on one PostgreSQL, each with a folder and a port of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import socketio

from queue_server.store.postgres.line import ON_DUTY
from tests.faults.busy_hour import without_limits
from tests.office import HERE, ForkedServer
from tests.postgres_databases import give_back, url_for
from tests.server.test_sockets import connected

PATIENCE_SECONDS = 60
HOLDER = f"""SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.objid = {ON_DUTY} AND l.granted
      AND a.datname = current_database()"""


class Joining(ForkedServer):
    """A server of an office whose people are in the database already."""

    def hire_cast(self) -> None:
        """Another server did."""


class Pair:
    """Both servers, and the database between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = url_for(folder / "office")
        self.one = self._server("one")
        self.two = self._server("two", is_first=False)

    def _server(self, name: str, *, is_first: bool = True) -> ForkedServer:
        config = self.folder / f"{name}.toml"
        config.write_text(f'[database]\nurl = "{self.url}"\n' + (HERE / "office.toml").read_text())
        without_limits(config)
        (self.folder / name).mkdir()
        kind = ForkedServer if is_first else Joining
        return kind(self.folder / name, config)

    def holder(self) -> int | None:
        """The database's process of whoever has the duties."""
        with psycopg.connect(self.url) as raw:
            found = raw.execute(HOLDER).fetchone()
        return found[0] if found else None

    def close(self) -> None:
        for server in (self.one, self.two):
            server.close()
        give_back(self.folder)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    try:
        pair.one.start()
        pair.two.start()
        yield pair
    finally:
        pair.close()


@contextmanager
def wall_at(server: ForkedServer) -> Iterator[socketio.SimpleClient]:
    """A socket that watches the board; reconnecting is up to the test."""
    line = connected(server)
    line.first = line.call("watch_board", {"site": "rathaus"})
    try:
        yield line
    finally:
        line.disconnect()


def until_told(line: socketio.SimpleClient, is_right: Callable[[Any], bool]) -> dict[str, Any]:
    """The first board that is right. Raises `socketio.exceptions.TimeoutError`."""
    while True:
        word, board = line.receive(timeout=PATIENCE_SECONDS)
        if word == "board" and is_right(board):
            return board


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.05)
