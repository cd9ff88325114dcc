"""Several processes at one database: they wait their turn, and a second server finds no way in."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import click
import httpx
import pytest

from queue_server.commands.common import running_lock
from queue_server.domain.errors import StorageFailed
from queue_server.store import identities, writing
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store
from queue_server.store.upgrading import upgrade
from tests.office import ANSWER_SECONDS, HERE, free_port
from tests.server_process import START_SECONDS, STOP_SECONDS
from tests.spared import NO_TLS
from tests.town import Town

ROOT = Path(__file__).parents[2]
CLERKS = ("Dora", "Emil", "Frida", "Gustav")
THREADS, TIMES = 8, 6


def environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not re.match(r"AUFRUF_|COVERAGE", k)}
    return kept | {"PYTHONPATH": str(ROOT)}


def begun(folder: Path, *words: str, input: str = "") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "queue_server", *words], cwd=folder, env=environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(input)
    process.stdin.close()
    process.stdin = None
    return process


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A folder with a configuration and nothing else."""
    shutil.copy(HERE / "office.toml", tmp_path / "config.toml")
    return tmp_path


@pytest.fixture
def serving(fresh: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A server, four new clerks and a migration, all begun at the same moment."""
    port = free_port()
    commands = [begun(fresh, "run", "--port", str(port)), begun(fresh, "migrate")]
    add = ("--site", "rathaus", "--password-stdin")
    commands += [begun(fresh, "clerk", "add", name, *add, input="geheim-geheim") for name in CLERKS]
    yield f"http://127.0.0.1:{port}", commands
    commands[0].terminate()
    commands[0].communicate(timeout=STOP_SECONDS)


def test_six_processes_begin_at_once_on_a_fresh_folder(
    fresh: Path, serving: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    url, (server, *commands) = serving

    said = [command.communicate(timeout=START_SECONDS)[1] for command in commands]
    ends = [(words, command.returncode) for words, command in zip(said, commands, strict=True)]

    assert [code for _, code in ends] == [0] * len(commands), ends
    until_it_answers(url, server)
    store = Store(SqliteEngine(fresh / "var" / "aufruf.db"))
    with closing(store), store.snapshot() as snapshot:
        assert all(identities.clerk_named(snapshot, name) for name in CLERKS)


@pytest.mark.parametrize("journal", ["DELETE", "WAL"], ids=["while it is new", "while it closes"])
def test_whoever_opens_a_file_that_is_locked_for_a_moment_waits(
    tmp_path: Path, journal: str
) -> None:
    path = tmp_path / "aufruf.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute(f"PRAGMA journal_mode = {journal}")
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE something (of_mine TEXT)")
        with ThreadPoolExecutor(1) as pool:
            opening = pool.submit(SqliteEngine, path)
            with pytest.raises(TimeoutError):
                opening.result(timeout=0.2)
            other.execute("COMMIT")
            other.close()

            engine = opening.result(timeout=START_SECONDS)

    assert engine.migrate()
    engine.close()


def test_whoever_opens_while_others_open_write_and_close_waits(tmp_path: Path) -> None:
    path, together = tmp_path / "aufruf.db", Barrier(THREADS)

    def come_and_go(_: int) -> None:
        together.wait()
        for _ in range(TIMES):
            with closing(SqliteEngine(path)) as engine:
                engine.migrate()
                with engine.transaction(lambda events: None, None) as verb:
                    verb.write("UPDATE marks SET value = value + 1 WHERE name = 'count'")

    with closing(SqliteEngine(path)) as engine:
        engine.migrate()
        with engine.transaction(lambda events: None, None) as verb:
            verb.write("INSERT INTO marks (name, value) VALUES ('count', '0')")
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(come_and_go, range(THREADS)))

    with closing(sqlite3.connect(path)) as raw:
        counted = raw.execute("SELECT value FROM marks WHERE name = 'count'").fetchone()[0]
    assert int(counted) == THREADS * TIMES


def test_a_program_that_never_lets_go_costs_everybody_in_line_the_same_few_seconds(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BUSY_SECONDS", 1.0)
    path, together = town.store._engine.path, Barrier(THREADS)

    def draw(_: int) -> float:
        together.wait()
        began = time.monotonic()
        with pytest.raises(StorageFailed, match="locked"):
            town.draw()
        return time.monotonic() - began

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(THREADS) as pool:
            waited = list(pool.map(draw, range(THREADS)))
        assert town.store.is_failing
        other.execute("COMMIT")

    assert max(waited) < 0.75 * THREADS, "a second for all, and not one for each"
    assert town.draw().number == "M 001" and not town.store.is_failing


def test_a_migration_that_lasts_too_long_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "aufruf.db"
    with closing(SqliteEngine(path)) as engine, open(f"{path}.migrating", "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        with pytest.raises(StorageFailed) as refused:
            upgrade(engine._raw, path, 0.05)

    assert "another Aufruf command" in str(refused.value.facts["reason"])


def test_no_second_name_of_the_database_lets_another_server_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data" / "aufruf.db"
    SqliteEngine(path).close()
    (tmp_path / "soft.db").symlink_to(path)
    (tmp_path / "hard.db").hardlink_to(path)
    (tmp_path / "folder").symlink_to(path.parent)
    monkeypatch.chdir(tmp_path)
    others = ("soft.db", "hard.db", "folder/aufruf.db", "data/../data/aufruf.db", "data//aufruf.db")

    with running_lock(path):
        for name in others:
            with pytest.raises(click.ClickException, match="another Aufruf server"):
                running_lock(Path(name)).__enter__()

    for name in others:
        with running_lock(Path(name)):
            pass


def until_it_answers(url: str, server: subprocess.Popen[str]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        assert server.poll() is None, server.communicate()
        try:
            if httpx.get(f"{url}/readyz", timeout=ANSWER_SECONDS, verify=NO_TLS).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("it never answered")
