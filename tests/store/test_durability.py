"""What was answered stays, whatever happens to the process; what is copied is whole."""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event, Thread, Timer

import pytest

from queue_server.domain.office import Office
from queue_server.store import journal, tickets
from tests.town import open_store, rathaus

pytestmark = pytest.mark.sqlite

ROOT = Path(__file__).parents[2]
ACKNOWLEDGED = 60
# A server whose four kiosks draw numbers and say each one aloud as soon as they have it.
DRAW_FOR_EVER = """
import sys
from pathlib import Path
from threading import Thread
from queue_server.actions.arrivals import draw_ticket
from tests.town import MONDAY, moment, open_store, rathaus

store = open_store(Path(sys.argv[1]), durability="full")
def kiosk():
    while True:
        new = draw_ticket(store, rathaus(), ("meldewesen",), now=moment(MONDAY, "09:00"))
        sys.stdout.write(new.ticket.token + "\\n")
        sys.stdout.flush()
for _ in range(4):
    Thread(target=kiosk).start()
"""


def test_kill_9_loses_no_ticket_that_was_acknowledged(tmp_path):
    path = tmp_path / "killed.db"
    with subprocess.Popen(
        [sys.executable, "-c", DRAW_FOR_EVER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as server:
        tokens = [server.stdout.readline().strip() for _ in range(ACKNOWLEDGED)]
        server.send_signal(signal.SIGKILL)
        # Whatever came through the pipe before the end was answered, too.
        tokens += [line.strip() for line in server.stdout if line.endswith("\n")]
    store = open_store(path)

    with store.snapshot() as snapshot:
        found = [tickets.by_token(snapshot, token) for token in tokens]
        healthy = snapshot.row("PRAGMA integrity_check")
        told = Office.of(rathaus()).fold(journal.events(snapshot, "rathaus")).tickets
    store.close()

    assert len({ticket.number for ticket in found}) == len(tokens) >= ACKNOWLEDGED
    assert healthy["integrity_check"] == "ok"
    assert set(told) >= {ticket.id for ticket in found}


@pytest.mark.parametrize(("durability", "synchronous"), [("full", 2), ("normal", 1)])
def test_full_durability_waits_for_the_disk_at_every_commit(tmp_path, durability, synchronous):
    store = open_store(tmp_path / "aufruf.db", durability=durability)

    with store.transaction() as tx:
        assert tx.row("PRAGMA synchronous")["synchronous"] == synchronous
        assert tx.row("PRAGMA journal_mode")["journal_mode"] == "wal"
        assert tx.row("PRAGMA foreign_keys")["foreign_keys"] == 1
    store.close()


def test_a_backup_taken_while_people_draw_numbers_is_whole(town, tmp_path):
    done, first = Event(), Event()

    def kiosk():
        while not done.is_set():
            town.draw()
            first.set()

    drawing = Thread(target=kiosk)
    drawing.start()
    first.wait()
    town.store.backup(str(tmp_path / "copy.db"))
    done.set()
    drawing.join()

    copy = open_store(tmp_path / "copy.db")
    with copy.snapshot() as snapshot:
        table = {ticket.id for ticket in tickets.alive(snapshot, "rathaus")}
        told = set(Office.of(town.site()).fold(journal.events(snapshot, "rathaus")).tickets)
        assert snapshot.row("PRAGMA integrity_check")["integrity_check"] == "ok"
    copy.close()
    assert table == told != set()


def test_a_backup_never_overwrites_a_file(town, tmp_path):
    target = tmp_path / "precious.db"
    target.write_bytes(b"yesterday's backup")

    with pytest.raises(FileExistsError):
        town.store.backup(str(target))

    assert target.read_bytes() == b"yesterday's backup"


def test_tidying_moves_a_grown_log_into_the_file_and_loses_nothing(town):
    path = town.store._engine.path
    with town.store.transaction() as tx:
        tx.write("CREATE TABLE ballast (stuff TEXT) STRICT")
        tx.write("INSERT INTO ballast (stuff) VALUES (:stuff)", {"stuff": "x" * 5_000_000})
    before = path.stat().st_size

    town.store.tidy()
    who = town.draw()

    assert path.stat().st_size > before + 4_000_000
    assert town.ticket(who)


@pytest.mark.sqlite
def test_what_was_deleted_is_wiped_once_whoever_still_read_it_has_ended(town):
    path = town.store._engine.path
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM journal").fetchone()
        town.draw()
        assert not town.store._engine.wipe()
        Timer(0.3, reader.rollback).start()

        assert town.store._engine.wipe(patience_seconds=30)


def test_whoever_reads_keeps_few_pages_and_so_does_whoever_writes(town):
    with town.store.snapshot() as reader, town.store.transaction() as tx:
        kept = [each.row("PRAGMA cache_size")["cache_size"] for each in (reader, tx)]

    assert kept == [-4000, -4000]


def test_the_memory_of_what_was_read_and_written_can_be_given_back(town):
    for _ in range(200):
        town.draw()
    before = bytes_of_sqlite()
    with ExitStack() as together:
        for _ in range(5):
            reader = together.enter_context(town.store.snapshot())
            assert len(reader.rows("SELECT * FROM journal JOIN tickets ON ticket = id")) == 200
    assert bytes_of_sqlite() > before

    town.store.forget_pages()

    assert bytes_of_sqlite() < before
    assert town.draw().number


def test_whoever_still_reads_goes_on_while_memory_is_given_back(town):
    who = town.draw()
    with town.store.snapshot() as reader:
        assert len(reader.rows("SELECT id FROM tickets")) == 1
        town.store.forget_pages()
        town.draw()

        assert [row["id"] for row in reader.rows("SELECT id FROM tickets")] == [who.id]
    with town.store.snapshot() as reader:
        assert len(reader.rows("SELECT id FROM tickets")) == 2


def bytes_of_sqlite() -> int:
    """Of all connections of this process."""
    count = ctypes.CDLL(_sqlite3.__file__).sqlite3_memory_used
    count.restype = ctypes.c_int64
    return count()
