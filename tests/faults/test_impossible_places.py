"""What can't be served is said in one sentence with exit code 1, never with a trace."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.commands.all import aufruf as command
from queue_server.store.sqlite import SqliteEngine
from tests.faults.test_many_processes import environment
from tests.office import HERE, free_port
from tests.server_process import COMMAND_SECONDS

PROMISED_SECONDS = 30
Damage = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(HERE / "office.toml", tmp_path / "config.toml")
    return tmp_path


def aufruf(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "queue_server", *words], cwd=folder, env=environment() | more,
        text=True, capture_output=True, timeout=COMMAND_SECONDS,
    )  # fmt: skip


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What was said instead of serving: one line on stderr, and nothing else."""
    assert (done.returncode, done.stdout) == (1, ""), done
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("Error: ")
    return line


def healthy(path: Path) -> None:
    with closing(SqliteEngine(path)) as engine:
        engine.migrate()


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def a_letter(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("Sehr geehrte Damen und Herren\n" * 100)


def torn(path: Path) -> None:
    """A sound schema, and rubbish where the journal stood."""
    healthy(path)
    with closing(sqlite3.connect(path)) as raw:
        page, size = (
            raw.execute(sql).fetchone()[0]
            for sql in (
                "SELECT rootpage FROM sqlite_master WHERE name = 'journal'",
                "PRAGMA page_size",
            )
        )
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"?" * size)


def torn_at_the_beginning(path: Path) -> None:
    healthy(path)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(path.stat().st_size - 100))


def of_tomorrow(path: Path) -> None:
    healthy(path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('aufruf', '900_from_tomorrow', '')"
        )


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (a_folder, "directory"),
        (a_letter, "aufruf restore FILE"),
        (torn, "aufruf restore FILE"),
        (torn_at_the_beginning, "aufruf restore FILE"),
        (of_tomorrow, "newer version of Aufruf (900_from_tomorrow)"),
    ],
    ids=["a folder", "a letter", "damaged", "damaged at the beginning", "of tomorrow"],
)
def test_an_impossible_database_is_said_in_one_sentence(
    folder: Path, made: Damage, said: str
) -> None:
    made(folder / "var" / "aufruf.db")

    told = sentence(aufruf(folder, "run", "--port", str(free_port())))

    assert said.lower() in told.lower() and "aufruf.db" in told


@pytest.mark.parametrize("place", ["/proc/aufruf", "/dev/null/aufruf", "config.toml"])
def test_an_impossible_data_folder_is_said_in_one_sentence(folder: Path, place: str) -> None:
    """Where not even root may write; a disk that is mounted read-only answers in the same way."""
    done = aufruf(folder, "run", "--port", str(free_port()), AUFRUF_SERVER_DATA_DIR=place)

    assert place in sentence(done)


@pytest.mark.parametrize("verb", ["migrate", "forget"])
def test_every_command_says_it_in_one_sentence(folder: Path, verb: str) -> None:
    a_letter(folder / "var" / "aufruf.db")

    assert "aufruf restore FILE" in sentence(aufruf(folder, verb))


def test_a_port_in_use_is_found_before_the_password_is_shown(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        told = sentence(aufruf(folder, "run", "--host", "127.0.0.1", "--port", port))

    assert f"127.0.0.1:{port}" in told and "in use" in told


def test_an_address_of_another_machine_is_said_in_one_sentence(folder: Path) -> None:
    told = sentence(aufruf(folder, "run", "--host", "192.0.2.1", "--port", str(free_port())))

    assert "192.0.2.1" in told


# -- a check against somebody who never comes to an end ------------------------------------------


def test_a_check_of_dripping_servers_ends_in_time_and_names_them(
    folder: Path, dripping: int
) -> None:
    config = folder / "config.toml"
    text = config.read_text().replace('printer = ""', f'printer = "tcp://127.0.0.1:{dripping}"')
    config.write_text(
        text + f'\n[mail]\nsender = "a@b.example"\nsmtp_url = "smtp://127.0.0.1:{dripping}"\n'
    )

    began = time.monotonic()
    done = CliRunner().invoke(command, ["check", "--config", str(config)])

    assert time.monotonic() - began < PROMISED_SECONDS
    assert done.exit_code == 1
    assert "mail: the mail server does not answer in time" in done.stderr
    assert "Traceback" not in done.stderr
